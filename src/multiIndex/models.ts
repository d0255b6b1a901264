import { activation } from "../activation/activation.ts";
import { ParameterError } from "../errors.ts";
import { differentiable } from "../model/gradientStep.ts";
import { checkReadout } from "../model/validation.ts";
import { symmetricEigen } from "../numerics/symmetricEigen.ts";
import { multiIndexTarget } from "../target/multiIndexTarget.ts";
import type {
  FeaturesOfSeveral,
  MultiIndexDescription,
  SpikesInDirections,
  StepInput,
  SteppedNetwork,
} from "./description.ts";
import { dot, type Rows } from "./geometry.ts";
import { networkSources, type RowNormChannels } from "./networkModel.ts";
import { MOST_SPIKE_DIRECTIONS, type SpikedFeatures } from "./spikeColumns.ts";
import {
  independentSources,
  isotropicSources,
  type SourcesAndBulk,
  spikeModel,
  type SpikeModel,
  tangentSources,
} from "./spikeModel.ts";
import { type SteppingNetwork, takeSteps, type TakenStep, targetDirections } from "./steps.ts";
import { stepTangents } from "./tangent.ts";

/** A described model ready to be solved, with what its steps made. */
export interface DescribedModel {
  readonly model: SpikeModel;
  /** After several finite steps, the model with the other choice of row norms: the truth lies between. */
  readonly other?: SpikeModel;
  /** Whether `model` has the leading row norms, where there are two. */
  readonly leading?: boolean;
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

function requireDirections(R: Rows): void {
  const { values } = symmetricEigen(R.map((a) => R.map((b) => dot(a, b))));
  const q = values.filter((value) => value > 1e-18 * values.at(-1)! && value > 1e-18).length;
  if (q > MOST_SPIKE_DIRECTIONS) {
    throw new ParameterError(
      "spikes",
      q,
      `spikes in at most ${MOST_SPIKE_DIRECTIONS} directions (as many as groups of different readout values span)`,
    );
  }
}

/** The steps of a network: `steps`, or the flat pair of one. */
function stepsOf({ steps, learningRate, stepSampleRatio }: SteppedNetwork): readonly StepInput[] {
  if (steps !== undefined) {
    const flat =
      learningRate !== undefined ? "learningRate" : stepSampleRatio !== undefined ? "stepSampleRatio" : undefined;
    if (flat) throw new ParameterError(flat, { learningRate, stepSampleRatio }[flat], "left out where steps are given");
    return steps;
  }
  if (learningRate === undefined)
    throw new ParameterError("steps", undefined, "required, or learningRate and stepSampleRatio");
  if (stepSampleRatio === undefined)
    throw new ParameterError("stepSampleRatio", undefined, "required with learningRate");
  return [{ learningRate, stepSampleRatio }];
}

/** What a network is and the steps that do something; the others are told. */
export function steppingNetwork(description: SteppedNetwork): {
  readonly network: SteppingNetwork;
  readonly steps: readonly StepInput[];
  readonly notices: readonly string[];
} {
  const { values, fractions } = checkReadout(description.readoutValues, description.readoutFractions);
  const network: SteppingNetwork = {
    student: differentiable(activation(description.student, "student")),
    target: multiIndexTarget(description.target),
    labelNoise: description.labelNoise!,
    readoutValues: values,
    readoutFractions: fractions,
  };
  const all = stepsOf(description);
  const reused = all.findIndex(({ reuseBatch }) => reuseBatch);
  if (reused >= 0) {
    const legal = "false: every step draws its own batch; the bulk after a batch used twice is not derived";
    throw new ParameterError(`steps[${reused}].reuseBatch`, true, legal);
  }
  const idle = (step: StepInput) => step.learningRate === 0 || step.stepSampleRatio === 0;
  return {
    network,
    steps: all.filter((step) => !idle(step)),
    notices: all.flatMap((step, t) => {
      if (!idle(step)) return [];
      const why = step.learningRate === 0 ? "learningRate = 0" : "stepSampleRatio = 0";
      return [`step ${t + 1} has ${why}: it does nothing`];
    }),
  };
}

function networkModel(description: SteppedNetwork): DescribedModel {
  const { network, steps, notices } = steppingNetwork(description);
  const taken = takeSteps(network, steps);
  const m = network.target.directions;
  const last = taken.at(-1)?.after ?? {
    R: network.readoutValues.map(() => new Array<number>(m).fill(0)),
    tau: network.readoutValues.map(() => 1),
  };
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
  const withNorms = (channels: RowNormChannels) => networkSources(network, taken, features, channels);
  if (taken.length === 1) {
    const channels = (rowNorms ?? true) ? "full" : "none";
    return described(features, finiteDimension!, withNorms(channels), notices);
  }
  const leading = rowNorms ?? taken.every(({ step }) => step.stepSampleRatio >= LEADING_FROM);
  const main = described(features, finiteDimension!, withNorms(leading ? "leading" : "none"), [...notices, BETWEEN]);
  const other = spikeModel(features, finiteDimension!, withNorms(leading ? "none" : "leading"));
  return { ...main, other, leading };
}

const BETWEEN =
  "after several steps on finite batches the row norms are known to leading order in 1/α_t: the truth lies between rowNormValues.without and rowNormValues.leading";

function givenSpikes(description: SpikesInDirections): DescribedModel {
  const { spikes, alignment, specialCovariance, zetaBasis } = description;
  const [K, q, m] = [spikes.length, spikes[0]!.length, alignment[0]!.length];
  const target = multiIndexTarget(description.target);
  requireShape("spikes", spikes, K, q);
  requireShape("alignment", alignment, q, m);
  if (m > target.directions) {
    throw new ParameterError(
      "alignment",
      alignment,
      `rows of at most ${target.directions} entries, the x's that the target names`,
    );
  }
  if (m < target.directions) {
    throw new ParameterError(
      "alignment",
      alignment,
      `rows of ${target.directions} entries, one per x that the target names`,
    );
  }
  const fractions = checkReadout(new Array<number>(K).fill(1), description.readoutFractions).fractions;
  const c = description.bulkVariance!;
  const variances = typeof c === "number" ? new Array<number>(K).fill(c) : c;
  if (variances.length !== K)
    throw new ParameterError("bulkVariance", c, `one number, or one per row of spikes (${K})`);
  const rest = zetaBasis ?? defaultBasis(alignment);
  const width = rest[0]?.length ?? 0;
  if (zetaBasis) requireBasis(alignment, zetaBasis);
  const features: SpikedFeatures = {
    student: activation(description.student, "student"),
    target,
    labelNoise: description.labelNoise!,
    fractions,
    R: spikes.map((row) => [...row, ...new Array<number>(width).fill(0)]),
    tau: variances.map(Math.sqrt),
    theta: Array.from({ length: m }, (_, i) => [...alignment.map((row) => row[i]!), ...rest[i]!]),
  };
  if (!specialCovariance) return described(features, description.finiteDimension!, isotropicSources(features), []);
  if (width > 0 && !zetaBasis) {
    throw new ParameterError("zetaBasis", undefined, "required with specialCovariance, to say which ζ it speaks of");
  }
  if (specialCovariance.length !== K) {
    throw new ParameterError("specialCovariance", specialCovariance, `one matrix per row of spikes (${K})`);
  }
  const J = specialCovariance.map((matrix, k) => ({ direct: cholesky(matrix, q + width, k) }));
  return described(features, description.finiteDimension!, independentSources(features, J), []);
}

function requireShape(name: string, rows: Rows, count: number, width: number): void {
  if (rows.length !== count || rows.some((row) => row.length !== width)) {
    throw new ParameterError(name, rows, `${count} rows of ${width} numbers`);
  }
}

const ORTHONORMAL = 1e-9;

/** L = E diag(ρ) from I − ΓᵀΓ, which has to be a covariance. */
function defaultBasis(alignment: Rows): number[][] {
  const m = alignment[0]!.length;
  const { values, vectors } = symmetricEigen(remainder(alignment));
  if (values[0]! < -ORTHONORMAL) {
    throw new ParameterError("alignment", alignment, "overlaps of orthonormal directions: ΓᵀΓ ≤ 1");
  }
  const kept = values.map((_, b) => b).filter((b) => values[b]! > 1e-12);
  return Array.from({ length: m }, (_, i) => kept.map((b) => vectors[b]![i]! * Math.sqrt(values[b]!)));
}

function remainder(alignment: Rows): number[][] {
  const m = alignment[0]!.length;
  return Array.from({ length: m }, (_, i) =>
    Array.from({ length: m }, (_, j) => (i === j ? 1 : 0) - alignment.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
  );
}

function requireBasis(alignment: Rows, basis: Rows): void {
  const wanted = remainder(alignment);
  const fits =
    basis.length === wanted.length &&
    wanted.every((row, i) => row.every((value, j) => Math.abs(value - dot(basis[i]!, basis[j]!)) < ORTHONORMAL));
  if (!fits) throw new ParameterError("zetaBasis", basis, "L with L Lᵀ = I − ΓᵀΓ, one row per direction of the target");
}

function cholesky(matrix: Rows, size: number, k: number): number[][] {
  const name = `specialCovariance[${k}]`;
  requireShape(name, matrix, size, size);
  const factor = matrix.map((row) => row.map(() => 0));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      if (Math.abs(matrix[i]![j]! - matrix[j]![i]!) > ORTHONORMAL * (1 + Math.abs(matrix[i]![j]!))) {
        throw new ParameterError(name, matrix, "a symmetric matrix");
      }
      const rest = matrix[i]![j]! - dot(factor[i]!.slice(0, j), factor[j]!.slice(0, j));
      if (i === j && !(rest > 0)) throw new ParameterError(name, matrix, "a positive definite matrix");
      factor[i]![j] = i === j ? Math.sqrt(rest) : rest / factor[j]![j]!;
    }
  }
  return factor;
}
