import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import type { LossParameters } from "../model/description.ts";
import { checkFlips, checkSignTarget, resolveLoss } from "./lossInput.ts";
import { type LossSolver, lossSolver } from "./lossSolver.ts";

/**
 * The solver of a described loss on a model's statistics.
 *
 * @throws ParameterError for an illegal loss, flips, or a target that the loss cannot use
 */
export function describedLossSolver(
  statistics: ConditionalFeatureStatistics,
  { loss = "square", labelFlips }: LossParameters,
): LossSolver {
  const resolved = resolveLoss(loss);
  const flips = checkFlips(labelFlips, resolved);
  checkSignTarget(statistics.targetActivation, resolved);
  return lossSolver(statistics, resolved, flips);
}
