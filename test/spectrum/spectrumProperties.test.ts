import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { featureModel } from "../../src/model/featureModel.ts";
import type { ModelParameters } from "../../src/parameters/description.ts";
import { firstTable } from "../../src/problem/grid.ts";
import { featureSpectrum, featureSupport, type SpectrumModel } from "../../src/observables/featureSpectrum.ts";
import { trainedWeightSpectrum, trainedWeightSupport } from "../../src/observables/trainedWeightSpectrum.ts";
import { spectrumModels } from "./spectrumModels.ts";

/** Mass, mean and second moment of the bulk, integrated over a spectrum's own grid. */
function moments({ weights, grid, density }: ReturnType<typeof featureSpectrum>): number[] {
  return [0, 1, 2].map((n) => weights.reduce((sum, w, i) => sum + w * grid[i]! ** n * density[i]!, 0));
}

describe("laws", () => {
  // Masses by counting and by integration, and the mean E s α/β from the model.
  test("masses sum to 1 and the density has them, over α in [.1, 1000], β in [.1, 30]", () => {
    let checked = 0;
    fc.assert(
      fc.property(spectrumModels, (model) => {
        const spectrum = featureSpectrum(model);
        const [mass, mean] = moments(spectrum);
        const { bandMasses, massAtZero, bulkMass, edges, errorEstimate } = spectrum;
        expect(Math.abs(bandMasses.reduce((sum, share) => sum + share, massAtZero) - 1)).toBeLessThan(1e-6);
        expect(Math.abs(mass! - bulkMass)).toBeLessThan(1e-6);
        expect(Math.abs(mean! / meanEigenvalue(model) - 1)).toBeLessThan(1e-6);
        expect(errorEstimate).toBeLessThan(1e-6);
        edges.forEach(([left, right], i) => {
          expect(right).toBeGreaterThan(left);
          if (i > 0) expect(left).toBeGreaterThan(edges[i - 1]![1]);
        });
        checked++;
      }),
      { numRuns: 8, seed: 14, endOnFailure: true },
    );
    expect(checked).toBe(8);
  });
});

/** (α/β) E Σ_k π_k (c_k μ1_k² + μ2_k²) */
function meanEigenvalue(model: SpectrumModel): number {
  const unused = model.model === "trainedNetwork" ? {} : { target: "identity", alignment: 0 };
  const { groups, weights } = firstTable(featureModel({ ...unused, ...model } as ModelParameters).problem);
  const variance = (i: number) =>
    groups.reduce((sum, { fraction, bulkVariance: c, mu1, mu2Squared }) => {
      return sum + fraction * (c * mu1[i]! ** 2 + mu2Squared[i]!);
    }, 0);
  return (model.sampleRatio / model.widthRatio) * weights.reduce((sum, w, i) => sum + w * variance(i), 0);
}

describe("bands of very different scales", () => {
  const tanh = { model: "randomFeatures", student: "tanh" } as const;

  // Exactness: with more samples than neurons d of the p eigenvalues are those of the linear part.
  test.each([
    [40, 10],
    [50, 10],
    [100, 10],
    [400, 10],
    [45, 15],
    [200, 15],
    [60, 20],
    [200, 20],
  ])("random features, α = %d, β = %d", (sampleRatio, widthRatio) => {
    const { edges, bandMasses, outliers } = featureSupport({ ...tanh, sampleRatio, widthRatio });
    expect(edges).toHaveLength(2);
    expect(bandMasses[0]).toBeCloseTo(1 - 1 / widthRatio, 11);
    expect(bandMasses[1]).toBeCloseTo(1 / widthRatio, 11);
    expect(outliers).toEqual([]);
  });

  test("the density inside the upper band, and on 0", () => {
    const { density } = featureSpectrum({ ...tanh, sampleRatio: 40, widthRatio: 10 }, { grid: [0, 1, 10] });
    expect(density.slice(0, 2)).toEqual([0, 0]);
    expect(density[2]).toBeCloseTo(0.00729104, 8);
  });

  test("two groups, β = 10, α = 300: shares .8, .1 and .1", () => {
    const model = {
      model: "spikedRandomFeatures",
      student: "tanh",
      spikeStrength: 1.5,
      readoutValues: [1, -0.5],
    } as const;
    const { bandMasses } = featureSupport({ ...model, sampleRatio: 300, widthRatio: 10 });
    expect(bandMasses.map((mass) => mass.toFixed(9))).toEqual(["0.800000000", "0.100000000", "0.100000000"]);
  });
});

describe("weights with a hard edge at zero", () => {
  const weights = { model: "trainedNetwork", target: "sin", learningRate: 1, widthRatio: 1 } as const;

  test.each([
    ["tanh", 0.5],
    ["tanh", 1],
    ["tanh", 4],
    ["tanh", 8],
    ["erf", 0.5],
    ["erf", 1],
  ])("%s, α₀ = %d", (student, stepSampleRatio) => {
    const spectrum = trainedWeightSpectrum({ ...weights, student, stepSampleRatio });
    expect(spectrum.edges).toHaveLength(1);
    expect(spectrum.edges[0]![0]).toBe(0);
    expect(spectrum.bandMasses[0]).toBeCloseTo(1, 12);
    expect(spectrum.errorEstimate).toBeLessThan(1e-7);
  });

  // Law: neurons of different variance that see one direction; the p − d zeros are counted.
  test.each([1, 2])("spiked rows of three variances, β = %d", (widthRatio) => {
    const rows = { readoutValues: [1, 0.3, -2], bulkVariance: [0.05, 1, 9], spikeStrength: 1, alignment: 0.5 };
    const spiked = { model: "spikedRandomFeatures", student: "tanh", target: "sin", ...rows } as const;
    const { massAtZero, bandMasses } = trainedWeightSupport({ ...spiked, widthRatio });
    expect(massAtZero).toBe(1 - 1 / widthRatio);
    expect(bandMasses.reduce((sum, mass) => sum + mass, massAtZero)).toBeCloseTo(1, 9);
  });
});
