import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bounds, type ModelDescription, solve } from "../../src/index.ts";
import { everyModel } from "./everyModel.ts";

const RUNS = { numRuns: 40 };
const factors = fc.double({ min: 1.05, max: 20, noNaN: true });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** a ≤ b but for rounding. */
function expectAtMost(a: number, b: number, what: string): void {
  expect(a - b, `${what}: ${a} ≤ ${b}`).toBeLessThanOrEqual(1e-8 * Math.abs(b) + 1e-13);
}

/** Orders that a ridge regression has at any size, and so in the limit (theory §4, §5). */
describe("law: monotone for every model", () => {
  it("in λ: objective and training error rise, |a|² and the traces fall, λ times the traces rises", () => {
    fc.assert(
      fc.property(everyModel, factors, (model, factor) => {
        const low = solve(model);
        const high = solve({ ...model, ridge: factor * model.ridge });
        expectAtMost(low.objective, high.objective, "objective");
        expectAtMost(low.trainError, high.trainError, "training error");
        expectAtMost(sum(high.overlaps.Q2), sum(low.overlaps.Q2), "Σ Q2");
        low.overlaps.V2.forEach((trace, k) => {
          expectAtMost(high.overlaps.V2[k]!, trace, "V2");
          expectAtMost(trace, factor * high.overlaps.V2[k]!, "λ V2");
        });
        low.overlaps.V1.forEach((row, k) => expectAtMost(high.overlaps.V1[k]![k]!, row[k]!, "V1"));
      }),
      RUNS,
    );
  });

  it("in λ: the objective is concave, as a minimum of functions linear in λ", () => {
    fc.assert(
      fc.property(everyModel, factors, (model, factor) => {
        const [low, middle, high] = [1, factor, 2 * factor - 1].map((f) => solve({ ...model, ridge: f * model.ridge }));
        expectAtMost((low!.objective + high!.objective) / 2, middle!.objective, "mean of the ends");
      }),
      RUNS,
    );
  });

  it("in α: n times the objective rises, for a sum of more squares, and the traces fall", () => {
    fc.assert(
      fc.property(everyModel, factors, (model, factor) => {
        const [few, many] = [solve(model), solve({ ...model, sampleRatio: factor * model.sampleRatio })];
        expectAtMost(few.objective, factor * many.objective, "α objective");
        few.overlaps.V2.forEach((trace, k) => expectAtMost(many.overlaps.V2[k]!, trace, "V2"));
      }),
      RUNS,
    );
  });

  it("the readout 0 is a bound on the objective, the training error one on it, and no readout beats the lower bound", () => {
    fc.assert(
      fc.property(everyModel, (model) => {
        const { objective, trainError, testError } = solve(model);
        const ofZero = solve({ ...withoutSpike(model), ridge: 1e12, student: "tanh" }).testError;
        expectAtMost(objective, ofZero, "objective");
        expectAtMost(trainError, objective, "training error");
        const { lower } = bounds(model);
        if (model.model !== "smallRate") expectAtMost(lower.testError, testError, "lower bound");
      }),
      RUNS,
    );
  });
});

/** The second moment of the label is the error of random features that are odd, at an infinite ridge. */
function withoutSpike({ student, target, labelNoise = 0, sampleRatio, widthRatio, ridge }: ModelDescription) {
  return { model: "randomFeatures", student, target, labelNoise, sampleRatio, widthRatio, ridge } as const;
}
