import { describe, expect, test } from "vitest";
import { featureModel } from "../../src/model/featureModel.ts";
import { trainedWeightSpectrum, type TrainedWeights } from "../../src/observables/trainedWeightSpectrum.ts";
import { spikedWeightSpectrum } from "../../src/observables/weightSpectrum.ts";

const WEIGHTS: TrainedWeights = {
  model: "trainedNetwork",
  student: "tanh",
  target: "sin",
  learningRate: 2,
  stepSampleRatio: 1,
  widthRatio: 0.8,
};

describe("singular values of the trained weights", () => {
  // Exactness: the isotropic surrogate has the law of theory §7, bulk, outlier and all.
  test.each([0.8, 2])("isotropic surrogate, β = %d", (widthRatio) => {
    const spectrum = trainedWeightSpectrum({ ...WEIGHTS, theory: "srf", widthRatio, finiteDimension: 400 });
    const { derived } = featureModel({ ...WEIGHTS, theory: "srf" });
    const c = derived!.bulkVariance[0]!;
    const free = trainedWeightSpectrum({ ...WEIGHTS, theory: "srf", widthRatio });
    const { bulk, outlier } = spikedWeightSpectrum({
      widthRatio,
      groups: [{ fraction: 1, bulkVariance: c, share: 1 }],
      spikeNorm: free.outlierPerRootWidth! * Math.sqrt(400 * widthRatio),
      alignment: 0,
    });
    expect(spectrum.edges[0]![0]).toBeCloseTo(bulk[0], 7);
    expect(spectrum.outliers).toHaveLength(1);
    expect(spectrum.outliers[0]! / outlier! - 1).toBeCloseTo(0, 7);
    expect(spectrum.massAtZero).toBeCloseTo(Math.max(0, 1 - 1 / widthRatio), 14);
  });

  // Law: Σ s² = p tr C/d, and the density is one of p values.
  test("moments", () => {
    const { grid, density, edges } = trainedWeightSpectrum(WEIGHTS, { points: 800 });
    const integral = (f: (s: number) => number) =>
      grid
        .slice(1)
        .reduce((sum, s, i) => sum + 0.5 * (s - grid[i]!) * (density[i + 1]! * f(s) + density[i]! * f(grid[i]!)), 0);
    expect(edges).toHaveLength(1);
    expect(integral(() => 1)).toBeCloseTo(1, 4);
    const { derived } = featureModel(WEIGHTS);
    expect(integral((s) => s * s)).toBeCloseTo(derived!.bulkVariance[0]!, 3);
  });

  // Simulated with numpy at d = 1000, one network: 32.655 for the spike, 0.1166 and 2.1586 for the ends of the bulk.
  test("spike and edges as simulated", () => {
    const { edges, outliers } = trainedWeightSpectrum({ ...WEIGHTS, labelNoise: 0.1, finiteDimension: 1000 });
    expect(outliers).toHaveLength(1);
    expect(Math.abs(outliers[0]! / 32.655 - 1)).toBeLessThan(0.01);
    expect(Math.abs(edges[0]![0] / 0.1166 - 1)).toBeLessThan(0.05);
    expect(Math.abs(edges[0]![1] / 2.1586 - 1)).toBeLessThan(0.01);
  });

  test("a grid of singular values", () => {
    const { grid, density } = trainedWeightSpectrum(WEIGHTS, { grid: [0.05, 1, 3] });
    grid.forEach((s, i) => expect(s).toBeCloseTo([0.05, 1, 3][i]!, 13));
    expect(density[1]).toBeGreaterThan(0.1);
    expect([density[0], density[2]]).toEqual([0, 0]);
  });
});
