import type { Activation } from "../activation/activation.ts";
import { conditionalMoments } from "../activation/conditionalMoments.ts";
import { featureMoments } from "../activation/featureMoments.ts";
import type { Channel, ConditionalFeatureStatistics } from "./conditionalFeatureStatistics.ts";
import { tabulate, type Tabulation } from "./tabulation.ts";

/** Spiked features in the common form: group k has pre-activations r_k κ + √c_k z. */
export interface SpikedFeatures {
  readonly student: Activation;
  readonly target: Activation;
  /** r, signed. */
  readonly spikeStrength: number;
  /** γ */
  readonly alignment: number;
  /** Δ */
  readonly labelNoise: number;
  readonly groups: readonly {
    readonly fraction: number;
    /** r u_k */
    readonly spike: number;
    /** c_k */
    readonly bulkVariance: number;
    /** d Var ‖w_j‖²: strength of the row-norm channel; 0 for rows of equal norm. */
    readonly rowNormStrength: number;
    /** Row norms that are a multiple of the spike direction, ‖w_j‖² − c = multiple · w_jᵀv, instead; default 0. */
    readonly rowNormAlongSpike?: number;
  }[];
  /** Strength of the mean channels: Infinity, or d in the finite-size option (theory §6). */
  readonly meanStrength: number;
  /** Resolvent of the bulk; isotropic by default. */
  readonly bulk?: Tabulation["bulk"];
  /** Law of the rows, for spectra; isotropic by default. */
  readonly stepModel?: Tabulation["stepModel"];
}

/**
 * Statistics of a spiked model: μ0, μ1, μ2 and the target given κ (theory §3), with mean, spike-direction and row-norm
 * channels in this order, each by group.
 *
 * @throws QuadratureError if a moment of the student or the target is not finite
 */
export function spikedStatistics(features: SpikedFeatures): ConditionalFeatureStatistics {
  const { student, target, groups, alignment, labelNoise } = features;
  const K = groups.length;
  const orthogonal = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const channels = spikedChannels(features);
  const unspiked = groups.map(({ bulkVariance }) => featureMoments(student, 0, Math.sqrt(bulkVariance), "student"));

  function row(kappa: number, out: Float64Array): number {
    const conditional = conditionalMoments(target, alignment * kappa, orthogonal, "target");
    let error = conditional.error;
    groups.forEach(({ spike, bulkVariance: c, rowNormAlongSpike = 0 }, k) => {
      const moments = spike === 0 ? unspiked[k]! : featureMoments(student, spike * kappa, Math.sqrt(c), "student");
      const mu1 = moments.first / Math.sqrt(c);
      error = Math.max(error, moments.error);
      out[2 * k] = mu1;
      out[2 * k + 1] = moments.residual;
      out[2 * K + channels.length + 3 + k] = moments.residualError;
      channels.forEach(({ kind, group }, index) => {
        if (group !== k) return;
        const rowNorm = moments.second / (2 * c);
        if (kind === "mean") out[2 * K + index] = moments.mean;
        else out[2 * K + index] = kind === "rowNorm" ? rowNorm : kappa * mu1 + rowNormAlongSpike * rowNorm;
      });
    });
    out.set([conditional.mean, conditional.first, conditional.residual + labelNoise], 2 * K + channels.length);
    return error;
  }

  return tabulate({
    groups,
    channels,
    row,
    dependences: [
      { activation: target, slope: alignment, deviation: orthogonal },
      ...groups.map(({ spike, bulkVariance }) => {
        return { activation: student, slope: spike, deviation: Math.sqrt(bulkVariance) };
      }),
    ],
    labelNoise,
    alignment,
    student,
    target,
    bulk: features.bulk,
    ...(features.stepModel && { stepModel: features.stepModel }),
    derived: {
      spikeStrength: features.spikeStrength,
      bulkVariance: groups.map(({ bulkVariance }) => bulkVariance),
      rowNormStrength: groups.map(({ rowNormStrength }) => rowNormStrength),
    },
  });
}

/** Channels of theory §3; with rows of equal norm there is no third one. */
function spikedChannels({ groups, meanStrength }: SpikedFeatures): Omit<Channel, "values">[] {
  const all = groups.map((_, group) => group);
  return [
    ...all.map((group) => ({ kind: "mean" as const, group, strength: () => meanStrength })),
    ...all.map((group) => ({ kind: "spikeDirection" as const, group, strength: () => groups[group]!.bulkVariance })),
    ...all
      .filter((group) => groups[group]!.rowNormStrength > 0)
      .map((group) => ({ kind: "rowNorm" as const, group, strength: () => groups[group]!.rowNormStrength })),
  ];
}
