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
