import { activation, type Activation } from "../activation/activation.ts";
import { ParameterError } from "../errors.ts";
import type { ConditionalFeatureStatistics } from "./conditionalFeatureStatistics.ts";
import { constantStatistics } from "./constantStatistics.ts";
import type {
  CommonParameters,
  DistributiveOmit,
  ModelDescription,
  PowerChannels,
  RandomFeatures,
  SmallRate,
  SpikedRandomFeatures,
  TrainedNetwork,
} from "./description.ts";
import { gradientStepMap } from "./gradientStep.ts";
import { spikedStatistics } from "./spikedStatistics.ts";
import { trainedNetworkStatistics } from "./trainedNetwork.ts";
import { check, checkReadout, RANGES } from "./validation.ts";

/** The names of all models, as in the JSON interface. */
export const MODELS = [
  "randomFeatures",
  "spikedRandomFeatures",
  "trainedNetwork",
  "smallRate",
  "powerChannels",
] as const;

/** A description without the point (α, β, λ) and the loss: all that the conditional statistics depend on. */
export type ModelParameters = DistributiveOmit<ModelDescription, keyof RidgePointFields | "loss">;
type RidgePointFields = Pick<CommonParameters, "sampleRatio" | "widthRatio" | "ridge">;
type WithoutPoint<T> = Omit<T, keyof RidgePointFields | "loss">;

interface Common {
  readonly student: Activation;
  readonly target: Activation;
  readonly labelNoise: number;
  readonly meanStrength: number;
}

function common(model: WithoutPoint<CommonParameters>): Common {
  return {
    student: activation(model.student, "student"),
    target: activation(model.target, "target"),
    labelNoise: check("labelNoise", model.labelNoise ?? 0, RANGES.variance),
    meanStrength: check("finiteDimension", model.finiteDimension ?? Infinity, RANGES.positiveOrInfinite),
  };
}

/**
 * Turns the description of a model into the statistics that the solver reads (theory §3, §6).
 *
 * @throws ParameterError, ExpressionError for illegal input, before any computation
 * @throws QuadratureError if a Gaussian moment of the student or the target does not exist
 * @example
 * const { alignment, groups } = conditionalFeatureStatistics({
 *   model: "spikedRandomFeatures", student: "tanh", target: "sin", spikeStrength: 1.5, alignment: 0.8,
 * });
 * [alignment, groups[0].bulkVariance]; // [0.8, 1]
 */
export function conditionalFeatureStatistics(model: ModelParameters): ConditionalFeatureStatistics {
  switch (model.model) {
    case "randomFeatures":
      return randomFeatures(model);
    case "spikedRandomFeatures":
      return spikedRandomFeatures(model);
    case "trainedNetwork":
      return trainedNetwork(model);
    case "smallRate":
      return smallRate(model);
    case "powerChannels":
      return powerChannels(model);
    default:
      throw new ParameterError("model", (model as { model?: unknown }).model, `one of ${MODELS.join(", ")}`);
  }
}

function randomFeatures(model: WithoutPoint<RandomFeatures>): ConditionalFeatureStatistics {
  const bulkVariance = check("bulkVariance", model.bulkVariance ?? 1, RANGES.positive);
  const shared = common(model);
  return constantStatistics({
    ...shared,
    alignment: 0,
    bulkVariance,
    spikeDirectionStrength: () => bulkVariance,
    powers: [],
  });
}

function spikedRandomFeatures(model: WithoutPoint<SpikedRandomFeatures>): ConditionalFeatureStatistics {
  const readout = checkReadout(model.readoutValues, model.readoutFractions);
  const r = check("spikeStrength", model.spikeStrength, RANGES.finite);
  const alignment = check("alignment", model.alignment, RANGES.cosine);
  const rows = model.rows ?? "equal";
  if (!["equal", "gaussian"].includes(rows)) throw new ParameterError("rows", rows, `"equal" or "gaussian"`);
  const bulk = model.bulkVariance ?? 1;
  if (Array.isArray(bulk) && bulk.length !== readout.values.length) {
    throw new ParameterError("bulkVariance", bulk, `one number, or one per readout value (${readout.values.length})`);
  }
  const groups = readout.values.map((u, k) => {
    const [name, value] = Array.isArray(bulk)
      ? [`bulkVariance[${k}]`, (bulk as readonly number[])[k]]
      : ["bulkVariance", bulk];
    const bulkVariance = check(name, value, RANGES.positive);
    const rowNormStrength = rows === "gaussian" ? 2 * bulkVariance ** 2 : 0;
    return { fraction: readout.fractions[k]!, spike: r * u, bulkVariance, rowNormStrength };
  });
  return spikedStatistics({ ...common(model), spikeStrength: r, alignment, groups });
}

/** @param reader what the trained weights are read with; default the student they were trained with */
export function trainedNetwork(model: WithoutPoint<TrainedNetwork>, reader?: Activation): ConditionalFeatureStatistics {
  const readout = checkReadout(model.readoutValues, model.readoutFractions);
  const learningRate = check("learningRate", model.learningRate, RANGES.finite);
  const stepSampleRatio = check("stepSampleRatio", model.stepSampleRatio, RANGES.nonNegativeOrInfinite);
  const theory = model.theory ?? "network";
  if (!["network", "srf"].includes(theory)) throw new ParameterError("theory", theory, `"network" or "srf"`);
  const norms: unknown = model.rowNorms ?? true;
  if (typeof norms !== "boolean") throw new ParameterError("rowNorms", norms, "true or false");
  const shared = { ...common(model), learningRate, stepSampleRatio, readoutValues: readout.values };
  if (theory === "network") {
    const step = { ...shared, readoutFractions: readout.fractions, rowNorms: norms };
    const network = trainedNetworkStatistics({ ...step, ...(reader && { reader }) });
    if (network) return network;
  }
  const step = gradientStepMap(shared);
  const groups = readout.values.map((u, k) => ({
    fraction: readout.fractions[k]!,
    spike: step.spikeStrength * step.readoutSign * u,
    bulkVariance: step.bulkVariance[k]!,
    rowNormStrength: 0,
  }));
  const spikeStrength = step.spikeStrength * step.readoutSign;
  const student = reader ?? shared.student;
  return spikedStatistics({ ...shared, student, spikeStrength, alignment: step.alignment, groups });
}

function smallRate(model: WithoutPoint<SmallRate>): ConditionalFeatureStatistics {
  const s1 = check("spikeStrength", model.spikeStrength, RANGES.nonNegative);
  const alignment = check("alignment", model.alignment, RANGES.cosine);
  const bulkVariance = check("bulkVariance", model.bulkVariance ?? 1, RANGES.positive);
  const spikeDirectionStrength = (beta: number) => bulkVariance + (s1 * s1) / beta;
  return constantStatistics({ ...common(model), alignment, bulkVariance, spikeDirectionStrength, powers: [] });
}

function powerChannels(model: WithoutPoint<PowerChannels>): ConditionalFeatureStatistics {
  const alignment = check("alignment", model.alignment, RANGES.cosine);
  const bulkVariance = check("bulkVariance", model.bulkVariance ?? 1, RANGES.positive);
  const powers: unknown = model.powerChannels;
  const legal = "a list of distinct whole numbers from 1 to 20";
  if (!Array.isArray(powers) || new Set(powers).size !== powers.length) {
    throw new ParameterError("powerChannels", powers, legal);
  }
  for (const k of powers) {
    if (!Number.isInteger(k) || k < 1 || k > 20) throw new ParameterError("powerChannels", powers, legal);
  }
  return constantStatistics({
    ...common(model),
    alignment,
    bulkVariance,
    spikeDirectionStrength: () => bulkVariance,
    powers: powers as number[],
  });
}
