import { describe, expect, test } from "vitest";
import { statistics } from "../../src/statistics/statistics.ts";
import { toCsv } from "../../src/curve/csv.ts";
import { curve } from "../../src/tuning/curve.ts";
import { solve } from "../../src/solve/solve.ts";
import type { ModelDescription } from "../../src/parameters/description.ts";

const spiked = { model: "spikedRandomFeatures", student: "tanh", target: "sin(2*x)", labelNoise: 0.1 } as const;
const noisy = { ...spiked, spikeStrength: 1.5, bulkVariance: 1.2, alignment: 0.8 } as const;
const flat = { ...spiked, spikeStrength: 0, alignment: 0, target: "tanh" } as const;
const point = { sampleRatio: 1.3, widthRatio: 0.9, ridge: 0.02 };
const step = {
  ...point,
  model: "trainedNetwork",
  student: "relu",
  target: "x + (x^2 - 1)/2",
  labelNoise: 0.1,
} as const;
const network = { ...step, learningRate: 1, stepSampleRatio: 2 } as const;

/** μ1 = E[zσ] and μ2² of tanh at c = 1, by the trapezoid rule in numpy. */
const momentsOfTanh = { mu1: 0.6057055096021589, mu2Squared: 0.027415326035430176 };

const PARTS = [
  ...["biasSquared", "varianceWeights", "varianceInputs", "varianceInputsNoise"],
  ...["varianceWeightsInputs", "varianceWeightsInputsNoise"],
] as ("biasSquared" | "varianceWeights")[];
const PAIRS = [
  ...["sameWeightsFreshNoise", "sameWeightsFreshSamples", "freshWeightsSameSamples"],
  ...["freshWeightsFreshNoise", "freshBoth"],
] as ("freshBoth" | "sameWeightsFreshSamples")[];
const partsOf = (result: ReturnType<typeof statistics>) => PARTS.map((name) => result[name]);
const near = (actual: number | undefined, expected: number, accuracy: number) => {
  expect(Math.abs(actual! - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(accuracy);
};

// Laws of statistics §6.
describe("parts", () => {
  const cases: readonly [string, ModelDescription, number][] = [
    ["spiked", { ...noisy, ...point }, 0.1],
    ["without noise", { ...noisy, ...point, labelNoise: 0 }, 0],
    ["ridgeless, fewer samples than features", { ...noisy, ...point, ridge: 0, sampleRatio: 0.5 }, 0.1],
    ["ridgeless, more samples", { ...noisy, ...point, ridge: 0 }, 0.1],
    ["α = ∞", { ...noisy, ...point, sampleRatio: Infinity }, 0.1],
    ["β = ∞", { ...noisy, ...point, widthRatio: Infinity }, 0.1],
    ["Gaussian rows", { ...noisy, ...point, rows: "gaussian" }, 0.1],
    ["three groups", { ...noisy, ...point, readoutValues: [1, 2, -1] }, 0.1],
    ["small rate", { ...spiked, ...point, model: "smallRate", spikeStrength: 1, alignment: 0.6 }, 0.1],
    ["powers", { ...spiked, ...point, model: "powerChannels", powerChannels: [1, 2], alignment: 0.6 }, 0.1],
    ["network", network, 0.1],
    ["network of two groups", { ...network, readoutValues: [1, -0.5] }, 0.1],
  ];
  test.each(cases)("%s: they add up and are not negative", (_, description, noise) => {
    const result = statistics(description);
    const sum = partsOf(result).reduce((total, part) => total + part, 0);
    expect(Math.abs(sum + noise - result.testError) / result.testError).toBeLessThan(1e-11);
    for (const part of partsOf(result)) expect(part).toBeGreaterThanOrEqual(-1e-12);
    if (noise === 0) expect(result.varianceWeightsInputsNoise).toBe(0);
    expect(result.classificationErrorEstimate).toBeLessThan(1e-6);
    // An average of more predictors is not worse.
    const two = result.ensembleOfTwo;
    expect(two.freshBoth.testError).toBeLessThanOrEqual(two.sameWeightsFreshSamples.testError + 1e-12);
    expect(two.freshBoth.testError).toBeLessThanOrEqual(two.freshWeightsSameSamples.testError + 1e-12);
  });
});

describe("limits", () => {
  test.each([noisy, flat])("kernel law: the average over W is kernel ridge at 1/g (%#)", (model) => {
    const result = statistics({ ...model, ...point });
    const kernel = statistics({ ...model, ...point, widthRatio: Infinity, ridge: result.kernelRidge! });
    near(result.freshWeightsSameSamples, kernel.testError, 1e-11);
    near(result.freshBoth, kernel.sameWeightsFreshSamples, 1e-11);
    near(result.averagedClassificationError.freshWeightsSameSamples, kernel.classificationError, 1e-9);
  });

  test("β = ∞ has no part of the weights", () => {
    const result = statistics({ ...noisy, ...point, widthRatio: Infinity });
    near(result.sameWeightsFreshSamples, result.freshBoth, 1e-12);
    near(result.freshWeightsSameSamples, result.testError, 1e-12);
  });

  test("α → ∞: fresh samples make no difference", () => {
    const result = statistics({ ...noisy, ...point, sampleRatio: Infinity });
    near(result.sameWeightsFreshSamples, result.testError, 1e-12);
    near(result.freshWeightsSameSamples, result.freshBoth, 1e-12);
  });

  test("r = 0: fresh samples average to infinite data at ridge λ(1 + V)/α per sample", () => {
    const result = statistics({ ...flat, ...point });
    // At α = ∞ the ridge per sample vanishes beside the data: a large α stands for it.
    const { overlaps } = solve({ ...flat, ...point });
    const { mu1, mu2Squared } = momentsOfTanh;
    const susceptibility = mu1 ** 2 * overlaps.V1[0]![0]! + mu2Squared * overlaps.V2[0]!;
    const alpha = 1e9;
    const ridge = (alpha * point.ridge * (1 + susceptibility)) / point.sampleRatio;
    near(result.sameWeightsFreshSamples, solve({ ...flat, ...point, sampleRatio: alpha, ridge }).testError, 1e-7);
  });

  test("r = 0: fresh spikes are fresh samples and weights; odd σ errs by the angle", () => {
    const result = statistics({ ...flat, ...point, target: "x", labels: "sign", labelNoise: 0 });
    near(result.freshSpike, result.freshBoth, 1e-11);
    near(result.freshSpikeSameSamples, result.freshWeightsSameSamples, 1e-11);
    const { psi, Q1, Q2 } = result.overlaps;
    const { mu1, mu2Squared } = momentsOfTanh;
    const correlation = (mu1 * psi[0]!) / Math.sqrt(mu1 ** 2 * Q1[0]![0]! + mu2Squared * Q2[0]!);
    near(result.classificationError, Math.acos(correlation) / Math.PI, 1e-11);
  });

  test("identity features of infinite width: the bias is (λm)²", () => {
    const linear = { ...flat, student: "x", target: "x", labelNoise: 0.3 } as const;
    const { sampleRatio: alpha, ridge } = { sampleRatio: 1.3, ridge: 0.4 };
    const result = statistics({ ...linear, sampleRatio: alpha, ridge, widthRatio: Infinity });
    const b = ridge + alpha - 1;
    const m = (-b + Math.sqrt(b * b + 4 * ridge)) / (2 * ridge);
    near(result.biasSquared, (ridge * m) ** 2, 1e-10);
  });

  test("r = 0, λ → 0, α = β: only the parts with weights and inputs diverge", () => {
    const result = statistics({ ...flat, sampleRatio: 1, widthRatio: 1, ridge: 1e-10 });
    near(result.varianceWeights, result.varianceInputs, 1e-4);
    expect(result.varianceWeightsInputs).toBeGreaterThan(1e3);
    expect(result.varianceWeightsInputsNoise).toBeGreaterThan(1e3);
    expect(result.biasSquared + result.varianceWeights + result.varianceInputsNoise).toBeLessThan(1);
  });

  test("γ → 1: fresh spikes become none", () => {
    const tilted = statistics({ ...noisy, ...point, alignment: 1 - 1e-9 });
    const straight = statistics({ ...noisy, ...point, alignment: 1 });
    near(tilted.freshSpike, straight.freshSpike!, 1e-6);
    near(tilted.freshSpikeSameSamples, straight.freshSpikeSameSamples!, 1e-6);
  });

  test("the network at α₀ → ∞ is its surrogate, and fresh steps are none", () => {
    const many = { ...network, student: "tanh", target: "sin", stepSampleRatio: 1e7, rowNorms: false } as const;
    for (const readoutValues of [[1], [1, -0.5]]) {
      const exact = statistics({ ...many, readoutValues });
      const surrogate = statistics({ ...many, readoutValues, theory: "srf" });
      for (const name of PAIRS) near(exact[name], surrogate[name], 1e-5);
      if (readoutValues.length === 1) near(exact.freshStep, exact.freshBoth, 1e-5);
    }
  });

  test("split groups change nothing, of features or of the network", () => {
    for (const model of [{ ...noisy, ...point }, network] as ModelDescription[]) {
      const [one, two] = [[1], [1, 1]].map((readoutValues) =>
        statistics({ ...model, readoutValues } as ModelDescription),
      );
      for (const name of PAIRS) near(two![name], one![name], 1e-9);
      near(two!.classificationError, one!.classificationError, 1e-10);
      near(two!.averagedClassificationError.freshBoth, one!.averagedClassificationError.freshBoth, 1e-7);
    }
  });
});

test("rows of a curve have the statistics of their points", () => {
  const sweep = { sampleRatio: [0.8, 1.3] };
  const rows = curve({ ...noisy, ...point }, { sweep, ensemble: [1, 4, Infinity] });
  expect(rows).toHaveLength(2);
  const [, last] = rows;
  if (last?.status !== "converged") throw new Error(last?.message);
  const alone = statistics({ ...noisy, ...point }, { ensemble: [1, 4, Infinity] });
  for (const name of PARTS) near(last[name], alone[name], 1e-10);
  near(last.ensembles!.freshBoth[1]!.testError, alone.ensembles!.freshBoth[1]!.testError, 1e-10);
  expect(toCsv(rows).split("\n")[0]).toContain("ensembles.freshBoth[1].classificationError");
  const signs = curve({ ...noisy, ...point, labels: "sign" }, { sweep });
  expect(signs.every((row) => row.status === "converged" && row.classificationError! < 0.5)).toBe(true);
  expect(() => curve({ ...noisy, ...point, loss: "absolute" }, { sweep, statistics: true })).toThrow(/^statistics /);
  expect(() => curve({ ...noisy, ...point }, { sweep, ensemble: [0] })).toThrow(/^ensemble/);
  expect(() => curve({ ...noisy, ...point }, { sweep, ensemble: [2], statistics: false })).toThrow(/^ensemble /);
});
