/** Bias, variance, ensembles and classification of ridge regression (statistics.md), on top of a solved point. */
import type { ActivationInput } from "../activation/activation.ts";
import { signOf, type SignMean, stepsOf } from "../activation/signs.ts";
import { ConvergenceError, ParameterError, requireDescription } from "../errors.ts";
import { squareLoss } from "../loss/convexLoss.ts";
import { checkFlips } from "../loss/lossInput.ts";
import { featureModel } from "../model/featureModel.ts";
import type { Model } from "../model/model.ts";
import { dot } from "../numerics/linearAlgebra.ts";
import type { AnyDescription, ModelDescription, ModelParameters } from "../parameters/description.ts";
import { legalParameters, refuseUnknown } from "../parameters/legal.ts";
import type { SolvedState } from "../ridge/gridSolver.ts";
import { checkPoint, type RidgeSolution } from "../ridge/solution.ts";
import { statefulSolver } from "../ridge/solve.ts";
import { solutionOf } from "../ridge/solveProblem.ts";
import { type Decomposition, decomposition, type PairErrors, type PairName, PAIRS, PARTS } from "./decomposition.ts";
import {
  checkMembers,
  type EnsembleErrors,
  type EnsembleKind,
  ENSEMBLES,
  type Ensembles,
  ofEnsemble,
} from "./ensembles.ts";
import { errorRates } from "./errorRates.ts";
import { type FreshDirections, freshDirections } from "./freshDirections.ts";
import { pairError, pairNorms } from "./pairs.ts";

/**
 * Errors of ridge regression with the split of the test error into bias and variances, errors of ensembles, and error rates of the
 * sign (Adlam & Pennington 2020 for the split; statistics §2–§5). Two predictors share the spike's direction, and
 *
 *   E[(y − f)(y − f′)],  biasSquared + Σ variances + E n = testError,  E(y − f̄)² = R/M + (1 − 1/M)R₁₂ for the mean of M.
 *
 * All numbers are dimensionless; square errors have the unit of y² and an absolute error of at most errorEstimate·testError.
 *
 * @param options `ensemble`: numbers M ≥ 1 of predictors, Infinity among them, whose means are wanted, too: `ensembles`
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if the fixed point was not found
 * @example
 * const { testError, biasSquared, varianceWeights, classificationError } = statistics({
 *   model: "spikedRandomFeatures", student: "tanh", target: "sin",
 *   spikeStrength: 1.5, bulkVariance: 1.3, alignment: 0.8, labelNoise: 0.05,
 *   sampleRatio: 1, widthRatio: 0.5, ridge: 0.01,
 * });
 * [testError, biasSquared, varianceWeights, classificationError].map((x) => x.toFixed(6)); // ["0.339273", "0.089867", "0.032272", "0.227004"]
 */
export function statistics(
  description: ModelDescription,
  options: { readonly ensemble?: readonly number[] } = {},
): RidgeSolution & Statistics {
  refuseUnknown(options, ["ensemble"], "no option of statistics");
  const members = options.ensemble === undefined ? [] : checkMembers(options.ensemble);
  const solved = solvedForStatistics(description);
  return { ...solved.solution, ...statisticsOf(solved, members) };
}

function solvedForStatistics(description: ModelDescription): SolvedForStatistics {
  requireDescription(description);
  const { loss = "square", labels, labelFlips, teacher }: AnyDescription = description as AnyDescription;
  if (loss !== "square") throw new ParameterError("loss", loss, '"square" for statistics of several predictors');
  checkFlips(labelFlips, squareLoss, { labels, teacher });
  legalParameters(description);
  const model = featureModel(description);
  const solver = statefulSolver(model, { finiteSize: true });
  const solution = solutionOf(solver.solve(checkPoint(description)), description);
  return { model, description, solution, state: solver.state() };
}

/** Everything of statistics.md at one point; absolute errors of the square errors are at most errorEstimate·testError. */
export interface Statistics extends PairErrors, Decomposition {
  /** P(y f < 0); for real labels, that f has another sign than the target. */
  readonly classificationError: number;
  /** Absolute, of every error rate. */
  readonly classificationErrorEstimate: number;
  /** The mean of two predictors. */
  readonly ensembleOfTwo: Readonly<Record<EnsembleKind, EnsembleErrors>>;
  /** Error rates of the mean of infinitely many, whose square errors are those of the pairs. */
  readonly averagedClassificationError: Readonly<Record<EnsembleKind, number>>;
  /** The means of as many predictors as are asked for. */
  readonly ensembles?: Ensembles;
  /** 1/g for K = 1 and isotropic rows: the ridge at which kernel regression is the average over W (kernel law). */
  readonly kernelRidge?: number;
  /** E[(y − f)(y − f′)] with independent spike directions (statistics §4), for K = 1. */
  readonly freshSpike?: number;
  readonly freshSpikeSameSamples?: number;
  /** The same of a trained network: with independent data of the step. */
  readonly freshStep?: number;
  readonly freshStepSameSamples?: number;
}

/** Names of columns that statistics add to the rows of a curve. */
export const STATISTICS_COLUMNS: readonly (keyof Statistics)[] = [
  "variance",
  ...PARTS,
  ...(["sameWeightsFreshNoise", "sameWeightsFreshSamples", "freshWeightsSameSamples"] as const),
  ...(["freshWeightsFreshNoise", "freshBoth", "freshSpike", "freshSpikeSameSamples"] as const),
  ...(["freshStep", "freshStepSameSamples", "kernelRidge", "classificationError"] as const),
  ...(["ensembleOfTwo", "averagedClassificationError", "ensembles"] as const),
];

/** Whether a number is one of statistics: a column, or within one, as ensembleOfTwo.freshBoth.testError. */
export function isStatistic(name: string): boolean {
  return STATISTICS_COLUMNS.some((column) => name === column || name.startsWith(`${column}.`));
}

/** A solved point with what its statistics need. */
export interface SolvedForStatistics {
  readonly model: Model;
  readonly description: ModelParameters;
  readonly solution: RidgeSolution;
  readonly state: SolvedState;
}

/**
 * @param members of further ensembles
 * @throws ParameterError for a model that has no such theory
 * @throws ConvergenceError where the response of two predictors is singular
 */
export function statisticsOf(solved: SolvedForStatistics, members: readonly number[] = []): Statistics {
  const { state, solution } = solved;
  const all = normsOfPairs(solved);
  const { testError: R } = solution;
  const crossed = Object.fromEntries(
    PAIR_NAMES.filter((name) => name !== "testError").map((name) => [name, pairError(state, all[name]).value]),
  ) as Record<Exclude<PairName, "testError">, number>;
  const errors = { ...crossed, testError: R };
  const { weights, target } = state.table;
  const parts = decomposition(errors, dot(weights, target.noise));
  const wanted = [2, Infinity, ...members];
  const norms = ENSEMBLES.flatMap((kind) =>
    wanted.map((M) => all.testError.map((own, a) => ofEnsemble(own, all[kind][a]!, M))),
  );
  const rates = ratesOf(solved, [all.testError, ...norms]);
  const ensembleOf = (i: number, at: number): EnsembleErrors => ({
    testError: ofEnsemble(R, errors[ENSEMBLES[i]!], wanted[at]!),
    classificationError: rates.values[1 + i * wanted.length + at]!,
  });
  const byKind = <T>(make: (i: number) => T) =>
    Object.fromEntries(ENSEMBLES.map((kind, i) => [kind, make(i)])) as Record<EnsembleKind, T>;
  return {
    ...crossed,
    ...parts,
    classificationError: rates.values[0]!,
    classificationErrorEstimate: rates.errorEstimate,
    ensembleOfTwo: byKind((i) => ensembleOf(i, 0)),
    averagedClassificationError: byKind((i) => ensembleOf(i, 1).classificationError),
    ...(members.length > 0 && {
      ensembles: byKind((i) => members.map((M, at) => ({ members: M, ...ensembleOf(i, 2 + at) }))),
    }),
    ...kernelRidge(solved),
    ...freshSpikes(solved, errors),
  };
}

/**
 * The classification error alone: P(y f < 0), or for real labels that f has another sign than the target, with its absolute error.
 *
 * @throws ParameterError for a model that has no such theory
 */
export function classificationOf(
  solved: SolvedForStatistics,
): Pick<Statistics, "classificationError" | "classificationErrorEstimate"> {
  requireOneDirection(solved);
  const { values, errorEstimate } = ratesOf(solved, [solved.state.norms]);
  return { classificationError: values[0]!, classificationErrorEstimate: errorEstimate };
}

const PAIR_NAMES = Object.keys(PAIRS) as readonly PairName[];

function normsOfPairs(solved: SolvedForStatistics): Record<PairName, Float64Array> {
  requireOneDirection(solved);
  const { state, description } = solved;
  if (!state.heldResponse) {
    throw new ParameterError("model", description.model, "one whose bulk has predictors with fresh weights");
  }
  return Object.fromEntries(
    PAIR_NAMES.map((name) => {
      const norms = pairNorms(state, PAIRS[name]);
      if (norms) return [name, norms];
      throw new ConvergenceError("diverged", `linear response of ${name} is singular`, Infinity, { ...description });
    }),
  ) as Record<PairName, Float64Array>;
}

function requireOneDirection({ model: { problem }, description }: SolvedForStatistics): void {
  if (problem.dimension === 1 && problem.targetDirections === 1) return;
  throw new ParameterError("model", description.model, "one with a single direction of the spike and the target");
}

function ratesOf({ state, model, description, solution }: SolvedForStatistics, norms: readonly Float64Array[]) {
  const uncertainty = { relative: solution.errorEstimate, risk: solution.testError };
  return errorRates(state, model.alignment, signMean(model, description.target), norms, uncertainty);
}

/** The sign that f is compared with: the label's, or that of the target where labels are real. */
function signMean({ labels: { signs } }: Model, given: ActivationInput): SignMean {
  return signs?.law ?? { kind: "steps", steps: stepsOf(signOf(given, "target")), noise: 0 };
}

function kernelRidge({ state, model, solution }: SolvedForStatistics): Pick<Statistics, "kernelRidge"> {
  if (model.stepModel || state.table.groups.length > 1) return {};
  return { kernelRidge: 1 / solution.overlaps.V2[0]! };
}

function freshSpikes({ state, model, description }: SolvedForStatistics, R: Readonly<Record<PairName, number>>) {
  const { problem, alignment, labels } = model;
  if (problem.groups.length > 1) return {};
  const network = description.model === "trainedNetwork";
  if (!network && problem.channels.some(({ kind }) => kind === "rowNorm")) return {};
  const fresh = alignedWithTarget(alignment, R) ?? freshDirections(state, alignment, labelGiven(labels));
  const { freshSamples, sameSamples } = fresh;
  return {
    ...(!model.stepModel && { freshSpike: freshSamples, freshSpikeSameSamples: sameSamples }),
    ...(network && { freshStep: freshSamples, freshStepSameSamples: sameSamples }),
  };
}

/** A spike along the target has no other direction. */
function alignedWithTarget(alignment: number, R: Readonly<Record<PairName, number>>) {
  if (Math.abs(alignment) !== 1) return undefined;
  return { freshSamples: R.freshBoth, sameSamples: R.freshWeightsSameSamples } satisfies Partial<FreshDirections>;
}

function labelGiven({ target, labelNoise, outliers, signs }: Model["labels"]) {
  // The variance of the noise of all labels, outliers and others.
  const whole = outliers ? labelNoise + outliers.share * (outliers.variance - labelNoise) : labelNoise;
  if (!signs) return { mean: target, noise: () => whole };
  const { mean } = signs;
  return { mean, noise: (t: number) => Math.max(0, 1 - mean.value(t) ** 2) };
}
