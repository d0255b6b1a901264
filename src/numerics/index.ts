/**
 * Gaussian averages, quadrature rules, fixed points, roots and minima, each with its error. It runs in browsers too.
 *
 * @module replica-theory/numerics
 */
export { QuadratureError } from "../errors.ts";
export { type IntervalOptions, legendrePanels } from "./adaptivePanels.ts";
export { adaptGaussianRule, gaussianAverage } from "./gaussianAverage.ts";
export type { AdaptedRule, AverageOptions, GridRule, Integrand } from "./gaussianRule.ts";
export { gaussHermite, type GaussianRule } from "./gaussHermite.ts";
export { legendreRule, type LegendreRule } from "./gaussLegendre.ts";
export { type FixedPointResult, type FixedPointSolverOptions, solveFixedPoint } from "./fixedPointOf.ts";
export { findMinimum, findRoot, type ScalarOutcome } from "./scalar.ts";
export { erf, erfc, normalCdf, normalPdf } from "./normal.ts";
export { lambertW, logCosh, logNormalCdf } from "./specialFunctions.ts";
