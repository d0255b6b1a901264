import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import type { LossParameters } from "../model/description.ts";
import { conditionalFeatureStatistics, type ModelParameters } from "../model/statistics.ts";
import type { LossResult } from "../loss/lossSolution.ts";
import type { RidgePoint, RidgeResult } from "../solver/deterministicEquivalent.ts";
import { checkPoint, describedSolver } from "../solver/solve.ts";

/** A model whose statistics are tabulated, ready to be solved at any point. */
export interface ModelSolver {
  readonly statistics: ConditionalFeatureStatistics;
  /** Starts from the solution of the previous point. */
  readonly solve: (point: RidgePoint) => RidgeResult | LossResult;
}

/** A model and its loss, without the point. */
type LossModel = ModelParameters & LossParameters;

/**
 * Solvers for a stream of descriptions: consecutive descriptions of the same model share statistics and warm starts,
 * whatever their α, β and λ.
 */
export function modelSolvers(): (parameters: LossModel) => ModelSolver {
  let last: { parameters: LossModel; solver: ModelSolver } | undefined;
  return (parameters) => {
    if (!last || !sameModel(last.parameters, parameters)) {
      const statistics = conditionalFeatureStatistics(parameters);
      const solver = describedSolver(statistics, parameters);
      last = { parameters, solver: { statistics, solve: (point) => solver.solve(checkPoint(point)) } };
    }
    return last.solver;
  };
}

const POINT = ["sampleRatio", "widthRatio", "ridge"];

function sameModel(a: object, b: object): boolean {
  const fields = (item: object) => Object.entries(item).filter(([name]) => !POINT.includes(name));
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
