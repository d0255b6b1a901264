import { ParameterError, QuadratureError } from "../errors.ts";
import type { CovariateDescription } from "../covariates/description.ts";
import type { AnyCovariateSolution } from "../covariates/solve.ts";
import type { LossSolution } from "../convex/solution.ts";
import type { AnyDescription, LossDescription, ModelDescription } from "../model/description.ts";
import { baselinesOf } from "../observables/baselines.ts";
import type { RidgeFailure, RidgeSolution } from "../ridge/solution.ts";
import { modelOf } from "../parameters/legal.ts";
import { hasParameter, isModelParameter, SWEEP_PARAMETERS, type SweepParameter } from "../parameters/table.ts";
import { covariateSolvers } from "./covariateSolvers.ts";
import { meanRank } from "../ridge/finiteSize.ts";
import { modelSolvers } from "../solve/modelSolver.ts";
import { isCovariateDescription } from "./solve.ts";

/** Values of the swept parameters. */
export type Sweep = { readonly [P in SweepParameter]?: Iterable<number> };

/** A description in which whatever is swept may be left out. */
export type CurveDescription = WithOptional<ModelDescription>;
/** The same for another loss than the square. */
export type LossCurveDescription = WithOptional<LossDescription>;
/** The same for features or inputs of any covariance. */
export type CovariateCurveDescription = WithOptional<CovariateDescription>;
export type AnyCurveDescription = CurveDescription | LossCurveDescription;
type WithOptional<T> = T extends unknown
  ? Omit<T, SweepParameter> & Partial<Pick<T, Extract<keyof T, SweepParameter>>>
  : never;

/** Where a row is: α, β, λ, and every swept parameter. */
export type CurveParameters = Readonly<Partial<Record<SweepParameter, number>>>;

/** A solved point of a curve. */
export type SolvedRow = CurveParameters & RidgeSolution & { readonly linearBaseline: number } & Channels;
/** A solved point of a curve for another loss than the square. */
export type LossRow = CurveParameters & LossSolution & Channels;
/**
 * Along a parameter of the model itself: how many independent mean channels have no penalty. Between rows where this differs
 * the limit may jump.
 */
interface Channels {
  readonly meanChannels?: number;
}
/** A solved point of a curve of covariates. */
export type CovariateRow = CurveParameters & AnyCovariateSolution;
/** A point of a curve that failed, with its reason. */
export type FailedRow = CurveParameters & {
  readonly status: RidgeFailure["status"] | "error";
  readonly message: string;
};
/** A point of a curve: solved, or failed with its reason. */
export type CurveRow = SolvedRow | FailedRow;

/** What a curve runs over. */
export interface CurveOptions {
  readonly sweep: Sweep;
}

/** A description of any model, whatever is swept left out. */
export type EveryCurveDescription = AnyCurveDescription | CovariateCurveDescription;
/** A row of any model. */
export type EveryRow = CurveRow | LossRow | CovariateRow;

/**
 * A row for every combination of the swept values, warm-started along the curve, one at a time: parameters of the model
 * vary slowest, then those of the point, each in the order of `sweep`.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for what is illegal at every point
 */
export function* curveRows(description: EveryCurveDescription, { sweep }: CurveOptions): Generator<EveryRow> {
  const axes = checkSweep(description, sweep);
  const sweptModel = axes.some(({ name }) => isModelParameter(name));
  const solveRow = rowSolver(sweptModel);
  for (const swept of combinations(axes)) {
    yield solvedRow(solveRow, { ...description, ...swept } as EveryDescription, swept);
  }
}

/**
 * The row of one point of a curve: solved, or with the reason why not.
 *
 * @param swept the swept values among the description's: what is illegal for them alone does not end the curve
 * @throws ParameterError, ExpressionError, QuadratureError for what is illegal at every point
 */
export function solvedRow(solveRow: RowSolver, description: EveryDescription, swept: CurveParameters): EveryRow {
  const at: CurveParameters = { ...swept, ...pointOf(description) };
  try {
    const result = solveRow(description);
    if (result.status !== "converged") return { ...at, status: result.status, message: result.detail };
    return { ...at, ...result };
  } catch (error) {
    // A moment that does not exist for this model exists at no α, β or λ.
    const sweptModel = (Object.keys(swept) as SweepParameter[]).some(isModelParameter);
    const local =
      (error instanceof ParameterError && error.parameter in swept) || (error instanceof QuadratureError && sweptModel);
    if (!local) throw error;
    return { ...at, status: "error", message: error.message };
  }
}

/** A description of any model. */
export type EveryDescription = AnyDescription | CovariateDescription;
/** Solves one description after another. */
export type RowSolver = ReturnType<typeof rowSolver>;

/**
 * The solution of a description, with the baseline where it has one; consecutive ones share their model.
 *
 * @param sweptModel whether the mean channels may change from row to row
 */
export function rowSolver(sweptModel = false) {
  const [networks, covariates] = [modelSolvers(), covariateSolvers()];
  return (description: EveryDescription) => {
    if (isCovariateDescription(description)) return covariates(description).solve(description);
    const { model, solve } = networks(description);
    const result = solve(description);
    if (result.status !== "converged") return result;
    const channels = sweptModel && { meanChannels: meanRank(model, description.widthRatio) };
    if ("kind" in result) return { ...result, ...channels };
    return { ...result, linearBaseline: baselinesOf(model).linear, ...channels };
  };
}

/** The coordinates of the point that a model has. */
function pointOf(description: object): CurveParameters {
  const { samples, sampleRatio, widthRatio, ridge } = description as CurveParameters;
  const point = { samples, sampleRatio, widthRatio, ridge };
  return Object.fromEntries(Object.entries(point).filter(([, value]) => value !== undefined));
}

export interface Axis {
  readonly name: SweepParameter;
  readonly values: Iterable<number>;
}

export function checkSweep(description: { readonly model?: unknown }, sweep: Sweep): Axis[] {
  const names = Object.keys(sweep) as SweepParameter[];
  for (const name of names) checkSwept("sweep", name, description);
  const axes = names.map((name): Axis => ({ name, values: sweep[name]! }));
  const ofModel = ({ name }: Axis) => isModelParameter(name);
  return [...axes.filter(ofModel), ...axes.filter((axis) => !ofModel(axis))];
}

/**
 * A parameter of the description's model that may take any of several values.
 *
 * @param where option that names the parameter
 * @throws ParameterError
 */
export function checkSwept(where: string, name: unknown, description: { readonly model?: unknown }): SweepParameter {
  const known = SWEEP_PARAMETERS.find((parameter) => parameter === name);
  if (!known) throw new ParameterError(where, name, `of ${SWEEP_PARAMETERS.join(", ")}`);
  const model = modelOf(description);
  if (!hasParameter(model, known)) throw new ParameterError(where, name, `parameters of the model ${model}`);
  return known;
}

/** Every combination of the axes' values, the last axis fastest. */
export function* combinations(axes: readonly Axis[]): Generator<CurveParameters> {
  const [first, ...rest] = axes;
  if (!first) {
    yield {};
    return;
  }
  for (const value of first.values) {
    for (const others of combinations(rest)) yield { [first.name]: value, ...others };
  }
}
