import { requireFields, MODEL_WORDS } from "../errors.ts";
import { featureModel } from "../model/featureModel.ts";
import type { Model } from "../model/model.ts";
import type { ModelParameters } from "../parameters/description.ts";

/** Errors of the best predictors that have learned no feature (theory §5), on a fresh noisy label. */
export interface Baselines {
  /** h2* − h0*² − h1*² + Δ: the floor of every rotation-invariant kernel in this limit. */
  readonly linear: number;
  /** h2* − h1*² + Δ: the same where no constant is available. */
  readonly linearWithoutConstant: number;
}

/**
 * Best linear predictor of the target, with and without a constant (Cui24 Fig. 2; theory §5).
 *
 * @example
 * const { linear, linearWithoutConstant } = baselines({ model: "randomFeatures", student: "tanh", target: "He1(x) + He2(x)" });
 * [linear, linearWithoutConstant].map((error) => error.toFixed(6)); // ["2.000000", "2.000000"]
 */
export function baselines(description: ModelParameters): Baselines {
  return baselinesOf(featureModel(description));
}

/**
 * The same of a model.
 *
 * @example
 * const model = featureModel({ model: "randomFeatures", student: "tanh", target: "He1(x) + He2(x)" });
 * baselinesOf(model).linear.toFixed(6); // "2.000000"
 */
export function baselinesOf(model: Pick<Model, "targetNumbers" | "problem">): Baselines {
  requireFields("model", model, ["targetNumbers", "problem"], MODEL_WORDS);
  const { targetNumbers, problem } = model;
  const { h0, h1, h2 } = targetNumbers;
  const linearWithoutConstant = h2 - h1 * h1 + problem.labelNoise;
  return { linear: linearWithoutConstant - h0 * h0, linearWithoutConstant };
}
