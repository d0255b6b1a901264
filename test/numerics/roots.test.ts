import { describe, expect, test } from "vitest";
import { bisect } from "../../src/numerics/bisect.ts";
import { bracketedRoot } from "../../src/numerics/bracketedRoot.ts";

const counted = (f: (x: number) => number) => {
  const visited: number[] = [];
  return { visited, f: (x: number) => (visited.push(x), f(x)) };
};

describe("bisection", () => {
  test("is exact to the last bit, from either side", () => {
    const f = (x: number) => x ** 3 - 2;
    for (const [negative, positive] of [
      [1, 2],
      [-5, 9],
    ] as const) {
      const root = bisect(f, negative, positive);
      expect(Math.abs(root - Math.cbrt(2))).toBeLessThanOrEqual(2 ** -52);
    }
    expect(Math.abs(bisect((x) => 2 - x ** 3, 2, 1) - Math.cbrt(2))).toBeLessThanOrEqual(2 ** -52);
  });

  test("never evaluates the ends, and ends where they are neighbours", () => {
    const { f, visited } = counted((x) => 1 / x - 1 / (1 - x));
    expect(bisect(f, 1, 0)).toBeCloseTo(0.5, 15);
    expect(visited).not.toContain(0);
    expect(visited).not.toContain(1);
    expect(bisect(() => NaN, 1, 1 + 2 ** -52)).toBeGreaterThanOrEqual(1);
  });
});

describe("bracketed root", () => {
  const cases: readonly [string, (x: number) => number, number, number, number][] = [
    ["smooth", (x) => x * x - 2, 1, 2, Math.SQRT2],
    ["decreasing", (x) => 2 - x * x, 1, 2, Math.SQRT2],
    ["ends swapped", (x) => x * x - 2, 2, 1, Math.SQRT2],
    ["root at the left end", (x) => x - 1, 1, 2, 1],
    ["root at the right end", (x) => x - 2, 1, 2, 2],
    ["negative", (x) => x + Math.E, -9, -1, -Math.E],
    ["steep at one end", (x) => x ** 21 - 0.5, 0, 2, 0.5 ** (1 / 21)],
    ["a jump", (x) => (x > 1 / 3 ? 1 : -1e-3), 0, 1, 1 / 3],
    ["infinite at the left end", (x) => (x <= 0 ? -Infinity : Math.log(x) + 1), 0, 4, 1 / Math.E],
    ["infinite at the right end", (x) => (x >= 4 ? Infinity : x - 1), 0, 4, 1],
    ["flat: x⁹", (x) => (x - 0.3) ** 9, 0, 1, 0.3],
  ];
  test.each(cases)("%s", (_, f, a, b, root) => {
    expect(Math.abs(bracketedRoot(f, a, b) - root)).toBeLessThan(3e-14 * Math.abs(root));
  });

  test("few evaluations where f is smooth, a bisection's where it is not", () => {
    const smooth = [
      (x: number) => Math.exp(x) - 5,
      (x: number) => 0.2 - Math.exp(-x),
      (x: number) => x ** 5 - 9,
      (x: number) => 1 - 9 / (x + 0.1) ** 2,
    ].flatMap((f) => [f, (x: number) => -f(x)]);
    const evaluations = smooth.map((f) => {
      const { f: watched, visited } = counted(f);
      bracketedRoot(watched, 0, 4);
      bracketedRoot(watched, 4, 0);
      return visited.length / 2;
    });
    expect(Math.max(...evaluations)).toBeLessThan(65);
    expect(evaluations.reduce((sum, n) => sum + n, 0) / evaluations.length).toBeLessThan(34);
    const flat = counted((x) => (x - 0.3) ** 9);
    bracketedRoot(flat.f, 0, 1);
    expect(flat.visited.length).toBeLessThan(160);
    // Where the secant always falls beside the left end, only the halving moves.
    const cliff = counted((x) => (x > 0.7 ? 1e9 : -1e-9));
    expect(bracketedRoot(cliff.f, 0, 1)).toBeCloseTo(0.7, 12);
    expect(cliff.visited.length).toBeLessThan(160);
  });

  test("stops at the width asked for", () => {
    const { f, visited } = counted((x) => x * x - 2);
    const root = bracketedRoot(f, 1, 2, 0.1);
    expect(Math.abs(root - Math.SQRT2)).toBeLessThan(0.15);
    expect(Math.abs(root - Math.SQRT2)).toBeGreaterThan(1e-12);
    expect(visited.length).toBeLessThan(12);
    expect(bracketedRoot((x) => x - 1, 0, 1e9, 3)).toBe(0);
    expect(bracketedRoot((x) => x - 9, -1, 10, 3)).toBe(10);
  });
});
