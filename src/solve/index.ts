/**
 * Ridge regression on the features of networks, and nothing else: half of the library's code, for pages that solve such points
 * only. It runs in browsers.
 *
 * @module replica-theory/solve
 */
export { ConvergenceError, ExpressionError, ParameterError, QuadratureError } from "../errors.ts";
export type { ModelDescription } from "../parameters/description.ts";
export type { RidgeFailure, RidgeResult, RidgeSolution } from "../ridge/solution.ts";
export { solve, trySolve } from "./squareLoss.ts";
