import { modelSolvers } from "../solve/modelSolver.ts";
import type { ModelDescription } from "../model/description.ts";
import { baselinesOf } from "../observables/baselines.ts";
import type { Curve, Line } from "./figure.ts";

/** Names of theories: the trained network itself, its isotropic surrogate, and the limit corrected for F = d (theory §6). */
export const NETWORK = "network";
export const SRF = "srf";
export const FINITE = "srf, F = d";
export const NETWORK_FINITE = "network, F = d";
/** Name of the baseline. */
export const KERNELS = "best linear predictor";

/** `count` values from first to last, at equal distances or equal ratios. */
export function spaced(first: number, last: number, count: number, logarithmic = false): number[] {
  return Array.from({ length: count }, (_, i) => {
    const part = i / (count - 1);
    const value = logarithmic ? first * (last / first) ** part : first + (last - first) * part;
    return Number(value.toPrecision(12));
  });
}

/** Test error of a family of models along x; null where the solver fails. */
export function errorLine(theory: string, x: readonly number[], model: (x: number) => ModelDescription): Line {
  return {
    theory,
    x,
    values(at) {
      const solvers = modelSolvers();
      return at.map((value) => {
        const description = model(value);
        const result = solvers(description).solve(description);
        return result.status === "converged" ? result.testError : null;
      });
    },
  };
}

/** The best linear predictor of the same family. */
export function linearBaseline(model: (x: number) => ModelDescription): NonNullable<Curve["baseline"]> {
  return (x) => {
    const solvers = modelSolvers();
    return x.map((value) => baselinesOf(solvers(model(value)).model).linear);
  };
}

/** A curve that is one number everywhere. */
export function constantLine(theory: string, x: readonly number[], value: number): Line {
  return { theory, x: [x[0]!, x.at(-1)!], values: (at) => at.map(() => value) };
}
