import type { Activation } from "../activation/activation.ts";
import { conditionalMoments } from "../activation/conditionalMoments.ts";
import { scaledHermiteCoefficients } from "../activation/hermite.ts";
import type { ConditionalFeatureStatistics } from "./conditionalFeatureStatistics.ts";
import { tabulate } from "./tabulation.ts";

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
  const mu1 = moments.first / scale;
  const orthogonal = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const visible = (coefficient: number) => coefficient ** 2 > VANISHING ** 2 * moments.square;
  // Of He_k/√k!, whose averages have rounding errors of the same size for every k.
  const coefficients = scaledHermiteCoefficients(student, Math.max(0, ...features.powers), scale);
  const coefficient = (k: number) =>
    coefficients[k]! * Math.sqrt(Array.from({ length: k }, (_, j) => j + 1).reduce((product, j) => product * j, 1));
  const powers = features.powers.filter((k) => visible(coefficient(k)));
  const constant = visible(moments.mean) ? [moments.mean] : [];
  const unpenalised = { group: 0, strength: () => meanStrength };

  return tabulate({
    groups: [{ fraction: 1, bulkVariance: c }],
    channels: [
      ...constant.map(() => ({ kind: "mean" as const, ...unpenalised })),
      ...powers.map(() => ({ kind: "power" as const, ...unpenalised })),
      { kind: "spikeDirection", group: 0, strength: features.spikeDirectionStrength },
    ],
    row(kappa, out) {
      const conditional = conditionalMoments(target, alignment * kappa, orthogonal, "target");
      const channels = [...constant, ...powers.map((k) => kappa ** k), kappa * mu1];
      const label = [conditional.mean, conditional.first, conditional.residual + labelNoise];
      out.set([mu1, moments.residual, ...channels, ...label]);
      return Math.max(moments.error, conditional.error);
    },
    dependences: [{ activation: target, slope: alignment, deviation: orthogonal }],
    labelNoise,
    alignment,
    student,
    target,
  });
}
