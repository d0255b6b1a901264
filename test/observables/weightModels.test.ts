import { describe, expect, test } from "vitest";
import { ParameterError } from "../../src/errors.ts";
import type { TrainedNetwork } from "../../src/model/description.ts";
import { featureModel } from "../../src/model/featureModel.ts";
import { trainedWeightSpectrum } from "../../src/observables/trainedWeightSpectrum.ts";
import { spikedWeightSpectrum, weightSpectrum } from "../../src/observables/weightSpectrum.ts";

const point = { student: "tanh", target: "sin", sampleRatio: 1, ridge: 0.1 } as const;
const spiked = { ...point, model: "spikedRandomFeatures", alignment: 0.6 } as const;

describe("exactness: bulk and outlier of each model", () => {
  test.each([0.7, 1, 2.5])("without a step: Marchenko–Pastur and nothing else, β = %d", (widthRatio) => {
    const { bulk, outlier, spikeNorm, outlierPerRootWidth, overlaps } = weightSpectrum({
      ...{ ...point, model: "randomFeatures", widthRatio, bulkVariance: 4 },
    });
    expect(bulk[0]).toBeCloseTo(2 * Math.abs(1 - Math.sqrt(widthRatio)), 7);
    expect(bulk[1]).toBeCloseTo(2 * (1 + Math.sqrt(widthRatio)), 12);
    expect([outlier, spikeNorm, outlierPerRootWidth]).toEqual([undefined, 0, 0]);
    expect(overlaps).toEqual({ input: 0, readout: 0, target: 0 });
    expect(weightSpectrum({ ...point, model: "randomFeatures", widthRatio }).bulk[1]).toBeCloseTo(bulk[1] / 2, 12);
  });

  test("power channels stand for a spike between order one and √p", () => {
    const spectrum = weightSpectrum({ ...spiked, model: "powerChannels", widthRatio: 1, powerChannels: [1] });
    expect([spectrum.spikeNorm, spectrum.outlier, spectrum.outlierPerRootWidth]).toEqual([Infinity, Infinity, 0]);
    expect(spectrum.overlaps).toEqual({ input: 1, readout: 1, target: 0.36 });
  });

  test("an outlier solves z(m) and s²T(m) = 1, whichever the row variances", () => {
    const groups = [
      { fraction: 0.3, bulkVariance: 1, share: 0.6 },
      { fraction: 0.7, bulkVariance: 2.5, share: 0.4 },
    ];
    for (const [widthRatio, s] of [
      [0.5, 3],
      [1, 2.5],
      [3, 6],
    ] as const) {
      const { outlier, overlaps } = spikedWeightSpectrum({ widthRatio, groups, spikeNorm: s, alignment: -0.5 });
      // det of the spike's 2×2 problem at z = outlier², with m(z) found by its own fixed point.
      const z = outlier! ** 2;
      let m = -1 / z;
      for (let i = 0; i < 2000; i++) {
        m =
          -1 /
          (z -
            widthRatio * groups.reduce((sum, g) => sum + (g.fraction * g.bulkVariance) / (1 + g.bulkVariance * m), 0));
      }
      const T = (at: number) => -at * groups.reduce((sum, g) => sum + g.share / (1 + g.bulkVariance * at), 0);
      expect(s * s * T(m)).toBeCloseTo(1, 10);
      expect(overlaps.target).toBeCloseTo(0.25 * overlaps.input, 14);
      expect(overlaps.input).toBeGreaterThan(0.2);
      expect(overlaps.readout).toBeLessThan(1);
      // ∂s_out/∂s = ⟨v̂, v⟩⟨û₁, û⟩ for any singular value.
      const at = (spikeNorm: number) => spikedWeightSpectrum({ widthRatio, groups, spikeNorm, alignment: 1 }).outlier!;
      const derivative = (at(s + 1e-5) - at(s - 1e-5)) / 2e-5;
      expect(Math.sqrt(overlaps.input * overlaps.readout)).toBeCloseTo(derivative, 7);
    }
  });

  test.each([0.4, 0.8])(
    "edges of two row variances are those of the features of linear neurons, β = %d",
    (widthRatio) => {
      const rows = { readoutValues: [1, -1], readoutFractions: [0.25, 0.75], bulkVariance: [1, 2] };
      const { bulk, outlierPerRootWidth } = weightSpectrum({ ...spiked, ...rows, widthRatio, spikeStrength: 2 });
      const linear = trainedWeightSpectrum({
        ...{ model: "spikedRandomFeatures", student: "tanh", target: "sin", alignment: 0.6 },
        ...{ ...rows, widthRatio, spikeStrength: 2 },
      });
      expect(bulk[0]).toBeCloseTo(linear.edges[0]![0], 7);
      expect(bulk[1]).toBeCloseTo(linear.edges.at(-1)![1], 7);
      expect(outlierPerRootWidth).toBe(2);
      expect(linear.outlierPerRootWidth).toBeCloseTo(2, 9);
      expect(linear.massAtZero).toBeCloseTo(Math.max(0, 1 - 1 / widthRatio), 14);
    },
  );

  test("readout values of zero share the spike by their number", () => {
    const spectrum = weightSpectrum({ ...spiked, widthRatio: 1, spikeStrength: 1, readoutValues: [0, 0] });
    expect([spectrum.spikeNorm, spectrum.outlier, spectrum.outlierPerRootWidth]).toEqual([0, undefined, 0]);
    expect(spectrum.bulk[1]).toBeCloseTo(2, 12);
    expect(spectrum.threshold).toBeCloseTo(1, 12);
    expect(
      weightSpectrum({ ...spiked, widthRatio: 1, spikeStrength: 0, finiteDimension: 100 }).outlier,
    ).toBeUndefined();
  });

  test("with d the outlier is finite: closed form at s₁ = r√p, for one row variance", () => {
    const { outlier, spikeNorm, overlaps, threshold } = weightSpectrum({
      ...{ ...spiked, widthRatio: 2, spikeStrength: 0.3, bulkVariance: 1.5, finiteDimension: 100 },
    });
    const t2 = (0.09 * 200) / 1.5;
    expect(spikeNorm).toBeCloseTo(0.3 * Math.sqrt(200), 12);
    expect(outlier).toBeCloseTo(Math.sqrt((1.5 * (1 + t2) * (2 + t2)) / t2), 11);
    expect(overlaps.target).toBeCloseTo(0.36 * (1 - (2 + t2) / (t2 * (t2 + 1))), 12);
    expect(threshold).toBeCloseTo(Math.sqrt(1.5) * 2 ** 0.25, 11);
  });
});

describe("a network after a step", () => {
  const network: TrainedNetwork = {
    ...point,
    model: "trainedNetwork",
    // Two labels make a small problem.
    target: "sign",
    widthRatio: 0.8,
    learningRate: 1,
    readoutValues: [2],
    stepSampleRatio: 1,
  };
  const { alignment, derived } = featureModel(network);

  test("by its own theory: bulk and spike of the weights themselves", () => {
    const { bulk, outlier, outlierPerRootWidth, overlaps, threshold, spikeNorm } = weightSpectrum(network);
    const { edges, outlierPerRootWidth: perRootWidth } = trainedWeightSpectrum(network, { points: 8 });
    expect(bulk).toEqual([edges[0]![0], edges.at(-1)![1]]);
    expect([outlier, threshold, spikeNorm]).toEqual([Infinity, undefined, Infinity]);
    expect(outlierPerRootWidth).toBeCloseTo(2 * Math.abs(derived!.spikeStrength), 13);
    expect(perRootWidth).toBeCloseTo(outlierPerRootWidth, 7);
    expect(overlaps).toEqual({ input: 1, readout: 1, target: alignment ** 2 });
  });

  test("with d: a finite outlier, near r√p; none where the step is small", () => {
    const finite = weightSpectrum({ ...network, finiteDimension: 1000 });
    expect(finite.spikeNorm).toBeCloseTo(2 * Math.abs(derived!.spikeStrength) * Math.sqrt(800), 10);
    expect(finite.outlier! / finite.spikeNorm).toBeCloseTo(1, 1);
    expect(finite.overlaps.target).toBe(alignment ** 2);
    const small = weightSpectrum({ ...network, learningRate: 0.1, finiteDimension: 20 });
    expect(small.outlier).toBeUndefined();
    expect(small.overlaps).toEqual({ input: 0, readout: 0, target: 0 });
  });

  test("by the surrogate: isotropic rows", () => {
    const theory = { ...network, theory: "srf" } as const;
    const readout = { readoutValues: [1, -1] };
    const { bulk, outlierPerRootWidth, threshold } = weightSpectrum({ ...theory, ...readout });
    const surrogate = featureModel({ ...theory, ...readout }).derived!;
    expect(bulk[1]).toBeCloseTo(Math.sqrt(surrogate.bulkVariance[0]!) * (1 + Math.sqrt(0.8)), 11);
    expect(outlierPerRootWidth).toBeCloseTo(Math.abs(surrogate.spikeStrength), 12);
    expect(threshold).toBeCloseTo(Math.sqrt(surrogate.bulkVariance[0]!) * 0.8 ** 0.25, 11);
  });

  test("without samples or rate nothing is required of the step", () => {
    const still = { ...network, student: "abs", target: "He2" };
    expect(weightSpectrum({ ...still, stepSampleRatio: 0 }).outlier).toBeUndefined();
    expect(weightSpectrum({ ...still, learningRate: 0 }).bulk[1]).toBeCloseTo(1 + Math.sqrt(0.8), 6);
    expect(() => weightSpectrum({ ...still, student: "tanh" })).toThrow(/target He2 has h1\* = .* learns nothing/);
    expect(() => weightSpectrum({ ...still, target: "sign" })).toThrow(/student abs has h1 = .* makes no spike/);
  });
});

describe("bad input", () => {
  test("power channels stand for no weights; the width ratio is checked", () => {
    const power = { model: "powerChannels", student: "tanh", target: "sin", alignment: 1, powerChannels: [1] } as const;
    expect(() => trainedWeightSpectrum({ ...power, widthRatio: 1 })).toThrow(/model = .*powerChannels.*finite rank/);
    expect(() => trainedWeightSpectrum({ ...power, widthRatio: 0 })).toThrow(ParameterError);
    expect(() => weightSpectrum({ ...spiked, spikeStrength: 1, widthRatio: NaN })).toThrow(/widthRatio/);
  });
});
