import { ConvergenceError } from "../errors.ts";
import { findBranch } from "./branch.ts";
import type { Branch, BranchOptions } from "./branchTypes.ts";
import { curveRows, type SaddlePointCurveOptions, type SaddlePointRow } from "./curve.ts";
import type { SaddlePointDescription } from "./description.ts";
import { systemOf } from "./equations.ts";
import { FixedPointSystem } from "./fixedPointSystem.ts";
import { mergedParameters, type ParameterValues } from "./problem.ts";
import type { ConvergedSolution, SaddlePointSolution } from "./solution.ts";
import { findSolutions } from "./solutions.ts";
import { attempt, checkedStart } from "./solve.ts";

/** Saddle-point equations that were read and can be solved. */
export interface SaddlePoint {
  /**
   * The solution that the search finds from the start of the description.
   *
   * @throws ConvergenceError if it finds none
   */
  solve(parameters?: ParameterValues): ConvergedSolution;
  /** The same, with why there is none instead of an error. */
  trySolve(parameters?: ParameterValues): SaddlePointSolution;
  /** All solutions that are found from many starts with deflation: the stable phase first where there is a free energy. */
  solutions(parameters?: ParameterValues): ConvergedSolution[];
  /**
   * A row for every combination of the swept values, each search begun at the solution before it. Where that is not stable, a new
   * search from the start is made at every twenty-first point at least, and wherever the plain map from the start leads elsewhere:
   * a stable solution in a narrower window, which the plain map does not lead to, would need `solutions`.
   */
  curve(options: SaddlePointCurveOptions): SaddlePointRow[];
  /** The branch of solutions through a parameter's window, through folds, with its special points. */
  branch(options: BranchOptions): Branch;
}

/**
 * Saddle-point equations x = F(x; parameters) as one types them: formulas with Gaussian averages `E(z, f)`, `integral(y, a, b, f)`,
 * `sum(s, [-1, 1], f)`, `root(u, a, b, f)` and definitions, or a function.
 *
 * @throws ParameterError, ExpressionError for whatever is wrong with the description, with the place in the formula
 * @throws QuadratureError, ExpressionError, on solving, for an average or a root that does not exist at the start
 * @example
 * const hopfield = saddlePoint({
 *   unknowns: { m: { start: 0.9 }, q: { start: 0.9, min: 0, max: 1 } },
 *   parameters: { alpha: 0.05, T: 0.2 },
 *   where: { beta: "1/T", r: "q/(1 - beta*(1 - q))^2", t: "tanh(beta*(m + sqrt(alpha*r)*z))" },
 *   equations: { m: "E(z, t)", q: "E(z, t^2)" },
 * });
 * hopfield.solve().values.m.toFixed(9); // "0.998877763"
 */
export function saddlePoint(description: SaddlePointDescription): SaddlePoint {
  const system = systemOf(description);
  const fixedAt = (given: ParameterValues) => new FixedPointSystem(system, mergedParameters(system, given));
  const trySolve = (given: ParameterValues = {}): SaddlePointSolution => {
    const fixed = fixedAt(given);
    return attempt(fixed, checkedStart(fixed), { cold: true, follow: true }).solution;
  };
  return {
    trySolve,
    solve(given = {}) {
      const solution = trySolve(given);
      if (solution.status === "converged") return solution;
      const { status, residual, detail } = solution;
      throw new ConvergenceError(status, detail, residual, { ...system.description.parameters, ...given });
    },
    solutions(given = {}) {
      const fixed = fixedAt(given);
      checkedStart(fixed);
      return ordered(findSolutions(fixed).map(({ solution }) => solution as ConvergedSolution));
    },
    curve: (options) => [...curveRows(system, options)],
    branch: (options) => findBranch(system, options),
  };
}

/** By free energy, the stable phase first. */
function ordered(solutions: ConvergedSolution[]): ConvergedSolution[] {
  const energy = ({ freeEnergy, freeEntropy }: ConvergedSolution): number => freeEnergy ?? -(freeEntropy ?? 0);
  return solutions.sort((a, b) => energy(a) - energy(b));
}
