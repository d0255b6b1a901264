import type { MultiIndexSolvers } from "../solve/modelSolver.ts";
import { legalMultiIndex, type MultiIndexDescription } from "../multiIndex/description.ts";
import { gradientSteps } from "../multiIndex/gradientSteps.ts";
import { ParameterError } from "../errors.ts";
import { refuseUnknown } from "../parameters/legal.ts";
import { POINT_PARAMETERS, type PointParameter } from "../parameters/table.ts";
import { checkPoint } from "../ridge/solution.ts";
import { exponents } from "../target/exponents.ts";
import type { Case } from "./cases.ts";
import { forCase, type JsonResult } from "./results.ts";

/** A model with several steps or directions, or, without its point, the spikes that its steps make. */
export function solveMultiIndex(description: MultiIndexDescription, solvers: MultiIndexSolvers): JsonResult {
  const given: Partial<Record<PointParameter, number>> = description;
  const pointless = POINT_PARAMETERS.every((name) => given[name] === undefined);
  if (pointless && description.model === "trainedNetwork") {
    return { status: "converged", ...gradientSteps(description) };
  }
  legalMultiIndex(description);
  const point = checkPoint(description);
  const solver = solvers(description);
  const result = solver.solve(point);
  if (result.status !== "converged") return { ...result };
  const { status, overlaps, notices, ...observables } = result;
  const { spikeAlongTarget, spikeGram, bulkVariance } = solver.described;
  return {
    status,
    ...observables,
    ...overlaps,
    ...solver.bounds(),
    spikeAlongTarget,
    spikeGram,
    bulkVariance,
    ...(notices.length > 0 && { notices }),
  };
}

/** Exponents of targets, case by case (multiIndex §6). */
export function* exponentCases(cases: Iterable<Case>): Generator<JsonResult> {
  for (const item of cases) {
    yield forCase(item, ({ target, ...others }) => {
      refuseUnknown(others, ["model"], "no field of exponents");
      if (typeof target !== "string") throw new ParameterError("target", target, "a formula in x1, x2, …");
      return { status: "converged", ...exponents(target) };
    });
  }
}
