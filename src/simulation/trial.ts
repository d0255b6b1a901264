import type { ActivationInput } from "../activation/activation.ts";
import { multiIndexTarget } from "../target/multiIndexTarget.ts";
import { computeFeatures, layOut, type TrialContext } from "./arena.ts";
import type { LossInput } from "../model/description.ts";
import type { ElementwiseMap } from "./arrayProgram.ts";
import { derivativeMap, valueMap } from "./elementwise.ts";
import type { Fit } from "./fit.ts";
import { takeGradientStep, takeSteps } from "./gradientStep.ts";
import type { LinearAlgebra } from "./linearAlgebra.ts";
import { matrix, rowRange, topRows, type Matrix } from "./matrix.ts";
import { fitLossReadouts, testLosses, type TrialLosses } from "./lossTrial.ts";
import {
  channelVectors,
  NO_OVERLAPS,
  overlaps,
  overlapsAlongTarget,
  type SimulatedOverlaps,
  targetVectors,
} from "./overlaps.ts";
import { trialStreams, type TrialStreams } from "./randomStreams.ts";
import { solveDual, solvePrimal } from "./ridge.ts";
import { cleanLabels, drawInputs, noisyLabels } from "./samples.ts";
import type { StartedTrial } from "./startedTrial.ts";
import { sampleCount, type SimulationSpecification } from "./specification.ts";
import { blockSize, planTrial } from "./trialPlan.ts";
import { drawGaussianRows, drawWeights, fixedDirections, type Directions } from "./weights.ts";
import { Workspace, type Kernels } from "./workspace.ts";

/** Errors and overlaps of one trial at one (α, λ). */
export interface TrialPoint extends Fit {
  /** α asked for; the trial has n = round(α d). */
  readonly sampleRatio: number;
  readonly ridge: number;
  /** Mean of (y_clean − f)² over the test set, plus Δ; for sign labels of (y − f)². */
  readonly testError: number;
  /** For losses other than the square, whose objective is (1/n)[Σℓ + (λ/2)|a|²]. */
  readonly losses?: TrialLosses;
  readonly overlaps: SimulatedOverlaps;
}

/** One trial: a point for every α, and within it every λ, in the order of the specification. */
export interface TrialResult {
  readonly trial: number;
  readonly points: readonly TrialPoint[];
}

/** Runs trials of one specification, one after the other, in one workspace. */
export interface TrialRunner {
  readonly backend: LinearAlgebra["name"];
  /** The result depends on the specification and the index only. */
  run(trial: number): TrialResult;
}

/**
 * Lays out the memory of a specification's trials.
 *
 * @param algebra Makes the backend for the kernels of the workspace.
 * @throws ParameterError if a trial does not fit one workspace (4 GiB).
 *
 * @example
 * ```ts
 * import { createTrialRunner, specify, wasmAlgebra } from "replica-theory/simulation";
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
 * const specification = specify(model, { dimension: 20, testSamples: 50, seed: 1 });
 * const { run } = await createTrialRunner(specification, wasmAlgebra);
 * console.log(run(0).points[0].testError.toFixed(12)); // 0.222942130278
 * ```
 */
export async function createTrialRunner(
  specification: SimulationSpecification,
  algebra: (kernels: Kernels) => LinearAlgebra,
): Promise<TrialRunner> {
  const context = await createTrialContext(specification, algebra);
  return { backend: context.algebra.name, run: (trial) => runTrial(context, trial) };
}

/** The arrays, maps and linear algebra with which the trials of a specification run, one after the other. */
export async function createTrialContext(
  specification: SimulationSpecification,
  algebra: (kernels: Kernels) => LinearAlgebra,
): Promise<TrialContext> {
  const plan = planTrial(specification);
  const workspace = await Workspace.create(plan.bytes);
  const arena = layOut(workspace, specification, plan);
  const map = (make: typeof valueMap, input: ActivationInput): ElementwiseMap =>
    make(workspace.kernels, arena.registers, input);
  return {
    specification,
    plan,
    arena,
    algebra: algebra(workspace.kernels),
    student: map(valueMap, specification.student),
    studentDerivative: map(derivativeMap, specification.student),
    ...targetOf(specification, (input) => map(valueMap, input)),
  };
}

/** The target as a map of projections, or as a function of several of them. */
function targetOf({ target, weights }: SimulationSpecification, map: (input: ActivationInput) => ElementwiseMap) {
  if (weights.kind !== "directions") return { target: map(target as ActivationInput) };
  return { target: () => undefined, ofSeveral: multiIndexTarget(target) };
}

/** Makes the weights of a trial, in the arena. */
export function startTrial(context: TrialContext, trial: number): StartedTrial {
  const { specification, arena } = context;
  const streams = trialStreams(arena.workspace, arena.streamStates, specification.seed, trial);
  for (const { weights } of arena.lower) drawGaussianRows(weights, streams.weights);
  const readout = drawWeights(arena.weights, specification, streams.weights);
  return { streams, directions: directionsOf(context, streams), readout };
}

function runTrial(context: TrialContext, trial: number): TrialResult {
  const { specification, arena, plan } = context;
  const started = startTrial(context, trial);
  const { loss } = specification;
  const fits = loss === undefined ? ridgePoints(context, started) : lossPoints(context, started, loss);
  const { sampleRatios, ridges, width } = specification;
  const channels = overlapsOf(context, started);
  const points = sampleRatios.flatMap((sampleRatio) => {
    const row = plan.sampleCounts.indexOf(sampleCount(specification, sampleRatio)) * ridges.length;
    return ridges.map((ridge, l): TrialPoint => {
      const readout = rowRange(arena.readouts, row + l, 1).data.subarray(0, width);
      const fit = fits[row + l]!;
      if (!Number.isFinite(fit.testError)) {
        throw new RangeError(
          `no finite error at sampleRatio ${sampleRatio}, ridge ${ridge}: student or target overflows, or is undefined somewhere`,
        );
      }
      return { sampleRatio, ridge, ...fit, overlaps: channels(readout) };
    });
  });
  return { trial, points };
}

/** Overlaps of a readout with the channels of its groups; inputs of a covariance have none. */
function overlapsOf({ arena, specification }: TrialContext, { directions }: StartedTrial) {
  if (specification.inputs) return () => NO_OVERLAPS;
  if (specification.weights.kind === "directions") {
    const along = targetVectors(arena.weights, specification.weights, specification.groups);
    return (readout: Float64Array) => overlapsAlongTarget(readout, along, specification.groups);
  }
  const vectors = channelVectors(arena.weights, directions, specification);
  return (readout: Float64Array) => overlaps(readout, vectors, specification.groups);
}

type PointErrors = Omit<TrialPoint, "sampleRatio" | "ridge" | "overlaps">;

function ridgePoints(context: TrialContext, started: StartedTrial): PointErrors[] {
  const fits = fitReadouts(context, started);
  const errors = testErrors(context, started.directions, started.streams);
  return fits.map((fit, k) => ({ testError: errors[k]! + context.specification.labelNoise, ...fit }));
}

function lossPoints(context: TrialContext, started: StartedTrial, loss: LossInput): PointErrors[] {
  const fits = fitLossReadouts(context, started, loss);
  const tests = testLosses(context, started, loss);
  return fits.map(({ losses, ...fit }, k) => {
    const { testError, losses: tested } = tests[k]!;
    return { testError, ...fit, losses: { ...tested, ...losses } };
  });
}

function directionsOf(context: TrialContext, streams: TrialStreams): Directions {
  const { weights, dimension } = context.specification;
  if (weights.kind === "directions") takeSteps(context, streams, weights.steps);
  if (weights.kind === "trained") return takeGradientStep(context, streams, weights.learningRate);
  return fixedDirections(dimension, "alignment" in weights ? weights.alignment : 0);
}

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
  noisyLabels(context, directions, streams.trainNoise, labels);
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

/** Mean of (y_clean − f)² over the test set, for every readout. */
function testErrors(context: TrialContext, directions: Directions, streams: TrialStreams): readonly number[] {
  const { arena, plan, algebra, specification } = context;
  const { testSamples, width } = specification;
  const sums = new Float64Array(plan.readouts);
  for (let first = 0; first < testSamples; first += blockSize) {
    const count = Math.min(blockSize, testSamples - first);
    const labels = arena.residuals.subarray(0, count);
    drawInputs(context, streams.testInputs, count);
    cleanLabels(context, directions, streams.testInputs, labels);
    const features = computeFeatures(context, arena.features[0], count);
    const outputs = topRows(matrix(arena.outputs, blockSize, plan.readouts), count);
    algebra.multiplyTransposed(outputs, 1 / Math.sqrt(width), features, arena.readouts, 0);
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < plan.readouts; k++) sums[k]! += (labels[i]! - outputs.data[i * plan.readouts + k]!) ** 2;
    }
  }
  return Array.from(sums, (sum) => sum / testSamples);
}
