import { multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import { coordinateJacobian } from "../ridge/coordinates.ts";
import { BulkMotion } from "./bulkMotion.ts";
import type { SaddleState } from "./localState.ts";
import { type BulkSlopes, newtonMatrix, normSlopes, type SaddleArgument } from "./saddleNewton.ts";
import type { SaddleProblem } from "./saddlePoint.ts";

/** A direction of the parameters: 1 for the one to take derivatives by. */
export interface SaddleDirection {
  readonly samples: number;
  readonly widthRatio: number;
  readonly ridge: number;
  /** What the labels' own parameters change of the gradient of E P by (x, Q, τ). */
  readonly gradient?: Float64Array;
}

/** The derivative of a saddle point along a direction. */
export interface MovedSaddle {
  readonly state: SaddleState;
  /** Of the factors of the regressors. */
  readonly tau: Float64Array;
  /** Change of the coordinates: logarithms of traces and norms, and factors. */
  readonly step: Float64Array;
  /** Relative error by differences of the bulk. */
  readonly error: number;
}

/** The linear response of a saddle point by the implicit function theorem: (I − T′) du = ∂T/∂parameter. */
export type SaddleResponse = (direction: SaddleDirection) => MovedSaddle | undefined;

/**
 * @param problem evaluated at its solution
 * @param strengthRates d ln F/dβ of the channels
 * @returns undefined where the equations have no second derivatives, or are singular
 */
export function saddleResponse(problem: SaddleProblem, strengthRates: readonly number[]): SaddleResponse | undefined {
  const argument = problem.argument()!;
  const { bulkSide } = problem;
  const { state, conjugates, image, groups } = argument;
  const { traces, coefficients } = state;
  const motion = BulkMotion.at(bulkSide, { conjugates, image, traces, coefficients, groups }, strengthRates);
  const slopes = motion && slopesOf(argument, problem, motion);
  const scale = bulkSide.samples / bulkSide.widthRatio;
  const matrix = slopes && newtonMatrix(argument, scale, slopes);
  if (!matrix) return undefined;
  return (direction) => {
    const right = explicit(argument, problem, motion, direction);
    if (!right || !solveInPlace(matrix.slice(), right.step, problem.size, 1)) return undefined;
    if (!right.step.every(Number.isFinite)) return undefined;
    return { ...moved(argument, problem, right.step), step: right.step, error: right.error + slopes.error };
  };
}

/** Exact derivatives through the bulk, conjugate by conjugate. */
function slopesOf(
  { tau, averages, image }: SaddleArgument,
  { bulkSide }: SaddleProblem,
  motion: BulkMotion,
): (BulkSlopes & { readonly error: number }) | undefined {
  const m = image.solution.traces.length;
  const T = tau.length;
  const [norms, pull] = [new Float64Array(m * m), new Float64Array(T * m)];
  let error = 0;
  for (let b = 0; b < m; b++) {
    const conjugates = { traces: new Float64Array(m), norms: new Float64Array(m) };
    conjugates.traces[b] = 1;
    const along = motion.along({ samples: 0, widthRatio: 0, ridge: 0, conjugates });
    if (!along) return undefined;
    for (let a = 0; a < m; a++) norms[a * m + b] = along.norms[a]!;
    multiply(along.stiffness, tau, T, T, 1).forEach((value, c) => (pull[c * m + b] = value));
    error = Math.max(error, along.error);
  }
  const { response } = image.solution;
  const normsByFactor = normSlopes(tau, averages.meanSquare, bulkSide, image);
  return { response, norms, pull, normsByFactor, error };
}

/** ∂T/∂parameter at a fixed state, in the coordinates. */
function explicit(
  { conjugates, image, tau, groups, susceptibility }: SaddleArgument,
  { bulkSide, size }: SaddleProblem,
  motion: BulkMotion,
  { samples, widthRatio, ridge, gradient }: SaddleDirection,
): { step: Float64Array; error: number } | undefined {
  const m = conjugates.traces.length;
  const scale = bulkSide.samples / bulkSide.widthRatio;
  // Conjugates are α/β times averages.
  const grown = samples / bulkSide.samples - widthRatio / bulkSide.widthRatio;
  const change = {
    traces: conjugates.traces.map((value, b) => grown * value + 2 * scale * (gradient?.[m + b] ?? 0)),
    norms: conjugates.norms.map(
      (value, b) => grown * value - (susceptibility === 0 ? 0 : 2 * scale * (gradient?.[b] ?? 0)),
    ),
  };
  const along = motion.along({ samples, widthRatio, ridge, conjugates: change });
  if (!along) return undefined;
  const blocks = [
    { at: 0, from: image.solution.traces, change: along.traces },
    { at: m, from: image.norms, change: along.norms },
  ];
  const step = new Float64Array(size);
  for (const block of blocks) {
    if (!solveInPlace(coordinateJacobian(block.from, groups), block.change, m, 1)) return undefined;
    step.set(block.change, block.at);
  }
  const pull = multiply(along.stiffness, tau, tau.length, tau.length, 1);
  pull.forEach((value, c) => (step[2 * m + c] = -value - (gradient?.[2 * m + c] ?? 0)));
  return { step, error: along.error };
}

/** From the coordinates back to the unknowns. */
function moved(
  { state, groups }: SaddleArgument,
  { bulkSide }: SaddleProblem,
  step: Float64Array,
): Pick<MovedSaddle, "state" | "tau"> {
  const m = state.traces.length;
  const through = (x: Float64Array, change: Float64Array) => multiply(coordinateJacobian(x, groups), change, m, m, 1);
  const tau = step.slice(2 * m);
  return {
    state: {
      traces: through(state.traces, step.subarray(0, m)),
      norms: through(state.norms, step.subarray(m, 2 * m)),
      coefficients: bulkSide.coefficients(tau),
    },
    tau,
  };
}
