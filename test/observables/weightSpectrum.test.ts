import { describe, expect, it } from "vitest";
import { ParameterError } from "../../src/errors.ts";
import { spikedWeightSpectrum, weightSpectrum } from "../../src/observables/weightSpectrum.ts";
import { normalStream } from "./normalStream.ts";

const point = { student: "tanh", target: "sin", sampleRatio: 1, ridge: 0.1 } as const;

describe("exactness", () => {
  const cases = [
    [2, 1.5, 1.2],
    [1.3, 0.4, 0.9],
    [5, 1, 1],
  ] as const;
  it.each(cases)("small rate: closed forms of theory §7 (s₁ = %d, β = %d, c = %d)", (s1, beta, c) => {
    const t2 = (s1 * s1) / c;
    const result = weightSpectrum({
      ...{ model: "smallRate", ...point, widthRatio: beta },
      ...{ spikeStrength: s1, bulkVariance: c, alignment: 0.6 },
    });
    expect(result.bulk[0]).toBeCloseTo(Math.sqrt(c) * Math.abs(1 - Math.sqrt(beta)), 7);
    expect(result.bulk[1]).toBeCloseTo(Math.sqrt(c) * (1 + Math.sqrt(beta)), 13);
    expect(result.threshold).toBeCloseTo(Math.sqrt(c) * beta ** 0.25, 12);
    expect(result.outlier).toBeCloseTo(Math.sqrt((c * (1 + t2) * (beta + t2)) / t2), 12);
    expect(result.overlaps.input).toBeCloseTo(1 - (beta + t2) / (t2 * (t2 + 1)), 12);
    expect(result.overlaps.readout).toBeCloseTo(1 - (beta * (1 + t2)) / (t2 * (t2 + beta)), 12);
    expect(result.overlaps.target).toBeCloseTo(0.36 * result.overlaps.input, 14);
  });

  it("large rate: the spike is r√(Σπu²) √p", () => {
    const result = weightSpectrum({
      ...{ model: "spikedRandomFeatures", ...point, widthRatio: 2, spikeStrength: -1.5, alignment: 0.6 },
      ...{ readoutValues: [1, -2], readoutFractions: [0.75, 0.25] },
    });
    expect(result.outlierPerRootWidth).toBeCloseTo(1.5 * Math.sqrt(1.75), 14);
    expect(result.outlier).toBe(Infinity);
    expect(result.overlaps).toEqual({ input: 1, readout: 1, target: 0.36 });
  });
});

describe("laws", () => {
  it("no outlier and no overlap at or below the threshold, and both start there from zero", () => {
    const at = (spikeNorm: number) =>
      spikedWeightSpectrum({ widthRatio: 0.7, groups: GROUPS, spikeNorm, alignment: 1 });
    const { threshold, bulk } = at(1);
    expect(at(0.999 * threshold).outlier).toBeUndefined();
    expect(at(0.999 * threshold).overlaps.input).toBe(0);
    const above = at(1.001 * threshold);
    expect(above.outlier).toBeGreaterThan(bulk[1]);
    expect(above.outlier).toBeLessThan(1.0001 * bulk[1]);
    expect(above.overlaps.input).toBeLessThan(0.01);
    expect(above.overlaps.readout).toBeLessThan(0.01);
  });

  it("finite sizes go over to the large-rate limit", () => {
    const model = { model: "spikedRandomFeatures", ...point, widthRatio: 1, spikeStrength: 1, alignment: 1 } as const;
    const finite = weightSpectrum({ ...model, finiteDimension: 1e6 });
    expect(finite.outlier! / 1e3).toBeCloseTo(1, 5);
    expect(finite.overlaps.input).toBeCloseTo(1, 5);
  });

  it("splitting a group changes nothing", () => {
    const common = { widthRatio: 0.7, spikeNorm: 3, alignment: 0.5 };
    const [first, second] = GROUPS as [(typeof GROUPS)[0], (typeof GROUPS)[0]];
    const half = { ...first, fraction: first.fraction / 2, share: first.share / 2 };
    const split = spikedWeightSpectrum({ ...common, groups: [half, half, second] });
    const whole = spikedWeightSpectrum({ ...common, groups: GROUPS });
    expect(split.outlier).toBeCloseTo(whole.outlier!, 12);
    expect(split.overlaps.readout).toBeCloseTo(whole.overlaps.readout, 12);
  });
});

const GROUPS = [
  { fraction: 0.3, bulkVariance: 1, share: 0.6 },
  { fraction: 0.7, bulkVariance: 2.5, share: 0.4 },
];

describe("simulation", () => {
  it("two row variances: outlier and overlaps of a 560×800 matrix within a few per cent", () => {
    const [p, d, s] = [560, 800, 3];
    const theory = spikedWeightSpectrum({ widthRatio: p / d, groups: GROUPS, spikeNorm: s, alignment: 1 });
    const normal = normalStream(7);
    const boundary = Math.round(0.3 * p);
    const u = Float64Array.from({ length: p }, (_, j) =>
      j < boundary ? Math.sqrt(0.6 / boundary) : Math.sqrt(0.4 / (p - boundary)),
    );
    const rows = Array.from({ length: p }, (_, j) => {
      const row = Float64Array.from({ length: d }, () => Math.sqrt((j < boundary ? 1 : 2.5) / d) * normal());
      row[0]! += s * u[j]!;
      return row;
    });
    const { value, left, right } = topSingular(rows, d);
    expect(value / theory.outlier!).toBeGreaterThan(0.98);
    expect(value / theory.outlier!).toBeLessThan(1.02);
    expect(Math.abs(right[0]! ** 2 - theory.overlaps.input)).toBeLessThan(0.05);
    const overlap = left.reduce((sum, x, j) => sum + x * u[j]!, 0) ** 2;
    expect(Math.abs(overlap - theory.overlaps.readout)).toBeLessThan(0.05);
  });
});

describe("bad input", () => {
  const step = { ...point, widthRatio: 1, model: "trainedNetwork", theory: "srf" } as const;
  it("says that there is no spike, or that the step learns nothing", () => {
    const rates = { learningRate: 1, stepSampleRatio: 2 };
    expect(() => weightSpectrum({ ...step, ...rates, student: "abs" })).toThrow(/makes no spike/);
    expect(() => weightSpectrum({ ...step, ...rates, target: "He2" })).toThrow(/learns nothing/);
    expect(() => weightSpectrum({ ...step, ...rates, widthRatio: 0 })).toThrow(ParameterError);
    expect(weightSpectrum({ ...step, learningRate: 0, stepSampleRatio: 2, target: "He2" }).outlier).toBeUndefined();
  });
});

/** Power iteration on FᵀF. */
function topSingular(rows: Float64Array[], d: number) {
  let right = new Float64Array(d).fill(1 / Math.sqrt(d));
  let left = new Float64Array(rows.length);
  let value = 0;
  for (let step = 0; step < 300; step++) {
    left = Float64Array.from(rows, (row) => row.reduce((sum, x, i) => sum + x * right[i]!, 0));
    const next = new Float64Array(d);
    rows.forEach((row, j) => row.forEach((x, i) => (next[i]! += x * left[j]!)));
    value = Math.sqrt(left.reduce((sum, x) => sum + x * x, 0));
    const norm = Math.sqrt(next.reduce((sum, x) => sum + x * x, 0));
    right = next.map((x) => x / norm);
  }
  return { value, left: left.map((x) => x / value), right };
}
