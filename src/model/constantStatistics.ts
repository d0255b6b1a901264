import type { Activation } from "../activation/activation.ts";
import { breakpointsOf, conditionalMoments, hermiteNumbers } from "../activation/conditionalMoments.ts";
import { hermitePolynomial } from "../activation/hermite.ts";
import { adaptGaussianRule, averageOf } from "../numerics/gaussianAverage.ts";
import { isotropicBulk } from "../solver/isotropicBulk.ts";
import type { Channel, ConditionalFeatureStatistics, FeatureGroup } from "./conditionalFeatureStatistics.ts";

/** Features whose conditional moments do not depend on κ (theory §6): the spike only adds channels. */
export interface ConstantFeatures {
  readonly student: Activation;
  readonly target: Activation;
  /** γ */
  readonly alignment: number;
  /** Δ */
  readonly labelNoise: number;
  /** c */
  readonly bulkVariance: number;
  /** Strength F(β) of the spike-direction channel: c, or c + s₁²/β for a small-rate spike. */
  readonly spikeDirectionStrength: (widthRatio: number) => number;
  /** Powers k of the channels κ^k. */
  readonly powers: readonly number[];
  /** Infinity, or d in the finite-size option. */
  readonly meanStrength: number;
}

/** A Hermite number below this fraction of E σ² is a rounding error: the channel is not there. */
const VANISHING = 1e-12;

/**
 * Statistics with constant μ0 = h0, μ1, μ2 and channels {h0, κμ1, κ^k for k in powers} (theory §6). The constant is
 * dropped where h0 = 0, and κ^k where the Hermite coefficient c_k(σ) is 0.
 *
 * @throws QuadratureError if a moment of the student or the target is not finite
 */
export function constantStatistics(features: ConstantFeatures): ConditionalFeatureStatistics {
  const { student, target, alignment, labelNoise, bulkVariance: c, meanStrength } = features;
  const scale = Math.sqrt(c);
  const moments = conditionalMoments(student, 0, scale, "student");
  const orthogonal = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const highest = Math.max(1, ...features.powers);
  let momentError = moments.error;
  const rule = adaptGaussianRule(
    (kappa, out) => {
      const conditional = conditionalMoments(target, alignment * kappa, orthogonal, "target");
      momentError = Math.max(momentError, conditional.error);
      out[0] = conditional.mean;
      out[1] = conditional.first;
      out[2] = conditional.residual + labelNoise;
      out[3] = out[0] * kappa ** highest;
      out[4] = out[0] ** 2;
      out[5] = out[1] ** 2;
      out[6] = kappa ** (2 * highest);
    },
    {
      dimension: 7,
      breakpoints: orthogonal === 0 ? breakpointsOf(target, 0, alignment) : [],
      tolerance: 1e-13,
      name: "target given κ",
    },
  );
  const column = (index: number) => rule.nodes.map((_, i) => rule.values[7 * i + index]!);
  const constant = (value: number) => rule.nodes.map(() => value);
  const mu1 = moments.first / scale;
  const group: FeatureGroup = {
    fraction: 1,
    bulkVariance: c,
    mu1: constant(mu1),
    mu2Squared: constant(moments.residual),
  };
  const unpenalised = (kind: Channel["kind"], values: Float64Array): Channel => {
    return { kind, group: 0, values, strength: () => meanStrength };
  };
  const visible = (coefficient: number) => coefficient ** 2 > VANISHING ** 2 * moments.square;
  const coefficient = (k: number) =>
    averageOf((z) => student.value(scale * z) * hermitePolynomial(k, z), "student", breakpointsOf(student, 0, scale));
  const channels: Channel[] = [
    ...(visible(moments.mean) ? [unpenalised("mean", constant(moments.mean))] : []),
    ...features.powers
      .filter((k) => visible(coefficient(k)))
      .map((k) =>
        unpenalised(
          "power",
          rule.nodes.map((kappa) => kappa ** k),
        ),
      ),
    {
      kind: "spikeDirection",
      group: 0,
      values: rule.nodes.map((kappa) => kappa * mu1),
      strength: features.spikeDirectionStrength,
    },
  ];
  return {
    nodes: rule.nodes,
    weights: rule.weights,
    groups: [group],
    channels,
    target: { mean: column(0), slope: column(1), residual: column(2) },
    labelNoise,
    alignment,
    quadratureError: rule.error + momentError,
    bulk: (widthRatio) => isotropicBulk([group], channels, widthRatio),
    targetNumbers: hermiteNumbers(target, "target"),
    student,
    targetActivation: target,
  };
}
