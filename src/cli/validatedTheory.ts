import { samplesName, type TrialSizes } from "../compare/trialSizes.ts";
import type { LossResult } from "../convex/solution.ts";
import type { CovariateDescription } from "../covariates/description.ts";
import { anyCovariateSolver } from "../covariates/solve.ts";
import { flatRow } from "../curve/csv.ts";
import { type EveryDescription, rowSolver } from "../curve/sweep.ts";
import { ParameterError } from "../errors.ts";
import type { AnyDescription } from "../model/description.ts";
import { isMultiIndex } from "../multiIndex/description.ts";
import { multiIndexSolver, type MultiIndexResult } from "../multiIndex/solver.ts";
import type { RidgePoint } from "../ridge/limits.ts";
import type { RidgeResult } from "../ridge/solution.ts";
import { solutionOf } from "../ridge/solveProblem.ts";
import { isCovariates, type SimulatedDescription, type SimulatedQuantity, specify } from "../simulation/index.ts";
import { needsPairs } from "../simulation/quantities.ts";
import { SIMULATED_STATISTICS } from "../simulation/trialStatistics.ts";
import { modelSolvers } from "../solve/modelSolver.ts";

/** What theory is asked for: quantities, networks of what sizes, and whether theory is of their size. */
export interface TheoryAsked {
  readonly quantities: readonly SimulatedQuantity[];
  readonly grid: TrialSizes;
  readonly dimension: number;
  readonly ownSize: boolean;
}

/** The solution at (α, λ) for networks of dimension d; undefined where there is none in the limit. */
type Theory = (sampleRatio: number, ridge: number, dimension: number) => object | undefined;

/** Quantities of a model at (α, λ) and d, NaN in a limit that there is not; each point is solved once. */
export function validatedTheory(description: SimulatedDescription, asked: TheoryAsked) {
  const solve = theoryOf(description, asked);
  const known = new Map<string, object | undefined>();
  return (sampleRatio: number, ridge: number, dimension: number, quantity: SimulatedQuantity): number => {
    const key = [sampleRatio, ridge, dimension].join();
    if (!known.has(key)) known.set(key, solve(sampleRatio, ridge, dimension));
    const solution = known.get(key);
    return solution ? valueOf(solution, quantity) : NaN;
  };
}

function theoryOf(description: SimulatedDescription, asked: TheoryAsked): Theory {
  if (isCovariates(description)) return covariateTheory(description, asked);
  if (isMultiIndex(description)) return sizedTheory(description, asked.ownSize, multiIndexSolver);
  return sizedTheory<AnyDescription>(description, asked.ownSize, solversFor(asked.quantities, description));
}

interface PointSolver {
  solve(point: RidgePoint): RidgeResult | LossResult | MultiIndexResult;
}

/** Solvers of a model's points, with the statistics of two predictors where a quantity is one of theirs. */
function solversFor(
  quantities: readonly SimulatedQuantity[],
  description: AnyDescription,
): (of: AnyDescription) => PointSolver {
  const statistics: readonly string[] = SIMULATED_STATISTICS;
  if (!quantities.some((name) => statistics.includes(name))) return modelSolvers();
  const solve = rowSolver({ statistics: quantities.some((name) => needsPairs(name, description)) });
  return () => ({ solve: (point) => solve(point as unknown as EveryDescription) as RidgeResult });
}

/** Of networks of dimension d: with F = d, or of one theory for every d. */
function sizedTheory<D extends RidgePoint>(
  description: D,
  ownSize: boolean,
  solverOf: (description: D) => PointSolver,
): Theory {
  const solvers = new Map<number, PointSolver>();
  return (sampleRatio, ridge, dimension) => {
    const finiteDimension = ownSize ? dimension : Infinity;
    const size = { ...description, ...(ownSize && { finiteDimension }) };
    const solver = solvers.get(finiteDimension) ?? solverOf(size);
    solvers.set(finiteDimension, solver);
    const result = solver.solve({ ...description, sampleRatio, ridge });
    // Finite networks may have a theory where its limit has none.
    if (ownSize && dimension === Infinity && result.status !== "converged") return undefined;
    return solutionOf(result, { sampleRatio, ridge });
  };
}

/** Of features or inputs of a given covariance, whose theory has no size of its own. */
function covariateTheory(description: CovariateDescription, { grid, dimension }: TheoryAsked): Theory {
  const { sampleRatios } = specify(description, { ...grid, dimension });
  const asked = grid.samples ?? sampleRatios;
  const solver = anyCovariateSolver(description);
  return (sampleRatio, ridge) => {
    const samples = asked[sampleRatios.indexOf(sampleRatio)]!;
    const point = { ...description, [samplesName(description)]: samples, ridge };
    return solutionOf(solver.solve(point), point);
  };
}

/** @throws ParameterError where theory does not have it */
function valueOf(solution: object, quantity: SimulatedQuantity): number {
  const value = flatRow(solution)[quantity];
  if (typeof value === "number") return value;
  throw new ParameterError("quantity", quantity, "one that theory has of this model");
}
