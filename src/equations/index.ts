/**
 * Saddle-point equations of one's own, typed as formulas: solutions, curves, branches and their transitions. It runs in browsers too.
 *
 * @module replica-theory/equations
 */
export { ConvergenceError, ExpressionError, ParameterError, type Place, QuadratureError } from "../errors.ts";
export type { Branch, BranchEvent, BranchOptions } from "./branchTypes.ts";
export type { SaddlePointCurveOptions, SaddlePointRow } from "./curve.ts";
export type { Averages, EquationsFunction, SaddlePointDescription, UnknownDescription } from "./description.ts";
export { saddlePoint, type SaddlePoint } from "./saddlePoint.ts";
export type { ConvergedSolution, FailedSolution, SaddlePointSolution } from "./solution.ts";
