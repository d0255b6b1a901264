import { expect, test } from "vitest";
import { ruleCompressor } from "../../src/numerics/compressedRule.ts";
import { discreteGauss } from "../../src/numerics/discreteGauss.ts";

const sum = (weights: ArrayLike<number>, f: (i: number) => number) =>
  Array.from(weights).reduce((total, w, i) => total + w * f(i), 0);

// Exactness: equal weights on {−1, 0, 1} are their own three-point rule, and many points have Gauss–Legendre's limit.
test("Gauss rules of discrete measures", () => {
  const three = discreteGauss({ nodes: Float64Array.of(-1, 0, 1), weights: [Float64Array.of(1, 1, 1)] }, 10);
  expect([...three.nodes].sort((a, b) => a - b).map((x) => Math.round(x * 1e12) / 1e12 + 0)).toEqual([-1, 0, 1]);
  const count = 20_000;
  const nodes = Float64Array.from({ length: count }, (_, i) => -1 + (2 * i + 1) / count);
  const many = discreteGauss({ nodes, weights: [nodes.map(() => 2 / count)] }, 2);
  expect(Math.max(...many.nodes)).toBeCloseTo(1 / Math.sqrt(3), 8);
});

// Law: what a rule is made for is kept, with positive weights where they were positive.
test("compression keeps polynomials and functions with poles beyond the scale", () => {
  const scale = 0.1;
  const points = Array.from({ length: 4000 }, (_, i) => Math.tan(-1.5 + (3 * i) / 3999));
  const weights = points.map((y) => [Math.exp(-y * y), Math.exp(-y * y) * (y > 0.3 ? 1 : -0.5)] as const);
  const compressor = ruleCompressor(Math.min(...points), Math.max(...points), scale, 2);
  points.forEach((y, i) => compressor.add(y, weights[i]!));
  const rule = compressor.rule();
  expect(rule.nodes.length).toBeLessThan(300);
  expect(Math.min(...rule.weights[0]!)).toBeGreaterThanOrEqual(0);
  const functions = [(y: number) => y, (y: number) => y ** 4, (y: number) => 1 / (y * y + 4 * scale ** 2)];
  for (const f of functions) {
    for (const column of [0, 1] as const) {
      const exact = points.reduce((total, y, i) => total + weights[i]![column] * f(y), 0);
      const size = points.reduce((total, y, i) => total + Math.abs(weights[i]![column] * f(y)), 0);
      expect(Math.abs(sum(rule.weights[column]!, (i) => f(rule.nodes[i]!)) - exact)).toBeLessThan(1e-12 * size);
    }
  }
});
