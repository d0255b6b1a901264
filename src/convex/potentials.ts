import type { ConvexLoss } from "../loss/convexLoss.ts";
import { closedPotential } from "./closedPotential.ts";
import { fieldPotential } from "./fieldPotential.ts";
import type { LabelLaw } from "./labelLaw.ts";
import type { LocalPotential } from "./localPotential.ts";
import { isPiecewise } from "./pieceTable.ts";
import { marginPotential } from "./marginPotential.ts";

/**
 * The local potential of a loss on the labels of a model: in closed form, by one integral over the output, or by one over the
 * target's field ζ.
 */
export function localPotential(loss: ConvexLoss, labels: LabelLaw, digits: number): LocalPotential {
  const closed = closedPotential(loss, labels);
  if (closed) return closed;
  const { alignment, signs } = labels;
  if (loss.kind === "margin" && signs?.law.kind === "steps" && !isPiecewise(loss)) {
    return marginPotential(loss, { alignment, ...signs.law }, digits);
  }
  return fieldPotential(loss, labels, digits);
}
