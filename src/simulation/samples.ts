import { fieldsOfInputs, scaleInputs } from "./inputLaw.ts";
import { topRows } from "./matrix.ts";
import type { TrialContext } from "./arena.ts";
import type { RandomStream } from "./randomStreams.ts";
import type { Directions } from "./weights.ts";

/** Draws x ~ N(0, Σ), Σ = I_d unless the specification has another, into the first `count` rows of the input block. */
export function drawInputs({ arena, specification }: TrialContext, stream: RandomStream, count: number): void {
  const block = topRows(arena.inputs, count);
  stream.fillNormals(block.data.subarray(0, count * block.stride));
  if (specification.inputs) scaleInputs(block, specification.inputs);
}

/** θᵀx of the first `fields.length` inputs of the block; a part that the inputs do not have is drawn from the stream. */
export function targetProjections(
  { arena, specification }: TrialContext,
  { target: [first, second] }: Directions,
  stream: RandomStream,
  fields: Float64Array,
): void {
  if (specification.inputs) {
    fieldsOfInputs(arena.inputs, specification.inputs, stream, fields);
    return;
  }
  const { data, stride } = arena.inputs;
  for (let i = 0; i < fields.length; i++) fields[i] = first * data[i * stride]! + second * data[i * stride + 1]!;
}

/** Clean labels σ*(θᵀx) of the first `labels.length` inputs of the block. */
export function cleanLabels(
  context: TrialContext,
  directions: Directions,
  stream: RandomStream,
  labels: Float64Array,
): void {
  targetProjections(context, directions, stream, labels);
  context.target(labels);
}

/** y = σ*(θᵀx) + √Δ ε. */
export function noisyLabels(
  context: TrialContext,
  directions: Directions,
  noise: RandomStream,
  labels: Float64Array,
): void {
  cleanLabels(context, directions, noise, labels);
  const deviation = Math.sqrt(context.specification.labelNoise);
  if (deviation > 0) for (let i = 0; i < labels.length; i++) labels[i]! += deviation * noise.normal();
}
