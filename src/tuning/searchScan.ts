import type { Estimate } from "../numerics/stencil.ts";
import type { Search, SearchAxis } from "./axes.ts";
import type { Evaluate, Place } from "./place.ts";
import { gridMinima, neighbours, positionOf } from "./scan.ts";

/** Spacing of the scan on the natural scale, by the number of axes: ln-units of half a decade in one dimension. */
export const SPACING = [0.6, 1.2, 2.4, 3.5];
/** Local minima that are refined, from the lowest on. */
const MOST_MINIMA = 8;

/** The places of a scan, all of them and by axes. */
export interface Scan {
  readonly axes: readonly Place[];
  readonly places: readonly Place[];
}

/** A scan with the values at its places. */
export interface Scanned {
  readonly scan: Scan;
  readonly values: readonly (Estimate | undefined)[];
}

/** The values of a scan, from its far end: a strongly regularised problem is found from anywhere, and each starts the next. */
export function scanned(scan: Scan, at: Evaluate): Scanned {
  const values = scan.places.map((): Estimate | undefined => undefined);
  for (let i = values.length - 1; i >= 0; i--) values[i] = at(scan.places[i]!);
  return { scan, values };
}

/**
 * @param spacing by the number of axes
 * @param beyond whether it goes beyond the range that it looks at closely
 */
export function scanOf({ axes }: Search, spacing: readonly number[], beyond: boolean): Scan {
  const own = axes.map((axis) => placesOf(axis, spacing[axes.length - 1]!, beyond));
  return { axes: own, places: product(own) };
}

/** Places of a scan without a way down from them, the lowest first. */
export function lowPlaces({ scan, values }: Scanned): Place[] {
  const shape = shapeOf(scan);
  const placeAt = (position: readonly number[]): Place =>
    scan.places[position.reduce((index, i, axis) => index * shape[axis]! + i, 0)]!;
  const ends = (position: readonly number[]) => placeAt(position).filter((item) => typeof item === "string").length;
  return gridMinima({ shape, values }, ends).slice(0, MOST_MINIMA).map(placeAt);
}

/** Whether a place of the scan is next to a known one, on every axis. */
export function covers(known: Place, place: Place, { axes }: Scan): boolean {
  return place.every((item, axis) => {
    const other = known[axis]!;
    if (typeof item === "string" || typeof other === "string") return item === other;
    const at = axes[axis]!.indexOf(item);
    const gaps = [at - 1, at + 1].flatMap((i) => {
      const next = axes[axis]![i];
      return typeof next === "number" ? [Math.abs(next - item)] : [];
    });
    return Math.abs(item - other) <= Math.max(0, ...gaps);
  });
}

/** A place of a scan, and its neighbours that are one step nearer to another place. */
export interface Inward {
  readonly index: number;
  readonly nearer: readonly number[];
}

/** Indices of all places of a scan from a known place outward. */
export function inward(scan: Scan, known: Place): Inward[] {
  const shape = shapeOf(scan);
  const middle = scan.axes.map((items, axis) => nearestOn(items, known[axis]!));
  const far = scan.places.map((_, index) =>
    positionOf(shape, index).reduce((sum, i, axis) => sum + Math.abs(i - middle[axis]!), 0),
  );
  return [...far.keys()]
    .sort((a, b) => far[a]! - far[b]!)
    .map((index) => ({
      index,
      nearer: [...neighbours(shape, index)].filter((other) => far[other]! < far[index]!).reverse(),
    }));
}

/** Places on each axis. */
function shapeOf({ axes }: Scan): number[] {
  return axes.map(({ length }) => length);
}

/** Indices of a place of a scan and of its neighbours. */
export function around(scan: Scan, index: number): number[] {
  return [index, ...neighbours(shapeOf(scan), index)];
}

/** Index of the item of an axis that is at an end, or has the nearest coordinate on it. */
export function nearestOn(items: Place, known: Place[number]): number {
  if (typeof known === "string") return known === "lower" || known === "lowest" ? 0 : items.length - 1;
  const away = items.map((item) => (typeof item === "number" ? Math.abs(item - known) : Infinity));
  return away.indexOf(Math.min(...away));
}

/** At least so many places inside, however short the scale. */
export const FEWEST_PLACES = 12;
/** Steps beyond the range that is looked at closely, where curves are powers of the parameter or flat, in steps inside. */
const COARSER = 4;

function placesOf({ scale: { from, to, lowest, highest } }: SearchAxis, spacing: number, beyond: boolean): Place {
  const inside = between(from, to, Math.max((to - from) / spacing, FEWEST_PLACES / spacing));
  const below = beyond && lowest < from ? [...between(lowest, from, (from - lowest) / (COARSER * spacing)), from] : [];
  const above = beyond && highest > to ? [to, ...between(to, highest, (highest - to) / (COARSER * spacing))] : [];
  return ["lower", ...below, ...inside, ...above, "upper"];
}

/** Equidistant places between two, which are not among them. */
function between(from: number, to: number, pieces: number): number[] {
  const steps = Math.ceil(pieces);
  return Array.from({ length: steps - 1 }, (_, i) => from + ((to - from) * (i + 1)) / steps);
}

function product(places: readonly Place[]): Place[] {
  return places.reduce<Place[]>((all, axis) => all.flatMap((head) => axis.map((item) => [...head, item])), [[]]);
}
