import { describe, expect, test } from "vitest";
import { bounds, featureSpectrum, gradientSteps, learnedFunction, solve, weightSpectrum } from "../../src/index.ts";
import { runCli } from "../cli/runCli.ts";

const NETWORK = {
  model: "trainedNetwork",
  student: "tanh",
  target: "x1 + x1*x2",
  steps: [{ learningRate: 1, stepSampleRatio: 2 }],
  sampleRatio: 1,
  widthRatio: 1,
  ridge: 0.1,
};
const SPIKES = {
  model: "spikedRandomFeatures",
  student: "tanh",
  target: "x1 + x1*x2",
  spikes: [[1]],
  alignment: [[0.5, 0.5]],
  sampleRatio: 1,
  widthRatio: 1,
  ridge: 0.1,
};

// Every refusal names what is wrong before any work starts.
describe("refusals", () => {
  const cases: readonly [string, object, RegExp][] = [
    [
      "more directions than x's named",
      { ...SPIKES, alignment: [[0.5, 0.5, 0.5]] },
      /alignment = .*at most 2 entries, the x's/,
    ],
    [
      "fewer directions than x's named",
      { ...SPIKES, alignment: [[0.5]] },
      /alignment = .*one per x that the target names/,
    ],
    ["an unknown variable", { ...NETWORK, target: "x1 + z2" }, /target = .*unknown symbol "z2"; legal are x1/],
    [
      "rates that diverge",
      { ...NETWORK, student: "relu", steps: [{ learningRate: 1e5, stepSampleRatio: 2 }] },
      /steps\[0\]\.learningRate = 100000 .*step 1 does not diverge \(weights of group 1/,
    ],
    [
      "four directions of spikes",
      {
        ...SPIKES,
        spikes: [
          [1, 0, 0, 0],
          [0, 1, 0, 0],
          [0, 0, 1, 0],
          [0, 0, 0, 1],
        ],
        alignment: [
          [0.5, 0.1],
          [0, 0],
          [0, 0],
          [0, 0],
        ],
      },
      /spikes = 4 .*at most 3 directions/,
    ],
    ["another loss", { ...NETWORK, loss: "logistic" }, /loss = .*not covered/],
    ["an unknown field", { ...NETWORK, spikeStrength: 1 }, /spikeStrength = 1 .*no field of model trainedNetwork/],
    [
      "a misspelt field of a step",
      { ...NETWORK, steps: [{ learningRat: 1, stepSampleRatio: 1 }] },
      /did you mean learningRate/,
    ],
    ["a step without its batch", { ...NETWORK, steps: [{ learningRate: 1 }] }, /steps\[0\]\.stepSampleRatio/],
    ["a flat pair beside steps", { ...NETWORK, learningRate: 1 }, /learningRate = 1 .*left out where steps/],
    [
      "a negative batch",
      { ...NETWORK, steps: [{ learningRate: 1, stepSampleRatio: -1 }] },
      /steps\[0\]\.stepSampleRatio = -1/,
    ],
    [
      "a reused batch",
      { ...NETWORK, steps: [NETWORK.steps[0], { learningRate: 1, stepSampleRatio: 2, reuseBatch: true }] },
      /steps\[1\]\.reuseBatch = true .*not derived/,
    ],
    ["overlaps of no orthonormal directions", { ...SPIKES, alignment: [[0.9, 0.9]] }, /alignment = .*ΓᵀΓ/],
    ["a covariance that is none", { ...SPIKES, specialCovariance: [[[1]]], zetaBasis: [[1]] }, /zetaBasis = /],
    ["NaN", { ...NETWORK, labelNoise: NaN }, /labelNoise = NaN/],
  ];
  test.each(cases)("%s", (_, description, message) => {
    expect(() => solve(description as never)).toThrow(message);
  });
});

test("calculations of one step and one direction refuse several by name", async () => {
  const network = { ...NETWORK, theory: "network" } as never;
  for (const calculate of [bounds, learnedFunction, weightSpectrum, featureSpectrum]) {
    expect(() => calculate(network)).toThrow(/steps = .* left out: this calculation knows one step.*learnedSurface/);
  }
  expect(() => bounds({ model: "randomFeatures", student: "tanh", target: "x1 + x2" })).toThrow(
    /target = "x1 \+ x2" .*a function of x: this calculation/,
  );
  const twice = '[{"learningRate":1,"stepSampleRatio":2},{"learningRate":1,"stepSampleRatio":2,"reuseBatch":true}]';
  const { code, out } = await runCli(["solve", "--student", "tanh", "--target", "x1 + x1*x2", "--steps", twice]);
  expect(code).toBe(0);
  expect(out).toMatch(/^same batch again: spikes along target/m);
});

test("steps in four directions are refused before they are averaged over", () => {
  const step = { learningRate: 1, stepSampleRatio: 1 };
  const network = { model: "trainedNetwork", student: "relu", target: "x1 + x2*x3", theory: "srf" } as const;
  const readoutValues = [1, -0.5, 0.3, 2];
  expect(() => gradientSteps({ ...network, readoutValues, steps: [step, step, step] })).toThrow(/at most 3 directions/);
});
