import { type EveryCurveDescription, type CurveParameters, type EveryDescription, withSwept } from "../curve/sweep.ts";
import { refuseUnknown } from "../parameters/legal.ts";
import type { SweptName } from "../parameters/table.ts";
import { ConvergenceError, requireDescription, requireFields } from "../errors.ts";
import { mainQuantity } from "../loss/describedLoss.ts";
import { type Budget, type Over, type Search, type SearchAxis, searchOver } from "./axes.ts";
import { areLegal } from "./legalRange.ts";
import { polishedPlace, slopeAlong } from "./polish.ts";
import { localMinimum } from "./localMinimum.ts";
import { objective, type Objective } from "./objective.ts";
import { gridMinima } from "./scan.ts";
import { isLimit } from "./scales.ts";
import type { Estimate } from "../numerics/stencil.ts";

/** Parameters to tune, the number to minimise, and what is kept fixed. */
export interface OptimumOptions {
  /** One to four parameters that a curve may run over; as an object, each with the range to look in. */
  readonly over: Over;
  /** Name of the number to minimise; default testError, of losses of margins testClassificationError. Overlaps are psi, or psi[1] of the second group; variance and its like are those of statistics. */
  readonly minimise?: string;
  /** A total to be divided; a number is that of α₀ + α. */
  readonly budget?: number | Budget;
  /** Hears of every place that is tried: how many there were. How many there will be is not known. */
  readonly onProgress?: (tried: number) => void;
}

/** A local minimum of the observable. */
export interface Minimum {
  readonly at: CurveParameters;
  readonly value: number;
  /** Relative error of the value. */
  readonly errorEstimate: number;
  /** Absolute error of each parameter; 0 at a legal end. */
  readonly placeError: CurveParameters;
  /** Parameters at an end: a legal limit like λ → 0⁺ ("limit"), or where the search ends ("range"). */
  readonly ends: Readonly<Partial<Record<SweptName, "limit" | "range">>>;
}

/** The global minimum, and all local ones that were found, the global one first. */
export interface Optimum extends Minimum {
  readonly status: "converged";
  readonly minima: readonly Minimum[];
  /** Points that were solved or refused, and the reason of the last refusal if there was one. */
  readonly evaluations: number;
  readonly refusal?: string;
}

/** A place of the search: a coordinate on each axis, or one of its ends, or the last place before one of them. */
export type Place = readonly (number | "lower" | "lowest" | "highest" | "upper")[];

const BEFORE = { lower: "lowest", upper: "highest" } as const;

/** A minimum with its place, to start another search from. */
export interface FoundMinimum extends Minimum {
  readonly place: Place;
}

export type Evaluate = (place: Place) => Estimate | undefined;

/** Spacing of the scan on the natural scale, by the number of axes: ln-units of half a decade in one dimension. */
export const SPACING = [0.6, 1.2, 2.4, 3.5];
/** Local minima that are refined, from the lowest on. */
const MOST_MINIMA = 8;

/**
 * Best values of one to four parameters: a scan of their natural scales, legal limits included, and Newton's method from
 * every local minimum of it; along one parameter with a formula for the derivative, its zero. Parameters are measured in the units of
 * the description (theory §1, covariates §1), so that the search is the same whatever these are. The scan sees what is wider than half a
 * decade in one dimension, one decade in two.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if no point of the search has a solution
 * @example
 * const model = { model: "randomFeatures", student: "tanh", target: "sin", labelNoise: 0.1, sampleRatio: 1, widthRatio: 1 };
 * const { at, value } = optimum(model, { over: ["ridge"] });
 * [at.ridge.toFixed(6), value.toFixed(8)]; // ["0.363240", "0.43189890"]
 */
export function optimum(description: EveryCurveDescription, options: OptimumOptions): Optimum {
  requireDescription(description);
  requireFields("options", options, ["over"], "an object with over: the parameters to choose");
  refuseUnknown({ ...options }, ["over", "minimise", "budget", "onProgress"], "no option of optimum");
  const { over, minimise = mainQuantity(description), budget, onProgress } = options;
  const search = searchOver(description, over, budget);
  const target = objective(minimise);
  const at = counted(evaluation(description, search, target), onProgress);
  const minima = localMinima(search, at, SPACING);
  return result(
    search,
    target,
    budget === undefined ? minima.map((found) => polished(description, search, minimise, at, found)) : minima,
  );
}

/** A minimum along one parameter alone, by the zero of the derivative where there is a formula for it. */
function polished(
  description: object,
  search: Search,
  observable: string,
  at: Evaluate,
  found: FoundMinimum,
): FoundMinimum {
  const axis = found.place.findIndex((item) => typeof item === "number");
  if (axis < 0 || found.place.filter((item) => typeof item === "number").length > 1) return found;
  const placeAt = (u: number): Place => found.place.map((item, i) => (i === axis ? u : item));
  const { name, scale } = search.axes[axis]!;
  const slope = slopeAlong(description, search, axis, observable, (u) =>
    search.parametersAt(valuesAt(search, placeAt(u))),
  );
  const error = scale.coordinateOf(found.at[name]! + found.placeError[name]!) - scale.coordinateOf(found.at[name]!);
  const better = polishedPlace(slope, { u: found.place[axis] as number, error });
  const value = better && at(placeAt(better.u));
  return value && better.error < error ? minimumAt(search, placeAt(better.u), value, [better.error]) : found;
}

function counted(at: Evaluate, onProgress: OptimumOptions["onProgress"]): Evaluate {
  if (!onProgress) return at;
  let tried = 0;
  return (place) => {
    onProgress(++tried);
    return at(place);
  };
}

/** The search's observable as a function of the place. */
export function evaluation(description: object, search: Search, target: Objective): Evaluate {
  return (place) => {
    const values = search.parametersAt(valuesAt(search, place));
    const described = withSwept(description, values) as EveryDescription;
    // Limits that are legal one at a time may not be together, like α = β = ∞.
    const limits = place.filter((item) => typeof item === "string").length;
    return limits > 1 && !areLegal(values, described) ? undefined : target.evaluate(described);
  };
}

/** @throws ConvergenceError if there is no minimum at all */
export function result(search: Search, target: Objective, found: readonly FoundMinimum[]): Optimum {
  const minima = found.map(({ at, value, errorEstimate, placeError, ends }): Minimum => ({
    at,
    value,
    errorEstimate,
    placeError,
    ends,
  }));
  const [best] = minima;
  if (!best) {
    const detail = target.refusal ?? "no point of the search has a solution";
    throw new ConvergenceError("diverged", detail, NaN, { over: search.names });
  }
  const refusal = target.refusal;
  return {
    status: "converged",
    ...best,
    minima,
    evaluations: target.count,
    ...(refusal !== undefined && { refusal }),
  };
}

function valuesAt({ axes }: Search, place: Place): number[] {
  return place.map((item, i) => {
    const { valueAt, lowerEnd, upperEnd, ...scale } = axes[i]!.scale;
    if (item === "lower") return lowerEnd;
    return item === "upper" ? upperEnd : valueAt(typeof item === "number" ? item : scale[item]);
  });
}

/** The places of a scan, all of them and by axes. */
export interface Scan {
  readonly axes: readonly Place[];
  readonly places: readonly Place[];
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
export function lowPlaces({ axes }: Scan, values: readonly (Estimate | undefined)[]): Place[] {
  const placeAt = (position: readonly number[]): Place => position.map((index, axis) => axes[axis]![index]!);
  const ends = (position: readonly number[]) => placeAt(position).filter((item) => typeof item === "string").length;
  return gridMinima({ shape: axes.map(({ length }) => length), values }, ends)
    .slice(0, MOST_MINIMA)
    .map(placeAt);
}

/**
 * The minima that a scan finds, the lowest first.
 *
 * @param spacing of the scan, by the number of axes
 * @param known a place that is refined whatever the scan shows; the scan then looks closely, but not beyond
 */
export function localMinima(search: Search, at: Evaluate, spacing: readonly number[], known?: Place): FoundMinimum[] {
  const scan = scanOf(search, spacing, !known);
  // From the far end: a strongly regularised problem is found from anywhere, and each starts the next.
  const values = scan.places.map((): Estimate | undefined => undefined);
  for (let i = values.length - 1; i >= 0; i--) values[i] = at(scan.places[i]!);
  const scanned = lowPlaces(scan, values);
  const starts = known ? [known, ...scanned.filter((place) => !covers(known, place, scan))] : scanned;
  return distinct(starts.flatMap((place) => settled(search, at, place) ?? []));
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

/** At least so many places inside, however short the scale. */
const FEWEST_PLACES = 12;
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

/** How far from an end a way down into the range is looked for, and what of the value inside is no way down. */
const [INWARD, ROUNDING] = [[0, 0.006, 0.06, 0.6], 1e-12];
/** A difference of an end and the last place before it, relative to the value inside, that is no rounding. */
const JUMP = 1e-6;
/** How often a minimum at an end may turn out to be none. */
const MOST_RELEASED = 8;

/** The minimum near a place of the scan, from whose ends no way leads down again. */
function settled(search: Search, at: Evaluate, place: Place): FoundMinimum | undefined {
  let found = refined(search, at, place);
  for (let k = 0; found && k < MOST_RELEASED; k++) {
    const inward = wayInward(search, at, found);
    if (!inward) return found;
    const next = refined(search, at, inward.place, inward.axis);
    if (!next || next.value >= found.value) return found;
    found = next;
  }
  return found;
}

/** Size of the value in the middle of an axis: beside it, values of zero differ by rounding alone. */
function valueInside({ axes }: Search, at: Evaluate, place: Place, axis: number): number {
  const { from, to } = axes[axis]!.scale;
  return Math.abs(at(place.map((item, i) => (i === axis ? 0.5 * (from + to) : item)))?.value ?? 0);
}

/** The lowest place next to an end of a minimum that is lower than it by more than both errors. */
function wayInward(search: Search, at: Evaluate, { place, value, errorEstimate }: FoundMinimum) {
  let lowest: { readonly place: Place; readonly axis: number; readonly value: number } | undefined;
  place.forEach((item, axis) => {
    if (typeof item === "number") return;
    const { scale } = search.axes[axis]!;
    const low = item === "lower" || item === "lowest";
    const tried = INWARD.map((step) => {
      const u = low ? scale.lowest + step : scale.highest - step;
      const inside = place.map((other, i) => (i === axis ? u : other));
      return { place: inside, axis, estimate: at(inside) };
    });
    const rounding = ROUNDING * valueInside(search, at, place, axis);
    for (const { estimate, ...inside } of tried) {
      const blur = (estimate?.error ?? 0) + errorEstimate * Math.abs(value) + rounding;
      if (estimate && estimate.value < Math.min(value - blur, lowest?.value ?? Infinity)) {
        lowest = { ...inside, value: estimate.value };
      }
    }
  });
  return lowest;
}

/**
 * The minimum near a place of the scan, with those axes held that are at an end.
 *
 * @param kept the axis that is not to be left through an end
 */
export function refined(search: Search, at: Evaluate, place: Place, kept?: number): FoundMinimum | undefined {
  const free = place.flatMap((item, axis) => (typeof item === "number" ? [axis] : []));
  if (free.length === 0) return minimumAt(search, place, at(place)!, []);
  const withFree = (u: readonly number[]): Place =>
    place.map((item, axis) => (typeof item === "number" ? u[free.indexOf(axis)]! : item));
  const start = free.map((axis) => place[axis] as number);
  const box = free.map((axis): [number, number] => [search.axes[axis]!.scale.lowest, search.axes[axis]!.scale.highest]);
  const found = localMinimum((u) => at(withFree(u)), start, box, kept === undefined ? undefined : free.indexOf(kept));
  if (found?.status === "minimum") return minimumAt(search, withFree(found.place), found.value, found.placeError);
  if (found) {
    const [end, last] = [found.end, BEFORE[found.end]].map((to) =>
      place.map((item, axis) => (axis === free[found.axis] ? to : item)),
    );
    const [there, before] = [at(end!), at(last!)];
    // The last place before an end that has no solution, is not legal beside the others, or is higher, as η = 0 is than η → 0.
    const jumps =
      there && before && there.value - before.value > JUMP * valueInside(search, at, place, free[found.axis]!);
    if (there && !jumps) return refined(search, at, end!, kept);
    return before && refined(search, at, last!, kept);
  }
  // Where differences cannot be taken, the place of the scan, with an error that says so.
  const rough = free.map((axis) => (box[free.indexOf(axis)]![1] - box[free.indexOf(axis)]![0]) / FEWEST_PLACES);
  return minimumAt(search, place, at(place)!, rough);
}

/** @param blur error of each coordinate that is not at an end */
export function minimumAt(
  search: Search,
  place: Place,
  { value, error }: Estimate,
  blur: readonly number[],
): FoundMinimum {
  const at = search.parametersAt(valuesAt(search, place));
  const placeError: Record<string, number> = Object.fromEntries(search.names.map((name) => [name, 0]));
  const ends: Partial<Record<SweptName, "limit" | "range">> = {};
  let next = 0;
  place.forEach((item, axis) => {
    const { name } = search.axes[axis]!;
    if (typeof item === "string") {
      ends[name] = isLimit(name, at[name]!) ? "limit" : "range";
      return;
    }
    const width = blur[next++]!;
    const moved = search.parametersAt(
      valuesAt(
        search,
        place.map((other, i) => (i === axis ? item + width : other)),
      ),
    );
    for (const other of search.names) placeError[other]! += Math.abs(moved[other]! - at[other]!);
  });
  return { at, place, value, errorEstimate: value === 0 ? 0 : error / Math.abs(value), placeError, ends };
}

/** Minima that are the same within the errors of their places are one; the lowest first. */
export function distinct(minima: readonly FoundMinimum[]): FoundMinimum[] {
  const kept: FoundMinimum[] = [];
  for (const minimum of [...minima].sort((a, b) => a.value - b.value)) {
    if (!kept.some((other) => samePlace(minimum, other))) kept.push(minimum);
  }
  return kept;
}

function samePlace(a: Minimum, b: Minimum): boolean {
  return (Object.keys(a.at) as SweptName[]).every((name) => {
    const [x, y] = [a.at[name]!, b.at[name]!];
    return x === y || Math.abs(x - y) <= 10 * (a.placeError[name]! + b.placeError[name]!) + 1e-6 * Math.abs(x);
  });
}
