import type { Matrix } from "./matrix.ts";
import type { SimulationSpecification } from "./specification.ts";
import type { Groups, SpecialDirections } from "./weightLaw.ts";
import { groupOfNeuron, type Directions } from "./weights.ts";

/** Overlaps of a readout with the channels of each group (theory §3, §4), one number per group. */
export interface SimulatedOverlaps {
  /** m_k = Σ_j a_j/√p. */
  readonly m: readonly number[];
  /** θ_k = Σ_j a_j (w_jᵀv)/√p with the bulk part of w. */
  readonly theta: readonly number[];
  /** ψ_k = Σ_j a_j (w_jᵀζ̂)/√p. */
  readonly psi: readonly number[];
  /** ν_k = Σ_j a_j (‖w_j‖² − c_k)/√p with the bulk part of w and its group's mean for c_k. */
  readonly nu: readonly number[];
  /** Q2_k = Σ_j a_j²/p. */
  readonly Q2: readonly number[];
  /**
   * For targets of several directions, with θ, ψ, ν empty (multiIndex §2): Σ_j a_j (w_jᵀθ_i)/√p with the bulk part of w, a row for
   * each group.
   */
  readonly alongTarget?: readonly (readonly number[])[];
}

/** Those of a model without channels. */
export const NO_OVERLAPS: SimulatedOverlaps = { m: [], theta: [], psi: [], nu: [], Q2: [] };

/** The three vectors over the neurons that carry overlaps. */
export interface ChannelVectors {
  readonly spike: Float64Array;
  readonly orthogonal: Float64Array;
  readonly rowNorm: Float64Array;
}

/**
 * Projections on v and ζ̂, and squared norms less their group's mean, of the rows without their spike. The spike is known for random
 * weights and is the group's mean projection after a step; where it acts only linearly it belongs to the channel (theory §6).
 */
export function channelVectors(
  weights: Matrix,
  directions: Directions,
  { groups, weights: law }: SimulationSpecification,
): ChannelVectors {
  const { rows, columns, stride, data } = weights;
  const spike = new Float64Array(rows);
  const orthogonal = new Float64Array(rows);
  const rowNorm = new Float64Array(rows);
  for (let j = 0; j < rows; j++) {
    const row = data.subarray(j * stride, j * stride + columns);
    for (let i = 0; i < columns; i++) {
      const w = row[i]!;
      spike[j]! += w * directions.spike[i]!;
      orthogonal[j]! += w * directions.orthogonal[i]!;
      rowNorm[j]! += w * w;
    }
    rowNorm[j]! -= spike[j]! ** 2;
  }
  if (law.kind === "trained") removeGroupMeans(spike, groups);
  if (law.kind === "spiked") {
    const group = groupOfNeuron(groups);
    for (let j = 0; j < rows; j++) spike[j]! -= law.spikeStrength * groups.values[group[j]!]!;
  }
  for (let j = 0; j < rows; j++) rowNorm[j]! += spike[j]! ** 2;
  removeGroupMeans(rowNorm, groups);
  return { spike, orthogonal, rowNorm };
}

/** Projections of the rows without their spike on every direction of the target. */
export function targetVectors(
  { rows, stride, data }: Matrix,
  { theta, spikes, steps }: SpecialDirections,
  groups: Groups,
): Float64Array[] {
  const group = groupOfNeuron(groups);
  return theta.map((row) => {
    const along = new Float64Array(rows);
    for (let j = 0; j < rows; j++) {
      const known = steps.length === 0 ? spikes[group[j]!]! : [];
      row.forEach((value, c) => (along[j]! += value * (data[j * stride + c]! - (known[c] ?? 0))));
    }
    if (steps.length > 0) removeGroupMeans(along, groups);
    return along;
  });
}

/** Overlaps of a readout on a target of several directions. */
export function overlapsAlongTarget(
  readout: Float64Array,
  along: readonly Float64Array[],
  groups: Groups,
): SimulatedOverlaps {
  const { m, Q2, sums } = groupSums(readout, groups);
  const columns = along.map((vector) => sums((j) => vector[j]!));
  const alongTarget = groups.values.map((_, k) => columns.map((column) => column[k]!));
  return { m, theta: [], psi: [], nu: [], Q2, alongTarget };
}

function removeGroupMeans(values: Float64Array, { counts }: Groups): void {
  let first = 0;
  for (const count of counts) {
    const group = values.subarray(first, first + count);
    const mean = group.reduce((sum, value) => sum + value, 0) / count;
    for (let j = 0; j < count; j++) group[j]! -= mean;
    first += count;
  }
}

export function overlaps(readout: Float64Array, vectors: ChannelVectors, groups: Groups): SimulatedOverlaps {
  const { m, Q2, sums } = groupSums(readout, groups);
  return {
    m,
    theta: sums((j) => vectors.spike[j]!),
    psi: sums((j) => vectors.orthogonal[j]!),
    nu: sums((j) => vectors.rowNorm[j]!),
    Q2,
  };
}

function groupSums(readout: Float64Array, groups: Groups) {
  const group = groupOfNeuron(groups);
  const root = Math.sqrt(readout.length);
  const sums = (weight: (j: number) => number): number[] => {
    const result = groups.values.map(() => 0);
    for (let j = 0; j < readout.length; j++) result[group[j]!]! += weight(j) * readout[j]!;
    return result.map((sum) => sum / root);
  };
  return { m: sums(() => 1), Q2: sums((j) => readout[j]!).map((sum) => sum / root), sums };
}
