import { describe, expect, it } from "vitest";
import { QuadratureError } from "../../src/errors.ts";
import { gaussHermite } from "../../src/numerics/gaussHermite.ts";
import { legendreRule } from "../../src/numerics/gaussLegendre.ts";
import { adaptGaussianRule, averageOf } from "../../src/numerics/gaussianAverage.ts";
import type { Integrand } from "../../src/numerics/gaussianRule.ts";
import { normalCdf } from "../../src/numerics/normal.ts";

describe("exactness: rules", () => {
  it.each([1, 2, 3, 7, 10, 12])("Legendre with %i nodes integrates x^(2n-2) and sums to 2", (n) => {
    const { nodes, weights } = legendreRule(n);
    const integral = (power: number) => nodes.reduce((sum, x, i) => sum + weights[i]! * x ** power, 0);
    expect(Math.abs(integral(0) - 2)).toBeLessThan(1e-15 * 4);
    expect(integral(2 * n - 2)).toBeCloseTo(2 / (2 * n - 1), 14);
    expect([...nodes]).toEqual([...nodes].sort((a, b) => a - b));
  });

  it.each([0, 13, 20, 2.5, NaN])("Legendre refuses n = %d", (n) => {
    expect(() => legendreRule(n)).toThrow(/legal 1 to 12/);
  });

  it.each([1, 2, 5, 31, 64, 120, 200])("Hermite with %i nodes has the Gaussian moments", (n) => {
    const { nodes, weights } = gaussHermite(n);
    const moment = (power: number) => nodes.reduce((sum, x, i) => sum + weights[i]! * x ** power, 0);
    expect(Math.abs(moment(0) - 1)).toBeLessThan(4e-15);
    if (n > 1) expect(Math.abs(moment(2) - 1)).toBeLessThan(1e-14);
    if (n > 4) expect(Math.abs(moment(8) / 105 - 1)).toBeLessThan(1e-13);
  });

  it("Hermite nodes of n = 4 are the closed form", () => {
    const { nodes } = gaussHermite(4);
    expect(nodes[3]).toBeCloseTo(Math.sqrt(3 + Math.sqrt(6)), 15);
    expect(nodes[2]).toBeCloseTo(Math.sqrt(3 - Math.sqrt(6)), 15);
  });
});

describe("exactness: averages", () => {
  const phi = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  it.each([0, 0.3, -2.7, 6])("a jump at %d is integrated to rounding when it is declared", (at) => {
    expect(averageOf((z) => (z > at ? 1 : 0), "step", [at])).toBeCloseTo(1 - normalCdf(at), 15);
    expect(averageOf((z) => Math.max(z - at, 0), "kink", [at])).toBeCloseTo(phi(at) - at * (1 - normalCdf(at)), 14);
  });

  it("an undeclared kink is found by bisection", () => {
    expect(averageOf((z) => Math.abs(z - 0.123), "hidden kink")).toBeCloseTo(
      averageOf((z) => Math.abs(z - 0.123), "kink", [0.123]),
      12,
    );
  });

  it.each([1, 4, 20, 100])("tanh(%d z)² is resolved however steep it is", (slope) => {
    const panels = averageOf((z) => Math.tanh(slope * z) ** 2, "steep", [-0.2, -0.01, 0, 0.01, 0.2]);
    expect(averageOf((z) => Math.tanh(slope * z) ** 2, "steep")).toBeCloseTo(panels, 13);
  });

  it("exp(az) has its closed form although its mass lies far out", () => {
    for (const a of [0.5, 3, 8])
      expect(averageOf((z) => Math.exp(a * z), "exp") / Math.exp((a * a) / 2)).toBeCloseTo(1, 12);
  });

  it("the error estimate bounds the error", () => {
    const integrand: Integrand = (z, out) => {
      out[0] = 1 / (1 + (z - 0.3) ** 2 * 4);
    };
    const reference = averageOf((z) => 1 / (1 + (z - 0.3) ** 2 * 4), "Lorentzian", [0.3], 1e-15);
    for (const tolerance of [1e-4, 1e-7, 1e-10]) {
      const rule = adaptGaussianRule(integrand, { dimension: 1, tolerance, name: "Lorentzian" });
      const value = rule.nodes.reduce((sum, _, i) => sum + rule.weights[i]! * rule.values[i]!, 0);
      expect(Math.abs(value / reference - 1)).toBeLessThan(Math.max(rule.error, 1e-14));
      expect(rule.error).toBeLessThanOrEqual(tolerance);
    }
  });
});

describe("failures name the place", () => {
  it("a value that is not finite", () => {
    expect(() => averageOf((z) => Math.sqrt(z), "root")).toThrow(QuadratureError);
    expect(() => averageOf((z) => Math.sqrt(z), "root")).toThrow(/average of root: integrand is NaN at z = -/);
  });

  it("a pole", () => {
    expect(() => averageOf((z) => 1 / (z - 0.3) ** 2, "pole")).toThrow(/average of pole: .*not integrable/);
  });

  it("a moment that does not exist", () => {
    expect(() => averageOf((z) => Math.exp(z * z), "exp(z²)")).toThrow(/no finite moment/);
    expect(() => averageOf((z) => Math.exp(z * z), "exp(z²)", [0])).toThrow(/no finite moment/);
  });
});
