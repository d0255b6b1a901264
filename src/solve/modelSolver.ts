import type { LossResult } from "../convex/solution.ts";
import type { Model } from "../model/model.ts";
import type { LossParameters } from "../model/description.ts";
import { featureModel } from "../model/featureModel.ts";
import type { ModelParameters } from "../parameters/description.ts";
import { POINT_PARAMETERS } from "../parameters/table.ts";
import type { RidgePoint } from "../ridge/limits.ts";
import { checkPoint, type RidgeResult } from "../ridge/solution.ts";
import { describedSolver } from "./solve.ts";

/** A model that is tabulated, ready to be solved at any point. */
export interface ModelSolver<Result> {
  readonly model: Model;
  /** Starts from the solution of the previous point. */
  readonly solve: (point: RidgePoint) => Result;
}

/** A model and its loss, without the point. */
type LossModel = ModelParameters & LossParameters;
type AnySolver = ModelSolver<RidgeResult | LossResult>;

export interface ModelSolvers {
  (parameters: ModelParameters & { readonly loss?: "square" }): ModelSolver<RidgeResult>;
  (parameters: LossModel): AnySolver;
}

/**
 * Solvers for a stream of descriptions: consecutive descriptions of the same model share tables and warm starts,
 * whatever their α, β and λ.
 */
export function modelSolvers(): ModelSolvers {
  let last: { parameters: LossModel; solver: AnySolver } | undefined;
  return ((parameters: LossModel): AnySolver => {
    if (!last || !sameModel(last.parameters, parameters)) {
      const model = featureModel(parameters);
      const solver = describedSolver(model, parameters);
      last = { parameters, solver: { model, solve: (point) => solver.solve(checkPoint(point)) } };
    }
    return last.solver;
  }) as ModelSolvers;
}

/** Whether two descriptions are the same but for the coordinates of their points. */
export function sameModel(a: object, b: object, point: readonly string[] = POINT_PARAMETERS): boolean {
  const fields = (item: object) => Object.entries(item).filter(([name]) => !point.includes(name));
  const other = new Map(fields(b));
  const mine = fields(a);
  return mine.length === other.size && mine.every(([name, value]) => other.has(name) && same(value, other.get(name)));
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (typeof a === "object" && a !== null && typeof b === "object" && b !== null) {
    return same(Object.entries(a).sort(byName), Object.entries(b).sort(byName));
  }
  return false;
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
