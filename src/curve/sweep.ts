import { ParameterError, QuadratureError } from "../errors.ts";
import type { CovariateDescription } from "../covariates/description.ts";
import type { AnyCovariateSolution } from "../covariates/solve.ts";
import type { LossSolution } from "../loss/lossSolution.ts";
import type { AnyDescription, LossDescription, ModelDescription } from "../model/description.ts";
import { baselines } from "../observables/baselines.ts";
import type { RidgeFailure, RidgeSolution } from "../solver/deterministicEquivalent.ts";
import { modelOf } from "../parameters/legal.ts";
import { hasParameter, isModelParameter, SWEEP_PARAMETERS, type SweepParameter } from "../parameters/table.ts";
import { covariateSolvers } from "./covariateSolvers.ts";
import { modelSolvers } from "./modelSolver.ts";
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
export type SolvedRow = CurveParameters & RidgeSolution & { readonly linearBaseline: number };
/** A solved point of a curve for another loss than the square. */
export type LossRow = CurveParameters & LossSolution;
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

/**
 * Learning curve: a row for every combination of the swept values, warm-started along the curve.
 *
 * Parameters of the model vary slowest, then those of α, β, λ, each in the order of `sweep`. A point that fails is a row
 * with its status and message; the rest of the curve is there.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for what is illegal at every point
 * @example
 * const rows = curve(
 *   { model: "randomFeatures", student: "tanh", target: "sin", widthRatio: 1, ridge: 0.1 },
 *   { sweep: { sampleRatio: [0.5, 1, 2] } },
 * );
 * rows.map((row) => (row.status === "converged" ? row.testError.toFixed(6) : row.message)); // ["0.382432", "0.312272", "0.237600"]
 */
export function curve(description: CurveDescription, options: CurveOptions): CurveRow[];
export function curve(description: LossCurveDescription, options: CurveOptions): (LossRow | FailedRow)[];
export function curve(description: CovariateCurveDescription, options: CurveOptions): (CovariateRow | FailedRow)[];
export function curve(description: EveryCurveDescription, options: CurveOptions): EveryRow[] {
  return [...curveRows(description, options)];
}

/** A description of any model, whatever is swept left out. */
export type EveryCurveDescription = AnyCurveDescription | CovariateCurveDescription;
/** A row of any model. */
export type EveryRow = CurveRow | LossRow | CovariateRow;

/**
 * The rows of {@link curve} one at a time, in constant memory.
 *
 * @throws ParameterError, ExpressionError as {@link curve}
 * @example
 * const model = { model: "randomFeatures", student: "tanh", target: "sin", widthRatio: 1, ridge: 0.1 };
 * for (const row of curveRows(model, { sweep: { sampleRatio: [1, 2] } })) console.log(row.testError.toFixed(4));
 * // 0.3123
 * // 0.2376
 */
export function curveRows(description: CurveDescription, options: CurveOptions): Generator<CurveRow>;
export function curveRows(
  description: CovariateCurveDescription,
  options: CurveOptions,
): Generator<CovariateRow | FailedRow>;
export function curveRows(description: AnyCurveDescription, options: CurveOptions): Generator<CurveRow | LossRow>;
export function curveRows(description: EveryCurveDescription, options: CurveOptions): Generator<EveryRow>;
export function* curveRows(description: EveryCurveDescription, { sweep }: CurveOptions): Generator<EveryRow> {
  const axes = checkSweep(description, sweep);
  const solveRow = rowSolver();
  // A moment that does not exist for this model exists at no α, β or λ.
  const sweptModel = axes.some(({ name }) => isModelParameter(name));
  for (const swept of combinations(axes)) {
    const complete = { ...description, ...swept } as AnyDescription | CovariateDescription;
    const at: CurveParameters = { ...swept, ...pointOf(complete) };
    try {
      const result = solveRow(complete);
      if (result.status !== "converged") yield { ...at, status: result.status, message: result.detail };
      else yield { ...at, ...result };
    } catch (error) {
      const local =
        (error instanceof ParameterError && error.parameter in swept) ||
        (error instanceof QuadratureError && sweptModel);
      if (!local) throw error;
      yield { ...at, status: "error", message: error.message };
    }
  }
}

/** The solution of a description, with the baseline where it has one; consecutive ones share their model. */
function rowSolver() {
  const [networks, covariates] = [modelSolvers(), covariateSolvers()];
  return (description: AnyDescription | CovariateDescription) => {
    if (isCovariateDescription(description)) return covariates(description).solve(description);
    const { statistics, solve } = networks(description);
    const result = solve(description);
    if (result.status !== "converged" || "kind" in result) return result;
    return { ...result, linearBaseline: baselines(statistics).linear };
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

function checkSweep(description: EveryCurveDescription, sweep: Sweep): Axis[] {
  const names = Object.keys(sweep) as SweepParameter[];
  for (const name of names) {
    if (!SWEEP_PARAMETERS.includes(name)) throw new ParameterError("sweep", name, `of ${SWEEP_PARAMETERS.join(", ")}`);
    if (!hasParameter(modelOf(description), name)) {
      throw new ParameterError("sweep", name, `parameters of the model ${description.model}`);
    }
  }
  const axes = names.map((name): Axis => ({ name, values: sweep[name]! }));
  const ofModel = ({ name }: Axis) => isModelParameter(name);
  return [...axes.filter(ofModel), ...axes.filter((axis) => !ofModel(axis))];
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
