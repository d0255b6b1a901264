import { CONVEX_POINT } from "../covariates/convexCovariates.ts";
import { isConvex } from "../covariates/solve.ts";
import { isCovariateDescription } from "../curve/solve.ts";
import type { CurveParameters } from "../curve/sweep.ts";
import { lossOf } from "../loss/describedLoss.ts";
import { resolveLoss, sampleRange } from "../loss/lossInput.ts";
import { isMultiIndex } from "../multiIndex/description.ts";
import type { Kind } from "../parameters/kinds.ts";
import { modelOf } from "../parameters/legal.ts";
import { type Range, RANGES } from "../parameters/ranges.ts";
import {
  parameter,
  severalParameters,
  type SweepParameter,
  sweptParameter,
  type SweptName,
} from "../parameters/table.ts";
import { pointRanges } from "../ridge/solution.ts";

/**
 * The legal values of a parameter beside the rest of a description, as its solver takes them: those of the table for its model, of a
 * point those that the equations of the model and its loss have.
 *
 * @param description in which the parameter itself may be missing
 */
export function legalRange(swept: SweptName, description: object): Range {
  const name = sweptParameter(swept);
  const { sampleRatio, widthRatio } = description as { readonly sampleRatio?: number; readonly widthRatio?: unknown };
  if (isCovariateDescription(description) && description.model === "gaussianCovariates" && isConvex(description)) {
    if (name === "samples" || name === "ridge") return CONVEX_POINT[name];
  }
  if (name === "sampleRatio") {
    const range = sampleRange(resolveLoss(lossOf(description)));
    return widthRatio === Infinity ? RANGES.positive : range;
  }
  if (name === "widthRatio") return pointRanges(sampleRatio)[name];
  return rangeOfKind(kindOf(name, description));
}

function kindOf(name: SweepParameter, description: { readonly model?: unknown }): Kind {
  if (!isMultiIndex(description)) return parameter(name, modelOf(description)).kind;
  const own = severalParameters(description.model).find(([other]) => other === name);
  return (own?.[1] ?? parameter(name)).kind;
}

/** Of a parameter that may be a list or a matrix, too, the numbers in it. */
function rangeOfKind(kind: Kind): Range {
  if (kind.type === "number") return kind.range;
  if (kind.type === "list") return rangeOfKind(kind.of);
  const [first] = kind.type === "either" ? kind.of : [];
  return first ? rangeOfKind(first) : RANGES.finite;
}

/** Whether parameters are legal beside each other in the description that has them. */
export function areLegal(values: CurveParameters, description: object): boolean {
  return Object.entries(values).every(([name, value]) => legalRange(name as SweptName, description).test(value));
}

/** Whether the legal values of one of these parameters hang on another. */
export function areCoupled(names: readonly SweptName[]): boolean {
  return names.includes("sampleRatio") && names.includes("widthRatio");
}
