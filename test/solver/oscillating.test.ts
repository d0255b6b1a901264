import { describe, expect, test } from "vitest";
import { type ModelDescription, solve, trySolve } from "../../src/index.ts";

const network = { model: "trainedNetwork", sampleRatio: 0.7, widthRatio: 1, ridge: 0.001 } as const;
const step = { ...network, target: "sin", learningRate: 1, stepSampleRatio: 1 } as const;

/** Students that oscillate faster than the spike spreads them: what remains of their mean, e^(−2c) or less, is rounding. Regressions. */
const OSCILLATING: readonly [student: string, learningRate: number, stepSampleRatio: number, testError: number][] = [
  ["sin(2*x)", 2.6, 0.5, 1.205840013988],
  ["sin(2*x)", 2.8, 0.5, 1.242221010573],
  ["sin(2*x)", 3, 0.5, 1.276045713018],
  ["sin(2*x)", 3.2, 0.5, 1.305800317048],
  ["sin(2*x)", 3.6, 0.5, 1.350521346513],
  ["sin(2*x)", 6, 2, 1.336615747833],
  ["sin(3*x)", 1.3, 0.5, 1.042728280971],
  ["sin(20*x)", 1, 0.5, 1.39866482097],
  ["cos(50*x)", 1, 0.5, 1.39866482097],
];

describe("oscillating students with strong spikes", () => {
  test.each(OSCILLATING)("%s, η̃ = %d, α₀ = %d", (student, learningRate, stepSampleRatio, expected) => {
    for (const theory of ["network", "srf"] as const) {
      const description: ModelDescription = {
        ...network,
        theory,
        student,
        target: "sin",
        learningRate,
        stepSampleRatio,
      };
      const { testError, errorEstimate } = solve(description);
      expect(Math.abs(testError - expected)).toBeLessThan(1e-9);
      expect(errorEstimate).toBeLessThan(1e-10);
    }
  });

  test("the curve in η̃ has no jump where the mean sinks into rounding", () => {
    const rates = [2.6, 2.7, 2.8, 2.9, 3, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6];
    const errors = rates.map((learningRate) => {
      return solve({ ...network, student: "sin(2*x)", target: "sin", learningRate, stepSampleRatio: 0.5 }).testError;
    });
    const fourth = errors
      .slice(4)
      .map((e, i) => e - 4 * errors[i + 3]! + 6 * errors[i + 2]! - 4 * errors[i + 1]! + errors[i]!);
    expect(fourth).toHaveLength(7);
    for (const difference of fourth) expect(Math.abs(difference)).toBeLessThan(1e-4);
  });

  // Law: σ → sσ, λ → s²λ, η̃ → η̃/s changes nothing.
  test.each(["sin", "tanh"])("1e6·%s(x) is %s(x) at another ridge and rate", (student) => {
    const large = solve({ ...step, student: `1e6*${student}(x)`, ridge: 1e9, learningRate: 1e-6 });
    const plain = solve({ ...step, student });
    expect(Math.abs(large.testError / plain.testError - 1)).toBeLessThan(1e-10);
    const features = { model: "randomFeatures", target: "sin", sampleRatio: 0.7, widthRatio: 1 } as const;
    const scaled = solve({ ...features, student: `1e6*${student}(x)`, ridge: 1e9 });
    expect(Math.abs(scaled.testError / solve({ ...features, student, ridge: 1e-3 }).testError - 1)).toBeLessThan(1e-10);
  });

  test("a rate of a thousand", () => {
    const { testError, errorEstimate } = solve({ ...step, student: "sin", learningRate: 1000, stepSampleRatio: 2 });
    const faster = solve({ ...step, student: "sin", learningRate: 1001, stepSampleRatio: 2 });
    expect(Math.abs(testError - faster.testError)).toBeLessThan(1e-9);
    expect(errorEstimate).toBeLessThan(1e-10);
  });
});

describe("where moments barely exist", () => {
  const features = { model: "randomFeatures", sampleRatio: 0.7, widthRatio: 1, ridge: 0.1 } as const;

  test("exp(x²/4.1) has a finite second moment", () => {
    // E g = (1 − 2/4.1)^(−1/2), E g² = (1 − 4/4.1)^(−1/2); g is even, and the constant is free.
    const [mean, square] = [1 / Math.sqrt(1 - 2 / 4.1), 1 / Math.sqrt(1 - 4 / 4.1)];
    const wide = solve({ ...features, student: "relu", target: "exp(x^2/4.1)", sampleRatio: 1e6, ridge: 1e12 });
    expect(Math.abs(wide.testError / (square - mean * mean) - 1)).toBeLessThan(1e-5);
    expect(solve({ ...features, student: "exp(x^2/4.1)", target: "sin" }).errorEstimate).toBeLessThan(1e-9);
    expect(() => solve({ ...features, student: "exp(x^2/3.9)", target: "sin" })).toThrow("no finite moment");
  });

  test("Gaussian rows of random features: the norms of rows enter where E σσ″ ≠ 0", () => {
    const result = trySolve({ ...features, rows: "gaussian", student: "relu", target: "sin" });
    expect(result.status).toBe("converged");
  });
});
