import type { ConvexLoss } from "../loss/convexLoss.ts";
import type { LabelLaw } from "./grid.ts";
import type { LocalPotential } from "./localPotential.ts";
import { marginPotential } from "./marginPotential.ts";
import { residualPotential } from "./residualPotential.ts";

/** The local potential of a loss on the labels of a model. */
export function localPotential(
  loss: ConvexLoss,
  labelFlips: number,
  { alignment, labelNoise, target }: LabelLaw,
  digits: number,
): LocalPotential {
  if (loss.kind === "margin") return marginPotential(loss, { alignment, labelNoise, labelFlips }, digits);
  return residualPotential(loss, { target, alignment, labelNoise }, digits);
}
