import type { CovariateDescription } from "../covariates/description.ts";
import { anyCovariateSolver, type AnyCovariateSolver } from "../covariates/solve.ts";
import { recent } from "../solve/recent.ts";

/** Coordinates in which points of one model differ. */
const POINT = ["samples", "sampleRatio", "widthRatio", "ridge"];

/**
 * Solvers for a stream of descriptions: those of the same model share its spectrum and start from each other.
 *
 * @param kept how many models are kept; 1 serves a sorted sweep
 */
export function covariateSolvers(kept = 1): (description: CovariateDescription) => AnyCovariateSolver {
  return recent(anyCovariateSolver, { kept, point: POINT });
}
