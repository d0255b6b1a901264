import type { Resolution } from "../numerics/gaussianRule.ts";
import { legendreRule } from "../numerics/gaussLegendre.ts";
import type { Activation } from "./activationType.ts";

/** The smallest scale that is looked for in a function of which nothing is known, unless it says another. */
export const DEFAULT_SCALE = 0.01;
/** Intervals of this many scales are the shortest: within, places half a scale apart are looked at. */
const SHORTEST = 4;
/** Places in an interval that are compared with its interpolant. */
const PLACES = 16;
const GOLDEN = 0.6180339887498949;
const NODES = 12;
/** Deviation from the interpolant, relative to the largest value, at which an interval is seen. */
const SEEN = 1e-6;
/** Intervals are doubled so often. */
const MOST_DOUBLINGS = 14;
/** Steps of equidistant nodes beside the length that a panel resolves. */
const STEPS = 8;

/** Lengths on which a function is a polynomial of degree 11, found by sampling it. */
export interface Scan {
  /** The shortest such length in an interval. */
  shortest(left: number, right: number): number;
}

const scans = new WeakMap<(x: number) => number, Map<number, Scan>>();

/** The scan of a function, made where it is asked for and kept. */
export function scanOf({ value, kinks, jumps, scale = DEFAULT_SCALE }: Activation): Scan {
  let known = scans.get(value);
  if (!known) scans.set(value, (known = new Map<number, Scan>()));
  let scan = known.get(scale);
  if (!scan) known.set(scale, (scan = makeScan(value, [...kinks, ...jumps], scale)));
  return scan;
}

/** Interpolation from the Legendre nodes to the places of an interval, the same for all. */
const rule = legendreRule(NODES);
const places = Array.from({ length: PLACES }, (_, i) => (2 * (i + ((i * GOLDEN) % 1))) / PLACES - 1);
const toPlaces = places.map((x) => {
  const row = new Float64Array(NODES);
  let [previous, current] = [0, 1];
  for (let k = 0; k < NODES; k++) {
    for (let j = 0; j < NODES; j++) row[j]! += current * rule.analysis[k]![j]!;
    [previous, current] = [current, ((2 * k + 1) * x * current - k * previous) / (k + 1)];
  }
  return row;
});

function makeScan(f: (x: number) => number, breaks: readonly number[], scale: number): Scan {
  const unit = SHORTEST * scale;
  const levels = Array.from({ length: MOST_DOUBLINGS + 1 }, () => new Map<number, boolean>());

  function interpolates(left: number, length: number): boolean {
    if (breaks.some((x) => x > left && x < left + length)) return false;
    const middle = left + 0.5 * length;
    const values = Array.from(rule.nodes, (t) => f(middle + 0.5 * length * t));
    let size = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return places.every((t, i) => {
      const value = f(middle + 0.5 * length * t);
      size = Math.max(size, Math.abs(value));
      const row = toPlaces[i]!;
      let sum = 0;
      for (let j = 0; j < NODES; j++) sum += row[j]! * values[j]!;
      return !(Math.abs(sum - value) > SEEN * size);
    });
  }

  /** Whether the interval and both its halves are seen. */
  function seen(level: number, index: number): boolean {
    const known = levels[level]!.get(index);
    if (known !== undefined) return known;
    const length = unit * 2 ** level;
    const halves = level === 0 || (seen(level - 1, 2 * index) && seen(level - 1, 2 * index + 1));
    const result = halves && interpolates(index * length, length);
    levels[level]!.set(index, result);
    return result;
  }

  return {
    shortest(left, right) {
      let least = Infinity;
      for (let x = left; x < right;) {
        let level = 0;
        while (level < MOST_DOUBLINGS && seen(level + 1, Math.floor(x / (unit * 2 ** (level + 1))))) level++;
        const length = unit * 2 ** level;
        least = Math.min(least, length);
        const next = (Math.floor(x / length) + 1) * length;
        if (least === unit || !(next > x)) break;
        x = next;
      }
      return least;
    },
  };
}

/** How finely z must be sampled for σ(shift + scale·z) within |z| ≤ reach. */
export function scanResolution(f: Activation, shift: number, scale: number, reach: number): Resolution {
  const scan = scanOf(f);
  const length = (left: number, right: number) => scan.shortest(shift + scale * left, shift + scale * right) / scale;
  let step: number | undefined;
  return {
    get step() {
      return (step ??= length(-reach, reach) / STEPS);
    },
    resolves: (left, right) => {
      const [from, to] = [Math.max(left, -reach), Math.min(right, reach)];
      return !(from < to) || right - left <= length(from, to);
    },
  };
}
