import { describe, expect, test } from "vitest";
import { boundsCases, functionCases, spectrumCases, weightCases } from "../../src/json/observables.ts";
import type { JsonResult } from "../../src/json/results.ts";
import { bounds, gradientSteps, learnedFunction, weightSpectrum } from "../../src/index.ts";
import { referenceCases, worstDifference } from "../fixtures/reference.ts";

const first = (results: Iterable<JsonResult>): JsonResult => [...results][0]!;

describe("spectrum", () => {
  // Exactness: the reference file lists points and values; the interface takes and gives lists of each.
  test.each(referenceCases("featureSpectrum").map((item, i) => ({ item, i })))("reference case $i", ({ item }) => {
    const expected = item.expected as unknown as { z: number[]; s: number[] }[];
    const result = first(spectrumCases([{ data: { ...item, z: expected.map(({ z }) => z) } }]));
    expect(worstDifference(result, { stieltjes: expected.map(({ s }) => s) })).toBeLessThan(1e-8);
  });

  const features = { model: "randomFeatures", student: "tanh", sampleRatio: 0.5, widthRatio: 1 };

  test("without z: density, edges, mass at zero, outliers", () => {
    const result = first(spectrumCases([{ data: { ...features, points: 50 } }])) as unknown as Record<string, number[]>;
    expect(result).toMatchObject({ status: "converged", massAtZero: 0.5, outliers: [] });
    expect(result["density"]).toHaveLength(result["grid"]!.length);
  });

  test.each([
    ["z", { ...features, z: [[1, -1]] }],
    ["z[0]", { ...features, z: [1] }],
    ["grid", { ...features, grid: [0] }],
    ["target", { model: "trainedNetwork", student: "tanh", learningRate: 1, stepSampleRatio: 1, widthRatio: 1 }],
    ["sampleRatio", { model: "randomFeatures", student: "tanh", widthRatio: 1 }],
    ["zz", { ...features, zz: 1 }],
  ])("an error names %s: %j", (parameter, data) => {
    expect(first(spectrumCases([{ data }]))).toMatchObject({ status: "error", error: { parameter } });
  });
});

describe("bounds, weights, function: the library's numbers", () => {
  const model = { model: "spikedRandomFeatures", student: "tanh", target: "sin", alignment: 1 } as const;

  test("reference bounds", () => {
    const [item] = referenceCases("bounds");
    const data = { ...model, spikeStrength: 0.9, bulkVariance: 1 };
    expect(worstDifference(first(boundsCases([{ data }])), item)).toBeLessThan(1e-8);
  });

  test("bounds", () => {
    const data = { ...model, spikeStrength: 2, labelNoise: 0.1 };
    const { lower, upper } = bounds(data);
    expect(first(boundsCases([{ data }]))).toMatchObject({ lower: lower.testError, upper: upper.testError });
  });

  test("weights, which need no samples; null where there is no outlier", () => {
    const data = { ...model, model: "smallRate", widthRatio: 2, spikeStrength: 3 } as const;
    const { overlaps, outlier } = weightSpectrum({ ...data, sampleRatio: 1, ridge: 1 });
    expect(first(weightCases([{ data }]))).toMatchObject({ overlaps, outlier });
    expect(first(weightCases([{ data: { ...data, spikeStrength: 0.1 } }]))).toMatchObject({ outlier: null });
  });

  test("weights of several steps: their spikes, to leading order where a batch is used again, and no density", () => {
    const step = { learningRate: 1, stepSampleRatio: 2 };
    const steps = [step, { ...step, reuseBatch: true }];
    const data = { student: "tanh", target: "x1^3 - 3*x1", steps };
    const spikes = gradientSteps({ model: "trainedNetwork", ...data });
    expect(spikes.reusedStep!.spikeAlongTarget[0]![0]).toBeLessThan(-0.05);
    expect(first(weightCases([{ data }]))).toEqual({ status: "converged", ...spikes });
    const refused = first(weightCases([{ data: { ...data, points: 50 } }]));
    expect(refused).toMatchObject({ status: "error", error: { parameter: "points" } });
  });

  test("function along target and spike", () => {
    const data = { ...model, spikeStrength: 1, alignment: 0.7, sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
    const { alongTarget, alongSpike, target } = learnedFunction(data);
    const [t, kappa] = [[-1, 0.5], [2]];
    expect(first(functionCases([{ data: { ...data, t, kappa } }]))).toMatchObject({
      alongTarget: alongTarget(t),
      alongSpike: alongSpike(kappa),
      target: target(t),
    });
  });
});
