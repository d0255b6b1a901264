import type { Activation } from "../activation/activation.ts";
import {
  type ConditionalMoments,
  conditionalMoments,
  conditionalMomentsOnLine,
} from "../activation/conditionalMoments.ts";
import { type FeatureMoments, featureMoments, featureMomentsOnLine } from "../activation/featureMoments.ts";
import type { ShiftLine } from "../activation/lattice.ts";
import type { StreamMoments } from "./streamMoments.ts";
import type { OneStepNetwork } from "../bulk/network/oneStep.ts";
import { meanChannel, rowNormChannel, spikeDirectionChannel, targetDirectionChannel } from "../problem/channels.ts";
import type { Channel, GroupMoments, Row, RowOf } from "../problem/problem.ts";
import { kappaResolution } from "../activation/kappaResolution.ts";
import { completed, type Model, targetBreakpoints } from "./model.ts";
import { mapped } from "../numerics/mapped.ts";

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
  /** Moments known from other models. */
  readonly moments?: StreamMoments | undefined;
  /** Resolvent of the bulk; isotropic by default. */
  readonly bulk?: Model["bulk"];
  /** Law of the rows, for spectra; isotropic by default. */
  readonly stepModel?: () => OneStepNetwork;
}

/**
 * A spiked model: μ0, μ1, μ2 and the target given κ (theory §3), with mean, spike-direction, row-norm and target-direction
 * channels in this order, each by group.
 *
 * @throws QuadratureError if a moment of the student or the target is not finite
 */
export function spikedModel(features: SpikedFeatures): Model {
  const { student, target, groups, alignment, labelNoise, spikeStrength, moments } = features;
  const orthogonal = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const problem = {
    dimension: 1,
    groups: mapped(groups, ({ fraction, bulkVariance }) => ({ fraction, bulkVariance })),
    channels: spikedChannels(features),
    targetDirections: 1,
    resolution: kappaResolution([
      { activation: target, slope: alignment, deviation: orthogonal },
      ...mapped(groups, ({ spike, bulkVariance }) => {
        return { activation: student, slope: spike, deviation: Math.sqrt(bulkVariance) };
      }),
    ]),
    labelNoise,
    breakpoints: targetBreakpoints(target, alignment),
    row: rowsOf(features, orthogonal, moments),
  };
  const derived = {
    spikeStrength,
    bulkVariance: mapped(groups, ({ bulkVariance }) => bulkVariance),
    rowNormStrength: mapped(groups, ({ rowNormStrength }) => rowNormStrength),
  };
  return completed(problem, features, {
    ...(features.bulk && { bulk: features.bulk }),
    ...(features.stepModel && { stepModel: features.stepModel }),
    derived,
  });
}

/** The rows of a model. */
function rowsOf(features: SpikedFeatures, orthogonal: number, moments?: StreamMoments): RowOf {
  const { student, target, groups, alignment } = features;
  const unspiked = mapped(groups, ({ spike, bulkVariance }) =>
    spike === 0 ? featureMoments(student, 0, Math.sqrt(bulkVariance), "student") : undefined,
  );

  const labels = moments?.target(target, alignment, orthogonal);
  const knownStudent = mapped(groups, ({ bulkVariance }) => moments?.student(student, Math.sqrt(bulkVariance)));
  const targetAt = (kappa: number): ConditionalMoments =>
    labels?.known(alignment * kappa) ?? conditionalMoments(target, alignment * kappa, orthogonal, "target");
  const studentAt = (k: number, kappa: number): FeatureMoments => {
    const { spike, bulkVariance } = groups[k]!;
    return (
      unspiked[k] ??
      knownStudent[k]?.(spike * kappa) ??
      featureMoments(student, spike * kappa, Math.sqrt(bulkVariance), "student")
    );
  };

  /** @param known moments of the groups at κ, as far as there are any */
  function rowWith(
    conditional: ConditionalMoments,
    known: readonly (FeatureMoments | undefined)[],
    kappa: number,
  ): Row {
    let error = Math.max(conditional.error, student.derivativeError ?? 0);
    const ofGroups = mapped(groups, ({ bulkVariance: c }, k): GroupMoments => {
      const m = known[k] ?? studentAt(k, kappa);
      error = Math.max(error, m.error);
      return {
        mu0: m.mean,
        mu1: m.first / Math.sqrt(c),
        mu2Squared: m.residual,
        mu2SquaredError: m.residualError,
        normSlope: m.second / (2 * c),
      };
    });
    const { mean, first, residual } = conditional;
    return { groups: ofGroups, target: { mean, slopes: [first], residual }, error };
  }

  const row = ([kappa]: Float64Array): Row => rowWith(targetAt(kappa!), [], kappa!);

  function targetsOn(places: readonly number[]): (ConditionalMoments | undefined)[] {
    const name = `${places.length}, ${places[0]}, ${places.at(-1)}`;
    const made = labels?.lines.get(name);
    if (made) return made;
    const line = fromLine(
      mapped(places, (kappa) => labels?.known(alignment * kappa)),
      () => conditionalMomentsOnLine(target, lineOf(places, alignment), orthogonal),
    );
    labels?.lines.set(name, line);
    return line;
  }

  /** Rows of equidistant places of which moments, the student's are the dearer ones, are known or come from shared samples. */
  function onLine(places: readonly number[]): (Row | undefined)[] {
    const targets = targetsOn(places);
    const students = mapped(groups, ({ spike, bulkVariance }, k) =>
      fromLine(
        mapped(places, (kappa) => unspiked[k] ?? knownStudent[k]?.(spike * kappa)),
        () => featureMomentsOnLine(student, lineOf(places, spike), Math.sqrt(bulkVariance), "student"),
      ),
    );
    return mapped(places, (kappa, i) => {
      const known = mapped(students, (line) => line[i]);
      if (!targets[i] && known.every((moments) => !moments)) return undefined;
      return rowWith((targets[i] ??= targetAt(kappa)), known, kappa);
    });
  }

  return Object.assign(row, { onLine, ...(moments && { averaged: rowsOf(features, orthogonal) }) });
}

/** What is known of the places, with what a line of them gives where it is less than half. */
function fromLine<M>(known: (M | undefined)[], line: () => readonly (M | undefined)[]): (M | undefined)[] {
  if (2 * known.filter((moments) => moments).length > known.length) return known;
  const found = line();
  return mapped(known, (moments, i) => moments ?? found[i]);
}

/** The shifts slope·κ at equidistant places. */
function lineOf(places: readonly number[], slope: number): ShiftLine {
  const step = (places.at(-1)! - places[0]!) / (places.length - 1);
  return { first: slope * places[0]!, step: slope * step, count: places.length };
}

/** Channels of theory §3; with rows of equal norm there is no third one. */
function spikedChannels({ groups, meanStrength }: SpikedFeatures): Channel[] {
  return [
    ...mapped(groups, (_, k) => meanChannel(k, meanStrength)),
    ...mapped(groups, ({ bulkVariance, rowNormAlongSpike }, k) => alongSpike(k, bulkVariance, rowNormAlongSpike)),
    ...groups.flatMap(({ rowNormStrength }, k) => (rowNormStrength > 0 ? [rowNormChannel(k, rowNormStrength)] : [])),
    ...mapped(groups, ({ bulkVariance }, k) => targetDirectionChannel(k, bulkVariance)),
  ];
}

/** The spike direction, with the row norms where they are a multiple of it. */
function alongSpike(group: number, strength: number, rowNorm = 0): Channel {
  const channel = spikeDirectionChannel(group, strength);
  if (rowNorm === 0) return channel;
  return {
    ...channel,
    value: ({ groups: { [group]: moments } }, [kappa]) => kappa! * moments!.mu1 + rowNorm * moments!.normSlope!,
  };
}
