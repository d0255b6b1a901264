import { computeFeatures, type TrialContext } from "./arena.ts";
import { matrix, topRows, type Matrix } from "./matrix.ts";
import type { RandomStream } from "./randomStreams.ts";
import { cleanLabels, drawInputs, noiseVariance, positiveProbability, scores } from "./samples.ts";
import { blockSize } from "./trialPlan.ts";
import type { Directions } from "./weights.ts";

/** A block of the test set. */
export interface TestBlock {
  /** Index of its first sample. */
  readonly first: number;
  /** E[y | x] of its samples. */
  readonly means: Float64Array;
  /** f of every sample (row) by every readout of the arena. */
  readonly outputs: Matrix;
}

/**
 * Shows the test set block by block, inputs drawn from the stream.
 *
 * @returns the mean of Var(y | x), which every square error contains
 */
export function visitTestSet(
  context: TrialContext,
  directions: Directions,
  stream: RandomStream,
  visit: (block: TestBlock) => void,
): number {
  const { arena, plan, algebra, specification } = context;
  const { testSamples, width, signs } = specification;
  let variances = 0;
  for (let first = 0; first < testSamples; first += blockSize) {
    const count = Math.min(blockSize, testSamples - first);
    const means = arena.residuals.subarray(0, count);
    drawInputs(context, stream, count);
    if (signs) variances += meanSigns(context, directions, stream, means);
    else cleanLabels(context, directions, stream, means);
    const features = computeFeatures(context, arena.features[0], count);
    const outputs = topRows(matrix(arena.outputs, blockSize, plan.readouts), count);
    algebra.multiplyTransposed(outputs, 1 / Math.sqrt(width), features, arena.readouts, 0);
    visit({ first, means, outputs });
  }
  return signs ? variances / testSamples : noiseVariance(specification);
}

/** Fills E[y | x] of labels ±1 and sums their variances. */
function meanSigns(context: TrialContext, directions: Directions, stream: RandomStream, means: Float64Array): number {
  scores(context, directions, stream, means);
  let variances = 0;
  means.forEach((score, i) => {
    const mean = 2 * positiveProbability(context.specification, score) - 1;
    means[i] = mean;
    variances += 1 - mean * mean;
  });
  return variances;
}

/** P(y f < 0) of a label ±1 with a mean. */
export function signError(mean: number, f: number): number {
  return 0.5 * (1 - mean * Math.sign(f));
}
