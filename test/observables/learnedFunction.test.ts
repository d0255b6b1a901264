import { describe, expect, it } from "vitest";
import { activation } from "../../src/activation/activation.ts";
import { conditionalMoments } from "../../src/activation/conditionalMoments.ts";
import { ConvergenceError, ParameterError } from "../../src/errors.ts";
import { gaussHermite } from "../../src/numerics/gaussHermite.ts";
import { learnedFunction } from "../../src/observables/learnedFunction.ts";
import { readoutVocabulary, vocabularyGrowth } from "../../src/observables/vocabulary.ts";

const model = {
  model: "spikedRandomFeatures",
  student: "tanh",
  target: "sin",
  spikeStrength: 1.5,
  bulkVariance: 1.3,
  alignment: 0.8,
  labelNoise: 0.05,
  sampleRatio: 1,
  widthRatio: 0.5,
  ridge: 0.01,
} as const;
const places = [-2, -0.3, 0, 0.7, 1.9];

describe("exactness", () => {
  it("along the target is the average over κ and ζ of its definition", () => {
    const { alongTarget, solution } = learnedFunction(model);
    const { m, theta, psi } = solution.overlaps;
    const tanh = activation("tanh");
    const { nodes, weights } = gaussHermite(40);
    const [gamma, rho, c] = [0.8, 0.6, 1.3];
    const expected = places.map((t) =>
      nodes.reduce((sum, z, i) => {
        const kappa = gamma * t + rho * z;
        const zeta = rho * t - gamma * z;
        const { mean, first } = conditionalMoments(tanh, 1.5 * kappa, Math.sqrt(c), "tanh");
        const mu1 = first / Math.sqrt(c);
        return sum + weights[i]! * (m[0]! * mean + theta[0]! * kappa * mu1 + psi[0]! * zeta * mu1);
      }, 0),
    );
    alongTarget(places).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 9));
  });

  it("is linear for random features", () => {
    const { alongTarget, solution } = learnedFunction({
      ...{ model: "randomFeatures", student: "relu", target: "x + x^2" },
      ...{ sampleRatio: 2, widthRatio: 1.5, ridge: 0.1 },
    });
    const [m, psi] = [solution.overlaps.m[0]!, solution.overlaps.psi[0]!];
    alongTarget(places).forEach((value, i) =>
      expect(value).toBeCloseTo(m / Math.sqrt(2 * Math.PI) + (psi / 2) * places[i]!, 11),
    );
  });

  it.each([1, -1])("at γ = %d is the function along the spike", (alignment) => {
    const { alongTarget, alongSpike } = learnedFunction({ ...model, alignment });
    expect(alongTarget(places)).toEqual(alongSpike(places.map((t) => alignment * t)));
  });
});

describe("laws", () => {
  it("goes over continuously to γ = 1", () => {
    const near = learnedFunction({ ...model, alignment: 1 - 1e-8 }).alongTarget(places);
    const at = learnedFunction({ ...model, alignment: 1 }).alongTarget(places);
    near.forEach((value, i) => expect(value).toBeCloseTo(at[i]!, 6));
  });

  it("a larger vocabulary fits better, and K = 2 of an odd student no better than K = 1", () => {
    const rows = vocabularyGrowth({ ...model, sampleRatio: 100, alignment: 1, labelNoise: 0 }, places);
    expect(rows.map((row) => row.readoutValues.length)).toEqual([1, 2, 4, 8]);
    expect(rows[1]!.testError).toBeCloseTo(rows[0]!.testError, 9);
    expect(rows[2]!.testError).toBeLessThan(rows[1]!.testError);
    expect(rows[3]!.testError).toBeLessThan(rows[2]!.testError);
    for (const size of [2, 4, 8]) {
      const power = readoutVocabulary(size).reduce((sum, u) => sum + (u * u) / size, 0);
      expect(power).toBeCloseTo(1, 14);
    }
  });
});

describe("bad input", () => {
  it("names it", () => {
    const { alongTarget, alongSpike } = learnedFunction(model);
    expect(() => alongTarget([NaN])).toThrow(ParameterError);
    expect(() => alongSpike([Infinity])).toThrow(ParameterError);
    expect(() => readoutVocabulary(0)).toThrow(ParameterError);
    expect(() => learnedFunction({ ...model, ridge: 0, sampleRatio: 0.5 })).toThrow(ConvergenceError);
  });

  it("says when the step makes no spike or learns nothing", () => {
    const step = { model: "trainedNetwork", theory: "srf", learningRate: 1, stepSampleRatio: 2 } as const;
    const point = { sampleRatio: 1, widthRatio: 1, ridge: 0.1 };
    const even = learnedFunction({ ...step, ...point, student: "abs", target: "He2" });
    expect(even.notices.join()).toMatch(/no spike.*learns nothing/);
    expect(learnedFunction({ ...step, ...point, student: "tanh", target: "sin" }).notices).toEqual([]);
  });
});
