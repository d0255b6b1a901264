import { solveInPlace } from "../numerics/linearAlgebra.ts";
import { quadratureReason } from "./equations.ts";
import type { Quantities } from "./quantities.ts";
import { FixedPointSystem } from "./fixedPointSystem.ts";
import { type Found, type Known, quickStep, search } from "./search.ts";
import type { ConvergedSolution, SaddlePointSolution } from "./solution.ts";
import { spectralRadius } from "./spectralRadius.ts";

/** An unknown closer than this to an end of its range is tried at the end. */
const NEAR_END = 1e-5;
/** F(end) − end below this is zero. */
const HOLDS = 1e-13;
const ROUNDING = 4e-16;
/** What leaves more of a residual, relative to max(1, |x|), is no solution, however short Newton's step is. */
const WORST_RESIDUAL = 1e-6;
/** Plain steps before Newton's method where it led to a solution that the plain map leaves. */
const PLAIN_STEPS = 400;

/** A solution, and where it is in coordinates, for the next search. */
export interface Attempt {
  readonly solution: SaddlePointSolution;
  readonly w: Float64Array;
}

/** Where the search begins: just inside the range if the start is an end of it. */
export function startOf(fixed: FixedPointSystem): Float64Array {
  return Float64Array.from(fixed.system.description.unknowns, ({ start, min, max }, i) => {
    const range = Number.isFinite(max - min) ? max - min : 1;
    const inside = start === min ? min + 1e-4 * range : start === max ? max - 1e-4 * range : start;
    return fixed.coordinates[i]!.inverse(inside);
  });
}

/**
 * The start, at which every average and root must exist.
 *
 * @throws QuadratureError, ExpressionError naming the one that does not, and where it stands
 */
export function checkedStart(fixed: FixedPointSystem): Float64Array {
  const start = startOf(fixed);
  fixed.setUnknowns(start);
  fixed.system.sides.values(fixed.inputs, "adapt");
  return start;
}

/** The solution that Newton's method finds from a start, or that the plain map does if Newton's one is unstable. */
export function attempt(
  fixed: FixedPointSystem,
  start: Float64Array,
  options: { readonly cold: boolean; readonly known?: Known; readonly follow?: boolean },
): Attempt {
  const first = finish(fixed, start, search(fixed, start, options));
  const settled = first.solution.status === "converged" && first.solution.stable;
  if (settled || options.follow !== true) return first;
  const plain = plainSteps(fixed, start)?.w;
  if (!plain) return first;
  const second = finish(fixed, plain, search(fixed, plain, { ...options, cold: true }));
  if (second.solution.status !== "converged") return first;
  return second.solution.stable || first.solution.status !== "converged" ? second : first;
}

/**
 * The solution one Newton step from a start on the line or parabola through solutions before it, where that step is enough and
 * the solution is plainly stable.
 */
export function quickAttempt(fixed: FixedPointSystem, start: Float64Array): Attempt | undefined {
  const found = quickStep(fixed, start);
  if (!found || spectralRadius(found.jacobian, fixed.size) > PLAINLY_STABLE) return undefined;
  const { w, errors, jacobian } = found;
  if (fixed.coordinates.some((coordinate, i) => coordinate.nearEnd(w[i]!, NEAR_END) !== undefined)) return undefined;
  const local = { jacobian, excess: errors, gridErrors: errors };
  return { solution: solutionWith(fixed, local, NO_ENDS), w };
}

const PLAINLY_STABLE = 0.999;
const NO_ENDS: Ends = new Map();

/** A solution this near in every coordinate is where the plain map leads. */
const ARRIVED = 0.1;

/**
 * Whether the damped plain map from the start of a search leads to a solution that is known, on the grids of that: far cheaper than a
 * search, which begins with grids of its own.
 */
export function leadsTo(fixed: FixedPointSystem, known: Float64Array): boolean {
  return plainSteps(fixed, startOf(fixed), known)?.arrived === true;
}

/**
 * The plain map, damped, from the start; undefined where it cannot be evaluated.
 *
 * @param known a solution where it ends as well, on the grids that are there
 */
function plainSteps(
  fixed: FixedPointSystem,
  start: Float64Array,
  known?: Float64Array,
): { w: Float64Array; arrived: boolean } | undefined {
  const w = Float64Array.from(start);
  const { unknowns } = fixed.system.description;
  fixed.setUnknowns(w);
  if (!known && typeof fixed.sides("adapt") === "string") return undefined;
  for (let step = 0; step < PLAIN_STEPS; step++) {
    fixed.setUnknowns(w);
    const sides = fixed.sides("keep");
    if (typeof sides === "string") return undefined;
    let change = 0;
    for (let i = 0; i < w.length; i++) {
      const { min, max } = unknowns[i]!;
      const x = fixed.inputs[i]!;
      const next = Math.min(max, Math.max(min, 0.5 * (x + sides[i]!)));
      const inside = next > min && next < max ? next : 0.5 * (x + next);
      change = Math.max(change, Math.abs(inside - x));
      w[i] = fixed.coordinates[i]!.inverse(inside);
      if (!Number.isFinite(w[i]!)) return undefined;
    }
    if (known && w.every((value, i) => Math.abs(value - known[i]!) < ARRIVED)) return { w, arrived: true };
    if (change < 1e-6) break;
  }
  return { w, arrived: false };
}

function finish(fixed: FixedPointSystem, start: Float64Array, found: Found): Attempt {
  const { w, outcome } = found;
  const ends = endsNear(fixed, w);
  if (ends.size > 0) {
    const atEnd = tryEnds(fixed, w, ends);
    if (atEnd) return atEnd;
  }
  if (outcome.status === "converged") return { solution: solutionAt(fixed, w, found.gridErrors, new Map()), w };
  if (ends.size > 0 && isRunning(fixed, start, w, ends)) {
    fixed.setUnknowns(w);
    const detail = `the search ran to ${[...ends].map(([i, end]) => endName(fixed, i, end)).join(" and ")}: ${outcome.detail}`;
    const values = limitValues(fixed, ends);
    return {
      w,
      solution: { status: "end-reached", values, ends: namedEnds(fixed, ends), residual: outcome.residual, detail },
    };
  }
  const { status, residual, detail } = outcome;
  return { w, solution: { status, residual, detail } };
}

export type Ends = ReadonlyMap<number, "min" | "max">;

function endsNear(fixed: FixedPointSystem, w: Float64Array): Ends {
  const near = fixed.coordinates.map((coordinate, i) => [i, coordinate.nearEnd(w[i]!, NEAR_END)] as const);
  return new Map(near.filter((entry): entry is readonly [number, "min" | "max"] => entry[1] !== undefined));
}

const isRunning = (fixed: FixedPointSystem, start: Float64Array, w: Float64Array, ends: Ends): boolean =>
  [...ends.keys()].every((i) => Math.abs(w[i]!) > Math.abs(start[i]!) && fixed.coordinates[i] !== undefined);

const endOf = (fixed: FixedPointSystem, i: number, end: "min" | "max"): number =>
  fixed.system.description.unknowns[i]![end];

const endName = (fixed: FixedPointSystem, i: number, end: "min" | "max"): string =>
  `${fixed.system.description.unknowns[i]!.name} = ${endOf(fixed, i, end)}`;

function namedEnds(fixed: FixedPointSystem, ends: Ends): Record<string, "min" | "max"> {
  return Object.fromEntries([...ends].map(([i, end]) => [fixed.system.description.unknowns[i]!.name, end]));
}

function limitValues(fixed: FixedPointSystem, ends: Ends): Record<string, number> {
  const { unknowns } = fixed.system.description;
  return Object.fromEntries(
    unknowns.map(({ name }, i) => [name, ends.has(i) ? endOf(fixed, i, ends.get(i)!) : fixed.inputs[i]!]),
  );
}

/** The solution with unknowns at ends of their ranges, if the equations hold there and the plain map leads there. */
export function tryEnds(fixed: FixedPointSystem, w: Float64Array, ends: Ends): Attempt | undefined {
  const at = Float64Array.from(w, (value, i) => {
    if (!ends.has(i)) return value;
    return (ends.get(i) === "max") === fixed.coordinates[i]!.slope(0) > 0 ? Infinity : -Infinity;
  });
  const held = new Set(ends.keys());
  const exact = new EndsHeld(fixed, ends);
  const found = held.size === w.length ? undefined : search(exact, at, { cold: true, held });
  if (found && found.outcome.status !== "converged") return undefined;
  const reached = found?.w ?? at;
  exact.setUnknowns(reached);
  const sides = exact.sides("adapt");
  if (typeof sides === "string") return undefined;
  const holds = [...ends].every(([i, end]) => Math.abs(sides[i]! - endOf(fixed, i, end)) <= HOLDS);
  if (!holds) return undefined;
  const gridErrors = found?.gridErrors ?? new Float64Array(w.length);
  return { solution: solutionAt(exact, reached, gridErrors, ends), w: reached };
}

/** The system with some unknowns at the ends of their ranges. */
export class EndsHeld extends FixedPointSystem {
  constructor(
    fixed: FixedPointSystem,
    private readonly ends: Ends,
  ) {
    super(fixed.system, [...fixed.inputs.subarray(fixed.size)]);
  }

  override setUnknowns(w: Float64Array): void {
    super.setUnknowns(w);
    for (const [i, end] of this.ends) this.inputs[i] = endOf(this, i, end);
  }
}

/** The solution at a point that was found. */
export function solutionAt(
  fixed: FixedPointSystem,
  w: Float64Array,
  gridErrors: Float64Array,
  ends: Ends,
): SaddlePointSolution {
  fixed.setUnknowns(w);
  const linear = fixed.linear();
  if (typeof linear === "string") return { status: "non-finite", residual: NaN, detail: linear };
  const { sides, jacobian } = linear;
  const excess = sides.map((value, i) => value - fixed.inputs[i]!);
  if (!jacobian)
    return { status: "non-finite", residual: NaN, detail: "the derivative of the equations is not finite" };
  return solutionWith(fixed, { jacobian, excess, gridErrors }, ends);
}

/** What is known of the equations at a solution. */
interface Local {
  readonly jacobian: Float64Array;
  readonly excess: Float64Array;
  readonly gridErrors: Float64Array;
}

function solutionWith(
  fixed: FixedPointSystem,
  { jacobian, excess, gridErrors }: Local,
  ends: Ends,
): SaddlePointSolution {
  const { system, size } = fixed;
  const { unknowns, free } = system.description;
  const x = fixed.unknowns;
  const errors = errorsOf(jacobian, excess, gridErrors, x, ends);
  const relative = (error: number, value: number): number => error / Math.max(1, Math.abs(value));
  let errorEstimate = x.reduce((most, value, i) => Math.max(most, relative(errors[i]!, value)), 0);
  const observed: Record<string, number>[] = [{}, {}];
  try {
    const groups = [
      [system.observables, system.observableNames],
      [system.free, free ? [free.name] : []],
    ] as const;
    groups.forEach(([quantities, names], group) => {
      if (!quantities || names.length === 0) return;
      const { values, errors: own } = observe(fixed, quantities, errors);
      names.forEach((name, k) => {
        observed[group]![name] = values[k]!;
        if (Number.isFinite(values[k]!)) errorEstimate = Math.max(errorEstimate, relative(own[k]!, values[k]!));
      });
    });
  } catch (error) {
    return { status: "non-finite", residual: NaN, detail: quadratureReason(error) };
  }
  if (!Number.isFinite(errorEstimate)) {
    const residual = excess.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return { status: "non-finite", residual, detail: "the equations are singular there: no error can be estimated" };
  }
  const infinite = Object.entries(Object.assign({}, ...observed) as Record<string, number>).find(([, value]) =>
    Number.isNaN(value),
  );
  if (infinite) return { status: "non-finite", residual: NaN, detail: `${infinite[0]} is NaN at the solution` };
  const residual = excess.reduce((most, value, i) => Math.max(most, relative(Math.abs(value), x[i]!)), 0);
  if (residual > WORST_RESIDUAL) {
    return {
      status: "diverged",
      residual,
      detail: "the equations vary too fast there: a Newton step of rounding leaves a residual",
    };
  }
  const radius = spectralRadius(jacobian, size);
  return {
    status: "converged",
    values: Object.fromEntries(unknowns.map(({ name }, i) => [name, x[i]!])),
    observables: observed[0]!,
    stable: radius < 1,
    spectralRadius: radius,
    ...observed[1],
    ...(ends.size > 0 && { ends: namedEnds(fixed, ends) }),
    residual,
    errorEstimate,
  } satisfies ConvergedSolution;
}

/** From this size of (1 − F′)⁻¹ on, a root may be one of several that meet: Newton's step is then this part of the error. */
const NEARLY_SINGULAR = 1e5;
const HIGHEST_MULTIPLICITY = 4;

/** |(1 − F′)⁻¹| applied to the errors of F; unknowns at ends of their ranges are exact. */
function errorsOf(
  jacobian: Float64Array,
  excess: Float64Array,
  gridErrors: Float64Array,
  x: Float64Array,
  ends: Ends,
): Float64Array {
  const n = x.length;
  const matrix = jacobian.map((value, k) => {
    const [row, column] = [Math.floor(k / n), k % n];
    return Number(row === column) - (ends.has(row) || ends.has(column) ? 0 : value);
  });
  const inverse = Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));
  if (!solveInPlace(matrix, inverse, n, n)) return new Float64Array(n).fill(Infinity);
  const multiplicity = inverse.some((entry) => Math.abs(entry) > NEARLY_SINGULAR) ? HIGHEST_MULTIPLICITY : 1;
  return Float64Array.from({ length: n }, (_, i) => {
    let error = 0;
    for (let j = 0; j < n; j++) {
      const own = ends.has(j) ? 0 : Math.abs(excess[j]!) + gridErrors[j]! + ROUNDING * Math.max(1, Math.abs(x[j]!));
      error += Math.abs(inverse[i * n + j]!) * own;
    }
    return multiplicity * error;
  });
}

/** Values of other quantities at the solution, with what the errors of the unknowns and of their own averages do to them. */
function observe(
  fixed: FixedPointSystem,
  quantities: Quantities,
  errors: Float64Array,
): { values: Float64Array; errors: Float64Array } {
  const values = quantities.values(fixed.inputs, "keep");
  let fine = quantities.values(fixed.inputs, "refine");
  const difference = (): number =>
    fine.reduce((most, value, k) => Math.max(most, Math.abs(value - values[k]!) / Math.max(1, Math.abs(value))), 0);
  if (difference() > 1e-12) {
    values.set(quantities.values(fixed.inputs, "adapt"));
    fine = quantities.values(fixed.inputs, "refine");
  }
  const slopes = fixed.slopesOf(quantities);
  const own = values.map((value, k) => {
    let error = Math.abs(fine[k]! - value) + ROUNDING * Math.max(1, Math.abs(value));
    for (let i = 0; i < errors.length; i++) {
      const slope = slopes ? slopes[k * errors.length + i]! : Infinity;
      if (errors[i]! > 0) error += Math.abs(slope) * errors[i]!;
    }
    return error;
  });
  return { values, errors: own };
}
