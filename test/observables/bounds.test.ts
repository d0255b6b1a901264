import { describe, expect, it } from "vitest";
import { featureModel } from "../../src/model/featureModel.ts";
import { baselinesOf } from "../../src/observables/baselines.ts";
import { boundsOf } from "../../src/observables/bounds.ts";
import { gaussHermite } from "../../src/numerics/gaussHermite.ts";
import { solve } from "../../src/solve/solve.ts";
import { referenceCases } from "../fixtures/reference.ts";

interface Reference {
  readonly lower: number;
  readonly upper: number;
  readonly lowerCoefficients: readonly number[];
  readonly linearBaseline: number;
}

const model = {
  model: "spikedRandomFeatures",
  student: "tanh",
  target: "sin",
  spikeStrength: 0.9,
  alignment: 1,
} as const;

describe("exactness", () => {
  it("matches the reference of theory §5", () => {
    const result = boundsOf(featureModel(model));
    const expected = referenceCases("bounds")[0] as unknown as Reference;
    expect(result.lower.testError).toBeCloseTo(expected.lower, 11);
    expect(result.upper.testError).toBeCloseTo(expected.upper, 11);
    expect(result.baselines.linear).toBeCloseTo(expected.linearBaseline, 11);
    result.lowerCoefficients.forEach((t, i) => expect(t).toBeCloseTo(expected.lowerCoefficients[i]!, 10));
    expect(result.lowerCoefficients).toHaveLength(2);
  });

  it("has functions whose error is the value, at γ = 1", () => {
    const { lower, upper } = boundsOf(featureModel(model));
    const { nodes, weights } = gaussHermite(80);
    for (const bound of [lower, upper]) {
      const f = bound.along([...nodes]);
      const error = f.reduce((sum, value, i) => sum + weights[i]! * (Math.sin(nodes[i]!) - value) ** 2, 0);
      expect(error).toBeCloseTo(bound.testError, 12);
    }
  });

  it("baselines of a polynomial target: He2 and the constant are what a linear fit misses", () => {
    const statistics = featureModel({ ...model, target: "1 + 2*x + 3*(x^2 - 1)", labelNoise: 0.5 });
    expect(baselinesOf(statistics).linear).toBeCloseTo(18.5, 11);
    expect(baselinesOf(statistics).linearWithoutConstant).toBeCloseTo(19.5, 11);
  });
});

describe("laws", () => {
  const cases = [
    { ...model, alignment: 0.7, labelNoise: 0.1, target: "relu" },
    { ...model, spikeStrength: 2, readoutValues: [1, -0.5, 0.2], alignment: 0.9, target: "x + (x^2 - 1)/2" },
    { ...model, student: "relu", readoutValues: [1, -1], alignment: 0.8, target: "sign" },
  ] as const;

  it.each(cases)(
    "no readout beats the lower bound; λ → ∞ with free mean channels gives the upper (%#)",
    (parameters) => {
      const { lower, upper } = boundsOf(featureModel(parameters));
      expect(lower.testError).toBeLessThan(upper.testError);
      const rich = solve({ ...parameters, sampleRatio: Infinity, widthRatio: 3, ridge: 0.1 });
      expect(rich.testError).toBeGreaterThanOrEqual(lower.testError - 1e-12);
      const stiff = solve({ ...parameters, sampleRatio: 2, widthRatio: 1, ridge: 1e9 });
      expect(stiff.testError).toBeCloseTo(upper.testError, 6);
    },
  );

  it("has one part along the spike and one along ζ̂, and counts the noise", () => {
    const noisy = boundsOf(featureModel({ ...model, alignment: 0.6, labelNoise: 0.3 }));
    const clean = boundsOf(featureModel({ ...model, alignment: 0.6 }));
    expect(noisy.lower.testError - clean.lower.testError).toBeCloseTo(0.3, 12);
    expect(noisy.lower.psi).toHaveLength(1);
    expect(noisy.lowerCoefficients).toHaveLength(3);
  });
});
