import type { LossInput } from "../parameters/loss.ts";
import { resolveLoss } from "./lossInput.ts";

/** What of a description says its loss: of covariates, "huber" takes its δ from a field of its own. */
export interface LossOwner {
  readonly loss?: LossInput | "huber";
  readonly huberThreshold?: number;
}

/** The loss of a description of any model, as a network has it. */
export function lossOf({ loss = "square", huberThreshold }: LossOwner): LossInput {
  return loss === "huber" ? { huber: huberThreshold! } : loss;
}

/**
 * The error that a loss is about: of classification for losses of margins, else the test error. It is what is tuned for, mapped and
 * compared with simulation where nothing is said.
 *
 * @throws ParameterError for an illegal loss.
 *
 * @example
 * ```ts
 * import { mainQuantity } from "replica-theory/simulation";
 * console.log(mainQuantity({ loss: "hinge" }), mainQuantity({ loss: { huber: 1 } })); // testClassificationError testError
 * ```
 */
export function mainQuantity({ loss = "square" }: LossOwner): "testError" | "testClassificationError" {
  if (loss === "square" || loss === "huber") return "testError";
  return resolveLoss(loss).kind === "margin" ? "testClassificationError" : "testError";
}
