import { ConvergenceError, ParameterError } from "../errors.ts";
import type { SaddlePointDescription } from "./description.ts";
import { systemOf } from "./equations.ts";
import { FixedPointSystem } from "./fixedPointSystem.ts";
import type { ConvergedSolution, SaddlePointSolution } from "./solution.ts";
import { attempt, startOf } from "./solve.ts";

export type Parameters = Readonly<Record<string, number>>;

export interface SaddlePoint {
  solve(parameters?: Parameters): ConvergedSolution;
  trySolve(parameters?: Parameters): SaddlePointSolution;
}

export function saddlePoint(description: SaddlePointDescription): SaddlePoint {
  const system = systemOf(description);
  const names = Object.keys(system.description.parameters);
  const parametersOf = (given: Parameters): number[] => {
    const unknown = Object.keys(given).find((name) => !names.includes(name));
    if (unknown !== undefined) throw new ParameterError(unknown, given[unknown], `no parameter of that name; legal are ${names.join(", ")}`);
    return names.map((name) => given[name] ?? system.description.parameters[name]!);
  };
  const trySolve = (given: Parameters = {}): SaddlePointSolution => {
    const fixed = new FixedPointSystem(system, parametersOf(given));
    return attempt(fixed, startOf(fixed), { cold: true, follow: true }).solution;
  };
  return {
    trySolve,
    solve(given = {}) {
      const solution = trySolve(given);
      if (solution.status === "converged") return solution;
      throw new ConvergenceError("diverged", solution.detail, solution.residual, { ...given });
    },
  };
}
