import { ParameterError } from "../errors.ts";
import type { System } from "./equations.ts";
import { FixedPointSystem } from "./fixedPointSystem.ts";
import { mergedParameters, parameterNames, type ParameterValues, requireParameter } from "./problem.ts";
import type { SaddlePointSolution } from "./solution.ts";
import { type Attempt, attempt, leadsTo, quickAttempt, startOf } from "./solve.ts";

/** A point of a curve or branch: where it is, and the solution there or why there is none. */
export type SaddlePointRow = { readonly parameters: Readonly<Record<string, number>> } & SaddlePointSolution;

/** What a curve runs over; other parameters may be set. */
export interface SaddlePointCurveOptions {
  /** Values by parameter; the last varies fastest. */
  readonly sweep: Readonly<Record<string, Iterable<number>>>;
  readonly parameters?: ParameterValues;
}

/** Longer sweeps are mistakes. */
const MOST_POINTS = 1_000_000;

/** A row for every combination of the swept values, each search begun at the solution before it. */
export function* curveRows(
  system: System,
  { sweep, parameters = {} }: SaddlePointCurveOptions,
): Generator<SaddlePointRow> {
  const swept = Object.entries(sweep).map(([name, values]) => {
    const index = requireParameter(system, name, "sweep");
    const list = [...values];
    const wrong = list.find((value) => !Number.isFinite(value));
    if (list.length === 0 || wrong !== undefined)
      throw new ParameterError(`sweep.${name}`, wrong ?? list, "finite numbers");
    return { index, values: list };
  });
  const total = swept.reduce((product, { values }) => product * values.length, 1);
  if (total > MOST_POINTS) throw new ParameterError("sweep", total, `at most ${MOST_POINTS} points`);
  const names = parameterNames(system);
  const innermost = swept.at(-1)?.values.length ?? 1;
  const merged = mergedParameters(system, parameters);
  const fixed = new FixedPointSystem(system, merged);
  const search = (): Attempt => attempt(fixed, startOf(fixed), { cold: true, follow: true });
  const rowAt = (values: readonly number[], { solution }: Attempt): SaddlePointRow => {
    return { parameters: Object.fromEntries(names.map((name, i) => [name, values[i]!])), ...solution };
  };
  let path: Place[] = [];
  /** Points that were not searched, in their order. */
  let passed: { readonly values: readonly number[]; readonly found: Attempt }[] = [];
  for (let k = 0; k < total; k++) {
    setCombination(swept, k, merged);
    fixed.inputs.set(merged, fixed.size);
    if (k % innermost === 0) path = [];
    const at = swept.length > 0 ? merged[swept.at(-1)!.index]! : 0;
    const last = path.at(-1);
    const start = last && beyond(path, at);
    const warm = start && (quickAttempt(fixed, start) ?? attempt(fixed, start, { cold: false }));
    let found = warm;
    if (warm && mayPass(fixed, warm, last, passed.length)) {
      passed.push({ values: [...merged], found: warm });
    } else {
      if (!warm || !isStable(warm)) {
        const again = search();
        if (warm?.solution.status !== "converged" || again.solution.status === "converged") found = again;
        // What is here may have been at the points that were passed.
        if (isStable(again))
          passed = passed.map(({ values, found: before }) => ({ values, found: better(values, before) }));
      }
      yield* passed.map((point) => rowAt(point.values, point.found));
      passed = [];
      yield rowAt(merged, found!);
    }
    const { solution, w } = found!;
    const inside = solution.status === "converged" && w.every(Number.isFinite);
    path = inside ? [...path.slice(1 - MOST_PLACES), { at, w, isStable: solution.stable }] : [];
    const lineEnds = (k + 1) % innermost === 0;
    if (lineEnds) {
      yield* passed.map((point) => rowAt(point.values, point.found));
      passed = [];
    }
  }

  /** The solution of a search at a point that was passed, if it has one. */
  function better(values: readonly number[], before: Attempt): Attempt {
    fixed.inputs.set(values, fixed.size);
    const again = search();
    return again.solution.status === "converged" ? again : before;
  }
}

const isStable = ({ solution }: Attempt): boolean => solution.status === "converged" && solution.stable;

/** A search follows after so many points at which the plain map led to what is known. */
const MOST_PASSED = 20;

/**
 * Whether a point needs no search from the start: the solution there is that of the point before, which was not stable either
 * though it was searched, and the plain map from the start leads to it.
 */
function mayPass(fixed: FixedPointSystem, { solution, w }: Attempt, last: Place, passed: number): boolean {
  if (passed >= MOST_PASSED || last.isStable || solution.status !== "converged" || solution.stable) return false;
  return leadsTo(fixed, w);
}

/** A solution of a curve: the value of what is swept, and where it is in coordinates. */
interface Place {
  readonly at: number;
  readonly w: Float64Array;
  readonly isStable: boolean;
}

/** Solutions farther apart than this in a coordinate tell little of the next. */
const FARTHEST = 0.3;
/** A polynomial of this degree and one is drawn through the last solutions of a curve. */
const MOST_PLACES = 4;

/** The next start on the polynomial through the last solutions, unless they are far apart. */
function beyond(path: readonly Place[], at: number): Float64Array {
  const last = path.at(-1)!.w;
  const near = path.findLastIndex(({ w, at: own }, i) => {
    const next = path[i + 1];
    return next !== undefined && (own === next.at || w.some((value, c) => Math.abs(value - next.w[c]!) > FARTHEST));
  });
  const places = path.slice(near + 1);
  const start = new Float64Array(last.length);
  places.forEach((place, i) => {
    let share = 1;
    places.forEach((other, j) => {
      if (j !== i) share *= (at - other.at) / (place.at - other.at);
    });
    for (let c = 0; c < start.length; c++) start[c]! += share * place.w[c]!;
  });
  return start.every((value, c) => Math.abs(value - last[c]!) < FARTHEST) ? start : last;
}

interface Swept {
  /** Number of the parameter. */
  readonly index: number;
  readonly values: readonly number[];
}

/** Combination number k of the values, the last list fastest, among all parameters. */
function setCombination(swept: readonly Swept[], k: number, merged: number[]): void {
  let rest = k;
  for (let i = swept.length - 1; i >= 0; i--) {
    const { index, values } = swept[i]!;
    merged[index] = values[rest % values.length]!;
    rest = Math.floor(rest / values.length);
  }
}
