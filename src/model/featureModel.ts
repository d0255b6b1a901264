import { activation, type Activation } from "../activation/activation.ts";
import { ParameterError, requireDescription } from "../errors.ts";
import type { StreamMoments } from "./streamMoments.ts";
import type { Complete, ModelParameters } from "../parameters/description.ts";
import { legalParameters } from "../parameters/legal.ts";
import { isCovariateName, type NetworkName, NETWORKS } from "../parameters/models.ts";
import { POINT_PARAMETERS } from "../parameters/table.ts";
import { type ConstantFeatures, constantModel } from "./constantModel.ts";
import { differentiable, gradientStepMap } from "./gradientStep.ts";
import type { Model } from "./model.ts";
import { type Labels, labelsOf, withLabels } from "./signLabels.ts";
import { type SpikedFeatures, spikedModel } from "./spikedModel.ts";
import { trainedNetworkModel } from "./trainedNetwork.ts";
import { checkReadout } from "./validation.ts";
import { mapped } from "../numerics/mapped.ts";

/** A model's parameters, checked, with their defaults, as far as the model depends on them. */
type Legal<M extends NetworkName> = Complete<M>;

interface Common extends Labels {
  readonly student: Activation;
  readonly meanStrength: number;
  readonly moments?: StreamMoments | undefined;
}

function common({ student, finiteDimension, ...labels }: Legal<NetworkName>, moments?: StreamMoments): Common {
  return { student: activation(student, "student"), ...labelsOf(labels), meanStrength: finiteDimension, moments };
}

/**
 * The model of a description: the problem that the solvers read, with the bulk of its weights (theory §3, §6).
 *
 * @throws ParameterError, ExpressionError for illegal input, before any computation
 * @throws QuadratureError if a Gaussian moment of the student or the target does not exist
 * @example
 * const { problem } = featureModel({
 *   model: "spikedRandomFeatures", student: "tanh", target: "sin", spikeStrength: 1.5, alignment: 0.8,
 * });
 * problem.channels.map(({ kind }) => kind); // ["mean", "spikeDirection", "targetDirection"]
 */
export function featureModel(description: ModelParameters): Model {
  return featureModelOf(description);
}

/** The same as one of a stream of models, which share their moments. */
export function featureModelOf(description: ModelParameters, moments?: StreamMoments): Model {
  requireDescription(description);
  if (isCovariateName(description.model)) {
    throw new ParameterError("model", description.model, `one of ${NETWORKS.join(", ")} for this calculation`);
  }
  const model = legalParameters<NetworkName>(description, POINT_PARAMETERS);
  switch (model.model) {
    case "randomFeatures":
      return randomFeatures(model as Legal<"randomFeatures">);
    case "spikedRandomFeatures":
      return spikedRandomFeatures(model as Legal<"spikedRandomFeatures">, moments);
    case "trainedNetwork":
      return networkModel(model as Legal<"trainedNetwork">, { moments });
    case "smallRate":
      return smallRate(model as Legal<"smallRate">);
    case "powerChannels":
      return powerChannels(model as Legal<"powerChannels">);
  }
}

function randomFeatures(model: Legal<"randomFeatures">): Model {
  const { bulkVariance, rows } = model;
  if (rows === "gaussian") {
    // Without a spike only the channel of the row norms is different.
    const group = { fraction: 1, spike: 0, bulkVariance, rowNormStrength: gaussianRowNorms(bulkVariance) };
    return spiked({ ...common(model), spikeStrength: 0, alignment: 0, groups: [group] });
  }
  const spikeDirectionStrength = bulkVariance;
  return constant({ ...common(model), alignment: 0, bulkVariance, spikeDirectionStrength, powers: [] });
}

const spiked = (features: SpikedFeatures & Labels): Model => withLabels(spikedModel(features), features);
const constant = (features: ConstantFeatures & Labels): Model => withLabels(constantModel(features), features);

/** d Var ‖w_j‖² of Gaussian rows (theory §3). */
const gaussianRowNorms = (bulkVariance: number): number => 2 * bulkVariance ** 2;

function spikedRandomFeatures(model: Legal<"spikedRandomFeatures">, moments: StreamMoments | undefined): Model {
  const { values, fractions } = checkReadout(model.readoutValues, model.readoutFractions);
  const { spikeStrength, alignment, rows, bulkVariance: bulk } = model;
  if (typeof bulk !== "number" && bulk.length !== values.length) {
    throw new ParameterError("bulkVariance", bulk, `one number, or one per readout value (${values.length})`);
  }
  const groups = mapped(values, (u, k) => {
    const bulkVariance = typeof bulk === "number" ? bulk : bulk[k]!;
    const rowNormStrength = rows === "gaussian" ? gaussianRowNorms(bulkVariance) : 0;
    return { fraction: fractions[k]!, spike: spikeStrength * u, bulkVariance, rowNormStrength };
  });
  return spiked({ ...common(model, moments), spikeStrength, alignment, groups });
}

/**
 * The model of a trained network.
 *
 * @param reader what the trained weights are read with; default the student they were trained with
 */
export function trainedNetwork(
  description: Extract<ModelParameters, { model: "trainedNetwork" }>,
  reader?: Activation,
): Model {
  return networkModel(legalParameters<"trainedNetwork">(description, POINT_PARAMETERS), { reader });
}

function networkModel(
  model: Legal<"trainedNetwork">,
  { reader, moments }: { readonly reader?: Activation | undefined; readonly moments?: StreamMoments | undefined },
): Model {
  const readout = checkReadout(model.readoutValues, model.readoutFractions);
  const { learningRate, stepSampleRatio, theory, rowNorms } = model;
  const given = common(model, moments);
  const student = learningRate === 0 || stepSampleRatio === 0 ? given.student : differentiable(given.student);
  const shared = { ...given, student, learningRate, stepSampleRatio, readoutValues: readout.values };
  if (theory === "network") {
    const step = { ...shared, readoutFractions: readout.fractions, rowNorms };
    const network = trainedNetworkModel({ ...step, ...(reader && { reader }) });
    if (network) return withLabels(network, shared);
  }
  const step = gradientStepMap({ ...shared, labelNoise: shared.meanNoise });
  const groups = mapped(readout.values, (u, k) => ({
    fraction: readout.fractions[k]!,
    spike: step.spikeStrength * step.readoutSign * u,
    bulkVariance: step.bulkVariance[k]!,
    rowNormStrength: 0,
  }));
  const spikeStrength = step.spikeStrength * step.readoutSign;
  return spiked({ ...shared, student: reader ?? student, spikeStrength, alignment: step.alignment, groups });
}

function smallRate(model: Legal<"smallRate">): Model {
  const { spikeStrength: s1, alignment, bulkVariance } = model;
  const spikeDirectionStrength = { constant: bulkVariance, overWidth: s1 * s1 };
  return constant({ ...common(model), alignment, bulkVariance, spikeDirectionStrength, powers: [] });
}

function powerChannels(model: Legal<"powerChannels">): Model {
  const { alignment, bulkVariance, powerChannels: powers } = model;
  const spikeDirectionStrength = bulkVariance;
  return constant({ ...common(model), alignment, bulkVariance, spikeDirectionStrength, powers });
}
