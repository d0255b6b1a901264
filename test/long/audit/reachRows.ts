import { learningCurveFromData } from "../../../src/data/index.ts";
import { saddlePoint } from "../../../src/equations/index.ts";
import { type RidgeFailure, trySolve } from "../../../src/index.ts";
import { uniform } from "./cases.ts";
import { literalCovariates, randomCovariates } from "./covariances.ts";
import { literalSaddle, randomSaddle } from "./saddle.ts";
import { type AuditRow, emptyRow, note } from "./table.ts";
import { literalSteps, randomSteps } from "./severalSteps.ts";
import { literalTransport, randomData } from "./transport.ts";

/** Rounding that an absolute comparison of numbers of order 1 allows, besides what a result says of its own error. */
const ROUNDING = 1e-14;

/** Covariates §2 in 31 digits; what exceeds the error that the result states, in those. */
export const covariatesRow = (seeds: readonly number[]): AuditRow =>
  solvedRow(
    seeds,
    randomCovariates,
    (model) => trySolve(model),
    (model, result) => {
      const expected = literalCovariates(model);
      const found: typeof expected = {
        "test error": result.testError,
        "training error": result.trainError,
        objective: result.objective,
        "degrees of freedom": result.degreesOfFreedom,
        variance: result.variance,
        "E y f": result.teacherOverlap,
        "norm of the readout": result.readoutNorm,
      };
      const differences = relative(found, expected);
      return { ...differences, "test error, over its estimate": differences["test error"]! / result.errorEstimate };
    },
  );

/** Covariates §5 without eigenvectors: samples left out one after the other. */
export function transportRow(seeds: readonly number[]): AuditRow {
  const row = emptyRow();
  for (const seed of seeds) {
    const { features, labels, samples, ridge } = randomData(uniform(seed));
    const expected = literalTransport({ features, labels, samples, ridge });
    const curve = learningCurveFromData({ features, labels, samples: [samples], ridges: [ridge], backend: "wasm" });
    const result = curve.rows[0]!;
    row.cases++;
    if (result.status !== "converged" || !expected) {
      // Both say that N samples do not determine the point.
      if (expected || result.status !== "undetermined") row.unconverged.push({ seed, ...result });
      continue;
    }
    const found: typeof expected = {
      "ridge of all samples": result.dataRidge,
      "degrees of freedom": result.degreesOfFreedom,
      "generalised cross validation": result.gcvTestError,
      "leave one out": result.leaveOneOutTestError,
    };
    note(row, relative(found, expected), { seed, samples, ridge });
  }
  return row;
}

/** Saddle points of textbooks by Newton's method on a grid of its own. */
export function saddleRow(seeds: readonly number[]): AuditRow {
  const row = emptyRow();
  for (const seed of seeds) {
    const item = randomSaddle(uniform(seed));
    const result = saddlePoint(item.description).trySolve();
    row.cases++;
    const at = { seed, name: item.name, ...item.description.parameters };
    if (result.status !== "converged") {
      row.unconverged.push({ ...at, detail: result.detail });
      continue;
    }
    row.worstResidual = Math.max(row.worstResidual, result.residual);
    const values = Object.values(result.values);
    const expected = literalSaddle(item, values);
    const error = Math.max(...values.map((value, i) => Math.abs(value - expected[i]!)));
    note(row, { [item.name]: error, [OVER_ESTIMATE]: error / (result.errorEstimate + ROUNDING) }, at);
  }
  return row;
}

/** multiIndex §1 to §3 by plain iterations on fixed grids: targets of several variables after several steps. */
export const stepsRow = (seeds: readonly number[]): AuditRow =>
  solvedRow(
    seeds,
    randomSteps,
    (model) => trySolve(model),
    (model, result) => {
      const { testError, trainError, objective } = literalSteps(model);
      return relative(result, { testError, trainError, objective });
    },
  );

/** Random models that the library solves, with the differences of what it says. */
function solvedRow<M extends object, S extends { readonly status: "converged"; readonly residual: number }>(
  seeds: readonly number[],
  random: (random: () => number) => M,
  solve: (model: M) => S | RidgeFailure,
  differences: (model: M, result: S) => Record<string, number>,
): AuditRow {
  const row = emptyRow();
  for (const seed of seeds) {
    const model = random(uniform(seed));
    const result = solve(model);
    row.cases++;
    if (result.status !== "converged") {
      row.unconverged.push({ seed, ...model, detail: result.detail });
      continue;
    }
    row.worstResidual = Math.max(row.worstResidual, result.residual);
    note(row, differences(model, result), { seed, ...model });
  }
  return row;
}

const OVER_ESTIMATE = "unknowns, over their estimate";

function relative<T extends Readonly<Record<string, number>>>(
  found: Readonly<Record<keyof T, number>>,
  expected: T,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(expected).map(([name, value]) => {
      const error = Math.abs(found[name]! - value);
      return [name, error === 0 ? 0 : error / Math.abs(value)];
    }),
  );
}
