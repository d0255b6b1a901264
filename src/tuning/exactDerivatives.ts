import { lossSensitivities } from "../convex/sensitivity.ts";
import { effectiveRidge } from "../covariates/effectiveRidge.ts";
import { type ConvexSolver, convexSolver } from "../covariates/convexCovariates.ts";
import { convexSensitivity } from "../covariates/convexSensitivity.ts";
import { isConvex } from "../covariates/solve.ts";
import { covariateSensitivity } from "../covariates/sensitivity.ts";
import type { ConvexCovariates, GaussianCovariates, StructuredRandomFeatures } from "../covariates/description.ts";
import { covariateSolver, type CovariateSolver } from "../covariates/solveCovariates.ts";
import { isCovariateDescription } from "../curve/solve.ts";
import type { EveryDescription } from "../curve/sweep.ts";
import type { LossDescription, ModelDescription } from "../model/description.ts";
import { isMultiIndex } from "../multiIndex/description.ts";
import type { SweptName } from "../parameters/table.ts";
import type { SolvedState } from "../ridge/gridSolver.ts";
import { type PointDirection, sensitivity } from "../ridge/sensitivity.ts";
import type { RidgeSolution } from "../ridge/solution.ts";
import { modelSolvers, type ModelSolvers } from "../solve/modelSolver.ts";
import { recent } from "../solve/recent.ts";
import { lossEstimates } from "./lossEstimates.ts";
import { type Derivative, numbersOf, type PointDerivatives } from "./numbersOf.ts";

/** Derivatives by a parameter, by formula; undefined where there is none. */
export type ExactDerivatives = (name: SweptName) => PointDerivatives | undefined;

/**
 * Derivatives by the implicit function theorem of a description that is legal: by α, β, λ and label noise that no step has used, of
 * features in isotropic rows or those of one gradient step, and by n, λ and label noise on features of any covariance, for any loss.
 */
export function exactDerivatives(description: EveryDescription): ExactDerivatives {
  return derivativeFormulas()(description);
}

/** Coordinates of a point of covariates. */
const POINT = ["samples", "ridge"];

interface CovariateSolvers {
  readonly ridge: typeof covariateSolver;
  readonly convex: typeof convexSolver;
}

/** The same for one description after another, which share their model. */
export function derivativeFormulas(): (description: EveryDescription) => ExactDerivatives {
  const networks = modelSolvers();
  const covariates = {
    ridge: recent(covariateSolver, { point: POINT }),
    convex: recent(convexSolver, { point: POINT }),
  };
  return (description) => formulasOf(description, networks, covariates);
}

function formulasOf(
  description: EveryDescription,
  networks: ModelSolvers,
  covariates: CovariateSolvers,
): ExactDerivatives {
  if (isCovariateDescription(description)) {
    if (description.model === "structuredGradientStep") return () => undefined;
    if (description.model === "gaussianCovariates" && isConvex(description)) {
      return ofConvexCovariates(description, covariates.convex(description));
    }
    return ofCovariates(description, covariates.ridge(description));
  }
  const { loss = "square" } = description as { readonly loss?: unknown };
  if (isMultiIndex(description)) return () => undefined;
  if (loss !== "square") return ofLosses(description as LossDescription, networks);
  return ofFeatures(description as ModelDescription, networks);
}

/** Models in whose statistics the noise of the labels has no part: the others make a step with it. */
const NOISE_IS_ADDED: readonly string[] = ["randomFeatures", "spikedRandomFeatures", "smallRate", "powerChannels"];
/** Ridges that the solver represents as they are. */
const [LEAST, MOST] = [1e-140, 1e140];

function ofFeatures(description: ModelDescription, networks: ModelSolvers): ExactDerivatives {
  const { ridge, widthRatio } = description;
  const { model, solve, state } = networks(description);
  const solution = solve(description);
  const represented = ridge === 0 || (ridge > LEAST && ridge < MOST);
  if (solution.status !== "converged" || !state || model.labels.signs || !represented) return () => undefined;
  const solved = state();
  if (isStandIn(solved, description)) return () => undefined;
  return (name) => {
    const direction = directionOf(name, description);
    const moved = direction && sensitivity(solved, direction);
    if (!moved) return undefined;
    const { overlaps } = moved;
    const Q2 = widthRatio === Infinity ? overlaps.Q2.map(() => 0) : overlaps.Q2;
    const changes = { ...moved, overlaps: { ...overlaps, Q2 }, linearBaseline: direction.labelNoise };
    return withErrors({ ...solution, linearBaseline: 0 }, changes, moved, description[name as keyof PointDirection]);
  };
}

/** Whether the solver put a tiny ridge where there is none. */
function isStandIn({ point }: SolvedState, { ridge, sampleRatio }: ModelDescription): boolean {
  return point.delta === 1 && point.ridge !== 0 && (ridge === 0 || sampleRatio === Infinity);
}

const NO_DIRECTION: PointDirection = { sampleRatio: 0, widthRatio: 0, ridge: 0, labelNoise: 0 };

function directionOf(name: SweptName, { model }: Pick<ModelDescription, "model">): PointDirection | undefined {
  if (!(name in NO_DIRECTION) || (name === "labelNoise" && !NOISE_IS_ADDED.includes(model))) return undefined;
  return { ...NO_DIRECTION, [name]: 1 };
}

function ofLosses(description: LossDescription, networks: ModelSolvers): ExactDerivatives {
  const { solve, solved, labelsBy } = networks(description);
  const solution = solve(description);
  const last = solution.status === "converged" ? solved?.() : undefined;
  if (!last) return () => undefined;
  const found = lossSensitivities(last, labelsBy);
  const values = numbersOf(solution);
  const { widthRatio } = description;
  return (name) => {
    const direction = directionOf(name, description);
    const changes = direction && found(direction);
    if (!changes) return undefined;
    // On one set of nodes alone nothing tells what they leave.
    const unresolved = changes.length > 1 ? 0 : UNCHECKED;
    const estimates = lossEstimates(changes, values, unresolved);
    return widthRatio < Infinity ? estimates : withoutNorms(estimates);
  };
}

/** Relative error that nothing rules out: differences may be better. */
const UNCHECKED = 1e-6;

/** At β = ∞ all Q2 are 0. */
function withoutNorms(estimates: PointDerivatives): PointDerivatives {
  const entries = Object.entries(estimates).map(([name, item]): [string, Derivative] => [
    name,
    name.startsWith("Q2") ? { ...item, value: 0, error: 0 } : item,
  ]);
  return Object.fromEntries(entries);
}

/** Twice the change of an observable on the natural scale, beside 1: what an error of the solution does to its derivative. */
const STEEP = 2;

const implicit = (value: number, error: number): Derivative => ({ value, error, method: "implicit" });

const COEFFICIENT = /^(m|theta|nu|psi)\b/;

function withErrors(
  solution: RidgeSolution & { readonly linearBaseline: number },
  changes: object,
  { rate, error }: { readonly rate: number; readonly error: number },
  parameter = 0,
): PointDerivatives {
  const relative = error + solution.errorEstimate * (1 + STEEP * Math.abs(parameter) * rate);
  const values = numbersOf(solution);
  const { m, theta, nu, psi } = solution.overlaps;
  // Coefficients are rounded relatively to the largest of all.
  const largest = Math.max(0, ...[...m, ...theta, ...nu, ...psi].map(Math.abs));
  const result: Record<string, Derivative> = {};
  for (const [name, { value }] of numbersOf(changes)) {
    const own = Math.abs(values.get(name)?.value ?? 0);
    const size = COEFFICIENT.test(name) ? largest : own;
    if (values.has(name)) result[name] = implicit(value, relative * (Math.abs(value) + rate * size));
  }
  return result;
}

function ofCovariates(
  { samples, ridge, labelNoise = 0 }: GaussianCovariates | StructuredRandomFeatures,
  solver: CovariateSolver,
): ExactDerivatives {
  const parameters = { samples, ridge, labelNoise };
  const solution = solver.solve({ samples, ridge });
  if (solution.status !== "converged") return () => undefined;
  const solved = effectiveRidge(solver.model, samples, ridge * solver.ridgeUnit);
  return (name) => {
    if (!(name === "samples" || name === "ridge" || name === "labelNoise")) return undefined;
    const none = { samples: 0, ridge: 0, labelNoise: 0 };
    const moved = covariateSensitivity(solver.model, samples, solved, {
      ...none,
      [name]: name === "ridge" ? solver.ridgeUnit : 1,
    });
    if (!moved) return undefined;
    const { numbers, rate, normRounding } = moved;
    const own = "Q2" in solution ? { Q2: numbers.readoutNorm, effectiveDimension: 0 } : {};
    const relative = solution.errorEstimate * (1 + STEEP * Math.abs(parameters[name]) * rate);
    const values = numbersOf(solution);
    return Object.fromEntries(
      Object.entries({ ...numbers, ...own }).map(([key, value]): [string, Derivative] => {
        const rounding = key === "readoutNorm" || key === "Q2" ? normRounding : 0;
        const size = Math.abs(values.get(key)?.value ?? 0);
        return [key, implicit(value, rounding + relative * (Math.abs(value) + rate * size))];
      }),
    );
  };
}

function ofConvexCovariates(description: ConvexCovariates, solver: ConvexSolver): ExactDerivatives {
  const solution = solver.solve(description);
  const solved = solver.solved();
  if (solution.status !== "converged" || !solved) return () => undefined;
  const values = numbersOf(solution);
  return (name) => {
    if (!(name === "samples" || name === "ridge" || name === "labelNoise")) return undefined;
    const changes = convexSensitivity(solved, { samples: 0, ridge: 0, labelNoise: 0, [name]: 1 });
    return changes && lossEstimates(changes, values, 0);
  };
}
