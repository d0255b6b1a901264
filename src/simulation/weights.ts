import { coordinateDeviations } from "./inputLaw.ts";
import type { Matrix } from "./matrix.ts";
import type { RandomStream } from "./randomStreams.ts";
import type { SimulationSpecification } from "./specification.ts";
import type { Groups, SpecialDirections } from "./weightLaw.ts";

/**
 * Directions of a trial. Inputs and bulks are rotation invariant, so the target is θ = γ v + ρ ζ̂ with v = e₁, ζ̂ = e₂ for random
 * weights, and θ = e₁ for a trained network, whose v and ζ̂ come from its step.
 */
export interface Directions {
  /** θ on (e₁, e₂). */
  readonly target: readonly [number, number];
  readonly spike: Float64Array;
  readonly orthogonal: Float64Array;
}

/** Index of the group of each neuron. */
export function groupOfNeuron(groups: Groups): Uint32Array {
  const result = new Uint32Array(groups.counts.reduce((sum, count) => sum + count, 0));
  let first = 0;
  groups.counts.forEach((count, k) => {
    result.fill(k, first, first + count);
    first += count;
  });
  return result;
}

function unitVector(dimension: number, index: number): Float64Array {
  const result = new Float64Array(dimension);
  result[index] = 1;
  return result;
}

/** v = e₁, ζ̂ = e₂, θ = γ v + √(1−γ²) ζ̂. */
export function fixedDirections(dimension: number, alignment: number): Directions {
  return {
    target: [alignment, Math.sqrt((1 - alignment) * (1 + alignment))],
    spike: unitVector(dimension, 0),
    orthogonal: unitVector(dimension, 1),
  };
}

/** Rows uniform on spheres of radius √variance(j), or with independent N(0, variance(j)/d) entries. */
function drawBulk(
  weights: Matrix,
  stream: RandomStream,
  variance: (neuron: number) => number,
  rows: "equal" | "gaussian",
): void {
  for (let j = 0; j < weights.rows; j++) {
    const row = weights.data.subarray(j * weights.stride, j * weights.stride + weights.columns);
    stream.fillNormals(row);
    scale(row, Math.sqrt(variance(j) / (rows === "equal" ? squaredNorm(row) : weights.columns)));
  }
}

/** Rows with independent N(0, 1/columns) entries. */
export function drawGaussianRows(weights: Matrix, stream: RandomStream): void {
  drawBulk(weights, stream, () => 1, "gaussian");
}

/**
 * The weights of every law but the trained network's step, whose initial weights have unit rows.
 *
 * @returns û up to its length: the spike's direction over the neurons, now or after the step
 */
export function drawWeights(
  weights: Matrix,
  specification: SimulationSpecification,
  stream: RandomStream,
): Float64Array {
  const law = specification.weights;
  const group = groupOfNeuron(specification.groups);
  const readout = Float64Array.from(group, (k) => specification.groups.values[k]!);
  switch (law.kind) {
    case "trained":
      drawBulk(weights, stream, () => 1, "equal");
      if (specification.inputs) equalFields(weights, coordinateDeviations(specification.inputs));
      return readout;
    case "layers":
      drawGaussianRows(weights, stream);
      return readout;
    case "none":
      return readout;
    case "spiked":
      drawBulk(weights, stream, (j) => law.bulkVariances[group[j]!]!, law.rows);
      addSpike(weights, (j) => law.spikeStrength * readout[j]!);
      return readout;
    case "directions":
      drawBulk(weights, stream, (j) => law.bulkVariances[group[j]!]!, "equal");
      addSpecialPart(weights, law, group);
      return readout;
    case "smallRate": {
      drawBulk(weights, stream, () => law.bulkVariance, "equal");
      const direction = new Float64Array(weights.rows).map(() => stream.normal());
      const factor = law.spikeStrength / Math.sqrt(squaredNorm(direction));
      addSpike(weights, (j) => factor * direction[j]!);
      return direction;
    }
  }
}

/** Scales rows to wᵀΣw = trΣ/d: fields wᵀx of equal variance. */
function equalFields({ data, rows, columns, stride }: Matrix, deviations: Float64Array): void {
  const variance = squaredNorm(deviations) / columns;
  for (let j = 0; j < rows; j++) {
    const row = data.subarray(j * stride, j * stride + columns);
    const fields = row.map((value, i) => value * deviations[i]!);
    scale(row, Math.sqrt(variance / squaredNorm(fields)));
  }
}

/** Adds a rank-one matrix along v = e₁. */
function addSpike(weights: Matrix, coefficient: (neuron: number) => number): void {
  for (let j = 0; j < weights.rows; j++) weights.data[j * weights.stride]! += coefficient(j);
}

/** Gives the first D coordinates of every row their covariance and adds the group's spike. */
function addSpecialPart(
  weights: Matrix,
  { spikes, factors, bulkVariances }: SpecialDirections,
  group: Uint32Array,
): void {
  for (let j = 0; j < weights.rows; j++) {
    const k = group[j]!;
    const special = weights.data.subarray(j * weights.stride, j * weights.stride + spikes[k]!.length);
    const factor = factors?.[k];
    if (factor) {
      const unit = special.map((value) => value / Math.sqrt(bulkVariances[k]!));
      special.forEach((_, c) => (special[c] = factor[c]!.reduce((sum, f, s) => sum + f * unit[s]!, 0)));
    }
    spikes[k]!.forEach((r, c) => (special[c]! += r));
  }
}

export function squaredNorm(x: Float64Array): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return sum;
}

export function scale(x: Float64Array, factor: number): void {
  for (let i = 0; i < x.length; i++) x[i]! *= factor;
}
