import { topRows } from "./matrix.ts";
import type { TrialContext } from "./arena.ts";
import type { RandomStream } from "./randomStreams.ts";
import type { Directions } from "./weights.ts";

/** Draws x ~ N(0, I_d) into the first `count` rows of the input block. */
export function drawInputs({ arena }: TrialContext, stream: RandomStream, count: number): void {
  const { data, stride } = topRows(arena.inputs, count);
  stream.fillNormals(data.subarray(0, count * stride));
}

/** Clean labels σ*(θᵀx) of the first `labels.length` inputs of the block. */
export function cleanLabels(
  { arena, target }: TrialContext,
  { target: [first, second] }: Directions,
  labels: Float64Array,
): void {
  const { data, stride } = arena.inputs;
  for (let i = 0; i < labels.length; i++) labels[i] = first * data[i * stride]! + second * data[i * stride + 1]!;
  target(labels);
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
