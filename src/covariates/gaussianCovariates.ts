import { checkLabels, checkSpectrum } from "./checks.ts";
import { type CovarianceModel, covarianceOfLevels } from "./covariance.ts";
import type { GaussianCovariatesModel } from "./description.ts";

/**
 * The two functions of the effective ridge that ridge regression on features of covariance Ω needs (covariates §2).
 *
 * @throws ParameterError for an illegal spectrum, or labels whose variance is less than what the signal explains
 */
export function gaussianCovariates(description: GaussianCovariatesModel): CovarianceModel {
  const levels = checkSpectrum(description);
  const explained = levels.signal.reduce((sum, value, i) => sum + value / levels.eigenvalues[i]!, 0);
  const { unexplained, labelNoise } = checkLabels(description, explained);
  return covarianceOfLevels(levels, unexplained, labelNoise);
}
