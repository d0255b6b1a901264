import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVD, Matrix } from "ml-matrix";
import { ParameterError } from "../../src/errors.ts";
import type { ModelParameters } from "../../src/parameters/description.ts";
import { firstTable } from "../../src/problem/grid.ts";
import { featureModel } from "../../src/model/featureModel.ts";
import type { Complex } from "../../src/numerics/complex.ts";
import {
  type FeatureSpectrum,
  featureSpectrum,
  featureSpectrumOf,
  type SpectrumModel,
  stieltjesTransform,
} from "../../src/observables/featureSpectrum.ts";
import { solve } from "../../src/solve/solve.ts";
import { referenceCases } from "../fixtures/reference.ts";
import { normalStream } from "./normalStream.ts";

const srf = {
  model: "spikedRandomFeatures",
  student: "tanh",
  spikeStrength: 1.5,
  sampleRatio: 1.5,
  widthRatio: 1,
} as const;

/** Models with one bulk, several groups, several bulks, and without dependence on κ. */
const MODELS: Readonly<Record<string, SpectrumModel>> = {
  tanh: srf,
  "two groups of ReLU": { ...srf, student: "relu", spikeStrength: 2, readoutValues: [1, -1], sampleRatio: 3 },
  "wide network, a tail down to zero": { ...srf, sampleRatio: 0.5, widthRatio: 2 },
  "two edges and a mass at zero": { ...srf, spikeStrength: 0, sampleRatio: 0.5, widthRatio: 2 },
  "no upper edge": { ...srf, student: "He2", sampleRatio: 3 },
  "three bulk variances": {
    ...{ ...srf, student: "relu", readoutValues: [1, 0.3, -2], bulkVariance: [0.05, 1, 9] },
    ...{ sampleRatio: 3, widthRatio: 0.3 },
  },
  "hard edge": { ...srf, sampleRatio: 1 },
  "strong spike": { ...srf, spikeStrength: 6, sampleRatio: 2 },
  "small rate": { model: "smallRate", student: "tanh", spikeStrength: 4, sampleRatio: 2, widthRatio: 0.8 },
  "nearly linear": { model: "randomFeatures", student: "x + 0.05*(x^2 - 1)", sampleRatio: 10, widthRatio: 2 },
  "strong spike of few samples": { ...srf, spikeStrength: 3, sampleRatio: 0.5 },
  "strong ReLU spike of few samples": { ...srf, student: "relu", spikeStrength: 3, sampleRatio: 0.5 },
  "strong softplus spike of few samples": { ...srf, student: "softplus", spikeStrength: 4, sampleRatio: 0.5 },
  "almost an edge": { ...srf, spikeStrength: 0.5, readoutValues: [1, -0.5], sampleRatio: 0.5 },
  "trained network": {
    ...{ model: "trainedNetwork", student: "tanh", target: "sin", learningRate: 2, stepSampleRatio: 2 },
    ...{ sampleRatio: 2, widthRatio: 1 },
  },
  "gradient step": {
    ...{ model: "trainedNetwork", theory: "srf", student: "tanh", target: "sin", learningRate: 2 },
    ...{ stepSampleRatio: 2, sampleRatio: 3, widthRatio: 1, readoutValues: [1, -1, 0.5] },
  },
};
const names = Object.keys(MODELS);

const spectra = new Map<string, FeatureSpectrum>();
/** Of one of the models, computed once. */
function spectrumOf(name: string): FeatureSpectrum {
  const spectrum = spectra.get(name) ?? featureSpectrum(MODELS[name]!);
  spectra.set(name, spectrum);
  return spectrum;
}

/** Spectra without a right edge: features that grow without bound. */
const UNBOUNDED: readonly string[] = ["no upper edge"];

describe("exactness", () => {
  it.each(referenceCases("featureSpectrum"))("matches the reference of theory §8 (%#)", (given) => {
    const { expected, ...model } = given as unknown as { expected: { z: Complex; s: Complex }[] } & SpectrumModel;
    const s = stieltjesTransform(
      model,
      expected.map(({ z }) => z),
    );
    expected.forEach((entry, i) => {
      expect(s[i]![0]).toBeCloseTo(entry.s[0], 10);
      expect(s[i]![1]).toBeCloseTo(entry.s[1], 10);
    });
  });

  it.each([
    [2, 0.5],
    [0.5, 2],
    [1.01, 1],
  ])("a student without linear part has the Marchenko–Pastur law (α = %d, β = %d)", (alpha, beta) => {
    const model = { model: "randomFeatures", student: "He2", sampleRatio: alpha, widthRatio: beta } as const;
    const { edges, massAtZero, grid, density, bulkMass } = featureSpectrum(model);
    const q = alpha / beta;
    const [left, right] = [2 * (1 - Math.sqrt(q)) ** 2, 2 * (1 + Math.sqrt(q)) ** 2];
    expect(edges).toHaveLength(1);
    expect(edges[0]![0] / left).toBeCloseTo(1, 10);
    expect(edges[0]![1] / right).toBeCloseTo(1, 12);
    expect(massAtZero).toBeCloseTo(Math.max(0, 1 - q), 14);
    expect(bulkMass).toBeCloseTo(Math.min(1, q), 9);
    grid.forEach((x, i) => {
      const exact = Math.sqrt((x - left) * (right - x)) / (4 * Math.PI * x);
      expect(Math.abs(density[i]! - exact)).toBeLessThan(1e-7 * (1 + exact));
    });
  });

  it.each(names)("first two moments are their closed forms: %s", (name) => {
    const model = MODELS[name]!;
    const [first, second] = closedMoments(model, squareTrace(name));
    // The density is resolved to 1e-7, far better where its ends are edges.
    const digits = name === "almost an edge" ? 7 : 9;
    const { weights, grid, density, edges } = spectrumOf(name);
    const moment = (k: number) => weights.reduce((sum, w, i) => sum + w * grid[i]! ** k * density[i]!, 0);
    expect(moment(1) / first).toBeCloseTo(1, digits);
    expect(moment(2) / second).toBeCloseTo(1, digits - 1);
    // Without an end there is no contour around the spectrum.
    const isBounded = edges.at(-1)![1] < Infinity;
    expect(isBounded).toBe(!UNBOUNDED.includes(name));
    if (!isBounded) return;
    const [contourFirst, contourSecond] = contourMoments(model, 4 * (first + Math.sqrt(second)) + 40);
    expect(contourFirst / first).toBeCloseTo(1, 9);
    expect(contourSecond / second).toBeCloseTo(1, 8);
  });

  it("outlier of a small-rate spike: 16.88 at s₁ = 4, α = 2, β = .8", () => {
    const { outliers } = spectrumOf("small rate");
    expect(outliers).toHaveLength(1);
    expect(outliers[0]).toBeCloseTo(16.880784776626, 9);
  });
});

describe("laws", () => {
  it.each(names)("the density is positive, integrates to 1 − mass at zero, and ends at the edges: %s", (name) => {
    const model = MODELS[name]!;
    const { density, bulkMass, massAtZero, edges, residual } = spectrumOf(name);
    expect(Math.min(...density)).toBeGreaterThanOrEqual(0);
    expect(Math.abs(bulkMass - (1 - massAtZero))).toBeLessThan(1e-6);
    expect(residual).toBeLessThan(1e-10);
    for (const [left, right] of edges.filter((ends) => ends[0] > 0 && ends[1] < Infinity)) {
      const size = right - left;
      const grid = [right - 1e-4 * size, right + 1e-4 * size, left + 1e-4 * size];
      const [inside, outside, above] = featureSpectrum(model, { grid }).density as [number, number, number];
      expect(inside).toBeGreaterThan(0);
      expect(outside).toBe(0);
      expect(above).toBeGreaterThan(0);
    }
  });

  it("never jumps branch: Im s > 0, in any order of z, and s is analytic", () => {
    const z = fc.tuple(fc.double({ min: -1, max: 8, noNaN: true }), fc.double({ min: 1e-6, max: 3, noNaN: true }));
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.array(z, { minLength: 2, maxLength: 6 }), (name, points) => {
        const forward = stieltjesTransform(MODELS[name]!, points);
        const backward = stieltjesTransform(MODELS[name]!, [...points].reverse()).reverse();
        forward.forEach(([re, im], i) => {
          expect(im).toBeGreaterThan(0);
          const size = Math.hypot(re, im);
          expect(Math.hypot(re - backward[i]![0], im - backward[i]![1])).toBeLessThan(1e-9 * size);
          // |s| ≤ 1/Im z for a probability measure.
          expect(size * points[i]![1]).toBeLessThanOrEqual(1 + 1e-9);
        });
      }),
      { numRuns: 15 },
    );
  });

  it("splitting a group and u → −u of an odd student change nothing", () => {
    const z: Complex[] = [
      [0.3, 0.1],
      [1.5, 0],
    ];
    const s = stieltjesTransform(srf, z);
    const split = stieltjesTransform({ ...srf, readoutValues: [1, 1, -1], readoutFractions: [0.2, 0.5, 0.3] }, z);
    split.flat().forEach((value, i) => expect(value).toBeCloseTo(s.flat()[i]!, 11));
  });

  it("a student twice as large has eigenvalues four times as large", () => {
    const one = featureSpectrum(srf);
    const two = featureSpectrum({ ...srf, student: "2*tanh(x)" });
    expect(two.edges[0]![1]).toBeCloseTo(4 * one.edges[0]![1], 11);
    expect(two.outliersPerNeuron[0]).toBeCloseTo(4 * one.outliersPerNeuron[0]!, 11);
  });

  it("two bulks hold the shares of the linear and the nonlinear part", () => {
    const { edges, grid, weights, density } = spectrumOf("nearly linear");
    expect(edges).toHaveLength(2);
    const upper = weights.reduce((sum, w, i) => sum + (grid[i]! > edges[1]![0] ? w * density[i]! : 0), 0);
    expect(upper).toBeCloseTo(0.5, 9);
  });

  it("mean channels: outliers of order p, and with d finite outliers at p times that", () => {
    const model = MODELS["two groups of ReLU"]!;
    const { outliersPerNeuron, outliers } = spectrumOf("two groups of ReLU");
    expect(outliersPerNeuron).toHaveLength(2);
    expect(outliers).toEqual([]);
    const finite = featureSpectrum({ ...model, finiteDimension: 1e6 });
    expect(finite.outliersPerNeuron).toEqual([]);
    finite.outliers.reverse().forEach((value, i) => expect(value / 1e6 / outliersPerNeuron[i]!).toBeCloseTo(1, 5));
  });

  it("no spike, no finite outlier; power channels diverge", () => {
    expect(featureSpectrum({ ...srf, spikeStrength: 0 }).outliers).toEqual([]);
    const power = featureSpectrum({
      ...{ model: "powerChannels", student: "tanh(x) + exp(-x^2/2)/2", powerChannels: [1, 2] },
      ...{ sampleRatio: 1.5, widthRatio: 1 },
    });
    expect(power.divergingOutliers).toBe(2);
    expect(power.outliersPerNeuron).toHaveLength(1);
  });

  it("a variance given κ without bound has no upper edge, one that vanishes far out no lower edge", () => {
    expect(spectrumOf("no upper edge").edges.at(-1)![1]).toBe(Infinity);
    expect(spectrumOf("wide network, a tail down to zero").edges[0]![0]).toBe(0);
  });
});

describe("simulation", () => {
  it("240 neurons of a small-rate network: outlier, edges and quantiles", () => {
    const [d, alpha, beta, s1] = [300, 2, 0.8, 4];
    const { edges, outliers, grid, weights, density } = spectrumOf("small rate");
    const eigenvalues = simulateFeatures(d, alpha * d, beta * d, s1);
    expect(eigenvalues[0]! / outliers[0]!).toBeGreaterThan(0.9);
    expect(eigenvalues[0]! / outliers[0]!).toBeLessThan(1.1);
    expect(eigenvalues[1]! / edges[0]![1]).toBeLessThan(1.03);
    expect(eigenvalues[1]! / edges[0]![1]).toBeGreaterThan(0.9);
    for (const place of [0.1, 0.3, 0.7, 1.5]) {
      const theory = weights.reduce((sum, w, i) => sum + (grid[i]! < place ? w * density[i]! : 0), 0);
      const share = eigenvalues.filter((x) => x < place).length / eigenvalues.length;
      expect(Math.abs(share - theory)).toBeLessThan(0.02);
    }
  });
});

describe("bad input", () => {
  it("refuses the lower half plane, atoms, and what is not a number", () => {
    for (const z of [
      [1, -0.1],
      [NaN, 1],
      [0, 0],
      [1, Infinity],
    ] as Complex[]) {
      expect(() => stieltjesTransform(srf, [z])).toThrow(ParameterError);
    }
    expect(() => featureSpectrum(MODELS["two edges and a mass at zero"]!, { grid: [0.5, 0] })).toThrow(/atom/);
    expect(() => featureSpectrum(srf, { grid: [NaN] })).toThrow(/grid/);
    expect(() => featureSpectrum(srf, { points: 1 })).toThrow(/points/);
    expect(() => featureSpectrum({ ...srf, sampleRatio: Infinity })).toThrow(/sampleRatio/);
    expect(() => featureSpectrum({ ...srf, student: "1 + 0*x" })).toThrow(/constant/);
  });

  it("of a model of the caller's own: the same ranges, and infinite data", () => {
    const model = featureModel({ ...srf, target: "identity", alignment: 0 });
    expect(() => featureSpectrumOf(model, { sampleRatio: 1, widthRatio: -1 })).toThrow(/widthRatio/);
    expect(() => featureSpectrumOf(model, { sampleRatio: 0, widthRatio: 1 })).toThrow(/sampleRatio/);
    expect(featureSpectrumOf(model, { sampleRatio: Infinity, widthRatio: 1 }).massAtZero).toBe(0);
  });
});

/** (1/p) tr of the bulk and of its square: expansion of theory §4 at large λ, for isotropic groups. */
function closedMoments(model: SpectrumModel, trace?: number): [number, number] {
  const { sampleRatio: alpha, widthRatio: beta } = model;
  const aligned = model.model === "spikedRandomFeatures" || model.model === "smallRate";
  const parameters = { target: "identity", ...(aligned && { alignment: 0 }), ...model } as ModelParameters;
  const { groups, weights } = firstTable(featureModel(parameters).problem);
  const average = (f: (i: number) => number) => weights.reduce((sum, w, i) => sum + w * f(i), 0);
  const variance = groups.map(({ bulkVariance: c, mu1, mu2Squared }) => mu1.map((x, i) => c * x * x + mu2Squared[i]!));
  const total = (i: number) => groups.reduce((sum, { fraction }, k) => sum + fraction * variance[k]![i]!, 0);
  const ratio = alpha / beta;
  const first = ratio * average(total);
  let second = ratio * average((i) => total(i) ** 2);
  groups.forEach((g, k) => {
    second += g.fraction * (ratio * average((i) => variance[k]![i]!)) ** 2;
    for (const h of groups) {
      const overlap = average((i) => g.mu1[i]! * h.mu1[i]!);
      const product = trace ?? g.bulkVariance * h.bulkVariance;
      second += alpha * ratio * g.fraction * h.fraction * product * overlap ** 2;
    }
  });
  return [first, second];
}

/** (1/d) tr C² of the trained network's covariance I + κ_B B: with c = 1 + κ_B E y², it is 1 + 2(c − 1) + (c − 1)²(1 + E y⁴/(α₀(E y²)²)). */
function squareTrace(name: string): number | undefined {
  const model = MODELS[name]!;
  if (model.model !== "trainedNetwork" || model.theory === "srf") return undefined;
  const excess = featureModel(model).problem.groups[0]!.bulkVariance - 1;
  const [square, fourth] = [(1 - Math.exp(-2)) / 2, (3 - 4 * Math.exp(-2) + Math.exp(-8)) / 8];
  return 1 + 2 * excess + excess ** 2 * (1 + fourth / (model.stepSampleRatio * square ** 2));
}

/** −(1/2πi)∮ z^k s dz on a circle around the spectrum, by the trapezoid rule on its upper half. */
function contourMoments(model: SpectrumModel, radius: number): [number, number] {
  const n = 60;
  const circle = Array.from({ length: n }, (_, j): Complex => {
    const angle = (Math.PI * (j + 0.5)) / n;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  const s = stieltjesTransform(model, circle);
  const moment = (k: number) =>
    -circle.reduce((sum, _, j) => {
      const angle = (k + 1) * ((Math.PI * (j + 0.5)) / n);
      return sum + (radius ** (k + 1) * (s[j]![0] * Math.cos(angle) - s[j]![1] * Math.sin(angle))) / n;
    }, 0);
  return [moment(1), moment(2)];
}

/** Eigenvalues of (1/p)ΦᵀΦ, descending, for tanh features of unit-norm rows with a spike s₁ûvᵀ. */
function simulateFeatures(d: number, n: number, p: number, s1: number): number[] {
  const normal = normalStream(5);
  const rows = Array.from({ length: p }, (_, j) => {
    const row = Float64Array.from({ length: d }, normal);
    const norm = Math.hypot(...row);
    return row.map((x, i) => x / norm + (i === 0 ? ((j % 2 ? 1 : -1) * s1) / Math.sqrt(p) : 0));
  });
  const gram = Array.from({ length: p }, () => new Float64Array(p));
  for (let sample = 0; sample < n; sample++) {
    const x = Float64Array.from({ length: d }, normal);
    const phi = rows.map((row) => Math.tanh(row.reduce((sum, w, i) => sum + w * x[i]!, 0)) / Math.sqrt(p));
    gram.forEach((line, i) => line.forEach((_, j) => (line[j]! += phi[i]! * phi[j]!)));
  }
  const matrix = new Matrix(gram.map((line) => [...line]));
  return new EVD(matrix, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => b - a);
}

describe("regressions: few samples of a wide network", () => {
  it.each([
    [0.0236218, 52.314],
    [0.001, 1000],
  ])("a bulk narrower than the scan is found, α = %d, β = %d", (sampleRatio, widthRatio) => {
    const { edges, bulkMass } = featureSpectrum({ model: "randomFeatures", student: "He2", sampleRatio, widthRatio });
    const root = Math.sqrt(sampleRatio / widthRatio);
    expect(edges).toHaveLength(1);
    expect(edges[0]![0] / (2 * (1 - root) ** 2)).toBeCloseTo(1, 12);
    expect(edges[0]![1] / (2 * (1 + root) ** 2)).toBeCloseTo(1, 12);
    expect(bulkMass / root ** 2).toBeCloseTo(1, 10);
  });
});

describe("labels without bound", () => {
  const network = {
    ...({ model: "trainedNetwork", student: "relu", learningRate: 2, stepSampleRatio: 3 } as const),
    ...{ sampleRatio: 1.5, widthRatio: 1 },
  };
  const LABELS = [
    { target: "x^2-1", labelNoise: 0 },
    { target: "sin", labelNoise: 0.2 },
    { target: "sin", labelNoise: 0 },
  ];

  it("the Stieltjes transform is that of all samples of the step, as ridge regression is: s(−λ) = Σ g_k", () => {
    for (const labels of LABELS) {
      for (const ridge of [0.03, 1, 100]) {
        const [s] = stieltjesTransform({ ...network, ...labels }, [[-ridge, 0]]);
        const { overlaps } = solve({ ...network, ...labels, ridge });
        expect(s![0] / overlaps.V2.reduce((sum, g) => sum + g, 0)).toBeCloseTo(1, 10);
      }
    }
  });

  it("the density lacks the far ones, and its error estimate says what they are worth", () => {
    const FAR = 1e6;
    const estimates = LABELS.map((labels) => {
      const { grid, density, weights, errorEstimate } = featureSpectrum({ ...network, ...labels });
      const mean = grid.reduce((sum, x, i) => sum + weights[i]! * x * density[i]!, 0);
      const [s] = stieltjesTransform({ ...network, ...labels }, [[-FAR, 0]]);
      // s(−λ) = 1/λ − m1/λ² + …
      const exact = FAR * (1 - FAR * s![0]);
      expect(Math.abs(mean / exact - 1)).toBeLessThan(errorEstimate + 1e-5);
      return errorEstimate;
    });
    expect(estimates[0]).toBeGreaterThan(1e-3);
    expect(estimates[1]).toBeGreaterThan(1e-5);
    expect(estimates[2]).toBeLessThan(1e-6);
  });
});
