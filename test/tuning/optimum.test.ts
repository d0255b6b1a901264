import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConvergenceError, derivatives, optimum, ParameterError, solve } from "../../src/index.ts";

const noisy = { model: "randomFeatures", student: "tanh", target: "sin", labelNoise: 0.1 } as const;

describe("optimum", () => {
  test("the slope of the test error vanishes at the best ridge, and values around are larger", () => {
    const at = { ...noisy, sampleRatio: 1.3, widthRatio: 2 };
    const best = optimum(at, { over: ["ridge"] });
    const ridge = best.at.ridge!;
    const slope = derivatives({ ...at, ridge }, ["ridge"]).ridge!["testError"]!;
    expect(Math.abs(slope.value * ridge)).toBeLessThan(1e-8);
    for (const factor of [0.99, 1.01]) {
      expect(solve({ ...at, ridge: factor * ridge }).testError).toBeGreaterThan(best.value * (1 + 1e-8));
    }
    expect(best.ends).toEqual({});
  });

  test("a linear network of infinite width has λ* = Δ: ordinary ridge regression on isotropic inputs", () => {
    // λ* = (noise + unexplained) p/|Ω⁻¹b|² with p = d, |Ω⁻¹b| = 1; at β = 1e8 the features are the inputs to 1e-8.
    const linear = { model: "randomFeatures", student: "identity", target: "identity", widthRatio: 1e8 } as const;
    for (const [labelNoise, sampleRatio] of [
      [0.3, 1.3],
      [0.05, 0.4],
      [2, 3],
    ] as const) {
      const { at, value, placeError } = optimum({ ...linear, labelNoise, sampleRatio }, { over: ["ridge"] });
      expect(Math.abs(at.ridge! / labelNoise - 1)).toBeLessThan(1e-6);
      expect(placeError.ridge! / labelNoise).toBeLessThan(1e-5);
      // t = λ/(n − df1) as in covariates §4, with R = B/(1 − df2/n) at Ω = I, n = α, p = 1.
      const b = labelNoise + 1 - sampleRatio;
      const t = (b + Math.sqrt(b * b + 4 * sampleRatio * labelNoise)) / (2 * sampleRatio);
      const risk = (labelNoise + (t / (1 + t)) ** 2) / (1 - 1 / (1 + t) ** 2 / sampleRatio);
      expect(Math.abs(value / risk - 1)).toBeLessThan(1e-7);
    }
  });

  test("legal limits are optima, and said to be so", () => {
    const noiseless = { model: "randomFeatures", student: "identity", target: "identity", sampleRatio: 1.3 } as const;
    const ridgeless = optimum({ ...noiseless, widthRatio: 2 }, { over: ["ridge"] });
    expect(ridgeless.at).toEqual({ ridge: 0 });
    expect(ridgeless.ends).toEqual({ ridge: "limit" });
    const data = optimum({ ...noisy, widthRatio: 1, ridge: 0.1 }, { over: ["sampleRatio"] });
    expect(data.at).toEqual({ sampleRatio: Infinity });
    expect(data.ends).toEqual({ sampleRatio: "limit" });
  });

  test("every local minimum is listed, the global one first; a budget is spent", () => {
    const network = {
      model: "trainedNetwork",
      theory: "srf",
      student: "tanh",
      target: "sin",
      labelNoise: 0.1,
    } as const;
    const description = { ...network, learningRate: 1, ridge: 0.1, widthRatio: 1, finiteDimension: 1000 };
    const { minima, value } = optimum(description, { over: ["stepSampleRatio"], budget: 4 });
    expect(minima.length).toBeGreaterThanOrEqual(2);
    expect(minima[0]!.value).toBe(value);
    minima.forEach(({ at, value: there }, i) => {
      expect(at.stepSampleRatio! + at.sampleRatio!).toBeCloseTo(4, 12);
      if (i > 0) expect(there).toBeGreaterThanOrEqual(minima[i - 1]!.value);
      const point = { ...description, stepSampleRatio: at.stepSampleRatio!, sampleRatio: at.sampleRatio! };
      expect(Math.abs(solve(point).testError / there - 1)).toBeLessThan(1e-10);
    });
  });

  test("at the best ridge the test error of random features falls with α and with β", () => {
    const problem = fc.record({
      student: fc.constantFrom("tanh", "relu", "erf"),
      target: fc.constantFrom("sin", "tanh", "He1"),
      labelNoise: fc.double({ min: 0.01, max: 1, noNaN: true }),
      sampleRatio: fc.double({ min: 0.3, max: 4, noNaN: true }),
      widthRatio: fc.double({ min: 0.3, max: 4, noNaN: true }),
    });
    let compared = 0;
    fc.assert(
      fc.property(problem, (drawn) => {
        const model = { model: "randomFeatures" as const, ...drawn };
        const tuned = (change: object) => optimum({ ...model, ...change }, { over: ["ridge"] }).value;
        const here = tuned({});
        expect(tuned({ sampleRatio: 1.2 * drawn.sampleRatio })).toBeLessThanOrEqual(here * (1 + 1e-10));
        expect(tuned({ widthRatio: 1.2 * drawn.widthRatio })).toBeLessThanOrEqual(here * (1 + 1e-10));
        compared += 2;
      }),
      { numRuns: 12, seed: 7 },
    );
    expect(compared).toBe(24);
  });

  test("two parameters at once", () => {
    const spiked = {
      model: "spikedRandomFeatures",
      student: "tanh",
      target: "sin",
      labelNoise: 0.1,
      alignment: 0.9,
    } as const;
    const at = { ...spiked, sampleRatio: 1, widthRatio: 1 };
    const best = optimum(at, { over: { ridge: [1e-3, 10], spikeStrength: [0.1, 5] } });
    const found = { ...at, ridge: best.at.ridge!, spikeStrength: best.at.spikeStrength! };
    const slopes = derivatives(found, ["ridge", "spikeStrength"]);
    for (const name of ["ridge", "spikeStrength"] as const) {
      expect(Math.abs(slopes[name]!["testError"]!.value)).toBeLessThan(1e-6);
    }
  });

  const refused: [string, () => unknown, string][] = [
    [
      "an unknown parameter",
      () => optimum({ ...noisy, sampleRatio: 1, widthRatio: 1 }, { over: ["depth" as "ridge"] }),
      "over",
    ],
    [
      "one parameter twice",
      () => optimum({ ...noisy, sampleRatio: 1, widthRatio: 1 }, { over: ["ridge", "ridge"] }),
      "over",
    ],
    ["none", () => optimum({ ...noisy, sampleRatio: 1, widthRatio: 1 }, { over: [] }), "over"],
    [
      "an empty range",
      () => optimum({ ...noisy, sampleRatio: 1, widthRatio: 1 }, { over: { ridge: [1, 1] } }),
      "over.ridge",
    ],
    [
      "no such number",
      () => optimum({ ...noisy, sampleRatio: 1, widthRatio: 1 }, { over: ["ridge"], minimise: "loss" }),
      "minimise",
    ],
    [
      "a budget without room",
      () => optimum({ ...noisy, widthRatio: 1, ridge: 1 }, { over: ["sampleRatio"], budget: 0 }),
      "budget",
    ],
    ["a budget of nothing tuned", () => optimum({ ...noisy, widthRatio: 1 }, { over: ["ridge"], budget: 3 }), "over"],
  ];
  test.each(refused)("refuses %s", (_name, attempt, parameter) => {
    expect(attempt).toThrow(ParameterError);
    expect(attempt).toThrow(expect.objectContaining({ parameter }) as Error);
  });

  test("a search without any solution says why", () => {
    const impossible = {
      model: "randomFeatures",
      student: "identity",
      target: "sin",
      sampleRatio: 1,
      widthRatio: 2,
    } as const;
    expect(() => optimum(impossible, { over: { ridge: [0, 1e-300] } })).toThrow(ConvergenceError);
  });
});
