import { ParameterError } from "../errors.ts";
import { hasSigns, type LabelKind } from "../parameters/labels.ts";
import { LOSS } from "../parameters/kinds.ts";
import { legalNumber, legalWords } from "../parameters/legal.ts";
import type { LossInput, NamedLoss, SmoothLoss } from "../parameters/loss.ts";
import { type Range, RANGES } from "../parameters/ranges.ts";
import { PARAMETERS } from "../parameters/table.ts";
import {
  absoluteLoss,
  type ConvexLoss,
  hingeLoss,
  huberLoss,
  logisticLoss,
  quantileLoss,
  squaredHingeLoss,
  squareLoss,
} from "./convexLoss.ts";
import { smoothLoss } from "./smoothLoss.ts";

const NAMED: Readonly<Record<NamedLoss, ConvexLoss>> = {
  square: squareLoss,
  absolute: absoluteLoss,
  logistic: logisticLoss,
  hinge: hingeLoss,
  squaredHinge: squaredHingeLoss,
};

/**
 * The loss by name or description.
 *
 * @throws ParameterError for an unknown name, δ ≤ 0, τ outside (0, 1), or functions that are not those of a convex loss
 */
export function resolveLoss(input: LossInput): ConvexLoss {
  if (typeof input === "string") {
    if (Object.hasOwn(NAMED, input)) return NAMED[input];
  } else if (typeof input === "object" && (input as unknown) !== null) {
    if ("huber" in input) {
      if (typeof input.huber === "number" && input.huber > 0 && input.huber < Infinity) return huberLoss(input.huber);
      throw new ParameterError("loss.huber", input.huber, "a finite number > 0");
    }
    if ("quantile" in input) {
      const { quantile: level } = input;
      if (typeof level === "number" && level > 0 && level < 1) return quantileLoss(level);
      throw new ParameterError("loss.quantile", level, "a number in (0, 1)");
    }
    if ("value" in input) return smoothLoss(checkedFunctions(input));
  }
  throw new ParameterError("loss", input, legalWords(LOSS));
}

function checkedFunctions(input: SmoothLoss): SmoothLoss {
  if (!["residual", "margin"].includes(input.kind)) {
    throw new ParameterError("loss.kind", input.kind, `"residual" or "margin"`);
  }
  for (const name of ["value", "derivative", "secondDerivative"] as const) {
    if (typeof input[name] !== "function") throw new ParameterError(`loss.${name}`, input[name], "a function of x");
  }
  return input;
}

/** α, or n, at which a loss has a limit: none at ∞ where it has a kink. */
export function sampleRange({ name, curvatureBound }: ConvexLoss): Range {
  if (curvatureBound < Infinity) return RANGES.positiveOrInfinite;
  return { legal: `finite for the loss "${name}", which has a kink`, test: RANGES.positive.test };
}

/** Whether labels are ±1: of losses of margins always. */
export const areSigns = (labels: LabelKind, loss: ConvexLoss): boolean => loss.kind === "margin" || hasSigns(labels);

/** ε, which only labels ±1 know. */
export function checkFlips(flips: unknown, loss: ConvexLoss, labels: LabelKind): number {
  const value = legalNumber("labelFlips", flips ?? PARAMETERS.labelFlips.default);
  if (value > 0 && !areSigns(labels, loss)) {
    throw new ParameterError("labelFlips", flips, `0 for the loss "${loss.name}", whose labels are not signs`);
  }
  return value;
}

/** Losses of margins have labels ±1. */
export function checkLabels({ labels }: LabelKind, loss: ConvexLoss): void {
  if (labels === "real" && loss.kind === "margin") {
    throw new ParameterError("labels", labels, `"sign" for the loss "${loss.name}" of margins`);
  }
}
