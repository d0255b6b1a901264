/** A fixed-point problem z = F(z) that can also tell its Newton step. */
export interface FixedPointProblem {
  /**
   * Evaluates F at z: fills `residual` with F(z) − z and `newton` with the solution of (I − F′) s = F(z) − z.
   *
   * @returns a reason if F cannot be evaluated at z
   */
  evaluate(z: Float64Array): string | undefined;
  readonly residual: Float64Array;
  readonly newton: Float64Array;
}

export interface FixedPointOptions {
  readonly maxIterations: number;
  /** Largest entry of the Newton step at which the iteration ends; the unknowns should be of order one or logarithms. */
  readonly tolerance: number;
  /** Largest entry of a step; longer ones are scaled down. */
  readonly maxStep: number;
}

/** How an iteration ended; only the first carries a usable z. */
export type FixedPointOutcome =
  | { readonly status: "converged"; readonly iterations: number; readonly residual: number; readonly error: number }
  | {
      readonly status: "max-iterations" | "diverged" | "non-finite";
      readonly iterations: number;
      readonly residual: number;
      readonly detail: string;
    };

/** Residuals at rounding level: further steps only move the last digits about. */
const ROUNDING = 2e-15;
/** A stagnating iteration is accepted below this undamped residual; its Newton step is then its error estimate. */
const ACCEPTABLE = 1e-11;

/** NaN if an entry is. */
function largest(vector: Float64Array): number {
  let value = 0;
  for (let i = 0; i < vector.length; i++) value = Math.max(value, Math.abs(vector[i]!));
  return value;
}

/**
 * Newton's method on z = F(z), safeguarded by the plain map: where a Newton step does not reduce the undamped residual,
 * or leads where F cannot be evaluated, the next step is z ← F(z) from the best point so far.
 *
 * The iteration ends when the Newton step, which is the error of z to first order, is below the tolerance, or when the
 * residual has reached rounding. `error` is the last Newton step.
 *
 * @param z start; becomes the solution
 */
export function solveFixedPoint(
  problem: FixedPointProblem,
  z: Float64Array,
  options: FixedPointOptions,
): FixedPointOutcome {
  const best = Float64Array.from(z);
  let bestResidual = Infinity;
  let bestStep = Infinity;
  const plain = new Float64Array(z.length);
  let detail = "";
  let iterations = 0;
  for (; iterations < options.maxIterations; iterations++) {
    const reason = problem.evaluate(z);
    const residual = reason === undefined ? largest(problem.residual) : NaN;
    if (Number.isFinite(residual) && residual < bestResidual) {
      best.set(z);
      plain.set(problem.residual);
      const step = largest(problem.newton);
      if (step <= options.tolerance || residual <= ROUNDING) {
        return { status: "converged", iterations: iterations + 1, residual, error: step };
      }
      bestResidual = residual;
      bestStep = step;
      const usable = Number.isFinite(step);
      advance(z, best, usable ? problem.newton : plain, options.maxStep);
      continue;
    }
    detail = reason ?? `residual ${residual} did not fall below ${bestResidual}`;
    if (bestResidual === Infinity) return { status: "non-finite", iterations, residual, detail };
    if (bestResidual <= ACCEPTABLE) break;
    // Back to the best point; the plain map is monotone there. Its image becomes the point to beat.
    advance(z, best, plain, Infinity);
    best.set(z);
    bestResidual = Infinity;
  }
  if (bestResidual <= ACCEPTABLE) {
    z.set(best);
    const again = problem.evaluate(z);
    if (again === undefined)
      return { status: "converged", iterations: iterations + 1, residual: bestResidual, error: bestStep };
  }
  const status = iterations >= options.maxIterations ? "max-iterations" : "diverged";
  return { status, iterations, residual: bestResidual, detail: detail || "residual test not met" };
}

function advance(z: Float64Array, from: Float64Array, step: Float64Array, maxStep: number): void {
  const size = largest(step);
  const scale = size > maxStep ? maxStep / size : 1;
  for (let i = 0; i < z.length; i++) z[i] = from[i]! + scale * step[i]!;
}
