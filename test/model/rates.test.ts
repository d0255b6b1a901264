import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ParameterError } from "../../src/errors.ts";
import { gaussHermite } from "../../src/numerics/gaussHermite.ts";
import { gaussianReadout } from "../../src/model/gaussianReadout.ts";
import { finiteSizeStep, intermediateRate, spikeCount } from "../../src/model/intermediateRate.ts";
import { ba22LargeRate, ba22SmallRate } from "../../src/model/smallRate.ts";
import { solve } from "../../src/solve/solve.ts";

const step = { student: "tanh", target: "sin", sampleRatio: 1.5, widthRatio: 1.2, ridge: 0.01 };

describe("spikeCount", () => {
  it("has its windows between (ℓ − 1)/(2ℓ) and ℓ/(2ℓ + 2)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 1e-3, max: 1 - 1e-3, noNaN: true }), (l, part) => {
        const [low, high] = [(l - 1) / (2 * l), l / (2 * l + 2)];
        expect(spikeCount(low + part * (high - low))).toBe(l);
      }),
    );
  });

  it.each([1 / 4, 1 / 3, 3 / 8, 2 / 5, 49 / 100])("refuses the boundary %d", (a) => {
    expect(() => spikeCount(a)).toThrow(/window boundary/);
  });

  it.each([0, 0.5, -0.1, 0.7, NaN, Infinity])("refuses %d", (a) => {
    expect(() => spikeCount(a)).toThrow(/rateExponent/);
  });
});

describe("intermediateRate", () => {
  it("makes the power channels and the alignment of the step", () => {
    const model = intermediateRate({ ...step, target: "x + (x^2-1)/2", rateExponent: 0.3, stepSampleRatio: 4 });
    expect(model.powerChannels).toEqual([1, 2]);
    expect(model.alignment).toBeCloseTo(1 / Math.sqrt(1 + 1.5 / 4), 12);
    expect(solve(model).testError).toBeGreaterThan(0);
  });

  it("refuses what makes no spike, learns nothing, or has too many spikes", () => {
    expect(() => intermediateRate({ ...step, rateExponent: 0.3, student: "abs" })).toThrow(/no spike/);
    expect(() => intermediateRate({ ...step, rateExponent: 0.3, target: "He2" })).toThrow(/learns nothing/);
    expect(() => intermediateRate({ ...step, rateExponent: 0.4999 })).toThrow(ParameterError);
  });
});

describe("Ba22's parameters", () => {
  const parameters = { student: "tanh", target: "sin", psi1: 2, psi2: 4, learningRate: 3, ridge: 0.1, noise: 0.5 };

  it("become ours: λ = λ′α/β, Δ = σ_ε², s₁ = η h1 |b₀|", () => {
    const { model } = ba22SmallRate(parameters);
    expect(model).toMatchObject({ sampleRatio: 2, widthRatio: 4, ridge: 0.05, labelNoise: 0.25 });
    const { nodes, weights } = gaussHermite(100);
    const h1 = nodes.reduce((sum, z, i) => sum + weights[i]! * z * Math.tanh(z), 0);
    const h1star = Math.exp(-0.5);
    const h2star = (1 - Math.exp(-2)) / 2;
    const b0 = Math.sqrt(h1star ** 2 + (h2star + 0.25) / 2);
    expect(model.alignment).toBeCloseTo(h1star / b0, 12);
    expect(model.spikeStrength).toBeCloseTo(3 * h1 * b0, 9);
  });

  it("at the large rate become spiked random features with a Gaussian readout", () => {
    const model = ba22LargeRate({ ...parameters, learningRate: 1 }, 7);
    expect(model).toMatchObject({ model: "trainedNetwork", theory: "srf", learningRate: 1, stepSampleRatio: 2 });
    expect(model.readoutValues).toHaveLength(7);
  });

  it("are validated under their own names", () => {
    for (const [name, value] of Object.entries({ psi1: 0, psi2: -1, ridge: NaN, noise: -1, learningRate: -1 })) {
      expect(() => ba22SmallRate({ ...parameters, [name]: value })).toThrow(name);
    }
  });
});

describe("gaussianReadout", () => {
  it("has the moments of the normal", () => {
    const { readoutValues, readoutFractions } = gaussianReadout(7);
    const moment = (k: number) => readoutValues.reduce((sum, u, i) => sum + readoutFractions[i]! * u ** k, 0);
    [1, 0, 1, 0, 3, 0, 15].forEach((expected, k) => expect(moment(k)).toBeCloseTo(expected, 11));
    expect(() => gaussianReadout(1)).toThrow(/readoutNodes/);
  });
});

describe("finiteSizeStep interpolates between the regimes", () => {
  const size = { student: "tanh", target: "x + (x^2-1)/2", ridge: 0.01, labelNoise: 0.1 };
  const sizes = { samples: 15e6, dimension: 10e6, width: 12e6 };

  it("is Ba22's small rate at η = Θ(1) and large sizes", () => {
    const common = { student: "tanh", target: size.target, psi1: 1.5, psi2: 1.2, noise: Math.sqrt(0.1) };
    const { model } = ba22SmallRate({ ...common, learningRate: 2, ridge: (0.01 * 1.2) / 1.5 });
    const finite = solve(finiteSizeStep({ ...size, ...sizes, learningRate: 2 }));
    expect(Math.abs(finite.testError / solve(model).testError - 1)).toBeLessThan(2e-3);
  });

  it("refuses sizes that are not whole", () => {
    expect(() => finiteSizeStep({ ...size, ...sizes, samples: 1.5, learningRate: 1 })).toThrow(/samples/);
  });
});
