import { POINT_PARAMETERS } from "../parameters/table.ts";
import { legalMultiIndex, type SteppedNetwork } from "./description.ts";
import { dot, type Rows } from "./geometry.ts";
import { steppingNetwork } from "./models.ts";
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
  readonly notices: readonly string[];
}

/**
 * The spikes that several gradient steps make, each on a fresh batch (multiIndex §3): exact for the network and its surrogate.
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
  const legal = legalMultiIndex(description as SteppedNetwork, POINT_PARAMETERS);
  const { network, steps, notices } = steppingNetwork(legal);
  const m = network.target.directions;
  const states = takeSteps(network, steps).map(({ after }) => spikesOf(after.R, after.tau, m));
  const none = spikesOf(
    network.readoutValues.map(() => new Array<number>(m).fill(0)),
    network.readoutValues.map(() => 1),
    m,
  );
  return { ...(states.at(-1) ?? none), afterSteps: states, notices };
}

function spikesOf(R: Rows, tau: readonly number[], m: number): StepSpikes {
  return {
    spikeAlongTarget: R.map((row) => row.slice(0, m)),
    spikeGram: R.map((a) => R.map((b) => dot(a, b))),
    bulkVariance: tau.map((value) => value * value),
  };
}
