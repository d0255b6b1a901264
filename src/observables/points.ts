import { ParameterError } from "../errors.ts";
import type { Problem } from "../problem/problem.ts";
import { type Table, tabulateAt } from "../problem/table.ts";

/** The functions of a model at any κ, in the order given: its tables on a grid of these points, with no weights. */
export function onPoints(problem: Problem, kappa: readonly number[]): Table {
  for (const value of kappa) {
    if (!Number.isFinite(value)) throw new ParameterError("kappa", value, "finite numbers");
  }
  return tabulateAt(problem, Float64Array.from(kappa));
}
