import { describe, expect, test } from "vitest";
import { isotropicBulk } from "../../src/bulk/isotropic.ts";
import type { WeightResolvent } from "../../src/bulk/weightResolvent.ts";
import { featureModel } from "../../src/model/featureModel.ts";
import type { SpikedRandomFeatures } from "../../src/model/description.ts";
import { rowNormChannel } from "../../src/problem/channels.ts";
import type { Problem } from "../../src/problem/problem.ts";
import { trySolveModel } from "../../src/ridge/solveProblem.ts";

const RIDGES = [1, 1e-4, 1e-8, 1e-12, 0];
const base: Omit<SpikedRandomFeatures, "sampleRatio" | "widthRatio" | "ridge"> = {
  model: "spikedRandomFeatures",
  student: "relu",
  target: "sin(2*x)",
  spikeStrength: 1.2,
  alignment: 0.7,
  labelNoise: 0.1,
};
/** K = 1, 2, 3. */
const READOUTS = [[1], [1, -0.5], [1, -0.5, 1.6]];

/** The bulk of the test's own: that of isotropic rows, told in other words and solved for every group by itself. */
const own = (groups: Problem["groups"]): WeightResolvent => {
  const bulk = isotropicBulk(groups);
  return { solve: (at) => bulk.solve(at) };
};

/** Compares a changed copy with the model that has the change from the start, at every λ; counts what it has compared. */
function compare(
  copy: { problem: Problem; bulk: WeightResolvent },
  direct: typeof copy,
  original: typeof copy,
): number {
  let compared = 0;
  for (const ridge of RIDGES) {
    const solved = (model: typeof copy) => {
      const result = trySolveModel(model, { sampleRatio: 2.5, widthRatio: 1.5, ridge });
      if (result.status !== "converged") throw new Error(`λ = ${ridge}: ${result.detail}`);
      return result;
    };
    const [changed, expected, before] = [solved(copy), solved(direct), solved(original)];
    expect(Math.abs(changed.testError / expected.testError - 1)).toBeLessThan(1e-10);
    expect(Math.abs(changed.trainError / expected.trainError - 1)).toBeLessThan(1e-10);
    // The change is one.
    expect(Math.abs(changed.testError / before.testError - 1)).toBeGreaterThan(1e-7);
    compared++;
  }
  return compared;
}

describe.each(READOUTS)("a changed copy is the changed model, u = %j, %d", (...readout) => {
  const readoutValues = readout.filter((u) => typeof u === "number");
  const equal = featureModel({ ...base, readoutValues });
  const gaussian = featureModel({ ...base, readoutValues, rows: "gaussian" });

  test("a channel left out", () => {
    const channels = gaussian.problem.channels.filter(({ kind }) => kind !== "rowNorm");
    const copy = { ...gaussian, problem: { ...gaussian.problem, channels } };
    expect(compare(copy, equal, gaussian)).toBe(RIDGES.length);
  });

  test("a channel added", () => {
    const norms = readoutValues.map((_, k) => rowNormChannel(k, 2));
    const copy = { ...equal, problem: { ...equal.problem, channels: [...norms, ...equal.problem.channels] } };
    expect(compare(copy, gaussian, equal)).toBe(RIDGES.length);
  });

  test("another target", () => {
    const direct = featureModel({ ...base, readoutValues, target: "tanh" });
    const row: Problem["row"] = (kappa) => ({ ...equal.problem.row(kappa), target: direct.problem.row(kappa).target });
    const copy = { ...equal, problem: { ...equal.problem, row } };
    expect(compare(copy, direct, equal)).toBe(RIDGES.length);
  });

  test("another bulk", () => {
    const direct = featureModel({ ...base, readoutValues, bulkVariance: 1.7 });
    const { groups, channels, row } = direct.problem;
    const copy = { problem: { ...equal.problem, groups, channels, row }, bulk: own(groups) };
    expect(compare(copy, direct, equal)).toBe(RIDGES.length);
    // Of the problem alone, with the bulk as it was, it would be another model.
    const half = trySolveModel(
      { problem: copy.problem, bulk: equal.bulk },
      { sampleRatio: 2.5, widthRatio: 1.5, ridge: 1e-4 },
    );
    const whole = trySolveModel(copy, { sampleRatio: 2.5, widthRatio: 1.5, ridge: 1e-4 });
    if (half.status !== "converged" || whole.status !== "converged") throw new Error("not converged");
    expect(Math.abs(half.testError / whole.testError - 1)).toBeGreaterThan(1e-4);
  });
});
