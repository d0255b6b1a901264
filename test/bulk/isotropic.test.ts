import { describe, expect, test } from "vitest";
import { differencedSensitivity } from "../../src/bulk/differencedSensitivity.ts";
import { isotropicBulk } from "../../src/bulk/isotropic.ts";
import { basisFunctions, linearBasis, tracesInBasis } from "../../src/bulk/linearBasis.ts";
import { bulkSensitivity } from "../../src/bulk/sensitivity.ts";
import { packedPair, packedSize, pairCount, pairOf, unpackPairs } from "../../src/bulk/packed.ts";
import type { BulkDirection, Source } from "../../src/bulk/weightResolvent.ts";
import type { Group } from "../../src/problem/problem.ts";

const group = (fraction: number, bulkVariance: number) => ({ fraction, bulkVariance }) as Group;
const CASES = [
  { groups: [group(1, 1.3)], conjugates: Float64Array.of(0.9, 0.3) },
  { groups: [group(0.4, 1.3), group(0.6, 0.7)], conjugates: Float64Array.of(0.9, 0.5, 0.6, 0.3, 0.2) },
  {
    groups: [group(0.2, 1.3), group(0.3, 0.7), group(0.5, 2)],
    conjugates: Float64Array.of(0.9, 0.5, -0.3, 0.6, 0.1, 1.2, 0.3, 0.2, 0.7),
  },
].map((item) => ({ ...item, K: item.groups.length }));
const [widthRatio, ridge] = [0.8, 0.05];
const source = (kind: Source["kind"], index: number, strength: number): Source => ({
  kind,
  group: index,
  direction: 0,
  strength,
});

function solved({ groups, conjugates }: (typeof CASES)[number], change = 0, of: Partial<BulkDirection> = {}) {
  const bulk = isotropicBulk(groups);
  const traces = new Float64Array(conjugates.length).fill(0.5);
  const at = {
    ...{ widthRatio: widthRatio + change * (of.widthRatio ?? 0), ridge: ridge + change * (of.ridge ?? 0), traces },
    conjugates: conjugates.map((value, a) => value + change * (of.conjugates?.[a] ?? 0)),
  };
  const solution = bulk.solve(at);
  if (typeof solution === "string") throw new Error(solution);
  return { bulk, at, solution };
}

/** Differences of fourth order of the entries of an array. */
const differences = (f: (x: number) => Float64Array, h = 2e-3) => {
  const [far, near, back, last] = [f(2 * h), f(h), f(-h), f(-2 * h)];
  return near.map((value, i) => (8 * (value - back[i]!) - (far[i]! - last[i]!)) / (12 * h));
};
const close = (found: Float64Array, expected: Float64Array, tolerance: number) => {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(tolerance * (1 + Math.abs(expected[i]!)))); // prettier-ignore
};

describe("isotropic rows", () => {
  test.each(CASES)("traces of $K groups solve their equations", (item) => {
    const { K, groups, conjugates } = item;
    const { traces } = solved(item).solution;
    const pairs = pairCount(K);
    const g = traces.slice(pairs);
    // V1 = (Ĝ⁻¹ + βV̂1)⁻¹ with Ĝ = diag(c_k g_k); π_k/g_k = λ + V̂2_k + c_k (V̂1 − βV̂1 V1 V̂1)_kk.
    const V1 = unpackPairs(traces, K);
    const V1hat = unpackPairs(conjugates, K, 0.5);
    const product = (a: Float64Array, b: Float64Array) =>
      Float64Array.from({ length: K * K }, (_, i) => {
        let sum = 0;
        for (let l = 0; l < K; l++) sum += a[Math.floor(i / K) * K + l]! * b[l * K + (i % K)]!;
        return sum;
      });
    const V1V1hat = product(V1, V1hat);
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        const left = V1[k * K + l]! / (groups[l]!.bulkVariance * g[l]!) + widthRatio * V1V1hat[k * K + l]!;
        expect(Math.abs(left - Number(k === l))).toBeLessThan(1e-12);
      }
      const M = V1hat[k * K + k]! - widthRatio * product(V1hat, V1V1hat)[k * K + k]!;
      const denominator = ridge + conjugates[pairs + k]! + groups[k]!.bulkVariance * M;
      expect(groups[k]!.fraction / g[k]! / denominator).toBeCloseTo(1, 12);
    }
  });

  test.each(CASES)("the response of $K groups is that of differences", (item) => {
    const { solution } = solved(item);
    const m = item.conjugates.length;
    for (let b = 0; b < m; b++) {
      const conjugates = Float64Array.from({ length: m }, (_, a) => Number(a === b));
      const slope = differences((x) => solved(item, x, { conjugates }).solution.traces);
      close(
        Float64Array.from(slope, (_, a) => -solution.response[a * m + b]!),
        slope,
        3e-8,
      );
    }
  });

  const SOURCES = (K: number) => [source("mean", 0, 2), source("power", K - 1, 0.5), source("mean", K - 1, Infinity)];

  test.each(CASES)("the change of it all along a direction, for $K groups, by formulas and by differences", (item) => {
    const { bulk, at, solution } = solved(item);
    const K = item.K;
    const m = at.conjugates.length;
    const own = bulkSensitivity(bulk, at, solution)!;
    const other = differencedSensitivity(bulk, K, at, solution)!;
    close(
      own.byWidth,
      differences((x) => solved(item, x, { widthRatio: 1 }).solution.traces),
      1e-9,
    );
    close(other.byWidth, own.byWidth, 1e-9);
    expect(other.error).toBeLessThan(1e-9);
    const directions = [
      { widthRatio: 0.3, ridge: 0.2, conjugates: at.conjugates.map((value, a) => value * (0.2 * a - 0.5)) },
      { widthRatio: 0, ridge: 0, conjugates: at.conjugates.map((_, a) => Number(a === 0)) },
      { widthRatio: 0, ridge: 0, conjugates: at.conjugates.map((_, a) => Number(a === m - 1)) },
      { widthRatio: 1e-6, ridge: 0, conjugates: new Float64Array(m) },
      { widthRatio: 0, ridge: 1e3, conjugates: new Float64Array(m) },
    ];
    const sources = SOURCES(K);
    for (const line of directions) {
      const unit =
        1 / Math.max(line.widthRatio, line.ridge, 1e-6 * Number(line.widthRatio > 0), ...line.conjugates.map(Math.abs));
      const there = (x: number) => solved(item, x, line).solution;
      const strengths = [0.7 / unit, -0.2 / unit, 0];
      const t = {
        value: Float64Array.of(0.3, -0.8, 0.4),
        change: Float64Array.of(1.1, 0.2, -0.5).map((value) => value / unit),
      };
      const traces = differences((x) => there(x * unit * 0.05).traces).map((value) => value / (unit * 0.05));
      const scale = unit * 0.05;
      const response = differences((x) => there(x * scale).response).map((value) => value / scale);
      const priorAt = (x: number) =>
        there(x * scale).priorPrecision(
          sources.map((one, i) => ({ ...one, strength: one.strength * Math.exp(x * scale * strengths[i]!) })),
        )!;
      const matrix = differences((x) => priorAt(x).matrix).map((value) => value / scale);
      const slope = differences((x) => priorAt(x).slope(t.value.map((value, i) => value + x * scale * t.change[i]!))).map((value) => value / scale); // prettier-ignore
      for (const found of [own, other].map((one) => one.along({ ...line, traces })!)) {
        const size = 1 / scale;
        close(found.response.map((value) => value / size), response.map((value) => value / size), 1e-7); // prettier-ignore
        const prior = found.priorPrecision(sources, strengths)!;
        close(prior.matrix.map((value) => value / size), matrix.map((value) => value / size), 1e-7); // prettier-ignore
        close(prior.slope(t).map((value) => value / size), slope.map((value) => value / size), 1e-6); // prettier-ignore
        const still = { value: t.value, change: new Float64Array(3) };
        expect(prior.slope(still).every(Number.isFinite)).toBe(true);
        expect(found.error ?? 0).toBeLessThan(1e-8);
      }
    }
  });

  test("no solution on the whole line is no derivative", () => {
    const { bulk, at, solution } = solved(CASES[0]!);
    const broken = { ...bulk, solve: (where: typeof at) => (where.widthRatio > 0.8 ? "none" : bulk.solve(where)) };
    expect(differencedSensitivity(broken, 1, at, solution)).toBeUndefined();
    const zero = { ...at, conjugates: Float64Array.of(0, 0.3) };
    const there = bulk.solve(zero);
    if (typeof there === "string") throw new Error(there);
    const direction = { widthRatio: 0, ridge: 0, conjugates: Float64Array.of(1, 0), traces: new Float64Array(2) };
    expect(differencedSensitivity(bulk, 1, zero, there)!.along(direction)).toBeUndefined();
  });

  test("traces that are no numbers are refused by a reason, and groups that are no list by name", () => {
    const bulk = isotropicBulk([group(1, 1)]);
    const at = (V1hat: number, lambda: number) =>
      bulk.solve({ widthRatio: 1, ridge: lambda, conjugates: Float64Array.of(V1hat, 0), traces: new Float64Array(2) });
    expect(at(0, 0)).toBe("trace g = NaN is not positive and finite");
    expect(at(0, 1e308)).toBe("trace g = 0 is not positive and finite");
    expect(at(0, 1e-320)).toMatch(/^trace g = Infinity is/);
    expect(at(0, -1)).toMatch(/^trace g = -Infinity/);
    expect(() => isotropicBulk(undefined as never)).toThrow(/groups.*a list of groups \{fraction, bulkVariance\}/s);
  });

  test("two groups that are one", () => {
    const one = solved(CASES[0]!).solution.traces;
    const [a, b] = [0.3, 0.7];
    // V(κ) = μ1² Σ_kl V1_kl: every pair has the same conjugate.
    const halves = {
      K: 2,
      groups: [group(a, 1.3), group(b, 1.3)],
      conjugates: Float64Array.of(0.9, 1.8, 0.9, 0.3, 0.3),
    };
    const two = solved(halves).solution.traces;
    expect(two[0]! + 2 * two[1]! + two[2]!).toBeCloseTo(one[0]!, 12);
    expect(two[3]).toBeCloseTo(a * one[1]!, 12);
    expect(two[4]).toBeCloseTo(b * one[1]!, 12);
  });
});

test("traces of one basis in another", () => {
  const weights = Float64Array.of(0.2, 0.3, 0.5);
  const [f, h] = [Float64Array.of(1, 2, -1), Float64Array.of(0.5, -1, 2)];
  const mu1 = [f, h, f.map((value, i) => value - 3 * h[i]!)];
  const [from, to] = [linearBasis(mu1, weights), linearBasis(mu1, Float64Array.of(0.6, 0.3, 0.1))];
  expect([from.rank, to.rank]).toEqual([2, 2]);
  const traces = Float64Array.of(2, 0.4, 1.1, 7, 8, 9);
  const moved = tracesInBasis(traces, from, to)!;
  expect(Array.from(moved.slice(3))).toEqual([7, 8, 9]);
  const form = (W: Float64Array, b: readonly Float64Array[], i: number) => {
    let sum = 0;
    for (const [a, c] of [[0, 0], [0, 1], [1, 0], [1, 1]] as const) sum += W[packedPair(2, a, c)]! * b[a]![i]! * b[c]![i]!; // prettier-ignore
    return sum;
  };
  const [old, own] = [basisFunctions(from, mu1), basisFunctions(to, mu1)];
  for (let i = 0; i < 3; i++) expect(form(moved, own, i)).toBeCloseTo(form(traces, old, i), 12);
  for (let a = 0; a < 2; a++) {
    for (let c = 0; c < 2; c++) {
      const overlap = old[a]!.reduce((sum, value, i) => sum + weights[i]! * value * old[c]![i]!, 0);
      expect(overlap).toBeCloseTo(Number(a === c), 13);
    }
  }
  expect(tracesInBasis(traces, { ...from, expansion: new Float64Array(6) }, to)).toBeUndefined();
});

test("pairs and their places", () => {
  for (const K of [1, 2, 3, 5]) {
    for (let at = 0; at < pairCount(K); at++) expect(packedPair(K, ...pairOf(K, at))).toBe(at);
    expect(packedSize(K)).toBe(pairCount(K) + K);
  }
});
