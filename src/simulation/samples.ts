import { topRows } from "./matrix.ts";
import type { TrialContext } from "./arena.ts";
import type { RandomStream } from "./randomStreams.ts";
import type { Directions } from "./weights.ts";

/** Draws x ~ N(0, I_d) into the first `count` rows of the input block. */
export function drawInputs({ arena }: TrialContext, stream: RandomStream, count: number): void {
  const { data, stride } = topRows(arena.inputs, count);
  stream.fillNormals(data.subarray(0, count * stride));
}

/** θᵀx of the first `fields.length` inputs of the block. */
export function targetProjections(
  { arena }: TrialContext,
  { target: [first, second] }: Directions,
  fields: Float64Array,
): void {
  const { data, stride } = arena.inputs;
  for (let i = 0; i < fields.length; i++) fields[i] = first * data[i * stride]! + second * data[i * stride + 1]!;
}

/** Clean labels σ*(θᵀx) of the first `labels.length` inputs of the block. */
export function cleanLabels(context: TrialContext, directions: Directions, labels: Float64Array): void {
  targetProjections(context, directions, labels);
  context.target(labels);
}

/** y = σ*(θᵀx) + √Δ ε. */
export function noisyLabels(
  context: TrialContext,
  directions: Directions,
  noise: RandomStream,
  labels: Float64Array,
): void {
  cleanLabels(context, directions, labels);
  const deviation = Math.sqrt(context.specification.labelNoise);
  if (deviation > 0) for (let i = 0; i < labels.length; i++) labels[i]! += deviation * noise.normal();
}
