import { expect, test } from "vitest";
import * as library from "../../src/index.ts";
import { type ModelDescription, solve, trySolve } from "../../src/solve/index.ts";

const POINT = { student: "tanh", target: "sin", sampleRatio: 1.5, widthRatio: 0.8, ridge: 0.1 } as const;
const STEP = { ...POINT, model: "trainedNetwork", learningRate: 1, stepSampleRatio: 2 } as const;
const MODELS: readonly ModelDescription[] = [
  { ...POINT, model: "randomFeatures" },
  { ...POINT, model: "spikedRandomFeatures", spikeStrength: 1, alignment: 0.8 },
  STEP,
  { ...STEP, readoutValues: [1, -0.5] },
  { ...POINT, model: "smallRate", spikeStrength: 1, alignment: 0.8 },
  { ...POINT, model: "powerChannels", powerChannels: [1, 2], alignment: 0.7 },
];

// Exactness: the door for ridge regression alone opens on the same solver.
test.each(MODELS)("$model: the solution of the whole library", (description) => {
  expect(solve(description)).toEqual(library.solve(description));
});

test.each([
  [{ loss: "hinge", target: "sign" }, "loss"],
  [{ steps: [{ learningRate: 1, stepSampleRatio: 2 }] }, "steps"],
  [{ target: "x1 + x2" }, "target"],
  [{ model: "gaussianCovariates" }, "student"],
  [{ ridge: -1 }, "ridge"],
])("%j is refused by name", (change, name) => {
  expect(() => trySolve({ ...STEP, ...change } as unknown as ModelDescription)).toThrow(new RegExp(`^${name} = `));
});
