import { normalCdf } from "../numerics/normal.ts";
import type { MultiIndexTarget } from "../target/multiIndexTarget.ts";
import { fieldsOfInputs, scaleInputs, type SignLaw } from "./inputLaw.ts";
import { topRows, type Matrix } from "./matrix.ts";
import type { TrialContext } from "./arena.ts";
import type { SimulationSpecification } from "./specification.ts";
import type { RandomStream } from "./randomStreams.ts";
import type { SpecialDirections } from "./weightLaw.ts";
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

/** Clean labels σ*(θᵀx), or g(Θx), of the first `labels.length` inputs of the block. */
export function cleanLabels(
  context: TrialContext,
  directions: Directions,
  stream: RandomStream,
  labels: Float64Array,
): void {
  const { arena, specification, target } = context;
  if (specification.weights.kind === "directions") {
    labelsOfSeveral(arena.inputs, specification.weights, context.ofSeveral!, labels);
    return;
  }
  targetProjections(context, directions, stream, labels);
  target(labels);
}

/** g(Θx) of the first inputs of a block. */
function labelsOfSeveral(
  { data, stride }: Matrix,
  { theta }: SpecialDirections,
  target: MultiIndexTarget,
  labels: Float64Array,
): void {
  const s = new Float64Array(theta.length);
  for (let i = 0; i < labels.length; i++) {
    theta.forEach((row, a) => (s[a] = row.reduce((sum, value, c) => sum + value * data[i * stride + c]!, 0)));
    labels[i] = target.value(s);
  }
}

/** y = σ*(θᵀx) + noise. */
export function noisyLabels(
  context: TrialContext,
  directions: Directions,
  noise: RandomStream,
  labels: Float64Array,
): void {
  cleanLabels(context, directions, noise, labels);
  addNoise(context.specification, noise, labels);
}

/** Adds √Δ ε, for a share of outliers with another variance. */
export function addNoise(
  { labelNoise, outliers }: Pick<SimulationSpecification, "labelNoise" | "outliers">,
  noise: RandomStream,
  labels: Float64Array,
): void {
  const deviation = Math.sqrt(labelNoise);
  if (outliers) {
    const far = Math.sqrt(outliers.variance);
    for (let i = 0; i < labels.length; i++) {
      const outlier = normalCdf(noise.normal()) < outliers.share;
      labels[i]! += (outlier ? far : deviation) * noise.normal();
    }
  } else if (deviation > 0) for (let i = 0; i < labels.length; i++) labels[i]! += deviation * noise.normal();
}

/** Labels that are the sign of the field. */
export const FIELD_SIGN: SignLaw = { shift: 0 };

/** g of the labels y = sign(g + shift + noise): the field, or the target of it. */
export function scores(
  context: TrialContext,
  directions: Directions,
  stream: RandomStream,
  labels: Float64Array,
): void {
  if (context.specification.signs?.ofTarget) cleanLabels(context, directions, stream, labels);
  else targetProjections(context, directions, stream, labels);
}

/** y = sign(g + shift + noise), flipped with probability `labelFlips`. */
export function signLabels(
  context: TrialContext,
  directions: Directions,
  noise: RandomStream,
  labels: Float64Array,
): void {
  const { labelNoise, labelFlips = 0, signs: { shift, logisticScale } = FIELD_SIGN } = context.specification;
  scores(context, directions, noise, labels);
  const deviation = Math.sqrt(labelNoise);
  for (let i = 0; i < labels.length; i++) {
    const field = labels[i]! + shift + scoreNoise(deviation, logisticScale, noise);
    const flipped = labelFlips > 0 && normalCdf(noise.normal()) < labelFlips;
    labels[i] = field > 0 !== flipped ? 1 : -1;
  }
}

function scoreNoise(deviation: number, logisticScale: number | undefined, noise: RandomStream): number {
  if (logisticScale === undefined) return deviation > 0 ? deviation * noise.normal() : 0;
  const u = normalCdf(noise.normal());
  return Math.log(u / (1 - u)) / logisticScale;
}

/** P(y = 1) of a label ±1 with a score, its flips included. */
export function positiveProbability(
  { labelNoise, labelFlips = 0, signs: { shift, logisticScale } = FIELD_SIGN }: SimulationSpecification,
  score: number,
): number {
  return labelFlips + (1 - 2 * labelFlips) * signProbability(score + shift, Math.sqrt(labelNoise), logisticScale);
}

function signProbability(field: number, deviation: number, logisticScale: number | undefined): number {
  if (logisticScale !== undefined) return 1 / (1 + Math.exp(-logisticScale * field));
  if (deviation === 0) return field > 0 ? 1 : 0;
  return normalCdf(field / deviation);
}

/** Variance of the noise of real labels. */
export function noiseVariance({ labelNoise, outliers }: SimulationSpecification): number {
  return outliers ? labelNoise + outliers.share * (outliers.variance - labelNoise) : labelNoise;
}
