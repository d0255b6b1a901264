import { expect, test } from "vitest";
import { type RandomFeatures, solve } from "../../src/index.ts";
import { simulate, zScore } from "../../src/simulation/index.ts";

const model: RandomFeatures = {
  model: "randomFeatures",
  student: "x^2 - 1",
  target: "x + 1",
  sampleRatio: 2,
  widthRatio: 1,
  ridge: 10,
};

test("random features with Gaussian rows are spiked ones without a spike", () => {
  const gaussian = solve({ ...model, rows: "gaussian", bulkVariance: 1.5 });
  const spiked = solve({
    ...model,
    model: "spikedRandomFeatures",
    rows: "gaussian",
    bulkVariance: 1.5,
    spikeStrength: 0,
    alignment: 0,
  });
  expect(gaussian.testError).toBe(spiked.testError);
});

test("their norms fit the target's mean where the features have none, as simulated networks do", async () => {
  const options = { dimension: 200, trials: 10, testSamples: 1000, seed: 1, backend: "wasm" } as const;
  // The features have no mean and no linear part: without the norms nothing is learned, E y² = 2.
  const equal = solve(model).testError;
  expect(equal).toBeGreaterThanOrEqual(2);
  const gaussian = { ...model, rows: "gaussian" } as const;
  const theory = solve(gaussian).testError;
  expect(theory).toBeLessThan(equal - 0.1);
  const { points } = await simulate(gaussian, options);
  const { mean, standardError } = points[0]!.testError;
  expect(Math.abs(mean - theory)).toBeLessThan(4 * standardError + theory / 200);
  expect(zScore(points[0]!.testError, equal)).toBeLessThan(-5);
});
