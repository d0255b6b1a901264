import { computeFeatures, type TrialContext } from "./arena.ts";
import type { Fit } from "./fit.ts";
import { matrix, rowRange, type Matrix } from "./matrix.ts";
import type { TrialStreams } from "./randomStreams.ts";
import { solveDual, solvePrimal } from "./ridge.ts";
import { drawInputs, noisyLabels, signLabels } from "./samples.ts";
import type { StartedTrial } from "./startedTrial.ts";
import { blockSize } from "./trialPlan.ts";
import type { Directions } from "./weights.ts";

/**
 * The readouts of a started trial, in the arena. One pass over the training samples: the first n are the training set of size n, for
 * every n.
 */
export function fitReadouts(context: TrialContext, { directions, streams }: StartedTrial): readonly Fit[] {
  const { arena, plan, specification } = context;
  const gram = matrix(
    arena.square.subarray(0, plan.primalSamples > 0 ? specification.width ** 2 : 0),
    specification.width,
    specification.width,
  );
  const fits: Fit[] = [];
  let seen = 0;
  for (const [index, n] of plan.sampleCounts.entries()) {
    for (; seen < n; seen += Math.min(blockSize, n - seen)) {
      absorb(context, directions, streams, gram, seen, Math.min(blockSize, n - seen));
    }
    if (n === plan.dualSamples) fits.push(...fitDual(context));
    if (n <= plan.dualSamples) continue;
    specification.ridges.forEach((ridge, l) => {
      fits.push(
        solvePrimal(context, gram, n, ridge, rowRange(arena.readouts, index * specification.ridges.length + l, 1)),
      );
    });
  }
  return fits;
}

/** Draws samples first … first + count − 1 and adds them to the dual features and the primal moments. */
function absorb(
  context: TrialContext,
  directions: Directions,
  streams: TrialStreams,
  gram: Matrix,
  first: number,
  count: number,
): void {
  const { arena, plan, algebra, specification } = context;
  const labels = arena.labels.subarray(first, first + count);
  drawInputs(context, streams.trainInputs, count);
  if (specification.signs) signLabels(context, directions, streams.trainNoise, labels);
  else noisyLabels(context, directions, streams.trainNoise, labels);
  const dual = first < plan.dualSamples;
  const features = computeFeatures(
    context,
    dual ? rowRange(arena.dualFeatures, first, count) : arena.features[0],
    count,
  );
  if (plan.primalSamples === 0) return;
  const beta = first === 0 ? 0 : 1;
  const p = specification.width;
  algebra.columnGram(gram, 1 / p, features, beta);
  algebra.transposeMultiply(matrix(arena.moment, 1, p), 1 / Math.sqrt(p), matrix(labels, count, 1), features, beta);
}

/** All n ≤ p from one Gram matrix, of which theirs are the leading blocks. */
function fitDual(context: TrialContext): readonly Fit[] {
  const { arena, plan, algebra, specification } = context;
  const { ridges, width } = specification;
  algebra.rowGram(arena.dualGram, 1 / width, arena.dualFeatures);
  const sizes = plan.sampleCounts.filter((n) => n <= plan.dualSamples);
  return sizes.flatMap((n, index) =>
    ridges.map((ridge, l) => solveDual(context, n, ridge, rowRange(arena.readouts, index * ridges.length + l, 1))),
  );
}
