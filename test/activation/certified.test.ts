import { describe, expect, test } from "vitest";
import { activation } from "../../src/activation/activation.ts";
import { conditionalMoments } from "../../src/activation/conditionalMoments.ts";
import { stepNumbers } from "../../src/activation/stepNumbers.ts";
import { differentiable } from "../../src/model/gradientStep.ts";
import type { ModelDescription } from "../../src/model/description.ts";
import { solve } from "../../src/index.ts";
import { momentErrors, randomFormula } from "./randomFormulas.ts";

const rf = { model: "randomFeatures", sampleRatio: 2, widthRatio: 1, ridge: 0.1 } as const;
const network = { model: "trainedNetwork", sampleRatio: 2, widthRatio: 1, ridge: 0.1 } as const;

/**
 * Test errors that samples alone get wrong. Regressions, but for the six digits of those that an independent implementation
 * gave, which stand first.
 */
const VALUES: [description: ModelDescription, expected: number, independent: number | undefined][] = [
  [{ ...rf, student: "sin(31*x)", target: "sin" }, 0.67834891127, 0.678349],
  [{ ...rf, student: "tanh", target: "sin(31*x)" }, 0.68314901008, 0.683149],
  [{ ...rf, student: "tanh", target: "sin(x)+exp(-((x-0.7)/0.02)^2/2)" }, 0.26739530875, 0.267395],
  [{ ...rf, student: "tanh", target: "sin(x)+5*exp(-((x-0.7)/0.01)^2/2)" }, 0.46291380784, 0.46291],
  [
    { ...network, theory: "srf", student: "sin", target: "sin", learningRate: 100, stepSampleRatio: 0.1 },
    0.67834891127,
    0.678349,
  ],
  [
    { ...network, student: "tanh(100*(x-1.5))", target: "sin", learningRate: 1, stepSampleRatio: 5 },
    0.42978245811,
    undefined,
  ],
  [{ ...network, student: "sin(20*x)", target: "sin", learningRate: 1, stepSampleRatio: 2 }, 0.67834891127, undefined],
  [{ ...network, student: "cos(50*x)", target: "sin", learningRate: 1, stepSampleRatio: 2 }, 0.67834891127, undefined],
];

describe("averages that sampling misses", () => {
  test.each(VALUES)("%j", (description, expected, independent) => {
    const { testError, errorEstimate } = solve(description);
    expect(Math.abs(testError - expected)).toBeLessThan(1e-8);
    if (independent !== undefined) expect(Math.abs(testError - independent)).toBeLessThan(1e-5);
    expect(errorEstimate).toBeLessThan(1e-9);
  });

  test("the same of functions without a formula", () => {
    const sine = solve({ ...rf, student: (x: number) => Math.sin(31 * x), target: "sin" });
    expect(sine.testError).toBeCloseTo(0.67834891127, 9);
    const bump = (x: number) => Math.sin(x) + 5 * Math.exp(-(((x - 0.7) / 0.01) ** 2) / 2);
    expect(solve({ ...rf, student: "tanh", target: bump }).testError).toBeCloseTo(0.46291380784, 9);
  });

  test("a narrower bump is seen at the scale that the caller states", () => {
    const value = (x: number) => Math.sin(x) + 50 * Math.exp(-(((x - 0.7) / 0.0005) ** 2) / 2);
    const formula = solve({ ...rf, student: "tanh", target: "sin(x)+50*exp(-((x-0.7)/0.0005)^2/2)" }).testError;
    expect(solve({ ...rf, student: "tanh", target: { value, scale: 5e-4 } }).testError).toBeCloseTo(formula, 9);
  });

  test.each([0, 2, "0.1", NaN])("a scale of %s is refused", (scale) => {
    expect(() => activation({ value: Math.sin, scale: scale as number })).toThrow("scale must be a number");
  });

  /** Var σ′ of tanh(s(x − a)) by a sum that is exact to rounding: the integrand vanishes beyond 40/s of a. */
  const slopeVariance = (s: number, a: number) => {
    let [mean, square] = [0, 0];
    const h = 0.02 / s;
    for (let i = -2500; i <= 2500; i++) {
      const x = a + i * h;
      const density = (h * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
      const slope = s / Math.cosh(s * (x - a)) ** 2;
      mean += density * slope;
      square += density * slope * slope;
    }
    return square - mean * mean;
  };

  test.each([
    [300, 0.7],
    [3000, 0],
    [1e4, 1.5],
  ])("the slope of tanh(%d(x − %d)) keeps its peak", (s, a) => {
    const f = differentiable(activation(`tanh(${s}*(x-${a}))`));
    const { slopeVariance: found } = stepNumbers(f, "student");
    expect(found / slopeVariance(s, a)).toBeCloseTo(1, 9);
  });

  test("hundreds of random formulas are within their estimate", () => {
    let checked = 0;
    for (let seed = 0; seed < 300; seed++) {
      const one = randomFormula(seed);
      const found = conditionalMoments(activation(one.formula), one.shift, one.scale, "f");
      for (const excess of momentErrors(one, found)) expect(excess, `${seed}: ${one.formula}`).toBeLessThanOrEqual(0);
      checked++;
    }
    expect(checked).toBe(300);
  });
});
