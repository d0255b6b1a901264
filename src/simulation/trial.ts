import type { ActivationInput } from "../activation/activation.ts";
import { multiIndexTarget } from "../target/multiIndexTarget.ts";
import { layOut, type TrialContext } from "./arena.ts";
import type { LossInput } from "../model/description.ts";
import type { ElementwiseMap } from "./arrayProgram.ts";
import { derivativeMap, valueMap } from "./elementwise.ts";
import type { Fit } from "./fit.ts";
import type { LinearAlgebra } from "./linearAlgebra.ts";
import { rowRange } from "./matrix.ts";
import { observePairs } from "./networkPairs.ts";
import type { PairEstimates } from "./pairMembers.ts";
import { fitLossReadouts, testLosses, type TrialLosses } from "./lossTrial.ts";
import {
  channelVectors,
  NO_OVERLAPS,
  overlaps,
  overlapsAlongTarget,
  type SimulatedOverlaps,
  targetVectors,
} from "./overlaps.ts";
import { type StartedTrial, startTrial } from "./startedTrial.ts";
import { fitReadouts } from "./ridgeReadouts.ts";
import { signError, visitTestSet } from "./testSet.ts";
import { sampleCount, type SimulationSpecification } from "./specification.ts";
import { planTrial } from "./trialPlan.ts";
import { Workspace, type Kernels } from "./workspace.ts";

/** Errors and overlaps of one trial at one (α, λ). */
export interface TrialPoint extends Fit {
  /** α asked for; the trial has n = round(α d). */
  readonly sampleRatio: number;
  readonly ridge: number;
  /** Mean of (y_clean − f)² over the test set, plus Δ; for sign labels of (y − f)². */
  readonly testError: number;
  /** P(y f < 0) of labels ±1 and the square loss; other losses have theirs. */
  readonly classificationError?: number;
  /** What pairs of networks say of the point, where that is asked for. */
  readonly statistics?: PairEstimates;
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

function runTrial(context: TrialContext, trial: number): TrialResult {
  const { specification, arena, plan } = context;
  const started = startTrial(context, trial);
  const { loss } = specification;
  const fits = loss === undefined ? ridgePoints(context, started) : lossPoints(context, started, loss);
  const { sampleRatios, ridges, width } = specification;
  const channels = overlapsOf(context, started);
  const points = sampleRatios.flatMap((sampleRatio) => {
    const row = plan.sampleCounts.indexOf(sampleCount(specification, sampleRatio)) * ridges.length;
    return ridges.map((ridge, l) => {
      const readout = rowRange(arena.readouts, row + l, 1).data.subarray(0, width);
      const fit = fits[row + l]!;
      if (!Number.isFinite(fit.testError)) {
        throw new RangeError(
          `no finite error at sampleRatio ${sampleRatio}, ridge ${ridge}: student or target overflows, or is undefined somewhere`,
        );
      }
      return { place: row + l, sampleRatio, ridge, ...fit, overlaps: channels(readout) };
    });
  });
  // Last, since other weights take the place of these.
  const estimates = specification.statistics ? observePairs(context, trial) : undefined;
  return {
    trial,
    points: points.map(({ place, ...point }) => ({ ...point, ...(estimates && { statistics: estimates[place]! }) })),
  };
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
  const errors = testErrors(context, started);
  return fits.map((fit, k) => ({ ...errors[k]!, ...fit }));
}

function lossPoints(context: TrialContext, started: StartedTrial, loss: LossInput): PointErrors[] {
  const fits = fitLossReadouts(context, started, loss);
  const tests = testLosses(context, started, loss);
  return fits.map(({ losses, ...fit }, k) => {
    const { testError, losses: tested } = tests[k]!;
    return { testError, ...fit, losses: { ...tested, ...losses } };
  });
}

/** Mean of (y − f)² over the test set for every readout, the label's noise averaged over; of labels ±1, P(y f < 0), too. */
function testErrors(
  context: TrialContext,
  { directions, streams }: StartedTrial,
): readonly Pick<TrialPoint, "testError" | "classificationError">[] {
  const { plan, specification } = context;
  const { testSamples, signs } = specification;
  const [sums, errors] = [new Float64Array(plan.readouts), new Float64Array(plan.readouts)];
  const noise = visitTestSet(context, directions, streams.testInputs, ({ means, outputs }) => {
    means.forEach((mean, i) => {
      for (let k = 0; k < plan.readouts; k++) {
        const f = outputs.data[i * plan.readouts + k]!;
        sums[k]! += (mean - f) ** 2;
        if (signs) errors[k]! += signError(mean, f);
      }
    });
  });
  return Array.from(sums, (sum, k) => ({
    testError: sum / testSamples + noise,
    ...(signs && { classificationError: errors[k]! / testSamples }),
  }));
}
