import type { TrialContext } from "./arena.ts";
import { takeGradientStep, takeSteps } from "./gradientStep.ts";
import { trialStreams, type TrialStreams } from "./randomStreams.ts";
import { drawGaussianRows, drawWeights, fixedDirections, type Directions } from "./weights.ts";

/** A trial whose weights are made: drawn, and after the gradient step if there is one. */
export interface StartedTrial {
  readonly streams: TrialStreams;
  readonly directions: Directions;
  /** û up to its length: the spike's direction over the neurons. */
  readonly readout: Float64Array;
}

/** Makes the weights of a trial, in the arena. */
export function startTrial(context: TrialContext, trial: number): StartedTrial {
  return makeWeights(context, streamsOf(context, trial));
}

/** The streams of a trial, from their beginning. */
export function streamsOf({ specification, arena }: TrialContext, trial: number): TrialStreams {
  return trialStreams(arena.workspace, arena.streamStates, specification.seed, trial);
}

/** The weights that come next from the streams, in the arena. */
export function makeWeights(context: TrialContext, streams: TrialStreams): StartedTrial {
  const { specification, arena } = context;
  for (const { weights } of arena.lower) drawGaussianRows(weights, streams.weights);
  const readout = drawWeights(arena.weights, specification, streams.weights);
  return { streams, directions: directionsOf(context, streams), readout };
}

function directionsOf(context: TrialContext, streams: TrialStreams): Directions {
  const { weights, dimension } = context.specification;
  if (weights.kind === "directions") takeSteps(context, streams, weights.steps);
  if (weights.kind === "trained") return takeGradientStep(context, streams, weights.learningRate);
  return fixedDirections(dimension, "alignment" in weights ? weights.alignment : 0);
}
