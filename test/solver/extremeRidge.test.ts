import { describe, expect, test } from "vitest";
import { type ModelDescription, solve, trySolve } from "../../src/index.ts";

const MODELS: readonly Omit<ModelDescription, "sampleRatio" | "widthRatio" | "ridge">[] = [
  { model: "randomFeatures", student: "tanh", target: "sin" },
  { model: "randomFeatures", student: "relu", target: "sin", finiteDimension: 300 },
  { model: "spikedRandomFeatures", student: "tanh", target: "sin", spikeStrength: 1, alignment: 0.8 } as never,
  {
    model: "spikedRandomFeatures",
    student: "relu",
    target: "sin",
    spikeStrength: 1,
    alignment: 0.8,
    readoutValues: [1, -0.5],
  } as never,
  { model: "trainedNetwork", student: "relu", target: "He1", learningRate: 1, stepSampleRatio: 1 } as never,
];
const at = (model: (typeof MODELS)[number], ridge: number, sampleRatio: number) =>
  solve({ ...model, ridge, sampleRatio, widthRatio: 1 } as ModelDescription);
const close = (a: number, b: number, tolerance = 1e-9) => {
  expect(Math.abs(a - b)).toBeLessThanOrEqual(tolerance * Math.abs(b));
};

describe.each(MODELS)("%j", (model) => {
  test("λ = 1e-300 with fewer samples than features: the limit λ → 0", () => {
    const [tiny, small, none] = [1e-300, 1e-120, 0].map((ridge) => at(model, ridge, 0.5));
    close(tiny!.testError, none!.testError);
    // V ∝ 1/λ, the training error ∝ λ² vanishes.
    close(tiny!.overlaps.V2[0]! * 1e-180, small!.overlaps.V2[0]!);
    close(tiny!.objective * 1e180, small!.objective);
    expect(tiny!.trainError).toBe(0);
  });

  test("λ = 1e300: the limit λ → ∞", () => {
    const [huge, large] = [1e300, 1e120].map((ridge) => at(model, ridge, 0.5));
    close(huge!.testError, large!.testError);
    close(huge!.trainError, large!.trainError);
    close(huge!.overlaps.V2[0]! * 1e180, large!.overlaps.V2[0]!);
    close(huge!.overlaps.psi[0]! * 1e180, large!.overlaps.psi[0]!);
    close(huge!.overlaps.m[0] ?? 0, (large!.overlaps.m[0] ?? 0) * (model.finiteDimension === undefined ? 1 : 1e-180));
  });

  test("at the interpolation threshold λ = 1e-300 has none, and is refused", () => {
    const result = trySolve({ ...model, ridge: 1e-300, sampleRatio: 1, widthRatio: 1 } as ModelDescription);
    expect(result.status).toBe("diverged");
  });
});

describe("features that freeze at large κ, without ridge", () => {
  const spiked = { model: "spikedRandomFeatures", labelNoise: 0.1, ridge: 0 } as const;

  test("the limit is that of ever smaller ridges, where V(κ) falls more slowly than the normal density", () => {
    const gelu = { student: "gelu", target: "tanh", sampleRatio: 0.454, widthRatio: 30, spikeStrength: 1.17 } as const;
    const [limit, near] = [0, 1e-139].map((ridge) => solve({ ...spiked, ...gelu, alignment: 0.8, ridge }));
    expect(limit!.errorEstimate).toBeLessThan(1e-11);
    expect(Math.abs(near!.testError / limit!.testError - 1)).toBeLessThan(limit!.errorEstimate + near!.errorEstimate);
  });

  test("hardly more slowly: the estimate holds what lies beyond the nodes", () => {
    const network = { model: "trainedNetwork", student: "relu", target: "x^2-1", learningRate: 2.78 } as const;
    const at = { sampleRatio: 0.564, widthRatio: 3.79, stepSampleRatio: 0.948 };
    const [limit, near, nearer] = [0, 1e-130, 1e-139].map((ridge) => solve({ ...network, ...at, ridge }));
    // The ridges come nearer by a factor of more than 10 each.
    const left = Math.abs(nearer!.testError - near!.testError) / limit!.testError / 2;
    expect(Math.abs(nearer!.testError / limit!.testError - 1)).toBeLessThan(left + limit!.errorEstimate);
    expect(limit!.errorEstimate).toBeLessThan(1e-8);
  });

  test("faster than that: there is no limit, and no number", () => {
    const erf = { student: "erf", target: "sin(3*x)", sampleRatio: 0.238, widthRatio: Infinity, spikeStrength: 1.32 };
    const result = trySolve({ ...spiked, ...erf, labelNoise: 0, alignment: 1 });
    expect(result).toMatchObject({ status: "diverged", detail: expect.stringContaining("features freeze") as string });
  });
});
