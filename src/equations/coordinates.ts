import type { Unknown } from "./description.ts";

/** A coordinate w on the whole line for an unknown in its range: log or logit of the distances from its ends. */
export interface Coordinate {
  /** x(w), kept apart from the ends by the last bit. */
  value(w: number): number;
  /** dx/dw at a w. */
  slope(w: number): number;
  /** w(x) for x inside. */
  inverse(x: number): number;
  /** Which end x(w) is next to, if it is closer than this part of the range, or of 1. */
  nearEnd(w: number, closeness: number): "min" | "max" | undefined;
}

/** Beyond these |w| distances from an end round to zero. */
const FARTHEST = 40;

export function coordinateOf({ min, max }: Unknown): Coordinate {
  const [hasMin, hasMax] = [min > -Infinity, max < Infinity];
  if (hasMin && hasMax) return logit(min, max);
  if (hasMin) return logarithm(min, 1);
  if (hasMax) return logarithm(max, -1);
  return { value: (w) => w, slope: () => 1, inverse: (x) => x, nearEnd: () => undefined };
}

const clamp = (w: number): number => Math.min(FARTHEST, Math.max(-FARTHEST, w));

function logit(min: number, max: number): Coordinate {
  const range = max - min;
  const share = (w: number): number => 1 / (1 + Math.exp(-clamp(w)));
  return {
    value: (w) => (w < 0 ? min + range * share(w) : max - range * share(-w)),
    slope: (w) => range * share(w) * share(-w),
    inverse: (x) => Math.log((x - min) / (max - x)),
    nearEnd: (w, closeness) => (share(w) < closeness ? "min" : share(-w) < closeness ? "max" : undefined),
  };
}

/** For x > end (side 1) or x < end (side −1). */
function logarithm(end: number, side: 1 | -1): Coordinate {
  return {
    value: (w) => end + side * Math.exp(Math.min(w, 700)),
    slope: (w) => side * Math.exp(Math.min(w, 700)),
    inverse: (x) => Math.log(side * (x - end)),
    nearEnd: (w, closeness) => (Math.exp(w) < closeness ? (side === 1 ? "min" : "max") : undefined),
  };
}
