import type { Activation } from "../activation/activation.ts";
import { ParameterError } from "../errors.ts";
import type { LossInput, SmoothLoss } from "../model/description.ts";
import { type ConvexLoss, hingeLoss, huberLoss, logisticLoss, squaredHingeLoss, squareLoss } from "./convexLoss.ts";
import { smoothLoss } from "./smoothLoss.ts";

const NAMED: ReadonlyMap<string, ConvexLoss> = new Map(
  [squareLoss, logisticLoss, hingeLoss, squaredHingeLoss].map((loss) => [loss.name, loss]),
);
const LEGAL = `${[...NAMED.keys()].map((name) => `"${name}"`).join(", ")}, {huber: δ > 0}, or a smooth convex loss {kind, value, derivative, secondDerivative}`;

/**
 * The loss by name or description.
 *
 * @throws ParameterError for an unknown name, δ ≤ 0, or functions that are not those of a convex loss
 */
export function resolveLoss(input: LossInput): ConvexLoss {
  if (typeof input === "string") {
    const named = NAMED.get(input);
    if (named) return named;
  } else if (typeof input === "object" && (input as unknown) !== null) {
    if ("huber" in input) {
      if (typeof input.huber === "number" && input.huber > 0 && input.huber < Infinity) return huberLoss(input.huber);
      throw new ParameterError("loss.huber", input.huber, "a finite number > 0");
    }
    if ("value" in input) return smoothLoss(checkedFunctions(input));
  }
  throw new ParameterError("loss", input, LEGAL);
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

/** ε, which only losses of margins know. */
export function checkFlips(flips: unknown, loss: ConvexLoss): number {
  const value = flips ?? 0;
  if (typeof value !== "number" || !(value >= 0 && value < 0.5)) {
    throw new ParameterError("labelFlips", flips, "a number in [0, 1/2)");
  }
  if (value > 0 && loss.kind === "residual") {
    throw new ParameterError("labelFlips", flips, `0 for the loss "${loss.name}", whose labels are not signs`);
  }
  return value;
}

/** Targets whose sign with noise is sign(θ·x + √Δε). */
const SIGN_TARGETS = ["sign", "identity", "x", "He1"];

/** Margins need labels ±1: y = sign(θ·x + √Δε), flipped with probability ε. */
export function checkSignTarget(target: Activation, loss: ConvexLoss): void {
  if (loss.kind === "margin" && !SIGN_TARGETS.includes(target.name)) {
    throw new ParameterError("target", target.name, `for the loss "${loss.name}" of margins, sign or identity`);
  }
}
