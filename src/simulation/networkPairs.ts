import { type EnsembleKind, ENSEMBLES } from "../statistics/ensembles.ts";
import type { TrialContext } from "./arena.ts";
import { DATA, layersOf, type Member, type PairEstimates, pairsOf, rateOfTwo } from "./pairMembers.ts";
import type { RandomStream, TrialStreams } from "./randomStreams.ts";
import { fitReadouts } from "./ridgeReadouts.ts";
import { makeWeights, type StartedTrial, streamsOf } from "./startedTrial.ts";
import type { SimulationSpecification } from "./specification.ts";
import { signError, visitTestSet } from "./testSet.ts";
import { turnedSpike } from "./turnedSpike.ts";

/**
 * Pairs of networks of a trial (statistics §3–§5), for every readout: networks that share the first layer, the training inputs, the
 * label noise and the direction of the spike, or not, on one test set. What is drawn anew are the next numbers of the trial's streams;
 * the first network is the trial's own. Weights and readouts of the arena are those of the last one afterwards.
 */
export function observePairs(context: TrialContext, trial: number): PairEstimates[] {
  const streams = streamsOf(context, trial);
  const members: Member[] = [];
  const test = { means: new Float64Array(context.specification.testSamples), noise: 0 };
  const startOfStep = placeOf(streams.stepInputs, streams.stepNoise);
  const starts = [placeOf(streams.trainInputs, streams.trainNoise)];
  const startOfTest = placeOf(streams.testInputs);
  for (const { weights, spike, data } of layersOf(context.specification)) {
    // Fresh weights with the same step data; a fresh direction has its own.
    if (spike === 0) startOfStep();
    const started = spike === 0 ? makeWeights(context, streams) : withFreshDirection(context, streams);
    for (const set of data) {
      const index = DATA.indexOf(set);
      starts[index] ??= placeOfData(starts, index, streams);
      starts[index]();
      fitReadouts(context, started);
      startOfTest();
      test.noise = predict(context, started, members.length, test.means);
      members.push({ weights, spike, inputs: set.inputs, noise: set.noise });
    }
  }
  return estimates(context, members, test);
}

/** Winds streams back to where they are. */
function placeOf(...streams: readonly RandomStream[]): () => void {
  const marks = streams.map((stream) => stream.mark());
  return () => marks.forEach((back) => back());
}

/**
 * Where the numbers of a further training set begin, right after the one before was drawn: its noise is fresh, its inputs are or are
 * those of the one before.
 */
function placeOfData(starts: readonly (() => void)[], index: number, streams: TrialStreams): () => void {
  const before = index - 1;
  if (DATA[index]!.inputs !== DATA[before]!.inputs) return placeOf(streams.trainInputs, streams.trainNoise);
  const noise = placeOf(streams.trainNoise);
  return () => {
    starts[before]!();
    noise();
  };
}

function withFreshDirection(context: TrialContext, streams: TrialStreams): StartedTrial {
  const started = makeWeights(context, streams);
  const { weights } = context.specification;
  if ("alignment" in weights) turnedSpike(context.arena.weights, started.directions, streams.weights);
  return started;
}

/** Keeps the predictions of all readouts, and E[y | x] of the test set; returns the mean of Var(y | x). */
function predict(
  context: TrialContext,
  { directions, streams }: StartedTrial,
  member: number,
  means: Float64Array,
): number {
  const { arena, plan, specification } = context;
  const start = member * specification.testSamples * plan.readouts;
  return visitTestSet(context, directions, streams.testInputs, (block) => {
    means.set(block.means, block.first);
    const { data, rows, columns } = block.outputs;
    arena.predictions.set(data.subarray(0, rows * columns), start + block.first * columns);
  });
}

function estimates(
  { arena, plan, specification }: TrialContext,
  members: readonly Member[],
  { means, noise }: { readonly means: Float64Array; readonly noise: number },
): PairEstimates[] {
  const { testSamples } = specification;
  const pairs = pairsOf(members, specification);
  return Array.from({ length: plan.readouts }, (_, k) => {
    const sums = new Map<string, Mean>();
    const add = (name: string, value: number): void => {
      const mean = sums.get(name) ?? { sum: 0, count: 0 };
      sums.set(name, { sum: mean.sum + value, count: mean.count + 1 });
    };
    const outputs = members.map((_, m) =>
      Float64Array.from(means, (__, i) => arena.predictions[(m * testSamples + i) * plan.readouts + k]!),
    );
    for (const { a, b, names } of pairs) {
      const [f, g] = [outputs[a]!, outputs[b]!];
      if (names.length > 0) {
        const product = meanOver(means, (y, i) => (y - f[i]!) * (y - g[i]!)) + noise;
        for (const name of names) add(name, product);
      }
      const rate = names.find((name): name is EnsembleKind => (ENSEMBLES as readonly string[]).includes(name));
      const name = a === b ? "classificationError" : rate && rateOfTwo(rate);
      if (name) add(name, errorRate(specification, means, f, g));
    }
    const found = Object.fromEntries([...sums].map(([name, { sum, count }]) => [name, sum / count]));
    return { ...found, biasSquared: found["freshBoth"]! - noise } as unknown as PairEstimates;
  });
}

interface Mean {
  readonly sum: number;
  readonly count: number;
}

function meanOver(means: Float64Array, value: (mean: number, i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < means.length; i++) sum += value(means[i]!, i);
  return sum / means.length;
}

/** The rate at which sign(f + g) is not that of the label, of the noiseless target where labels are real. */
function errorRate({ signs }: SimulationSpecification, means: Float64Array, f: Float64Array, g: Float64Array): number {
  return meanOver(means, (mean, i) => signError(signs ? mean : Math.sign(mean), f[i]! + g[i]!));
}
