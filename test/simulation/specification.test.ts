import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelDescription } from "../../src/model/description.ts";
import { specify, type SimulationGrid } from "../../src/simulation/specification.ts";
import { apportion } from "../../src/simulation/weightLaw.ts";
import { planTrial } from "../../src/simulation/trialPlan.ts";

const common = { student: "tanh", target: "tanh", sampleRatio: 1, widthRatio: 1, ridge: 0.1 } as const;
const trained: ModelDescription = { ...common, model: "trainedNetwork", learningRate: 1, stepSampleRatio: 0.5 };
const spiked: ModelDescription = { ...common, model: "spikedRandomFeatures", spikeStrength: 1, alignment: 0.5 };
const grid: SimulationGrid = { dimension: 100 };

describe("laws: illegal parameters are named with their value", () => {
  const cases: readonly (readonly [string, ModelDescription, SimulationGrid, RegExp])[] = [
    ["α = 0", { ...trained, sampleRatio: 0 }, grid, /^sampleRatio = 0 /],
    ["α = ∞", { ...trained, sampleRatio: Infinity }, grid, /^sampleRatio = Infinity .*finite in a simulation/],
    ["α d < ½", { ...trained, sampleRatio: 0.001 }, grid, /^sampleRatio = 0.001 /],
    ["β = −1", { ...trained, widthRatio: -1 }, grid, /^widthRatio = -1 /],
    ["λ = NaN", { ...trained, ridge: NaN }, grid, /^ridge = NaN /],
    ["λ < 0", trained, { ...grid, ridges: [1, -1] }, /^ridge = -1 /],
    ["no λ", trained, { ...grid, ridges: [] }, /^ridges = \[\] /],
    ["Δ < 0", { ...trained, labelNoise: -0.1 }, grid, /^labelNoise = -0.1 /],
    ["d = 1", trained, { dimension: 1 }, /^dimension = 1 /],
    ["d = 10.5", trained, { dimension: 10.5 }, /^dimension = 10.5 /],
    ["no test set", trained, { ...grid, testSamples: 0 }, /^testSamples = 0 /],
    ["seed", trained, { ...grid, seed: -1 }, /^seed = -1 /],
    [
      "α₀ = ∞",
      { ...trained, stepSampleRatio: Infinity },
      grid,
      /^stepSampleRatio = Infinity .*infinite batch cannot be drawn/,
    ],
    ["η̃ = NaN", { ...trained, learningRate: NaN }, grid, /^learningRate = NaN /],
    ["a step of a student that jumps", { ...trained, student: "sign" }, grid, /^student = "sign" .*without jumps/],
    ["unknown symbol", { ...trained, target: "tanh(y)" }, grid, /tanh\(y\)/],
    ["γ = 1.2", { ...spiked, alignment: 1.2 }, grid, /^alignment = 1.2 /],
    ["c = 0", { ...spiked, bulkVariance: 0 }, grid, /^bulkVariance = 0 /],
    ["lengths of c", { ...spiked, bulkVariance: [1, 1] }, grid, /^bulkVariance = \[1,1\] .*one for each of the 1 /],
    ["lengths of π", { ...spiked, readoutValues: [1, 2], readoutFractions: [1] }, grid, /^readoutFractions = \[1\] /],
    ["Σπ", { ...spiked, readoutValues: [1, 2], readoutFractions: [0.5, 0.4] }, grid, /^readoutFractions = .* sum to 1/],
    [
      "a group without neuron",
      { ...spiked, readoutValues: [1, 2], readoutFractions: [0.999, 0.001] },
      grid,
      /neuron of the 100/,
    ],
    [
      "power channels",
      { ...common, model: "powerChannels", powerChannels: [1], alignment: 1 },
      grid,
      /^model = "powerChannels" /,
    ],
  ];
  it.each(cases)("%s", (_name, description, sizes, message) => {
    expect(() => specify(description, sizes)).toThrow(message);
  });
});

describe("laws: sizes", () => {
  it("a student that jumps is legal without a step of its own", () => {
    expect(specify({ ...spiked, student: "sign" }, grid).student).toBe("sign");
  });

  it("counts are the exact sizes, within one of the fraction, and sum to p", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 3000 }),
        (parts, p) => {
          const total = parts.reduce((sum, part) => sum + part, 0);
          const fractions = parts.map((part) => part / total);
          const counts = apportion(fractions, p);
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(p);
          counts.forEach((count, k) => expect(Math.abs(count - fractions[k]! * p)).toBeLessThan(1 + 1e-9));
        },
      ),
    );
  });

  it("a trial of d = p = 5000, α = 1.2 takes less than 1 GiB", () => {
    const { bytes } = planTrial(specify({ ...trained, sampleRatio: 1.2, stepSampleRatio: 0.5 }, { dimension: 5000 }));
    expect(bytes).toBeLessThan(2 ** 30);
    expect(bytes).toBeGreaterThan(2 * 8 * 5000 ** 2);
  });
});
