import { describe, expect, it } from "vitest";
import { extrapolate, normalScore } from "../../src/simulation/extrapolation.ts";
import { estimate, zScore } from "../../src/simulation/statistics.ts";

describe("exactness: statistics", () => {
  it("mean and standard error", () => {
    const { mean, standardError } = estimate([1, 2, 3, 6]);
    expect(mean).toBe(3);
    expect(standardError).toBeCloseTo(Math.sqrt(14 / 3 / 4), 14);
    expect(zScore(estimate([1, 2, 3, 6]), 2)).toBeCloseTo(1 / Math.sqrt(14 / 12), 14);
  });

  it("one value has no standard error", () => {
    expect(estimate([2])).toEqual({ mean: 2, standardError: NaN, interval: [NaN, NaN] });
  });

  it("the bootstrap interval covers the mean's normal interval for many values", () => {
    const values = Array.from({ length: 400 }, (_, i) => Math.sin(i * 12.9898) * 3);
    const { mean, standardError, interval } = estimate(values);
    expect((interval[1] - interval[0]) / (2 * 1.96 * standardError)).toBeCloseTo(1, 0.9);
    expect((interval[0] + interval[1]) / 2).toBeCloseTo(mean, 1);
    expect(estimate(values).interval).toEqual(interval);
  });

  it("extrapolation returns A for means A + B/d, whatever the weights", () => {
    const sized = [100, 200, 500].map((dimension, i) => ({
      dimension,
      trials: 10,
      estimate: { mean: 0.7 + 3 / dimension, standardError: 0.01 * (i + 1), interval: [0, 0] as const },
    }));
    const { mean, standardError, degreesOfFreedom } = extrapolate(sized);
    expect(mean).toBeCloseTo(0.7, 13);
    // Standard error of the intercept of weighted least squares: √(S2/(S0 S2 − S1²)).
    const weights = [1e4, 2.5e3, 1e4 / 9];
    const s = (power: number): number => weights.reduce((sum, w, i) => sum + w * sized[i]!.dimension ** -power, 0);
    expect(standardError).toBeCloseTo(Math.sqrt(s(2) / (s(0) * s(2) - s(1) ** 2)), 12);
    expect(degreesOfFreedom).toBeGreaterThan(9);
    expect(degreesOfFreedom).toBeLessThan(27);
  });

  it("two sizes: A = (d₂ m₂ − d₁ m₁)/(d₂ − d₁)", () => {
    const at = (dimension: number, mean: number) => ({
      dimension,
      trials: 5,
      estimate: { mean, standardError: 0.02, interval: [0, 0] as const },
    });
    const { mean, standardError } = extrapolate([at(100, 2), at(300, 1)]);
    expect(mean).toBeCloseTo(0.5, 13);
    expect(standardError).toBeCloseTo(0.02 * Math.hypot(1.5, 0.5), 13);
  });

  it("the normal score has the tail probability of Student's t", () => {
    // Two-sided 1% and 0.1% points of t, and of the normal law: 2.5758 and 3.2905 (any table).
    for (const [nu, one, tenth] of [
      [5, 4.0321, 6.8688],
      [10, 3.1693, 4.5869],
      [30, 2.75, 3.646],
    ] as const) {
      expect(Math.abs(normalScore(one, nu) - 2.5758)).toBeLessThan(0.02);
      expect(Math.abs(normalScore(-tenth, nu) + 3.2905)).toBeLessThan(0.03);
    }
  });
});
