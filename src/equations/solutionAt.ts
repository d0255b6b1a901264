import { solveInPlace } from "../numerics/linearAlgebra.ts";
import { quadratureReason } from "./equations.ts";
import type { FixedPointSystem } from "./fixedPointSystem.ts";
import type { Quantities } from "./quantities.ts";
import type { ConvergedSolution, SaddlePointSolution } from "./solution.ts";
import { spectralRadius } from "./spectralRadius.ts";

/** Unknowns at ends of their ranges, by number. */
export type Ends = ReadonlyMap<number, "min" | "max">;

const ROUNDING = 4e-16;
/** What leaves more of a residual, relative to max(1, |x|), is no solution, however short Newton's step is. */
const WORST_RESIDUAL = 1e-6;

export function namedEnds(fixed: FixedPointSystem, ends: Ends): Record<string, "min" | "max"> {
  return Object.fromEntries([...ends].map(([i, end]) => [fixed.system.description.unknowns[i]!.name, end]));
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

/** The same of what is known already. */
export function solutionWith(
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
