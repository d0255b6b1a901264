import {
  type DescribedSolvers,
  describedSolvers,
  type EveryDescription,
  isRidgeOfNetwork,
  rowSolver,
  type RowSolver,
} from "../curve/sweep.ts";
import { DivergingRateError, ParameterError, QuadratureError } from "../errors.ts";
import { hasSigns } from "../parameters/labels.ts";
import { isStatistic } from "../statistics/statistics.ts";
import type { Estimate } from "../numerics/stencil.ts";

/** Evaluates an observable of one description after another, from warm starts. */
export interface Objective {
  /** The observable and its absolute error; undefined where the point is refused. */
  evaluate(description: EveryDescription): Estimate | undefined;
  /** Evaluations so far, and why the last refused one was. */
  readonly count: number;
  readonly refusal: string | undefined;
}

/**
 * @param parameter what the observable is called in messages
 * @param solvers where solved models are kept
 * @throws ParameterError if a solved point has no such number
 */
export function objective(
  observable: string,
  parameter = "minimise",
  solvers = describedSolvers({ finiteSize: asksFiniteSize(observable) }),
): Objective {
  const given: unknown = observable;
  if (typeof given !== "string") throw new ParameterError(parameter, given, "the name of a number of a solution");
  let solveRow: RowSolver | undefined;
  let count = 0;
  let refusal: string | undefined;
  return {
    get count() {
      return count;
    },
    get refusal() {
      return refusal;
    },
    evaluate(description) {
      count++;
      let result: ReturnType<RowSolver>;
      try {
        solveRow ??= solverFor(observable, description, parameter, solvers);
        result = solveRow(description);
      } catch (error) {
        if (!(error instanceof QuadratureError || error instanceof DivergingRateError)) throw error;
        refusal = error.message;
        return undefined;
      }
      if (result.status !== "converged") {
        refusal = result.detail;
        return undefined;
      }
      const value = observableOf(result, observable, parameter);
      return { value, error: errorOf(result, observable, value) };
    },
  };
}

/** Whether an observable is of networks of finite size. */
export const asksFiniteSize = (observable: unknown): boolean => /^finiteSize\b/.test(String(observable));

/** Rows with statistics where the observable is one of them, but for the error rate of labels ±1, which all rows have. */
function solverFor(
  observable: string,
  description: EveryDescription,
  parameter: string,
  solvers: DescribedSolvers,
): RowSolver {
  const signs = hasSigns(description as Parameters<typeof hasSigns>[0]);
  if (!isStatistic(observable) || (signs && observable === "classificationError")) return rowSolver({}, { solvers });
  if (isRidgeOfNetwork(description)) return rowSolver({ statistics: true }, { solvers });
  const legal =
    "a number of the solution: bias, variances and ensembles are those of ridge regression of one step and direction";
  throw new ParameterError(parameter, observable, legal);
}

/** Parts of the test error are as well known as that itself; error rates have an estimate of their own. */
function errorOf(result: object, observable: string, value: number): number {
  const { errorEstimate = 0, testError, classificationErrorEstimate } = result as Readonly<Record<string, number>>;
  if (!isStatistic(observable) && observable !== "excessRisk") return errorEstimate * Math.abs(value);
  if (/classificationError$/i.test(observable.split(".").at(observable.startsWith("averaged") ? 0 : -1)!)) {
    return classificationErrorEstimate ?? errorEstimate * Math.abs(value);
  }
  return errorEstimate * Math.max(Math.abs(value), testError ?? 0);
}

const BOOKKEEPING = ["iterations", "residual", "errorEstimate"];

/**
 * A number of a solved point by its name; of the overlaps, `psi`, or `psi[1]` of the second group, `Q1[0][1]`; of statistics,
 * `ensembleOfTwo.freshBoth.testError`.
 *
 * @throws ParameterError that lists the names there are
 */
export function observableOf(result: object, name: string, parameter = "minimise"): number {
  const { overlaps = {}, ...rest } = result as { overlaps?: object };
  const own = (result as Readonly<Record<string, unknown>>)[name];
  if (typeof own === "number" && !BOOKKEEPING.includes(name)) return own;
  const [head = "", ...indices] = name.split(/[[\].]+/).filter((part) => part !== "");
  const fields = { ...rest, ...overlaps } as Readonly<Record<string, unknown>>;
  let value = Object.hasOwn(fields, head) && !BOOKKEEPING.includes(head) ? fields[head] : undefined;
  for (const index of indices) {
    const has = typeof value === "object" && value !== null && Object.hasOwn(value, index);
    value = has ? (value as Readonly<Record<string, unknown>>)[index] : undefined;
  }
  // The only group needs no index.
  while (Array.isArray(value) && value.length === 1) value = (value as unknown[])[0];
  if (typeof value === "number") return value;
  const names = Object.keys(fields).filter((key) => key !== "status" && key !== "kind" && !BOOKKEEPING.includes(key));
  throw new ParameterError(parameter, name, `a number among the observables of this description: ${names.join(", ")}`);
}
