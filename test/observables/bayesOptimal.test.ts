import { describe, expect, test } from "vitest";
import { bayesOptimal, ParameterError } from "../../src/index.ts";

describe("exactness: values of an independent solver", () => {
  test("tanh: one solution", () => {
    const { overlap, testError, errorEstimate } = bayesOptimal({ target: "tanh", sampleRatio: 1, labelNoise: 0.1 });
    expect(overlap).toBeCloseTo(0.57115686871, 10);
    expect(testError).toBeCloseTo(0.28038395437, 10);
    expect(errorEstimate).toBeLessThan(1e-9);
  });

  test("x² − 1: nothing is learned below the weak-recovery threshold, and much above it", () => {
    const problem = { target: "x^2 - 1", labelNoise: 0.2 };
    const below = bayesOptimal({ ...problem, sampleRatio: 0.5 });
    // E[(z² − 1) P]²/E[P] summed over 4,001 labels and 7,201 z by an independent program.
    expect(below.weakRecoveryThreshold).toBeCloseTo(0.534011292259, 10);
    expect(below.overlap).toBe(0);
    expect(below.testError).toBeCloseTo(2.2, 10);
    const above = bayesOptimal({ ...problem, sampleRatio: 2, stepSampleRatio: 1 });
    expect(above.overlap).toBeCloseTo(0.95561804264, 10);
    expect(above.testError).toBeCloseTo(0.37358831, 7);
  });
});

describe("laws", () => {
  test("a linear target is ridge regression at its best penalty", () => {
    // y = s + √Δ ε: q̂ = α/(Δ + 1 − q).
    const [alpha, noise] = [1.3, 0.4];
    const { overlap, excessRisk } = bayesOptimal({ target: "identity", sampleRatio: alpha, labelNoise: noise });
    const conjugate = alpha / (noise + 1 - overlap);
    expect(overlap).toBeCloseTo(conjugate / (1 + conjugate), 12);
    expect(excessRisk).toBeCloseTo(1 - overlap, 12);
  });

  test.each([
    ["sampleRatio", { sampleRatio: -1 }],
    ["labelNoise", { labelNoise: 0 }],
    ["stepSampleRatio", { stepSampleRatio: NaN }],
  ])("%s out of range is named", (name, change) => {
    const make = () => bayesOptimal({ target: "tanh", sampleRatio: 1, labelNoise: 0.1, ...change });
    expect(make).toThrow(ParameterError);
    expect(make).toThrow(name);
  });
});
