import type { ConvexLoss } from "../loss/convexLoss.ts";
import { closedPotential } from "./closedPotential.ts";
import { fieldPotential } from "./fieldPotential.ts";
import { interpolationPotential, type LabelMoments } from "./interpolationPotential.ts";
import type { LabelLaw } from "./labelLaw.ts";
import type { LocalPotential } from "./localPotential.ts";
import { isPiecewise } from "./pieceTable.ts";
import { marginPotential } from "./marginPotential.ts";
import { withoutKappa } from "./withoutKappa.ts";

/**
 * The local potential of a loss on the labels of a model: in closed form, by one integral over the output, or by one over the
 * target's field ζ.
 *
 * @param momentsAt of the labels given κ, if they are known
 */
export function localPotential(
  loss: ConvexLoss,
  labels: LabelLaw,
  digits: number,
  momentsAt?: (kappa: number) => LabelMoments,
): LocalPotential {
  const potential = potentialGiven(loss, labels, digits, momentsAt);
  return labels.alignment === 0 ? withoutKappa(potential) : potential;
}

function potentialGiven(
  loss: ConvexLoss,
  labels: LabelLaw,
  digits: number,
  momentsAt: ((kappa: number) => LabelMoments) | undefined,
): LocalPotential {
  const closed = closedPotential(loss, labels);
  if (closed) return closed;
  const { alignment, signs } = labels;
  if (loss.kind === "margin" && signs?.law.kind === "steps" && !isPiecewise(loss)) {
    return marginPotential(loss, { alignment, ...signs.law }, digits);
  }
  const field = fieldPotential(loss, labels, digits);
  const { limitOf } = loss;
  if (!limitOf || loss.kind === "margin" || !momentsAt) return field;
  return interpolationPotential(field, localPotential(limitOf, labels, digits), limitOf.value(0), momentsAt);
}
