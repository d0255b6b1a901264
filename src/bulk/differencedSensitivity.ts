import { packedSize, pairOf } from "./packed.ts";
import type {
  BulkChange,
  BulkDirection,
  BulkSensitivity,
  Moving,
  PriorChange,
  ResolventArgument,
  ResolventSolution,
  Source,
  WeightResolvent,
} from "./weightResolvent.ts";

/** Step of the differences beside 1: the resolvent varies over relative changes of order 1 of its positive arguments. */
const STEP = 0.0015;
/** Of an iterated solution, relative. */
const ROUNDING = 2e-14;
/** f′ = Σ_j c_j (f(jh) − f(−jh))/h to sixth and to fourth order. */
const [SIXTH, FOURTH] = [
  [3 / 4, -3 / 20, 1 / 60],
  [2 / 3, -1 / 12, 0],
];
const SHIFTS = [1, -1, 2, -2, 3, -3];

/** Arrays at a point of a line and at ±h, ±2h, ±3h of it. */
interface Line {
  readonly solutions: readonly { readonly shift: number; readonly solution: ResolventSolution }[];
  /** Length in the direction that stands for a relative change of 1. */
  readonly length: number;
}

/**
 * The second derivatives of a bulk without a formula for them: its solution is exact to rounding, at any argument, and so are its first
 * derivatives, which central differences of sixth order differentiate once more. `error` is their distance from those of fourth order, with
 * rounding.
 *
 * @returns undefined where the bulk has no solution on all of the line
 */
export function differencedSensitivity(
  bulk: WeightResolvent,
  groups: number,
  at: ResolventArgument,
  solution: ResolventSolution,
): BulkSensitivity | undefined {
  const none = new Float64Array(at.conjugates.length);
  const width = lineAlong(bulk, groups, at, solution, { widthRatio: 1, ridge: 0, conjugates: none, traces: none });
  const byWidth = width && derivativeOf(width, (there) => there.traces);
  if (!byWidth) return undefined;
  return {
    byWidth: byWidth.value,
    error: byWidth.error,
    along: (direction) => changeAlong(bulk, groups, at, solution, direction),
  };
}

function changeAlong(
  bulk: WeightResolvent,
  groups: number,
  at: ResolventArgument,
  solution: ResolventSolution,
  direction: BulkDirection,
): BulkChange | undefined {
  const line = lineAlong(bulk, groups, at, solution, direction);
  const response = line && derivativeOf(line, (there) => there.response);
  if (!response) return undefined;
  return {
    response: response.value,
    error: response.error,
    priorPrecision: (sources, strengths) => priorAlong(line, solution, sources, strengths),
  };
}

/** Solutions on the line (β, λ, y) + s (dβ, dλ, dy). */
function lineAlong(
  bulk: WeightResolvent,
  groups: number,
  at: ResolventArgument,
  near: ResolventSolution,
  { widthRatio, ridge, conjugates }: BulkDirection,
): Line | undefined {
  const pairs = packedSize(groups) - groups;
  const diagonal = new Float64Array(groups);
  for (let a = 0; a < pairs; a++) {
    const [k, l] = pairOf(groups, a);
    if (k === l) diagonal[k] = at.conjugates[a]!;
  }
  const relative = Array.from(conjugates, (change, a) => {
    if (a >= pairs) return Math.abs(change + ridge) / (at.ridge + at.conjugates[a]!);
    const [k, l] = pairOf(groups, a);
    return change === 0 ? 0 : Math.abs(change) / Math.sqrt(diagonal[k]! * diagonal[l]!);
  });
  const largest = Math.max(Math.abs(widthRatio) / at.widthRatio, ...relative);
  if (!(largest < Infinity)) return undefined;
  const length = largest === 0 ? 1 : 1 / largest;
  const solutions = SHIFTS.map((shift) => {
    const s = shift * STEP * length;
    const moved = {
      ...at,
      ...{ widthRatio: at.widthRatio + s * widthRatio, ridge: at.ridge + s * ridge, near },
      conjugates: at.conjugates.map((value, a) => value + s * conjugates[a]!),
    };
    return { shift, solution: bulk.solve(moved) };
  });
  const found = solutions.flatMap(({ shift, solution }) => (typeof solution === "string" ? [] : [{ shift, solution }]));
  return found.length === SHIFTS.length ? { solutions: found, length } : undefined;
}

interface Differenced {
  readonly value: Float64Array;
  /** Relative to the array and its change over a relative change of 1. */
  readonly error: number;
}

/** The derivative of an array along a line; undefined where it is missing somewhere. */
function derivativeOf(
  { solutions, length }: Line,
  read: (there: ResolventSolution, s: number) => Float64Array | undefined,
): Differenced | undefined {
  const arrays = solutions.map(({ shift, solution }) => read(solution, shift * STEP * length));
  if (arrays.some((item) => !item)) return undefined;
  const along = (weights: readonly number[]): Float64Array =>
    arrays[0]!.map((_, i) =>
      solutions.reduce((sum, { shift }, j) => {
        const weight = Math.sign(shift) * weights[Math.abs(shift) - 1]!;
        return sum + (weight * arrays[j]![i]!) / STEP;
      }, 0),
    );
  const [value, rough] = [along(SIXTH), along(FOURTH)];
  let [size, difference] = [0, 0];
  value.forEach((change, i) => {
    size += Math.abs(change) + Math.abs(arrays[0]![i]!);
    difference += Math.abs(change - rough[i]!);
  });
  return { value: value.map((change) => change / length), error: size === 0 ? 0 : difference / size + ROUNDING / STEP };
}

function priorAlong(
  line: Line,
  solution: ResolventSolution,
  sources: readonly Source[],
  strengths: readonly number[],
): PriorChange | undefined {
  const priorOf = (there: ResolventSolution, s: number) =>
    there.priorPrecision(
      sources.map((source, i) => ({ ...source, strength: source.strength * Math.exp(s * strengths[i]!) })),
    );
  const here = solution.priorPrecision(sources);
  const matrix = derivativeOf(line, (there, s) => priorOf(there, s)?.matrix);
  if (!here || !matrix) return undefined;
  return {
    matrix: matrix.value,
    error: matrix.error,
    slope({ value, change }: Moving) {
      const held = derivativeOf(line, (there, s) => priorOf(there, s)?.slope(value))!;
      // Quadratic in t: a difference over any step is exact.
      const size = (t: Float64Array): number => Math.hypot(...t);
      if (size(change) === 0 || size(value) === 0) return held.value;
      const step = size(value) / size(change);
      const [above, below] = [1, -1].map((sign) => here.slope(value.map((t, i) => t + sign * step * change[i]!)));
      return held.value.map((slope, a) => slope + (above![a]! - below![a]!) / (2 * step));
    },
  };
}
