import type { CovariateDescription } from "../covariates/description.ts";
import { isConvex } from "../covariates/solve.ts";
import { covariateSolver } from "../covariates/solveCovariates.ts";
import { structuredGradientStep } from "../covariates/structuredGradientStep.ts";
import { isCovariateDescription } from "../curve/solve.ts";
import type { EveryDescription } from "../curve/sweep.ts";
import { ParameterError } from "../errors.ts";
import { resolveLoss } from "../loss/lossInput.ts";
import { featureModel } from "../model/featureModel.ts";
import { isMultiIndex } from "../multiIndex/description.ts";
import { multiIndexSolver } from "../multiIndex/solver.ts";
import { spikeFeatureRank } from "../multiIndex/spikeSolver.ts";
import { firstTable } from "../problem/grid.ts";
import type { Problem } from "../problem/problem.ts";
import { featureRank } from "../ridge/limits.ts";
import { recent } from "../solve/recent.ts";

/** The number of samples that features of one width interpolate. */
export interface InterpolationThreshold {
  /** α, or n of covariates, of the description. */
  readonly samples: number;
  /** Rank of the features per dimension, or in the unit of n. */
  readonly rank: number;
}

/**
 * The interpolation threshold: with fewer samples than the rank of the features (β for nonlinear ones, at most 1 for linear
 * ones; theory §10) the training error vanishes as λ → 0, for the square and every other loss of residuals.
 *
 * @throws ParameterError for losses of margins, whose threshold is where labels cease to be separable
 */
export function interpolation(): (description: EveryDescription) => InterpolationThreshold {
  const rankOf = recent(ranks, { point: ["samples", "sampleRatio", "widthRatio", "ridge"] });
  return (description) => {
    const { samples, sampleRatio, widthRatio } = description as {
      [P in "samples" | "sampleRatio" | "widthRatio"]?: number;
    };
    return { samples: (samples ?? sampleRatio)!, rank: rankOf(description)(widthRatio!) };
  };
}

/** The rank as a function of β. */
function ranks(description: EveryDescription): (widthRatio: number) => number {
  const { loss = "square" } = description as { readonly loss?: Parameters<typeof resolveLoss>[0] };
  if (isCovariateDescription(description)) return covariateRanks(description);
  if (resolveLoss(loss).kind === "margin") throw notOfMargins(loss);
  if (isMultiIndex(description)) {
    const problem = multiIndexSolver(description).described.model.problem([0]);
    return (widthRatio) => spikeFeatureRank(problem, widthRatio).rank;
  }
  return ranksOf(featureModel(description).problem);
}

function ranksOf(problem: Problem): (widthRatio: number) => number {
  const table = firstTable(problem);
  return (widthRatio) => featureRank(table, widthRatio).rank;
}

function covariateRanks(description: CovariateDescription): (widthRatio: number) => number {
  if (description.model === "structuredGradientStep") return ranksOf(structuredGradientStep(description).model.problem);
  if (description.model === "gaussianCovariates" && isConvex(description)) throw notOfMargins(description.loss);
  const { rank } = covariateSolver(description).model;
  return () => rank;
}

function notOfMargins(loss: unknown): ParameterError {
  return new ParameterError(
    "boundaries",
    "interpolation",
    `for the square loss or losses of residuals, not for ${String(loss)}`,
  );
}
