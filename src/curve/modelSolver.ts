import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import type { LossParameters } from "../model/description.ts";
import { conditionalFeatureStatistics } from "../model/statistics.ts";
import type { ModelParameters } from "../parameters/description.ts";
import { POINT_PARAMETERS } from "../parameters/table.ts";
import type { LossResult } from "../loss/lossSolution.ts";
import type { RidgePoint, RidgeResult } from "../solver/deterministicEquivalent.ts";
import { describedSolver } from "../loss/solve.ts";
import { checkPoint } from "../solver/ridgeSolution.ts";

/** A model whose statistics are tabulated, ready to be solved at any point. */
export interface ModelSolver<Result> {
  readonly statistics: ConditionalFeatureStatistics;
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
 * Solvers for a stream of descriptions: consecutive descriptions of the same model share statistics and warm starts,
 * whatever their α, β and λ.
 */
export function modelSolvers(): ModelSolvers {
  let last: { parameters: LossModel; solver: AnySolver } | undefined;
  return ((parameters: LossModel): AnySolver => {
    if (!last || !sameModel(last.parameters, parameters)) {
      const statistics = conditionalFeatureStatistics(parameters);
      const solver = describedSolver(statistics, parameters);
      last = { parameters, solver: { statistics, solve: (point) => solver.solve(checkPoint(point)) } };
    }
    return last.solver;
  }) as ModelSolvers;
}

/** Whether two descriptions differ in their points at most. */
export function sameModel(a: object, b: object): boolean {
  const fields = (item: object) =>
    Object.entries(item).filter(([name]) => !(POINT_PARAMETERS as readonly string[]).includes(name));
  const other = new Map(fields(b));
  const mine = fields(a);
  return mine.length === other.size && mine.every(([name, value]) => other.has(name) && same(value, other.get(name)));
}

function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (typeof a === "object" && a !== null && typeof b === "object" && b !== null) {
    return same(Object.entries(a).sort(byName), Object.entries(b).sort(byName));
  }
  return Object.is(a, b);
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
