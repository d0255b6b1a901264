import { activation } from "../activation/activation.ts";
import { ParameterError, requireDescription } from "../errors.ts";
import type { LossParameters, SpikedRandomFeatures, TrainedNetwork } from "../model/description.ts";
import { gradientStepMap } from "../model/gradientStep.ts";
import { checkReadout } from "../model/validation.ts";
import { isMultiIndex, type SteppedNetwork } from "../multiIndex/description.ts";
import { stepSurrogate } from "../multiIndex/surrogate.ts";
import type { SimulatedDescription } from "../simulation/specification.ts";

/** Which finite networks stand beside a theory: trained ones, those of the surrogate, or those that the model describes. */
export const FINITE_MODELS = ["network", "srf", "model"] as const;
/** One of {@link FINITE_MODELS}. */
export type FiniteModel = (typeof FINITE_MODELS)[number];

/**
 * The model whose finite instances are drawn: itself, the trained network, or the latter's isotropic surrogate, the spiked random
 * features of the same spike and mean bulk variance (theory §2; multiIndex §4).
 *
 * @param simulated "model" or "network" for the description itself, "srf" for the surrogate of a trained network
 * @throws ParameterError for "network" of a model without a step, and for an illegal step
 * @example
 * import { finiteModel } from "replica-theory/compare";
 * const network = {
 *   model: "trainedNetwork", student: "tanh", target: "sin", learningRate: 1, stepSampleRatio: 2,
 *   sampleRatio: 1, widthRatio: 1, ridge: 0.1,
 * };
 * const { model, spikeStrength, alignment } = finiteModel(network, "srf");
 * [model, spikeStrength.toFixed(4), alignment.toFixed(4)]; // ["spikedRandomFeatures", "0.4629", "0.7937"]
 */
export function finiteModel(description: SimulatedDescription, simulated: FiniteModel): SimulatedDescription {
  requireDescription(description);
  const { model } = description;
  if (!FINITE_MODELS.includes(simulated)) {
    throw new ParameterError("simulate", simulated, `one of ${FINITE_MODELS.join(", ")}`);
  }
  if (simulated === "network" && model !== "trainedNetwork") {
    throw new ParameterError("simulate", simulated, `"srf" or "model" for the model ${model}`);
  }
  if (simulated !== "srf" || description.model !== "trainedNetwork") return description;
  if (isMultiIndex(description)) return stepSurrogate(description);
  const { loss, labelFlips } = description as LossParameters;
  const readout = { ...(loss !== undefined && { loss }), ...(labelFlips !== undefined && { labelFlips }) };
  return { ...surrogate(description), ...readout };
}

/** The spiked random features of theory §2. */
function surrogate(network: Omit<TrainedNetwork, "loss">): SpikedRandomFeatures {
  const { student, target, labelNoise = 0, sampleRatio, widthRatio, ridge } = network;
  const { values, fractions } = checkReadout(network.readoutValues, network.readoutFractions);
  const { readoutSign, ...spike } = gradientStepMap({
    student: activation(student, "student"),
    target: activation(target, "target"),
    labelNoise,
    learningRate: network.learningRate,
    stepSampleRatio: network.stepSampleRatio,
    readoutValues: values,
  });
  const readout = { readoutValues: values.map((u) => readoutSign * u), readoutFractions: fractions };
  const common = { student, target, labelNoise, sampleRatio, widthRatio, ridge };
  return { model: "spikedRandomFeatures", ...common, ...spike, ...readout };
}

/** Said of models that have no finite instances. */
export const INFINITE_BATCH = "stepSampleRatio = inf is not simulated: an infinite batch cannot be drawn";

/** Whether a step of a network has a batch that cannot be drawn. */
export function hasInfiniteBatch(network: SimulatedDescription): boolean {
  const { steps = [], stepSampleRatio } = network as Partial<SteppedNetwork>;
  return [{ stepSampleRatio }, ...steps].some((step) => step.stepSampleRatio === Infinity);
}
