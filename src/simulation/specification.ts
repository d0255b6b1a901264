import { activation, type ActivationInput } from "../activation/activation.ts";
import { ParameterError, requireDescription, requireFields } from "../errors.ts";
import type { ConvexLoss } from "../loss/convexLoss.ts";
import { checkFlips, checkLabels, resolveLoss } from "../loss/lossInput.ts";
import type { AnyDescription, LossInput, ModelDescription } from "../model/description.ts";
import type { CovariateDescription } from "../covariates/description.ts";
import { checkTeacher, hasSigns, isSignTarget, type OutlierParameters } from "../parameters/labels.ts";
import { isCovariateName } from "../parameters/models.ts";
import { isMultiIndex, legalMultiIndex, type MultiIndexDescription } from "../multiIndex/description.ts";
import { POINT_PARAMETERS } from "../parameters/table.ts";
import { checkMembers } from "../statistics/ensembles.ts";
import type { TargetInput } from "../target/multiIndexTarget.ts";
import { covariateTrials } from "./covariates.ts";
import { directionsLaw } from "./directionsLaw.ts";
import type { InputLaw, SignLaw } from "./inputLaw.ts";
import { requireCount, requireFinite, requireSome, size } from "./checks.ts";
import { validateSeed } from "./randomStreams.ts";
import { readoutGroups, weightLaw, type Groups, type WeightLaw } from "./weightLaw.ts";

/**
 * Everything that determines the trials, as plain data: two runs with equal specifications draw the same numbers. Sizes are exact
 * integers: n = round(α d), p = round(β d), n₀ = round(α₀ d).
 */
export interface SimulationSpecification {
  readonly student: ActivationInput;
  readonly target: TargetInput;
  readonly labelNoise: number;
  /** Absent for ridge regression on numbers. */
  readonly loss?: LossInput;
  /** Probability that a sign label is flipped; absent for 0. */
  readonly labelFlips?: number;
  /** Labels ±1 of a field; absent for the signs or numbers of θᵀx and the target. */
  readonly signs?: SignLaw;
  /** A share of real labels whose noise has another variance. */
  readonly outliers?: { readonly share: number; readonly variance: number };
  /** Inputs that are not white. */
  readonly inputs?: InputLaw;
  readonly weights: WeightLaw;
  readonly groups: Groups;
  readonly dimension: number;
  readonly width: number;
  /** α of each point, in the order asked for. */
  readonly sampleRatios: readonly number[];
  /** λ of each point. */
  readonly ridges: readonly number[];
  readonly testSamples: number;
  readonly seed: number;
  /** Pairs of networks, too; absent for trials of one network. */
  readonly statistics?: true;
}

/** Sizes and sweep of a simulation. */
export interface SimulationGrid {
  /** α values; default the description's `sampleRatio`. One pass over the largest training set serves them all. */
  readonly sampleRatios?: readonly number[];
  /** n values of a model that has `samples`, instead of α; default the description's. */
  readonly samples?: readonly number[];
  /** λ values; default the description's `ridge`. */
  readonly ridges?: readonly number[];
  /** Dimension d ≥ 2. */
  readonly dimension: number;
  /** Size of each trial's own test set; default 5000. */
  readonly testSamples?: number;
  /** Integer in [0, 2⁵³); default 0. */
  readonly seed?: number;
  /** Whether pairs of networks are trained, too, for bias, variances and ensembles (statistics §3); default false. */
  readonly statistics?: boolean;
  /** The same with the square errors of means of M networks, for every M ≥ 1 of a list, Infinity among them. */
  readonly ensemble?: readonly number[];
}

/**
 * Checks a model description and a grid and fills in every default.
 *
 * @throws ParameterError for illegal values, and for what no finite network realises: α = ∞, α₀ = ∞, a power-channel model.
 *
 * @example
 * ```ts
 * import { specify } from "replica-theory/simulation";
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1.5, ridge: 0.1 };
 * const { width, sampleRatios, testSamples } = specify(model, { dimension: 20 });
 * console.log(width, sampleRatios, testSamples); // 30 [ 2 ] 5000
 * ```
 */
export function specify(description: SimulatedDescription, grid: SimulationGrid): SimulationSpecification {
  requireFields("options", grid, [], "an object with dimension, and sampleRatios or samples");
  const { dimension, testSamples = 5000, seed = 0 } = grid;
  requireCount("dimension", dimension, 2);
  requireCount("testSamples", testSamples, 1);
  validateSeed(seed);
  const statistics = statisticsOf(description, grid);
  if (isCovariates(description)) return specifyCovariates(description, { ...grid, testSamples, seed });
  if (grid.samples !== undefined) throw new ParameterError("samples", grid.samples, "sampleRatios for this model");
  if (isMultiIndex(description)) return specifySeveral(description, { ...grid, testSamples, seed });
  const { widthRatio, labelNoise = 0, student, target } = description;
  requireFinite("labelNoise", labelNoise, 0);
  validateActivations(description);
  const width = size("widthRatio", widthRatio, dimension);
  const sampleRatios = grid.sampleRatios ?? [description.sampleRatio];
  const ridges = grid.ridges ?? [description.ridge];
  requireSome("sampleRatios", sampleRatios, (alpha) => size("sampleRatio", alpha, dimension));
  requireSome("ridges", ridges, (lambda) => requireFinite("ridge", lambda, 0));
  // The weights do not depend on the loss.
  const model = description as ModelDescription;
  const groups = readoutGroups(model, width);
  const weights = weightLaw(model, dimension, groups);
  const lists = { sampleRatios: [...sampleRatios], ridges: [...ridges] };
  const loss = { ...lossOf(description, ridges), ...outliersOf(description) };
  const sizes = { dimension, width, ...lists, testSamples, seed };
  return { student, target, labelNoise, ...loss, weights, groups, ...sizes, ...statistics };
}

/** Pairs of networks where they are asked for. @throws ParameterError for models and losses that have none (statistics §8) */
function statisticsOf(description: SimulatedDescription, grid: SimulationGrid): { statistics?: true } {
  const { ensemble, statistics = ensemble !== undefined } = grid;
  if (typeof statistics !== "boolean") throw new ParameterError("statistics", statistics, "true or false");
  if (ensemble !== undefined) checkMembers(ensemble);
  if (!statistics && ensemble !== undefined) {
    throw new ParameterError("ensemble", ensemble, "left out without statistics");
  }
  if (!statistics) return {};
  if (isCovariates(description) || isMultiIndex(description)) {
    throw new ParameterError("model", description.model, "one with a single direction of the spike and the target");
  }
  const { loss = "square" } = description as { readonly loss?: unknown };
  if (loss !== "square") throw new ParameterError("loss", loss, '"square" for statistics of several predictors');
  return { statistics: true };
}

/** A model of which finite networks can be drawn. */
export type SimulatedDescription = AnyDescription | CovariateDescription | MultiIndexDescription;

/**
 * Whether a model is one of any covariance, whose trials have inputs or features of that covariance.
 *
 * @example
 * ```ts
 * import { isCovariates } from "replica-theory/simulation";
 * console.log(isCovariates({ model: "gaussianCovariates", eigenvalues: [1], signal: [1], samples: 2, ridge: 1 })); // true
 * ```
 */
export function isCovariates(description: SimulatedDescription): description is CovariateDescription {
  requireDescription(description);
  return isCovariateName(description.model);
}

/** A target of several directions, spikes in several, or several steps. */
function specifySeveral(
  description: MultiIndexDescription,
  grid: SimulationGrid & { readonly testSamples: number; readonly seed: number },
): SimulationSpecification {
  const { dimension, testSamples, seed } = grid;
  const { sampleRatios = [description.sampleRatio], ridges = [description.ridge] } = grid;
  const { student, target, labelNoise = 0, widthRatio } = legalMultiIndex(description, POINT_PARAMETERS);
  const width = size("widthRatio", widthRatio, dimension);
  requireSome("sampleRatios", sampleRatios, (alpha) => size("sampleRatio", alpha, dimension));
  requireSome("ridges", ridges, (lambda) => requireFinite("ridge", lambda, 0));
  const groups = readoutGroups(description, width);
  const weights = directionsLaw(description, dimension, groups);
  const lists = { sampleRatios: [...sampleRatios], ridges: [...ridges] };
  return { student, target, labelNoise, weights, groups, dimension, width, ...lists, testSamples, seed };
}

function specifyCovariates(
  description: CovariateDescription,
  grid: SimulationGrid & { readonly testSamples: number; readonly seed: number },
): SimulationSpecification {
  const { dimension, testSamples, seed } = grid;
  const [name, other] = description.model === "structuredGradientStep" ? RATIOS : COUNTS;
  if (grid[other] !== undefined) throw new ParameterError(other, grid[other], `${name} for this model`);
  const own = "samples" in description ? description.samples : description.sampleRatio;
  const { width, ...trials } = covariateTrials(description, dimension, grid[name] ?? [own]);
  const ridges = grid.ridges ?? [description.ridge];
  const { loss } = trials;
  requireSome("ridges", ridges, (lambda) => requireFinite("ridge", lambda, 0));
  const zero = loss === undefined ? undefined : ridges.find((ridge) => !(ridge > 0));
  if (zero !== undefined) throw new ParameterError("ridge", zero, "> 0 for a readout with a teacher");
  const groups = { values: [1], counts: [width] };
  return { ...trials, width, groups, dimension, ridges: [...ridges], testSamples, seed };
}

/** The grid's name of the samples of a model, and the one that it does not have. */
const RATIOS = ["sampleRatios", "samples"] as const;
const COUNTS = ["samples", "sampleRatios"] as const;

/** The loss and the law of the labels, as far as they are not those of ridge regression on numbers. */
function lossOf(description: AnyDescription, ridges: readonly number[]) {
  const { loss = "square" } = description;
  const resolved = resolveLoss(loss);
  checkLabels(description, resolved);
  checkTeacher(description);
  const labelFlips = checkFlips(description.labelFlips, resolved, description);
  const signs = signLawOf(description, resolved);
  const labels = { ...(labelFlips > 0 && { labelFlips }), ...(signs && { signs }) };
  if (loss === "square") return labels;
  const zero = ridges.find((ridge) => !(ridge > 0));
  if (zero !== undefined) throw new ParameterError("ridge", zero, `> 0 for the loss "${resolved.name}"`);
  return { loss, ...labels };
}

function outliersOf(description: AnyDescription): Pick<SimulationSpecification, "outliers"> {
  const { outlierShare: share = 0, outlierVariance: variance = 0 } = description as OutlierParameters;
  return share > 0 ? { outliers: { share, variance } } : {};
}

/** Labels ±1 of the target; losses of margins have those of θᵀx where the target is a sign. */
function signLawOf(description: AnyDescription, { kind }: ConvexLoss): SignLaw | undefined {
  const { target, teacher, teacherShift: shift = 0, logisticScale = 1, model } = description;
  const explicit = hasSigns(description);
  if (!explicit && (kind === "residual" || isSignTarget(target))) return undefined;
  return {
    ...{ shift, ofTarget: true },
    ...(teacher === "logistic" && { logisticScale }),
    ...(explicit && model === "trainedNetwork" && { inStep: true }),
  };
}

/** A student with jumps cannot take a gradient step. */
function validateActivations({ student, target, model }: AnyDescription): void {
  activation(target, "target");
  const { jumps } = activation(student, "student");
  if (model === "trainedNetwork" && jumps.length > 0) {
    throw new ParameterError("student", student, "a function without jumps, for a gradient step");
  }
}

/** n = round(α d). */
export function sampleCount(specification: SimulationSpecification, sampleRatio: number): number {
  return Math.round(sampleRatio * specification.dimension);
}
