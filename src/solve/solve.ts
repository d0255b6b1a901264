import { lossSolver } from "../convex/solve.ts";
import type { SolvedLoss } from "../convex/sensitivity.ts";
import type { LossResult, LossSolution } from "../convex/solution.ts";
import type { LabelsByNoise } from "../convex/variedLabels.ts";
import { checkFlips, checkLabels, resolveLoss } from "../loss/lossInput.ts";
import type { Model } from "../model/model.ts";
import { legalParameters } from "../parameters/legal.ts";
import { withSignReadout } from "../model/signLabels.ts";
import type {
  AnyDescription,
  LossDescription,
  LossParameters,
  ModelDescription,
  ModelParameters,
} from "../parameters/description.ts";
import { PARAMETERS } from "../parameters/table.ts";
import { featureModel } from "../model/featureModel.ts";
import { isMultiIndex, type MultiIndexDescription } from "../multiIndex/description.ts";
import { type MultiIndexResult, type MultiIndexSolution, multiIndexSolver } from "../multiIndex/solver.ts";
import type { SolvedState } from "../ridge/gridSolver.ts";
import type { RidgePoint } from "../ridge/limits.ts";
import { checkPoint, type RidgeResult, type RidgeSolution } from "../ridge/solution.ts";
import { type StatefulOptions, statefulSolver } from "../ridge/solve.ts";
import { solutionOf } from "../ridge/solveProblem.ts";

/** Solves the points of a model. */
interface DescribedSolver {
  /** Of the square loss: the step with which to begin for the grid of a similar model. */
  readonly step?: number | undefined;
  readonly solve: (point: RidgePoint) => RidgeResult | LossResult;
  /** Of the square loss: the state of the last solution. */
  readonly state?: () => SolvedState;
  /** Of the others: the last solution. */
  readonly solved?: () => SolvedLoss | undefined;
  /** Their labels by the variance of the noise. */
  readonly labelsBy?: LabelsByNoise;
}

/**
 * The solver of a description's loss on its model: the direct one for the square. Its points have to be legal.
 *
 * @param options of the square loss
 * @throws ParameterError for an illegal loss, labels or flips
 */
export function describedSolver(
  model: Model,
  description: ModelParameters & LossParameters,
  options: StatefulOptions = { finiteSize: true },
): DescribedSolver {
  const { loss = "square", labelFlips, labelNoise } = description;
  const resolved = resolveLoss(loss);
  checkLabels(description, resolved);
  checkFlips(labelFlips, resolved, description);
  if (loss === "square") return statefulSolver(model, options);
  const law = {
    ...description,
    labelNoise: labelNoise ?? PARAMETERS.labelNoise.default,
    labelFlips: labelFlips ?? PARAMETERS.labelFlips.default,
  };
  const margin = resolved.kind === "margin";
  const solver = lossSolver(margin ? withSignReadout(model, law) : model, resolved);
  const labelsBy = (noise: number) => {
    const varied = featureModel({ ...description, labelNoise: noise });
    return (margin ? withSignReadout(varied, { ...law, labelNoise: noise }) : varied).labels;
  };
  return {
    solve: (point) => solver.solve(point),
    solved: () => solver.solved(),
    labelsBy,
  };
}

/**
 * Solves one point of a model like {@link solve} and returns how the solver ended, without throwing for an unconverged
 * point.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @example
 * const result = trySolve({
 *   model: "spikedRandomFeatures", student: "tanh", target: "tanh", spikeStrength: 3, alignment: 0.5,
 *   sampleRatio: 0.5, widthRatio: 1, ridge: 0.01,
 * });
 * result.status === "converged" ? result.testError.toFixed(6) : result.detail; // "0.401237"
 */
export function trySolve(description: ModelDescription): RidgeResult;
export function trySolve(description: LossDescription): LossResult;
export function trySolve(description: AnyDescription): RidgeResult | LossResult;
export function trySolve(description: MultiIndexDescription): MultiIndexResult;
export function trySolve(
  description: AnyDescription | MultiIndexDescription,
): RidgeResult | LossResult | MultiIndexResult;
export function trySolve(
  description: AnyDescription | MultiIndexDescription,
): RidgeResult | LossResult | MultiIndexResult {
  if (isMultiIndex(description)) return multiIndexSolver(description).solve(checkPoint(description));
  legalParameters(description);
  const point = checkPoint(description);
  return describedSolver(featureModel(description), description).solve(point);
}

/**
 * Errors, objective and overlaps of the readout trained on the features of a model in the proportional limit: by ridge
 * regression (theory §4–§5), or with another `loss` (convexLosses), which gives its test and training loss, and
 * classification or square errors.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if the saddle point was not found, or is at infinity
 * @example
 * const { testError } = solve({
 *   model: "spikedRandomFeatures", student: "tanh", target: "sin",
 *   spikeStrength: 1.5, bulkVariance: 1.3, alignment: 0.8, labelNoise: 0.05,
 *   sampleRatio: 1, widthRatio: 0.5, ridge: 0.01,
 * });
 * testError.toFixed(9); // "0.339273057"
 * @example
 * const classified = solve({
 *   model: "spikedRandomFeatures", student: "tanh", target: "sign",
 *   spikeStrength: 1.5, bulkVariance: 1.3, alignment: 0.9,
 *   sampleRatio: 2, widthRatio: 1, ridge: 0.1, loss: "logistic",
 * });
 * classified.testLoss.toFixed(6); // "0.280678"
 */
export function solve(description: ModelDescription): RidgeSolution;
export function solve(description: LossDescription): LossSolution;
export function solve(description: AnyDescription): RidgeSolution | LossSolution;
export function solve(description: MultiIndexDescription): MultiIndexSolution;
export function solve(
  description: AnyDescription | MultiIndexDescription,
): RidgeSolution | LossSolution | MultiIndexSolution {
  if (isMultiIndex(description)) return solutionOf(trySolve(description), description);
  return solutionOf(trySolve(description), description);
}
