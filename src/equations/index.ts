export { ConvergenceError, ExpressionError, ParameterError, type Place, QuadratureError } from "../errors.ts";
export type { Branch, BranchEvent, BranchOptions } from "./branchTypes.ts";
export type { SaddlePointCurveOptions, SaddlePointRow } from "./curve.ts";
export type { Averages, EquationsFunction, SaddlePointDescription, UnknownDescription } from "./description.ts";
export { saddlePoint, type SaddlePoint } from "./saddlePoint.ts";
export type { ConvergedSolution, FailedSolution, SaddlePointSolution } from "./solution.ts";
