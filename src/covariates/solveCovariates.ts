import type { RidgeFailure } from "../ridge/solution.ts";
import { checkSamples } from "./checks.ts";
import type { CovarianceModel } from "./covariance.ts";
import type { GaussianCovariatesModel, SamplePoint, StructuredRandomFeaturesModel } from "./description.ts";
import { effectiveRidge } from "./effectiveRidge.ts";
import { gaussianCovariates } from "./gaussianCovariates.ts";
import { type CovariateSolution, ridgeObservables } from "./ridgeObservables.ts";
import { dimensionNotices, structuredRandomFeatures } from "./structuredRandomFeatures.ts";

/** Observables of random features on structured inputs: those of the last layer's readout (covariates §7). */
export interface StructuredFeaturesSolution extends CovariateSolution {
  /** |a|²/p in the normalisation φ/√p of theory.md; equals readoutNorm. */
  readonly Q2: number;
  /** d_eff = (trΣ)²/trΣ² */
  readonly effectiveDimension: number;
  readonly notices: readonly string[];
}

/** A solved point or its failure. */
export type CovariateResult = CovariateSolution | StructuredFeaturesSolution | RidgeFailure;

/** A model of ridge regression whose points share its spectrum, and start from each other. */
export interface CovariateSolver {
  /** The unit of λ: that of the description times it is the λ of covariates §2. */
  readonly ridgeUnit: number;
  readonly model: CovarianceModel;
  /** @throws ParameterError for an illegal point */
  solve(point: SamplePoint): CovariateResult;
  /** Completes observables with what the model has besides. */
  complete(solution: CovariateSolution): CovariateSolution;
}

/** The solver of a model of covariates §2 or §7. */
export function covariateSolver(description: GaussianCovariatesModel | StructuredRandomFeaturesModel): CovariateSolver {
  if (description.model === "gaussianCovariates") {
    return solverOf(gaussianCovariates(description), 1, (solution) => solution);
  }
  const { inputs, layers, top } = structuredRandomFeatures(description);
  const { effectiveDimension } = inputs;
  const notices = dimensionNotices(inputs);
  const width = layers.at(-1)!.width;
  return solverOf(top, width, (solution) => {
    // Features φ/√p: a of theory.md is √p times that of the features φ.
    const readoutNorm = solution.readoutNorm;
    return { ...solution, Q2: readoutNorm, effectiveDimension, notices };
  });
}

function solverOf(
  model: CovarianceModel,
  ridgeUnit: number,
  complete: (solution: CovariateSolution) => CovariateSolution,
): CovariateSolver {
  let last: number | undefined;
  return {
    ridgeUnit,
    model,
    complete,
    solve(at) {
      const { samples, ridge } = checkSamples(at);
      const solved = effectiveRidge(model, samples, ridge * ridgeUnit, last);
      if (solved.effectiveRidge > 0) last = solved.effectiveRidge;
      const result = ridgeObservables(model, samples, solved);
      return result.status === "converged" ? complete(result) : result;
    },
  };
}
