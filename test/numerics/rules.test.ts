import { describe, expect, test } from "vitest";
import { bivariateNormalBelow } from "../../src/numerics/owensT.ts";
import { ruleCompressor } from "../../src/numerics/compressedRule.ts";
import { discreteGauss } from "../../src/numerics/discreteGauss.ts";
import { averageOf } from "../../src/numerics/gaussianAverage.ts";
import { gaussHermite } from "../../src/numerics/gaussHermite.ts";
import { legendreRule } from "../../src/numerics/gaussLegendre.ts";
import { normalCdf } from "../../src/numerics/normal.ts";

const legendre = (k: number, x: number): number =>
  k === 0 ? 1 : k === 1 ? x : ((2 * k - 1) * x * legendre(k - 1, x) - (k - 1) * legendre(k - 2, x)) / k;

const closeTo = (x: number, digits: number): unknown => expect.closeTo(x, digits);

describe("Gauss rules", () => {
  test("the analysis of a Legendre rule finds the coefficient of each polynomial", () => {
    for (const n of [1, 2, 5, 12]) {
      const { nodes, analysis } = legendreRule(n);
      expect(analysis).toHaveLength(n);
      analysis.forEach((row, k) => {
        for (let l = 0; l < n; l++) {
          const coefficient = row.reduce((sum, a, i) => sum + a * legendre(l, nodes[i]!), 0);
          expect(coefficient).toBeCloseTo(k === l ? 1 : 0, 13);
        }
      });
    }
    expect(legendreRule(7)).toBe(legendreRule(7));
  });

  test("Legendre nodes and weights of n = 2, 3 are the closed forms", () => {
    expect([...legendreRule(2).nodes]).toEqual([-1 / Math.sqrt(3), 1 / Math.sqrt(3)].map((x) => closeTo(x, 15)));
    expect([...legendreRule(3).nodes]).toEqual([-Math.sqrt(0.6), 0, Math.sqrt(0.6)].map((x) => closeTo(x, 15)));
    expect([...legendreRule(3).weights]).toEqual([5 / 9, 8 / 9, 5 / 9].map((x) => closeTo(x, 15)));
  });

  test("odd rules have a node at zero", () => {
    for (const n of [1, 3, 5, 7, 9, 11]) expect(legendreRule(n).nodes[(n - 1) / 2]).toBe(0);
  });

  test("Hermite rules are symmetric to the last bit and integrate every power they should", () => {
    for (const n of [1, 2, 5, 16]) {
      const { nodes, weights } = gaussHermite(n);
      nodes.forEach((x, i) => expect(x).toBe(0 - nodes[n - 1 - i]!));
      let moment = 1;
      for (let power = 0; power < 2 * n; power += 2) {
        const sum = weights.reduce((total, w, i) => total + w * nodes[i]! ** power, 0);
        expect(sum / moment).toBeCloseTo(1, 12);
        moment *= power + 1;
      }
    }
  });

  test.each([0, 201, 1.5, NaN])("Hermite refuses n = %d", (n) => {
    expect(() => gaussHermite(n)).toThrow(`gaussHermite: n = ${n}, legal 1 to 200`);
  });
});

describe("bivariate normal distribution", () => {
  const joint = (h: number, k: number, r: number) => bivariateNormalBelow(h, k, r, (1 - r) * (1 + r));
  /** P(X < h, Y < k) = E[1(X < h) Φ((k − rX)/√(1 − r²))] */
  const conditioned = (h: number, k: number, r: number) =>
    averageOf((x) => (x < h ? normalCdf((k - r * x) / Math.sqrt(1 - r * r)) : 0), "Φ", [h, k / r]);

  test.each([-0.999, -0.97, -0.8, -0.3, 0.4, 0.7, 0.9, 0.99, 0.999])("r = %d is the average given one of them", (r) => {
    for (const [h, k] of [
      [0.3, -0.2],
      [1.1, 1.2],
      [-2, 1],
    ] as const) {
      expect(Math.abs(joint(h, k, r) - conditioned(h, k, r))).toBeLessThan(1e-11);
    }
  });

  test("far limits are the margins", () => {
    expect(joint(41, 0.3, 0.9)).toBe(normalCdf(0.3));
    expect(joint(0.3, Infinity, 0.9)).toBe(normalCdf(0.3));
    expect(joint(-Infinity, 0.3, 0.9)).toBe(0);
    expect(joint(-Infinity, -0.3, 0.9)).toBe(0);
    expect(joint(Infinity, 0.3, 0.9)).toBe(normalCdf(0.3));
    expect(joint(0.3, -41, -0.9)).toBeCloseTo(0, 300);
  });
});

describe("compressed rules", () => {
  const moments = (nodes: Float64Array, weights: Float64Array, power: number) =>
    weights.reduce((sum, w, i) => sum + w * nodes[i]! ** power, 0);

  test("n nodes keep 2n − 1 powers of the measure, and n − 1 of every other column", () => {
    const nodes = Float64Array.from({ length: 50 }, (_, i) => 3 + Math.sin(7 * i));
    const weights = [nodes.map((_, i) => (i % 9) + 0.5), nodes.map((x, i) => Math.cos(i) * x), nodes.map(() => -1)];
    const rule = discreteGauss({ nodes, weights }, 6);
    expect(rule.nodes).toHaveLength(6);
    expect(rule.weights).toHaveLength(3);
    weights.forEach((column, c) => {
      for (let power = 0; power < (c === 0 ? 12 : 6); power++) {
        const exact = moments(nodes, column, power);
        expect(moments(rule.nodes, rule.weights[c]!, power) / exact).toBeCloseTo(1, 10);
      }
    });
    for (const w of rule.weights[0]!) expect(w).toBeGreaterThan(0);
  });

  test("a measure of few points is its own rule; a point without weight is none", () => {
    const nodes = Float64Array.of(2, 5, 7);
    const rule = discreteGauss({ nodes, weights: [Float64Array.of(1, 0, 3), Float64Array.of(4, 9, -2)] }, 5);
    const pairs = [...rule.nodes]
      .map((x, i) => [x, rule.weights[0]![i]!, rule.weights[1]![i]!])
      .sort((a, b) => a[0]! - b[0]!);
    expect(pairs).toEqual([
      [expect.closeTo(2, 12), expect.closeTo(1, 12), expect.closeTo(4, 11)],
      [expect.closeTo(7, 12), expect.closeTo(3, 12), expect.closeTo(-2, 11)],
    ]);
    const single = discreteGauss({ nodes: Float64Array.of(4), weights: [Float64Array.of(0.5)] }, 3);
    expect([...single.nodes, ...single.weights[0]!]).toEqual([4, expect.closeTo(0.5, 15)]);
  });

  test("panels are equally long in asinh(y/scale) and at most 0.8, from end to end", () => {
    const { edges } = ruleCompressor(-5, 40, 0.5, 1);
    const t = [...edges].map((y) => Math.asinh(y / 0.5));
    expect(edges[0]).toBeCloseTo(-5, 12);
    expect(edges.at(-1)).toBeCloseTo(40, 12);
    expect(edges).toHaveLength(1 + Math.ceil((t.at(-1)! - t[0]!) / 0.8));
    for (let k = 1; k < t.length; k++) expect(t[k]! - t[k - 1]!).toBeCloseTo(t[1]! - t[0]!, 12);
  });

  test("points at and beyond the ends belong to the outermost panels, one place alone is kept", () => {
    const compressor = ruleCompressor(0, 1, 1, 2);
    for (const [y, w] of [
      [-0.01, 1],
      [0, 2],
      [0.5, 4],
      [1, 8],
      [1.01, 16],
    ] as const)
      compressor.add(y, [w, -w]);
    const { nodes, weights } = compressor.rule();
    const sorted = [...nodes].map((x, i) => [x, weights[0]![i]!, weights[1]![i]!]).sort((a, b) => a[0]! - b[0]!);
    expect(sorted.map((entry) => entry.map((x) => Math.round(1e9 * x) / 1e9))).toEqual([
      [-0.01, 1, -1],
      [0, 2, -2],
      [0.5, 4, -4],
      [1, 8, -8],
      [1.01, 16, -16],
    ]);
    const place = ruleCompressor(3, 3, 1, 1);
    place.add(3, [2]);
    place.add(3, [5]);
    expect(place.edges).toHaveLength(2);
    const rule = place.rule();
    expect([...rule.nodes, ...rule.weights[0]!]).toEqual([expect.closeTo(3, 13), expect.closeTo(7, 13)]);
  });

  test("panels without weight are left out", () => {
    const compressor = ruleCompressor(-50, 50, 0.1, 1);
    compressor.add(-50, [1]);
    compressor.add(0, [1e-40]);
    compressor.add(50, [2]);
    const { nodes, weights } = compressor.rule();
    expect(nodes).toHaveLength(2);
    expect([...weights[0]!]).toEqual([expect.closeTo(1, 14), expect.closeTo(2, 14)]);
  });
});
