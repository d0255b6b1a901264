import { ConvergenceError, DivergingRateError, ParameterError, QuadratureError } from "../errors.ts";
import type { CovariateDescription } from "../covariates/description.ts";
import type { AnyCovariateSolution } from "../covariates/solve.ts";
import type { LossSolution } from "../convex/solution.ts";
import type { AnyDescription, LossDescription, ModelDescription } from "../model/description.ts";
import { baselinesOf } from "../observables/baselines.ts";
import type { RidgeFailure, RidgeSolution } from "../ridge/solution.ts";
import { modelOf } from "../parameters/legal.ts";
import {
  hasParameter,
  isModelParameter,
  nameInStep,
  severalParameters,
  stepParameter,
  type StepParameter,
  SWEEP_PARAMETERS,
  type SweepParameter,
  type SweptName,
} from "../parameters/table.ts";
import { isMultiIndex, type MultiIndexDescription } from "../multiIndex/description.ts";
import type { MultiIndexSolution } from "../multiIndex/solver.ts";
import { checkMembers } from "../statistics/ensembles.ts";
import { classificationOf, type Statistics, statisticsOf } from "../statistics/statistics.ts";
import { covariateSolvers } from "./covariateSolvers.ts";
import { meanRank } from "../ridge/finiteSize.ts";
import { modelSolvers, multiIndexSolvers, type StreamOptions } from "../solve/modelSolver.ts";
import { isCovariateDescription } from "./solve.ts";

/** Values of the swept parameters. */
export type Sweep = { readonly [P in SweepParameter]?: Iterable<number> } & {
  readonly [step: StepParameter]: Iterable<number>;
};

/** A description in which whatever is swept may be left out. */
export type CurveDescription = WithOptional<ModelDescription>;
/** The same for another loss than the square. */
export type LossCurveDescription = WithOptional<LossDescription>;
/** The same for features or inputs of any covariance. */
export type CovariateCurveDescription = WithOptional<CovariateDescription>;
/** The same for several steps, spikes in several directions, or targets of several variables. */
export type MultiIndexCurveDescription = WithOptional<MultiIndexDescription>;
export type AnyCurveDescription = CurveDescription | LossCurveDescription;
type WithOptional<T> = T extends unknown
  ? Omit<T, SweepParameter> & Partial<Pick<T, Extract<keyof T, SweepParameter>>>
  : never;

/** Where a row is: α, β, λ, and every swept parameter; numbers of a step stand under their own names, "steps[1].learningRate". */
export type CurveParameters = { readonly [P in SweepParameter]?: number } & { readonly [step: StepParameter]: number };

/** A solved point of a curve. */
export type SolvedRow = CurveParameters &
  RidgeSolution & { readonly linearBaseline: number } & Channels &
  Partial<Statistics>;
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
/** A solved point of a curve of several steps or directions. */
export type MultiIndexRow = CurveParameters & MultiIndexSolution & { readonly linearBaseline: number };
/** A point of a curve that failed, with its reason. */
export type FailedRow = CurveParameters & {
  readonly status: RidgeFailure["status"] | "error";
  readonly message: string;
};
/** A point of a curve: solved, or failed with its reason. */
export type CurveRow = SolvedRow | FailedRow;

/** What a curve runs over, and what its rows have beside their solutions. */
export interface CurveOptions extends StatisticsOptions {
  readonly sweep: Sweep;
}

/** Statistics of ridge regression beside a solution. */
export interface StatisticsOptions {
  /** Bias, variances, pairs of predictors and error rates, too; default false. */
  readonly statistics?: boolean;
  /** The same with the means of M predictors, for every M ≥ 1 of a list, Infinity among them. */
  readonly ensemble?: readonly number[];
}

/** A description of any model, whatever is swept left out. */
export type EveryCurveDescription = AnyCurveDescription | CovariateCurveDescription | MultiIndexCurveDescription;
/** A row of any model. */
export type EveryRow = CurveRow | LossRow | CovariateRow | MultiIndexRow;

/**
 * A row for every combination of the swept values, warm-started along the curve, one at a time: parameters of the model
 * vary slowest, then those of the point, each in the order of `sweep`.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for what is illegal at every point
 */
export function* curveRows(
  description: EveryCurveDescription,
  { sweep, ...options }: CurveOptions,
): Generator<EveryRow> {
  const axes = checkSweep(description, sweep);
  const sweptModel = axes.some(({ name }) => isModelParameter(name));
  const solveRow = rowSolver(options, { sweptModel });
  for (const swept of combinations(axes)) {
    yield solvedRow(solveRow, withSwept(description, swept) as EveryDescription, swept);
  }
}

/**
 * A description with the values of swept parameters, those of its steps in their places.
 *
 * @param swept of the steps, those that are there
 */
export function withSwept(description: object, swept: CurveParameters): object {
  const { steps } = description as { readonly steps?: readonly object[] };
  const own: Record<string, number> = {};
  let changed = steps;
  for (const [name, value] of Object.entries(swept)) {
    const of = stepParameter(name);
    if (of) changed = changed?.map((step, t) => (t === of.step ? { ...step, [of.field]: value } : step));
    else own[name] = value;
  }
  return { ...description, ...own, ...(changed && { steps: changed }) };
}

/** A description without the values of some parameters. */
export function withoutSwept(description: object, names: readonly SweptName[]): object {
  const left = Object.entries(description).filter(([name]) => !(names as readonly string[]).includes(name));
  return Object.fromEntries(
    left.map(([field, value]: [string, unknown]) => {
      if (field !== "steps" || !Array.isArray(value)) return [field, value];
      const steps = value.map((step: object, t) =>
        Object.fromEntries(
          Object.entries(step).filter(([own]) => !(names as readonly string[]).includes(nameInStep(t, own))),
        ),
      );
      return [field, steps];
    }),
  );
}

/** The value of a parameter, or of a number of a step, in a description; undefined where it has none. */
export function sweptValue(description: object, name: SweptName): unknown {
  const of = stepParameter(name);
  if (!of) return (description as Readonly<Record<string, unknown>>)[name];
  const { steps } = description as { readonly steps?: readonly Readonly<Record<string, unknown>>[] };
  return steps?.[of.step]?.[of.field];
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
    const sweptModel = (Object.keys(swept) as SweptName[]).some(isModelParameter);
    const local =
      error instanceof ConvergenceError ||
      (error instanceof ParameterError && error.parameter in swept) ||
      ((error instanceof QuadratureError || error instanceof DivergingRateError) && sweptModel);
    if (!local) throw error;
    return { ...at, status: "error", message: error.message };
  }
}

/** A description of any model. */
export type EveryDescription = AnyDescription | CovariateDescription | MultiIndexDescription;
/** Solves one description after another. */
export type RowSolver = ReturnType<typeof rowSolver>;

/** Solvers for a stream of descriptions of any model: consecutive ones of one model share it. */
export function describedSolvers(options: StreamOptions = {}) {
  const { kept } = options;
  return { networks: modelSolvers(options), covariates: covariateSolvers(kept), several: multiIndexSolvers(kept) };
}
export type DescribedSolvers = ReturnType<typeof describedSolvers>;

/** What rows have beside what is asked for, and where solved models are kept. */
interface RowContext {
  /** Whether the mean channels may change from row to row; default false. */
  readonly sweptModel?: boolean;
  readonly solvers?: DescribedSolvers;
}

/**
 * The solution of a description, with the baseline where it has one; consecutive ones share their model.
 *
 * @throws ParameterError for members of an ensemble that are none
 */
export function rowSolver(
  options: StatisticsOptions = {},
  { sweptModel = false, solvers = describedSolvers() }: RowContext = {},
) {
  const members = membersAsked(options);
  const { networks, covariates, several } = solvers;
  return (description: EveryDescription) => {
    if (members && !isRidgeOfNetwork(description)) {
      throw new ParameterError("statistics", true, "false but for ridge regression of one step and direction");
    }
    if (isCovariateDescription(description)) return covariates(description).solve(description);
    if (isMultiIndex(description)) {
      const solver = several(description);
      const solved = solver.solve(description);
      return solved.status === "converged" ? { ...solved, linearBaseline: solver.bounds().linearBaseline } : solved;
    }
    const { model, solve, state } = networks(description);
    const result = solve(description);
    if (result.status !== "converged") return result;
    const channels = sweptModel && { meanChannels: meanRank(model, description.widthRatio) };
    if ("kind" in result) return { ...result, ...channels };
    const signs = model.labels.signs !== undefined;
    const solved = state && (members ?? signs) && { model, description, solution: result, state: state() };
    return {
      ...result,
      linearBaseline: baselinesOf(model).linear,
      ...channels,
      ...(solved && (members ? statisticsOf(solved, members) : classificationOf(solved))),
    };
  };
}

/** The members of ensembles where statistics are asked for. */
function membersAsked({ ensemble, statistics = ensemble !== undefined }: StatisticsOptions) {
  if (!statistics && ensemble !== undefined) {
    throw new ParameterError("ensemble", ensemble, "left out without statistics");
  }
  if (!statistics) return undefined;
  return ensemble === undefined ? [] : checkMembers(ensemble);
}

/** Whether there are statistics of a description: ridge regression of a network of one step and direction. */
export function isRidgeOfNetwork(description: EveryDescription): boolean {
  const { loss = "square" } = description as { readonly loss?: unknown };
  return loss === "square" && !isCovariateDescription(description) && !isMultiIndex(description);
}

/** The coordinates of the point that a model has. */
function pointOf(description: object): CurveParameters {
  const { samples, sampleRatio, widthRatio, ridge } = description as CurveParameters;
  const point = { samples, sampleRatio, widthRatio, ridge };
  return Object.fromEntries(Object.entries(point).filter((entry): entry is [string, number] => entry[1] !== undefined));
}

export interface Axis {
  readonly name: SweptName;
  readonly values: Iterable<number>;
}

export function checkSweep(description: { readonly model?: unknown }, sweep: Sweep): Axis[] {
  const names = Object.keys(sweep) as SweptName[];
  for (const name of names) checkSwept("sweep", name, description);
  const axes = names.map((name): Axis => ({ name, values: sweep[name]! }));
  const ofModel = ({ name }: Axis) => isModelParameter(name);
  return [...axes.filter(ofModel), ...axes.filter((axis) => !ofModel(axis))];
}

function checkSweptStep(where: string, name: SweptName, { steps }: { readonly steps?: readonly unknown[] }): void {
  const { step } = stepParameter(name)!;
  if (!Array.isArray(steps) || steps.length === 0) {
    throw new ParameterError(where, name, "parameters of the model, which has no steps");
  }
  if (step >= steps.length) {
    throw new ParameterError(where, name, `one of its steps, steps[0] to steps[${steps.length - 1}]`);
  }
}

/**
 * A parameter of the description's model, or a number of one of its steps, that may take any of several values.
 *
 * @param where option that names the parameter
 * @throws ParameterError
 */
export function checkSwept(where: string, name: unknown, description: { readonly model?: unknown }): SweptName {
  if (typeof name === "string" && stepParameter(name)) {
    checkSweptStep(where, name as SweptName, description as { readonly steps?: readonly unknown[] });
    return name as SweptName;
  }
  const known = SWEEP_PARAMETERS.find((parameter) => parameter === name);
  if (!known) throw new ParameterError(where, name, `of ${SWEEP_PARAMETERS.join(", ")}`);
  const model = modelOf(description);
  const has = isMultiIndex(description)
    ? severalParameters(description.model).some(([own]) => own === known)
    : hasParameter(model, known);
  if (!has) throw new ParameterError(where, name, `parameters of the model ${model}`);
  if (hasSteps(description) && stepParameter(`steps[0].${known}`)) {
    throw new ParameterError(where, name, `steps[0].${known} or that of another step: the model has steps`);
  }
  return known;
}

function hasSteps(description: object): boolean {
  return (description as { readonly steps?: unknown }).steps !== undefined;
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
