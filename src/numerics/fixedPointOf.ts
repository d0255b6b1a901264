import { type DampedOutcome, type DampedProblem, dampedNewton } from "./dampedNewton.ts";
import { solveInPlace } from "./linearAlgebra.ts";

/** How x = F(x) is solved. */
export interface FixedPointSolverOptions {
  /** ∂F_i/∂x_j, row-major; without it, central differences. */
  readonly jacobian?: (x: Float64Array) => Float64Array;
  /** Largest entry, relative to max(1, |x|), of the Newton step that ends the iteration; default 1e-12. */
  readonly tolerance?: number;
  /** Largest entry of any step, relative to max(1, |x|); default 1. */
  readonly maxStep?: number;
  /** Default 200. */
  readonly maxEvaluations?: number;
}

/** Where the iteration ended; `x` is a solution only if its status is "converged". */
export type FixedPointResult = DampedOutcome & { readonly x: Float64Array };

const DIFFERENCE = 1e-5;

/**
 * Solves x = F(x) by Newton's method with backtracking, safeguarded by damped steps of the plain map.
 *
 * @param map F; NaN where it is undefined
 * @example
 * const { status, x } = solveFixedPoint((x) => x.map(Math.cos), [1]);
 * console.log(status, x[0].toFixed(12)); // converged 0.739085133215
 */
export function solveFixedPoint(
  map: (x: Float64Array) => ArrayLike<number>,
  start: ArrayLike<number>,
  options: FixedPointSolverOptions = {},
): FixedPointResult {
  const {
    jacobian = (at: Float64Array) => differences(map, at),
    tolerance = 1e-12,
    maxStep = 1,
    maxEvaluations = 200,
  } = options;
  const x = Float64Array.from(start);
  const n = x.length;
  const residual = new Float64Array(n);
  const newton = new Float64Array(n);
  const problem: DampedProblem = {
    ...{ residual, newton, sweep: residual },
    evaluate(at) {
      const image = map(at);
      for (let i = 0; i < n; i++) residual[i] = image[i]! - at[i]!;
      if (!residual.every(Number.isFinite)) return `the map is not finite at ${Array.from(at).join(", ")}`;
      const matrix = Float64Array.from(jacobian(at), (value) => -value);
      for (let i = 0; i < n; i++) matrix[i * n + i]! += 1;
      newton.set(residual);
      if (!solveInPlace(matrix, newton, n, 1)) newton.fill(NaN);
      return undefined;
    },
    sizeOf: (step) =>
      step.reduce((most, value, i) => {
        const size = Math.abs(value) / Math.max(1, Math.abs(x[i]!));
        return Number.isNaN(size) ? NaN : Math.max(most, size);
      }, 0),
  };
  return { ...dampedNewton(problem, x, { tolerance, maxStep, maxEvaluations }), x };
}

function differences(map: (x: Float64Array) => ArrayLike<number>, at: Float64Array): Float64Array {
  const n = at.length;
  const result = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const step = DIFFERENCE * Math.max(1, Math.abs(at[j]!));
    const [below, above] = [-step, step].map((change) =>
      Array.from(map(at.map((value, i) => (i === j ? value + change : value)))),
    );
    for (let i = 0; i < n; i++) result[i * n + j] = (above![i]! - below![i]!) / (2 * step);
  }
  return result;
}
