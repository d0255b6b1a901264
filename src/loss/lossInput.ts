import type { Activation } from "../activation/activation.ts";
import { ParameterError } from "../errors.ts";
import { LOSS } from "../parameters/kinds.ts";
import { legalNumber, legalWords } from "../parameters/legal.ts";
import type { LossInput, NamedLoss, SmoothLoss } from "../parameters/loss.ts";
import { PARAMETERS } from "../parameters/table.ts";
import { type ConvexLoss, hingeLoss, huberLoss, logisticLoss, squaredHingeLoss, squareLoss } from "./convexLoss.ts";
import { smoothLoss } from "./smoothLoss.ts";

const NAMED: Readonly<Record<NamedLoss, ConvexLoss>> = {
  square: squareLoss,
  logistic: logisticLoss,
  hinge: hingeLoss,
  squaredHinge: squaredHingeLoss,
};

/**
 * The loss by name or description.
 *
 * @throws ParameterError for an unknown name, δ ≤ 0, or functions that are not those of a convex loss
 */
export function resolveLoss(input: LossInput): ConvexLoss {
  if (typeof input === "string") {
    if (Object.hasOwn(NAMED, input)) return NAMED[input];
  } else if (typeof input === "object" && (input as unknown) !== null) {
    if ("huber" in input) {
      if (typeof input.huber === "number" && input.huber > 0 && input.huber < Infinity) return huberLoss(input.huber);
      throw new ParameterError("loss.huber", input.huber, "a finite number > 0");
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

/** ε, which only labels ±1 know: those of losses of margins, and others that are signs. */
export function checkFlips(flips: unknown, loss: ConvexLoss, labels?: LabelKind): number {
  const value = legalNumber("labelFlips", flips ?? PARAMETERS.labelFlips.default);
  if (value > 0 && loss.kind === "residual" && labels !== "sign") {
    throw new ParameterError("labelFlips", flips, `0 for the loss "${loss.name}", whose labels are not signs`);
  }
  return value;
}

type LabelKind = "real" | "sign";

/** Losses of margins have labels ±1; of those of residuals only the square has them, too. */
export function checkLabels(labels: LabelKind | undefined, loss: ConvexLoss): void {
  if (labels === "real" && loss.kind === "margin") {
    throw new ParameterError("labels", labels, `"sign" for the loss "${loss.name}" of margins`);
  }
  if (labels === "sign" && loss.kind === "residual" && loss.name !== "square") {
    throw new ParameterError(
      "labels",
      labels,
      `"real" for the loss "${loss.name}"; signs are for "square" and margins`,
    );
  }
}

/** Targets whose sign with noise is sign(θ·x + √Δε). */
const SIGN_TARGETS = ["sign", "identity", "x", "He1"];

/** Margins need labels ±1: y = sign(θ·x + √Δε), flipped with probability ε. */
export function checkSignTarget(target: Activation, loss: ConvexLoss): void {
  if (loss.kind === "margin" && !SIGN_TARGETS.includes(target.name)) {
    throw new ParameterError("target", target.name, `for the loss "${loss.name}" of margins, sign or identity`);
  }
}
