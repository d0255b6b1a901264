import {
  type EveryCurveDescription,
  checkSweep,
  combinations,
  type CurveDescription,
  type CurveOptions,
  type CurveParameters,
  type CurveRow,
  curveRows as plainRows,
  describedSolvers,
  type FailedRow,
  type LossCurveDescription,
  type LossRow,
  type EveryRow,
  type CovariateCurveDescription,
  type CovariateRow,
  type MultiIndexCurveDescription,
  type MultiIndexRow,
  rowSolver,
  solvedRow,
  sweptValue,
  withSwept,
} from "../curve/sweep.ts";
import { ConvergenceError, requireDescription, requireFields } from "../errors.ts";
import type { StepInput } from "../multiIndex/description.ts";
import { refuseUnknown } from "../parameters/legal.ts";
import type { SweptName } from "../parameters/table.ts";
import { checkTuned, type OPTIMAL, tunedDescription, tunedNames, tuner } from "./tuner.ts";

/** A description in which numbers may be left to be tuned: `ridge: "optimal"`. */
export type Tuned<D extends EveryCurveDescription> = D extends unknown
  ? {
      readonly [F in keyof D]: F extends SweptName
        ? D[F] | typeof OPTIMAL
        : F extends "steps"
          ? readonly TunedStep[] | Extract<D[F], undefined>
          : D[F];
    }
  : never;
/** A gradient step whose rate, or whose samples, may be left to be tuned. */
type TunedStep = { readonly [F in keyof StepInput]: F extends "reuseBatch" ? boolean : number | typeof OPTIMAL };
type AnyTuned = Tuned<EveryCurveDescription>;

/**
 * Learning curve: a row for every combination of the swept values, warm-started along the curve.
 *
 * Parameters of the model vary slowest, then those of α, β, λ, each in the order of `sweep`. A number of the description
 * that is "optimal" (one to four, e.g. the ridge) takes the value of the smallest test error at each point; the row has it.
 * A point that fails is a row with its status and message; the rest of the curve is there.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for what is illegal at every point
 * @example
 * const rows = curve(
 *   { model: "randomFeatures", student: "tanh", target: "sin", widthRatio: 1, ridge: 0.1 },
 *   { sweep: { sampleRatio: [0.5, 1, 2] } },
 * );
 * rows.map((row) => (row.status === "converged" ? row.testError.toFixed(6) : row.message)); // ["0.382432", "0.312272", "0.237600"]
 * @example
 * const model = { model: "randomFeatures", student: "tanh", target: "sin", labelNoise: 0.1, widthRatio: 1 };
 * const tuned = curve({ ...model, ridge: "optimal" }, { sweep: { sampleRatio: [1, 2] } });
 * tuned.map(({ ridge, testError }) => [ridge.toFixed(6), testError.toFixed(6)]); // [["0.363240", "0.431899"], ["0.205908", "0.368068"]]
 */
export function curve(description: Tuned<CurveDescription>, options: CurveOptions): CurveRow[];
export function curve(description: Tuned<LossCurveDescription>, options: CurveOptions): (LossRow | FailedRow)[];
export function curve(
  description: Tuned<CovariateCurveDescription>,
  options: CurveOptions,
): (CovariateRow | FailedRow)[];
export function curve(
  description: Tuned<MultiIndexCurveDescription>,
  options: CurveOptions,
): (MultiIndexRow | FailedRow)[];
export function curve(description: AnyTuned, options: CurveOptions): EveryRow[] {
  return [...curveRows(description, options)];
}

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
export function curveRows(description: Tuned<CurveDescription>, options: CurveOptions): Generator<CurveRow>;
export function curveRows(
  description: Tuned<CovariateCurveDescription>,
  options: CurveOptions,
): Generator<CovariateRow | FailedRow>;
export function curveRows(
  description: Tuned<MultiIndexCurveDescription>,
  options: CurveOptions,
): Generator<MultiIndexRow | FailedRow>;
export function curveRows(
  description: Tuned<CurveDescription | LossCurveDescription>,
  options: CurveOptions,
): Generator<CurveRow | LossRow>;
export function curveRows(description: AnyTuned, options: CurveOptions): Generator<EveryRow>;
export function* curveRows(description: AnyTuned, options: CurveOptions): Generator<EveryRow> {
  requireDescription(description);
  requireFields("options", options, ["sweep"], "an object with sweep: the parameters and their values");
  refuseUnknown({ ...options }, ["sweep", "statistics", "ensemble"], "no option of curve");
  const names = tunedNames(description);
  if (names.length === 0) yield* plainRows(description as EveryCurveDescription, options);
  else yield* tunedRows(description, names, options);
}

function* tunedRows(description: AnyTuned, names: readonly SweptName[], options: CurveOptions): Generator<EveryRow> {
  const axes = checkSweep(description, options.sweep);
  checkTuned(
    names,
    axes.map(({ name }) => name),
  );
  const solvers = describedSolvers();
  const solveRow = rowSolver(options, { solvers });
  const tune = tuner(description, names, solvers);
  for (const swept of combinations(axes)) {
    try {
      const best = tunedDescription(withSwept(description, swept), tune);
      const values = Object.fromEntries(names.map((name) => [name, sweptValue(best, name)])) as CurveParameters;
      yield solvedRow(solveRow, best, { ...values, ...swept });
    } catch (error) {
      if (!(error instanceof ConvergenceError)) throw error;
      yield { ...swept, status: "diverged", message: error.detail };
    }
  }
}
