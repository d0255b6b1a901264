import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";

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
 * const statistics = conditionalFeatureStatistics({ model: "randomFeatures", student: "tanh", target: "He1(x) + He2(x)" });
 * const { linear, linearWithoutConstant } = baselines(statistics);
 * [linear, linearWithoutConstant].map((error) => error.toFixed(6)); // ["2.000000", "2.000000"]
 */
export function baselines(statistics: Pick<ConditionalFeatureStatistics, "targetNumbers" | "labelNoise">): Baselines {
  const { h0, h1, h2 } = statistics.targetNumbers;
  const linearWithoutConstant = h2 - h1 * h1 + statistics.labelNoise;
  return { linear: linearWithoutConstant - h0 * h0, linearWithoutConstant };
}
