import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import type { ConvexLoss } from "./convexLoss.ts";
import type { LocalPotential } from "./localPotential.ts";
import { marginPotential } from "./marginPotential.ts";
import { residualPotential } from "./residualPotential.ts";

/** The local potential of a loss on the labels of a model. */
export function localPotential(
  loss: ConvexLoss,
  labelFlips: number,
  { alignment, labelNoise, targetActivation }: ConditionalFeatureStatistics,
  digits: number,
): LocalPotential {
  if (loss.kind === "margin") return marginPotential(loss, { alignment, labelNoise, labelFlips }, digits);
  return residualPotential(loss, { target: targetActivation, alignment, labelNoise }, digits);
}
