import { ParameterError, requireDescription } from "../errors.ts";
import { nameInStep, POINT_PARAMETERS } from "../parameters/table.ts";
import { legalMultiIndex, type SteppedNetwork } from "./description.ts";
import { dot, type Rows } from "./geometry.ts";
import { steppingNetwork } from "./models.ts";
import { type ReusedStep, reusedStep } from "./reusedStep.ts";
import type { ActiveStep } from "./stepList.ts";
import { takeSteps } from "./steps.ts";

/** The rows' spikes and norms after a step: w_j = R_k + bulk (multiIndex §1, §3). */
export interface StepSpikes {
  /** R Θᵀ, K×m: components along the target's directions. */
  readonly spikeAlongTarget: Rows;
  /** R Rᵀ, K×K: with the noise directions that the steps add. */
  readonly spikeGram: Rows;
  /** c_k = τ_k² */
  readonly bulkVariance: readonly number[];
}

/** The spikes after the last step, after every step, and what to know of them. */
export interface GradientSteps extends StepSpikes {
  readonly afterSteps: readonly StepSpikes[];
  /**
   * Where the second step uses the batch of the first again: its spikes, to leading order (multiIndex §5). The other fields are then
   * those before it: the bulk after it is not derived.
   */
  readonly reusedStep?: ReusedStep;
  readonly notices: readonly string[];
}

/**
 * The spikes that several gradient steps make, each on a fresh batch (multiIndex §3): exact for the network and its surrogate. A second
 * step on the batch of the first has its spikes to leading order, as `reusedStep` (multiIndex §5).
 *
 * @throws ParameterError, ExpressionError for illegal input, and for rates that diverge, naming step and group
 * @example
 * const { spikeAlongTarget } = gradientSteps({
 *   model: "trainedNetwork", student: "tanh", target: "x1 + (x1^2 - 1)*x2",
 *   steps: [{ learningRate: 2, stepSampleRatio: Infinity }, { learningRate: 2, stepSampleRatio: Infinity }],
 *   labelNoise: 0.1,
 * });
 * spikeAlongTarget[0].map((x) => x.toFixed(6)); // ["1.401094", "-0.407556"]
 */
export function gradientSteps(
  description: Omit<SteppedNetwork, "sampleRatio" | "widthRatio" | "ridge">,
): GradientSteps {
  requireDescription(description);
  const legal = legalMultiIndex(description as SteppedNetwork, POINT_PARAMETERS);
  const { network, steps, notices } = steppingNetwork(legal);
  const m = network.target.directions;
  const reused = steps.findIndex(({ reuseBatch }) => reuseBatch);
  if (reused >= 0) requireSecondAndLast(steps, reused);
  const taken = takeSteps(network, reused < 0 ? steps : steps.slice(0, reused));
  const states = taken.map(({ after }) => spikesOf(after.R, after.tau, m));
  const none = spikesOf(
    network.readoutValues.map(() => new Array<number>(m).fill(0)),
    network.readoutValues.map(() => 1),
    m,
  );
  const made = { ...(states.at(-1) ?? none), afterSteps: states };
  if (reused < 0) return { ...made, notices };
  return { ...made, reusedStep: reusedStep(network, taken[0]!, steps[reused]!), notices: [...notices, REUSED] };
}

const REUSED =
  "the second step uses the batch of the first again: its spikes are reusedStep, to leading order; the other numbers are those before it, as the bulk after it is not derived";

function requireSecondAndLast(steps: readonly ActiveStep[], reused: number): void {
  if (reused === 1 && steps.length === 2) return;
  const legal = "false but for the second and last step: the spikes of others are not derived";
  throw new ParameterError(nameInStep(steps[reused]!.index, "reuseBatch"), true, legal);
}

function spikesOf(R: Rows, tau: readonly number[], m: number): StepSpikes {
  return {
    spikeAlongTarget: R.map((row) => row.slice(0, m)),
    spikeGram: R.map((a) => R.map((b) => dot(a, b))),
    bulkVariance: tau.map((value) => value * value),
  };
}
