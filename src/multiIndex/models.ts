import { nameInStep } from "../parameters/table.ts";
import { activation } from "../activation/activation.ts";
import { ParameterError } from "../errors.ts";
import { differentiable } from "../model/gradientStep.ts";
import { checkReadout } from "../model/validation.ts";
import { multiIndexTarget } from "../target/multiIndexTarget.ts";
import type { FeaturesOfSeveral, MultiIndexDescription, SpikesInDirections, SteppedNetwork } from "./description.ts";
import { dot, requireDirections, type Rows } from "./geometry.ts";
import { spikedDirections } from "./givenSpikes.ts";
import { networkSources } from "./networkModel.ts";
import type { SpikedFeatures } from "./spikeColumns.ts";
import {
  independentSources,
  isotropicSources,
  type SourcesAndBulk,
  spikeModel,
  type SpikeModel,
  tangentSources,
} from "./spikeModel.ts";
import { startState, type SteppingNetwork, takeSteps, type TakenStep, targetDirections } from "./steps.ts";
import { type ActiveSteps, activeSteps } from "./stepList.ts";
import { stepTangents } from "./tangent.ts";

/** A described model ready to be solved, with what its steps made. */
export interface DescribedModel {
  readonly model: SpikeModel;
  /** R Θᵀ, K×m: every group's spike along the target's directions. */
  readonly spikeAlongTarget: Rows;
  /** R Rᵀ, K×K. */
  readonly spikeGram: Rows;
  /** c_k */
  readonly bulkVariance: readonly number[];
  readonly notices: readonly string[];
}

/** From this α_t on, in every step, the leading row norms are nearer the truth than none (multiIndex §11). */
const LEADING_FROM = 4;

/**
 * The model of a description whose fields are legal.
 *
 * @throws ParameterError, ExpressionError for illegal values, before any computation
 * @throws QuadratureError if a moment is not finite
 */
export function describedModel(description: MultiIndexDescription): DescribedModel {
  switch (description.model) {
    case "trainedNetwork":
      return networkModel(description);
    case "spikedRandomFeatures":
      return givenSpikes(description);
    case "randomFeatures":
      return withoutSpikes(description);
  }
}

function withoutSpikes(description: FeaturesOfSeveral): DescribedModel {
  const target = multiIndexTarget(description.target);
  const features = {
    student: activation(description.student, "student"),
    target,
    labelNoise: description.labelNoise!,
    fractions: [1],
    R: [new Array<number>(target.directions).fill(0)],
    tau: [Math.sqrt(description.bulkVariance!)],
    theta: targetDirections(target.directions, target.directions),
  };
  return described(features, description.finiteDimension!, isotropicSources(features), []);
}

function described(
  features: SpikedFeatures,
  meanStrength: number,
  made: SourcesAndBulk,
  notices: readonly string[],
): DescribedModel {
  requireDirections(features.R);
  return {
    model: spikeModel(features, meanStrength, made),
    spikeAlongTarget: features.R.map((row) => features.theta.map((theta) => dot(row, theta))),
    spikeGram: features.R.map((a) => features.R.map((b) => dot(a, b))),
    bulkVariance: features.tau.map((tau) => tau * tau),
    notices,
  };
}

/** What a network is and the steps that do something; the others are told. */
export function steppingNetwork(description: SteppedNetwork): ActiveSteps & { readonly network: SteppingNetwork } {
  const { values, fractions } = checkReadout(description.readoutValues, description.readoutFractions);
  const network: SteppingNetwork = {
    student: differentiable(activation(description.student, "student")),
    target: multiIndexTarget(description.target),
    labelNoise: description.labelNoise!,
    readoutValues: values,
    readoutFractions: fractions,
  };
  return { network, ...activeSteps(description) };
}

function networkModel(description: SteppedNetwork): DescribedModel {
  const { network, steps, notices } = steppingNetwork(description);
  const reused = steps.find(({ reuseBatch }) => reuseBatch);
  if (reused) {
    const legal =
      "false: the bulk after a batch used twice is not derived; without sampleRatio, widthRatio and ridge its spikes are given";
    throw new ParameterError(nameInStep(reused.index, "reuseBatch"), true, legal);
  }
  const taken = takeSteps(network, steps);
  const m = network.target.directions;
  const last = taken.at(-1)?.after ?? startState(network);
  const features: SpikedFeatures = {
    student: network.student,
    target: network.target,
    labelNoise: network.labelNoise,
    fractions: network.readoutFractions,
    R: last.R,
    tau: last.tau,
    theta: targetDirections(m, last.R[0]!.length),
  };
  const meanStrength = description.finiteDimension!;
  if (description.theory === "srf" || taken.length === 0) {
    return described(features, meanStrength, isotropicSources(features), notices);
  }
  const infinite = steps.every(({ stepSampleRatio }) => stepSampleRatio === Infinity);
  if (infinite) {
    const rowNorms = description.rowNorms ?? true;
    const tangents = stepTangents(taken, network.readoutValues, m, rowNorms);
    const sources = independentSources(features, tangentSources(tangents, features.theta, rowNorms));
    return described(features, meanStrength, sources, notices);
  }
  return atFiniteBatches(description, network, taken, features, notices);
}

function atFiniteBatches(
  description: SteppedNetwork,
  network: SteppingNetwork,
  taken: readonly TakenStep[],
  features: SpikedFeatures,
  notices: readonly string[],
): DescribedModel {
  const { rowNorms, finiteDimension } = description;
  if (taken.length === 1) {
    const channels = (rowNorms ?? true) ? "full" : "none";
    return described(features, finiteDimension!, networkSources(network, taken, features, channels), notices);
  }
  const leading = rowNorms ?? taken.every(({ step }) => step.stepSampleRatio >= LEADING_FROM);
  const made = networkSources(network, taken, features, "leading");
  return described(features, finiteDimension!, { ...made, leading }, [...notices, BETWEEN]);
}

const BETWEEN =
  "after several steps on finite batches the row norms are known to leading order in 1/α_t: the truth lies between rowNormValues.without and rowNormValues.leading";

function givenSpikes(description: SpikesInDirections): DescribedModel {
  const { features, factors } = spikedDirections(description);
  const made = factors
    ? independentSources(
        features,
        factors.map((direct) => ({ direct })),
      )
    : isotropicSources(features);
  return described(features, description.finiteDimension!, made, []);
}
