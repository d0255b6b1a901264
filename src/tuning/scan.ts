import type { Estimate } from "../numerics/stencil.ts";

/** A grid of values; positions are indices along each axis, the last axis fastest. */
export interface Grid {
  readonly shape: readonly number[];
  readonly values: readonly (Estimate | undefined)[];
}

/**
 * Places of a grid none of whose neighbours is lower beyond the errors of the values. Places that are equal to one within
 * errors and touch are one with it; it is told by its lowest place, or by one as low as far as that is known that `preferred`
 * likes better.
 */
export function gridMinima(grid: Grid, preferred: (position: readonly number[]) => number): (readonly number[])[] {
  const seen = new Set<number>();
  const found: number[] = [];
  grid.values.forEach((value, index) => {
    if (!value || seen.has(index)) return;
    const plateau = plateauOf(grid, index);
    if (!plateau) return;
    for (const place of plateau) seen.add(place);
    found.push(best(grid, plateau, preferred));
  });
  return found
    .sort((a, b) => grid.values[a]!.value - grid.values[b]!.value)
    .map((index) => positionOf(grid.shape, index));
}

/**
 * The places equal to one within errors that touch it or each other; undefined if one of them is beside a lower one. All are compared
 * with the first: in steps, places without much of a value would lead anywhere.
 */
function plateauOf(grid: Grid, start: number): number[] | undefined {
  const plateau = [start];
  const known = new Set(plateau);
  const here = grid.values[start]!;
  for (let i = 0; i < plateau.length; i++) {
    for (const neighbour of neighbours(grid.shape, plateau[i]!)) {
      const there = grid.values[neighbour];
      if (!there || known.has(neighbour)) continue;
      const blur = here.error + there.error;
      if (there.value < here.value - blur) return undefined;
      if (there.value > here.value + blur) continue;
      known.add(neighbour);
      plateau.push(neighbour);
    }
  }
  return plateau;
}

function best({ values, shape }: Grid, plateau: readonly number[], preferred: (position: readonly number[]) => number) {
  const lowest = plateau.map((index) => values[index]!).reduce((a, b) => (b.value < a.value ? b : a));
  const asLow = plateau.filter((index) => values[index]!.value <= lowest.value + 2 * lowest.error);
  const rank = (index: number) => preferred(positionOf(shape, index));
  const worth = (a: number, b: number) => rank(b) - rank(a) || values[a]!.value - values[b]!.value;
  return asLow.sort(worth)[0]!;
}

/** Indices along each axis. */
export function positionOf(shape: readonly number[], index: number): number[] {
  const position: number[] = [];
  for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
    position[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return position;
}

/** Indices of the places that are one step away along an axis. */
export function* neighbours(shape: readonly number[], index: number): Generator<number> {
  const position = positionOf(shape, index);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (position[axis]! > 0) yield index - stride;
    if (position[axis]! < shape[axis]! - 1) yield index + stride;
    stride *= shape[axis]!;
  }
}
