import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activation } from "../../src/activation/activation.ts";
import { conditionalMoments } from "../../src/activation/conditionalMoments.ts";
import { largeRateConstant } from "../../src/observables/largeRateConstant.ts";
import { smallRateImprovement, spikeImprovements } from "../../src/observables/stepImprovement.ts";

const ba22 = { student: "tanh", target: "softplus", psi1: 2, psi2: 2, learningRate: 2, ridge: 1e-2, noise: 0.25 };
/** E exp(−z²/2) = 1/√2, so this student is centred; its c_1, c_2, c_3, … are not zero. */
const CENTRED = "tanh(x) + (exp(-x^2/2) - 1/sqrt(2))/2";
const moniri = {
  model: "powerChannels",
  student: CENTRED,
  target: "x + (x^2-1)/2",
  labelNoise: 0.1,
  sampleRatio: 1.5,
  widthRatio: 1.2,
  ridge: 0.01,
  alignment: 0.75,
  powerChannels: [1, 2, 3],
} as const;

describe("exactness: the objective's decrease with each spike (Moniri24; theory §6)", () => {
  const rows = spikeImprovements(moniri);
  const at = (powerChannels: number[]) => spikeImprovements({ ...moniri, powerChannels }).at(-1)!;

  it("first spike: an unpenalised κ beside the stiff spike direction", () => {
    const { weight, stiffness, mu1 } = scalars();
    const linear = (weight * 0.75 ** 2 * stiffness) / (weight * mu1 * mu1 + stiffness);
    expect(rows[1]!.objectiveDecrease).toBeCloseTo(linear, 10);
  });

  it("second spike: (E[yκ²])²/(1 + V)/E κ⁴ with E[yκ²] = 2 c*_2 γ²", () => {
    expect(rows[2]!.objectiveDecrease).toBeCloseTo((scalars().weight * (0.75 ** 2) ** 2) / 3, 10);
  });

  it("a spike that the target does not see, or that is skipped, changes nothing", () => {
    expect(Math.abs(rows[3]!.objectiveDecrease)).toBeLessThan(1e-12);
    expect(at([1, 2]).objective).toBeCloseTo(at([2]).objective - rows[1]!.objectiveDecrease, 10);
    const odd = spikeImprovements({ ...moniri, student: "tanh" });
    expect(odd.map((row) => row.visible)).toEqual([false, true, false, true]);
    expect(odd[2]!.objectiveDecrease).toBe(0);
  });

  it("goes on beyond two spikes", () => {
    const cubic = spikeImprovements({ ...moniri, target: "x + (x^3 - 3*x)", powerChannels: [1, 2, 3, 4] });
    expect(cubic).toHaveLength(5);
    expect(cubic[3]!.objectiveDecrease).toBeGreaterThan(0.01);
    expect(cubic[3]!.testErrorDecrease).toBeGreaterThan(0.1);
    expect(Math.abs(cubic[4]!.objectiveDecrease)).toBeLessThan(1e-12);
  });

  /** 1/(1 + V) and 1/(αcg) from the solution without spikes, at c = 1. */
  function scalars() {
    const { before } = smallRateImprovement({
      ...{ student: CENTRED, target: "x + (x^2-1)/2", psi1: 1.5, psi2: 1.2, learningRate: 0 },
      ...{ ridge: (0.01 * 1.2) / 1.5, noise: Math.sqrt(0.1) },
    });
    const { V1, V2 } = before.overlaps;
    const { first: mu1, residual } = conditionalMoments(activation(CENTRED), 0, 1, "student");
    return { mu1, weight: 1 / (1 + mu1 * mu1 * V1[0]![0]! + residual * V2[0]!), stiffness: 1 / (1.5 * V2[0]!) };
  }
});

describe("laws: Ba22 Thm 5", () => {
  const parameters = fc.record({
    student: fc.constantFrom("tanh", "erf", "sin", "relu(x) - 1/sqrt(2*pi)"),
    target: fc.constantFrom("softplus", "x + (x^2-1)/2", "sin", "sign"),
    psi1: fc.double({ min: 0.3, max: 4, noNaN: true }),
    psi2: fc.double({ min: 0.3, max: 4, noNaN: true }),
    learningRate: fc.double({ min: 0.05, max: 10, noNaN: true }),
    ridge: fc.double({ min: 1e-3, max: 1, noNaN: true }),
    noise: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it("δ > 0 and bounded", () => {
    fc.assert(
      fc.property(parameters, (drawn) => {
        const { improvement, largestImprovement } = smallRateImprovement(drawn);
        expect(improvement).toBeGreaterThan(0);
        expect(improvement).toBeLessThanOrEqual(largestImprovement + 1e-12);
      }),
      { numRuns: 40 },
    );
  });

  it("δ grows with the rate and vanishes as β → ∞", () => {
    const delta = (change: object) => smallRateImprovement({ ...ba22, ...change }).improvement;
    expect(delta({ learningRate: 4 })).toBeGreaterThan(delta({ learningRate: 2 }));
    const wide = [1e2, 1e3, 1e4].map((psi2) => delta({ psi2 }));
    expect(wide[1]! / wide[0]!).toBeLessThan(0.2);
    expect(wide[2]! / wide[1]!).toBeLessThan(0.2);
  });

  it("δ = 0 iff η h1 h1* = 0, and it says why", () => {
    expect(smallRateImprovement({ ...ba22, learningRate: 0 }).improvement).toBe(0);
    const noSpike = smallRateImprovement({ ...ba22, student: "abs(x) - sqrt(2/pi)" });
    expect(Math.abs(noSpike.improvement)).toBeLessThan(1e-12);
    expect(noSpike.notices[0]).toMatch(/no spike/);
    const blind = smallRateImprovement({ ...ba22, target: "He2" });
    expect(Math.abs(blind.improvement)).toBeLessThan(1e-12);
    expect(blind.notices[0]).toMatch(/learns nothing/);
    expect(smallRateImprovement(ba22).notices).toEqual([]);
  });
});

describe("the large-rate constant τ*", () => {
  it("erf/erf: κ̄ = √3, τ* = 0", () => {
    const { value, minimiser, atInfinity } = largeRateConstant("erf", "erf");
    expect(value).toBeLessThan(1e-20);
    expect(minimiser).toBeCloseTo(Math.sqrt(3), 9);
    expect(atInfinity).toBe(false);
  });

  it("a linear student is its own average: κ̄ = h1*, τ* = h2* − h1*²", () => {
    const { value, minimiser } = largeRateConstant("identity", "x/2 + (x^2-1)/4");
    expect(minimiser).toBeCloseTo(0.5, 10);
    expect(value).toBeCloseTo(1 / 8, 12);
  });

  it("tanh comes ever closer to sign as κ̄ → ∞", () => {
    const { value, atInfinity } = largeRateConstant("tanh", "sign");
    expect(atInfinity).toBe(true);
    expect(value).toBeLessThan(1e-3);
  });
});
