import type { CovariateDescription } from "../covariates/description.ts";
import { anyCovariateSolver, type AnyCovariateSolver } from "../covariates/solve.ts";
import { sameModel } from "../solve/modelSolver.ts";

/** Coordinates in which points of one model differ. */
const POINT = ["samples", "sampleRatio", "widthRatio", "ridge"];

/** Solvers for a stream of descriptions: consecutive ones of the same model share its spectrum and start from each other. */
export function covariateSolvers(): (description: CovariateDescription) => AnyCovariateSolver {
  let last: { readonly description: CovariateDescription; readonly solver: AnyCovariateSolver } | undefined;
  return (description) => {
    if (!last || !sameModel(last.description, description, POINT)) {
      last = { description, solver: anyCovariateSolver(description) };
    }
    return last.solver;
  };
}
