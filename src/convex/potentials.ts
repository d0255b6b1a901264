import type { ConvexLoss } from "../loss/convexLoss.ts";
import { fieldPotential } from "./fieldPotential.ts";
import type { LabelLaw } from "./labelLaw.ts";
import type { LocalPotential } from "./localPotential.ts";
import { marginPotential } from "./marginPotential.ts";

/**
 * The local potential of a loss on the labels of a model. Where averages over the output are integrals, those over labels that
 * are steps of a normal number are not.
 */
export function localPotential(loss: ConvexLoss, labels: LabelLaw, digits: number): LocalPotential {
  const { alignment, signs } = labels;
  if (loss.kind === "margin" && !loss.pieces && signs?.law.kind === "steps") {
    return marginPotential(loss, { alignment, ...signs.law }, digits);
  }
  return fieldPotential(loss, labels, digits);
}
