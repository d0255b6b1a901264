import type { Activation } from "../activation/activation.ts";
import { conditionalMoments } from "../activation/conditionalMoments.ts";
import { scaledHermiteCoefficients } from "../activation/hermite.ts";
import { meanChannel, powerChannel, spikeDirectionChannel, targetDirectionChannel } from "../problem/channels.ts";
import type { Strength } from "../problem/problem.ts";
import { kappaResolution } from "../activation/kappaResolution.ts";
import { completed, type Model, targetBreakpoints } from "./model.ts";

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
  readonly spikeDirectionStrength: Strength;
  /** Powers k of the channels κ^k. */
  readonly powers: readonly number[];
  /** Infinity, or d in the finite-size option. */
  readonly meanStrength: number;
}

/** A Hermite number below this fraction of E σ² is a rounding error: the channel is not there. */
const VANISHING = 1e-12;

/**
 * A model with constant μ0 = h0, μ1, μ2 and channels {h0, κμ1, κ^k for k in powers} (theory §6). The constant is
 * dropped where h0 = 0, and κ^k where the Hermite coefficient c_k(σ) is 0.
 *
 * @throws QuadratureError if a moment of the student or the target is not finite
 */
export function constantModel(features: ConstantFeatures): Model {
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
  const mean = visible(moments.mean) ? [meanChannel(0, meanStrength)] : [];
  const groups = [{ mu0: moments.mean, mu1, mu2Squared: moments.residual }];

  const problem = {
    dimension: 1,
    groups: [{ fraction: 1, bulkVariance: c }],
    channels: [
      ...mean,
      ...powers.map((power) => powerChannel(power, meanStrength)),
      spikeDirectionChannel(0, features.spikeDirectionStrength),
      targetDirectionChannel(0, c),
    ],
    targetDirections: 1,
    resolution: kappaResolution([{ activation: target, slope: alignment, deviation: orthogonal }]),
    labelNoise,
    breakpoints: targetBreakpoints(target, alignment),
    row([kappa]: Float64Array) {
      const { mean, first, residual, error } = conditionalMoments(target, alignment * kappa!, orthogonal, "target");
      return { groups, target: { mean, slopes: [first], residual }, error: Math.max(moments.error, error) };
    },
  };
  return completed(problem, { student, target, alignment });
}
