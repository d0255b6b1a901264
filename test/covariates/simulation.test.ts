import { describe, expect, test } from "vitest";
import { trySolve } from "../../src/curve/solve.ts";
import { ParameterError } from "../../src/errors.ts";
import { type SimulatedDescription, simulate, specify, validate } from "../../src/simulation/index.ts";
import { specificationSchema } from "../../src/simulation/specificationSchema.ts";
import { runCli } from "../cli/runCli.ts";

const levels = { eigenvalues: [2, 0.2], multiplicities: [20, 40], signal: [1, 0.02] };
const inputs = { inputEigenvalues: [1.7, 0.3], inputMultiplicities: [0.5, 0.5], teacherPower: [0.7, 0.3] };
const features = { model: "structuredRandomFeatures", student: "tanh", target: "sin", ...inputs, labelNoise: 0.1 };
const gaussian = { model: "gaussianCovariates", ...levels };

/** Six kinds of networks, with the sizes of which they are simulated. */
const CASES = {
  "ridge, p < n": {
    model: {
      ...{ model: "gaussianCovariates", eigenvalueExponent: 1.5, signalExponent: 0.5, count: 60 },
      ...{ unexplained: 0.05, labelNoise: 0.1, samples: 120, ridge: 0.1 },
    },
    dimensions: [60, 120],
  },
  "ridge, p > n": {
    model: { ...gaussian, unexplained: 0.1, labelNoise: 0.2, samples: 40, ridge: 0.3 },
    dimensions: [60, 120],
  },
  logistic: {
    model: {
      ...{ ...gaussian, teacher: "logistic", logisticScale: 1.5, teacherVariance: 1, teacherShift: 0.5 },
      ...{ loss: "logistic", intercept: true, samples: 100, ridge: 0.1 },
    },
    dimensions: [60, 120],
    quantity: "testLoss",
  },
  hinge: {
    model: {
      ...{ ...gaussian, teacher: "sign", labelFlips: 0.05, teacherVariance: 1, loss: "hinge" },
      ...{ samples: 100, ridge: 0.3 },
    },
    dimensions: [60, 120],
    quantity: "testClassificationError",
  },
  "two layers": { model: { ...features, widths: [1.5, 1], samples: 1.5, ridge: 0.1 }, dimensions: [60, 120] },
  step: {
    model: {
      ...{ model: "structuredGradientStep", student: "tanh", target: "tanh", ...inputs, labelNoise: 0.1 },
      ...{ learningRate: 1, stepSampleRatio: 8, sampleRatio: 2, widthRatio: 1, ridge: 0.1 },
    },
    dimensions: [50, 100],
  },
} as const;

// Theory against simulation: in standard errors, extrapolated in 1/d.
describe("theory of covariates is that of finite networks", () => {
  test.each(Object.entries(CASES))("%s", async (_, { model, dimensions, ...rest }) => {
    const description = model as unknown as SimulatedDescription;
    const quantity = "quantity" in rest ? rest.quantity : "testError";
    const theory = () => (trySolve(description) as unknown as { readonly [name: string]: unknown })[quantity] as number;
    const options = { trials: 16, testSamples: 600, seed: 5, workers: 0, backend: "wasm", threshold: 3 } as const;
    const { points } = await validate(description, theory, { ...options, dimensions, quantity });
    expect(points).toHaveLength(1);
    expect(points[0]!.accepted, `z = ${points[0]!.z}`).toBe(true);
    // What is compared is measured well enough to be wrong.
    expect(points[0]!.extrapolated.standardError).toBeLessThan(0.25 * points[0]!.theory);
  });

  // Law: labels ±1 of a square loss, and a theory that is wrong is rejected.
  test("a wrong theory is rejected", async () => {
    const description = { ...gaussian, unexplained: 0.1, samples: 90, ridge: 0.3 } as SimulatedDescription;
    const wrong = () => 1.5 * (trySolve(description) as { readonly testError: number }).testError;
    const options = { trials: 16, testSamples: 600, seed: 5, workers: 0, backend: "wasm" } as const;
    const { accepted } = await validate(description, wrong, { ...options, dimensions: [60, 120] });
    expect(accepted).toBe(false);
  });
});

describe("specifications of covariates", () => {
  test("are data that files hold", () => {
    const all = Object.values(CASES);
    for (const { model, dimensions } of all) {
      const specification = specify(model as unknown as SimulatedDescription, { dimension: dimensions[0] });
      const { student, target } = { student: specification.student, target: specification.target };
      expect([typeof student, typeof target]).toEqual(["string", "string"]);
      expect(specificationSchema.safeParse(JSON.parse(JSON.stringify(specification))).success).toBe(true);
    }
    expect(all).toHaveLength(6);
  });

  test("scale with the dimension", () => {
    const { inputs: law, sampleRatios } = specify({ ...gaussian, samples: 90, ridge: 1 } as SimulatedDescription, {
      dimension: 120,
      samples: [30, 90],
    });
    expect(law!.counts).toEqual([40, 80]);
    expect(sampleRatios).toEqual([0.5, 1.5]);
  });

  // An orthogonal rotation of the features changes nothing: least squares of n > p without noise finds the teacher.
  test("exactness: without ridge and noise, n > p, the test error is 0", async () => {
    const description = { ...gaussian, samples: 90, ridge: 0 } as SimulatedDescription;
    const { points } = await simulate(description, { dimension: 60, trials: 2, testSamples: 50, seed: 1, workers: 0 });
    expect(points[0]!.testError.mean).toBeLessThan(1e-20);
    expect(points[0]!.overlaps.m).toEqual([]);
  });

  test.each([
    ["samples", { ...gaussian, samples: Infinity, ridge: 1 }, {}],
    ["multiplicities[0]", { ...gaussian, multiplicities: [0.001, 40], samples: 90, ridge: 1 }, {}],
    ["sampleRatios", { ...gaussian, samples: 90, ridge: 1 }, { sampleRatios: [1] }],
    ["samples", { ...CASES.step.model }, { samples: [1] }],
    ["stepSampleRatio", { ...CASES.step.model, stepSampleRatio: Infinity }, {}],
    ["ridge", { ...CASES.hinge.model, ridge: 0 }, {}],
    ["teacher", { ...gaussian, loss: "hinge", samples: 90, ridge: 1 }, {}],
    ["teacherVariance", { ...CASES.hinge.model, teacherVariance: 0.1 }, {}],
    ["widths[0]", { ...CASES["two layers"].model, widths: [1e-6, 1] }, {}],
  ])("refuse %s", (parameter, model, grid) => {
    const specified = () => specify(model as unknown as SimulatedDescription, { dimension: 60, ...grid });
    expect(specified).toThrow(ParameterError);
    expect(specified).toThrow(parameter);
  });
});

describe("covariates on the command line", () => {
  const model = ["--model", "gaussianCovariates", "--eigenvalues", "2,0.2", "--multiplicities", "20,40"];
  const labels = ["--signal", "1,0.02", "--unexplained", "0.1"];
  const trials = ["--trials", "3", "--test-samples", "100", "--workers", "0"];

  test("solve prints one quantity a line", async () => {
    const { out, code } = await runCli(["solve", ...model, ...labels, "--samples", "90", "--ridge", "0.3"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^testError +0\.\d+$/m);
    const best = await runCli(["solve", ...model, ...labels, "--samples", "90", "--optimal-ridge", "nonNegative"]);
    expect(best.out).toMatch(/^ridge +\d/m);
  });

  test("curve sweeps samples and ridge, with simulation beside", async () => {
    const sweep = ["--samples", "30:90:3", "--ridge", "0.1,1", "--simulate", "model", "--dimension", "60"];
    const { out, code } = await runCli(["curve", ...model, ...labels, ...sweep, ...trials]);
    expect(code).toBe(0);
    const lines = out.trim().split("\n");
    expect(lines).toHaveLength(7);
    expect(lines[0]).toContain("simulation.testError.mean");
    expect(lines.slice(1).every((line) => line.split(",").includes("converged"))).toBe(true);
  });

  test("simulate and validate run over samples", async () => {
    const at = ["--samples", "30,90", "--ridge", "0.3"];
    const simulated = await runCli(["simulate", ...model, ...labels, ...at, "--dimension", "60", ...trials]);
    expect(simulated.out.split("\n").map((line) => line.split(",")[0])).toEqual(["samples", "30", "90", ""]);
    const sizes = ["--dimensions", "60,120"];
    const validated = await runCli(["validate", ...model, ...labels, ...at, ...sizes, ...trials]);
    expect(validated.code).toBe(0);
    expect(validated.out).toContain("theory is accepted");
  });
});
