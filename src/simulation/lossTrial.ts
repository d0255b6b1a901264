import type { ConvexLoss } from "../loss/convexLoss.ts";
import { resolveLoss } from "../loss/lossInput.ts";
import type { LossInput } from "../model/description.ts";
import { computeFeatures, type TrialContext } from "./arena.ts";
import { fitLoss } from "./lossReadout.ts";
import { matrix, rowRange, topRows } from "./matrix.ts";
import type { RandomStream } from "./randomStreams.ts";
import type { Fit } from "./fit.ts";
import { addNoise, cleanLabels, drawInputs, noisyLabels, positiveProbability, scores, signLabels } from "./samples.ts";
import type { SimulationSpecification } from "./specification.ts";
import type { StartedTrial } from "./startedTrial.ts";
import { blockSize } from "./trialPlan.ts";
import type { Directions } from "./weights.ts";

/** What a loss other than the square adds to a point. */
export interface TrialLosses {
  readonly testLoss: number;
  readonly trainLoss: number;
  /** Bound on the distance of the objective from its minimum, relative to the objective: at most 1e-9. */
  readonly optimalityGap: number;
  /** P(yf < 0) of labels ±1; of real ones, that f has another sign than the target. */
  readonly testClassificationError: number;
  /** Of labels ±1. */
  readonly trainClassificationError?: number;
}

/** What is known of a readout after training. */
export interface LossFit extends Fit {
  readonly losses: Pick<TrialLosses, "trainLoss" | "optimalityGap" | "trainClassificationError">;
}

/** What is known of a readout after testing. */
export interface LossTest {
  /** Mean of (y − f)², y a fresh noisy label. */
  readonly testError: number;
  readonly losses: Pick<TrialLosses, "testLoss" | "testClassificationError">;
}

/** The readouts of a started trial for every n, ascending, and every λ, in the arena. */
export function fitLossReadouts(
  context: TrialContext,
  { directions, streams }: StartedTrial,
  input: LossInput,
): LossFit[] {
  const { arena, plan, specification } = context;
  const { ridges, width } = specification;
  const loss = resolveLoss(input);
  drawTrainingSet(context, directions, streams.trainInputs, streams.trainNoise, loss);
  const samples = arena.lossFeatures.rows;
  return plan.sampleCounts.flatMap((n, index) =>
    ridges.map((ridge, l) => {
      const vector = (k: number) => arena.lossVectors.subarray(k * samples, k * samples + n);
      const set = {
        features: topRows(arena.lossFeatures, n),
        labels: arena.labels.subarray(0, n),
        outputs: vector(0),
        image: vector(1),
        pull: vector(2),
      };
      const readout = rowRange(arena.readouts, index * ridges.length + l, 1);
      const data = { ...readout, data: readout.data.subarray(0, width) };
      data.data.fill(0);
      const { objective, gap } = fitLoss(context, set, loss, ridge, data);
      const { trainError, losses } = trained(loss, hasSigns(specification, loss), set.labels, set.outputs);
      return { objective: objective / n, trainError, losses: { ...losses, optimalityGap: gap } };
    }),
  );
}

function trained(loss: ConvexLoss, signs: boolean, labels: Float64Array, outputs: Float64Array) {
  const n = labels.length;
  let [square, sum, errors] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [y, f] = [labels[i]!, outputs[i]!];
    square += (y - f) ** 2;
    sum += loss.value(loss.kind === "margin" ? y * f : y - f);
    if (y * f < 0) errors++;
  }
  const classification = signs ? { trainClassificationError: errors / n } : {};
  return { trainError: square / n, losses: { trainLoss: sum / n, ...classification } };
}

/** Features and labels of the largest training set: the first n are the training set of size n. */
function drawTrainingSet(
  context: TrialContext,
  directions: Directions,
  inputs: RandomStream,
  noise: RandomStream,
  loss: ConvexLoss,
): void {
  const { arena, specification } = context;
  const samples = arena.lossFeatures.rows;
  for (let first = 0; first < samples; first += blockSize) {
    const count = Math.min(blockSize, samples - first);
    const labels = arena.labels.subarray(first, first + count);
    drawInputs(context, inputs, count);
    if (hasSigns(specification, loss)) signLabels(context, directions, noise, labels);
    else noisyLabels(context, directions, noise, labels);
    computeFeatures(context, rowRange(arena.lossFeatures, first, count), count);
  }
}

/** Whether labels are ±1. */
function hasSigns({ signs }: SimulationSpecification, { kind }: ConvexLoss): boolean {
  return kind === "margin" || signs !== undefined;
}

/** Test observables of every readout; the label's noise is averaged over exactly where it is a sign. */
export function testLosses(context: TrialContext, { directions, streams }: StartedTrial, input: LossInput): LossTest[] {
  const { arena, plan, algebra, specification } = context;
  const { testSamples, width } = specification;
  const loss = resolveLoss(input);
  const signs = hasSigns(specification, loss);
  const tallies = Array.from({ length: plan.readouts }, () => ({ square: 0, loss: 0, errors: 0 }));
  const clean = new Float64Array(blockSize);
  for (let first = 0; first < testSamples; first += blockSize) {
    const count = Math.min(blockSize, testSamples - first);
    const labels = arena.residuals.subarray(0, count);
    drawInputs(context, streams.testInputs, count);
    if (signs) scores(context, directions, streams.testInputs, labels);
    else {
      cleanLabels(context, directions, streams.testInputs, labels);
      clean.set(labels);
      addNoise(specification, streams.testInputs, labels);
    }
    const features = computeFeatures(context, arena.features[0], count);
    const outputs = topRows(matrix(arena.outputs, blockSize, plan.readouts), count);
    algebra.multiplyTransposed(outputs, 1 / Math.sqrt(width), features, arena.readouts, 0);
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < plan.readouts; k++) {
        const f = outputs.data[i * plan.readouts + k]!;
        const tally = tallies[k]!;
        if (!signs) {
          tally.square += (labels[i]! - f) ** 2;
          tally.loss += loss.value(labels[i]! - f);
          if (clean[i]! * f < 0) tally.errors++;
          continue;
        }
        const positive = positiveProbability(specification, labels[i]!);
        for (const [y, probability] of [
          [1, positive],
          [-1, 1 - positive],
        ] as const) {
          tally.square += probability * (y - f) ** 2;
          tally.loss += probability * loss.value(loss.kind === "margin" ? y * f : y - f);
          if (y * f < 0) tally.errors += probability;
        }
      }
    }
  }
  return tallies.map((tally) => ({
    testError: tally.square / testSamples,
    losses: { testLoss: tally.loss / testSamples, testClassificationError: tally.errors / testSamples },
  }));
}
