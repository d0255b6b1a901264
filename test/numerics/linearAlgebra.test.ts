import fc from "fast-check";
import { EVD, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { dot, isPositive, multiply, solveInPlace } from "../../src/numerics/linearAlgebra.ts";

const entry = fc.double({ min: -2, max: 2, noNaN: true });
const matrix = (rows: number, columns: number) =>
  fc.array(entry, { minLength: rows * columns, maxLength: rows * columns }).map((a) => Float64Array.from(a));
const shape = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 }));

const worst = (a: Float64Array, b: Float64Array) => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);

/** Diagonally dominant up to the order of its rows, so that only a pivoted elimination is accurate. */
const scrambled = (n: number) =>
  fc.tuple(matrix(n, n), fc.shuffledSubarray([...Array(n).keys()], { minLength: n })).map(([a, order]) => {
    const rows = order.map((column, i) => a.slice(i * n, (i + 1) * n).map((x, j) => (j === column ? -3 * n : x)));
    return Float64Array.from(rows.flatMap((row) => [...row]));
  });

const rows = (a: Float64Array, n: number) => Array.from({ length: n }, (_, i) => [...a.subarray(i * n, i * n + n)]);
const transpose = (a: Float64Array, n: number) => a.map((_, i) => a[(i % n) * n + Math.floor(i / n)]!);

describe("linear systems", () => {
  test("A X = B for several right sides, in any order of the rows", () => {
    fc.assert(
      fc.property(
        shape.chain(([n, q]) => fc.tuple(fc.constant(n), fc.constant(q), scrambled(n), matrix(n, q))),
        ([n, q, a, b]) => {
          const x = Float64Array.from(b);
          expect(solveInPlace(Float64Array.from(a), x, n, q)).toBe(true);
          expect(worst(multiply(a, x, n, n, q), b)).toBeLessThan(1e-13);
        },
      ),
    );
  });

  test("a small leading entry costs no digits", () => {
    const x = Float64Array.of(1, 2);
    expect(solveInPlace(Float64Array.of(1e-20, 1, -1, 1), x, 2, 1)).toBe(true);
    expect([...x]).toEqual([-1, 1]);
  });

  test.each([
    ["a row twice another", [1, 2, 2, 4]],
    ["nothing", [0, 0, 0, 0]],
    ["NaN", [NaN, 1, 1, 1]],
    ["an infinite entry", [Infinity, 1, 1, 1]],
    ["minus infinity", [1, 1, -Infinity, 1]],
  ])("%s has no solution", (_, a) => {
    expect(solveInPlace(Float64Array.from(a), Float64Array.of(1, 1), 2, 1)).toBe(false);
  });
});

describe("products", () => {
  test("(A B)_ij = Σ_k A_ik B_kj", () => {
    const a = Float64Array.of(1, 2, 3, 0, -1, 4);
    const b = Float64Array.of(1, 2, 3, 4, 5, 6);
    expect([...multiply(a, b, 2, 3, 2)]).toEqual([22, 28, 17, 20]);
    expect([...multiply(a, b.subarray(0, 2), 3, 2, 1)]).toEqual([5, 3, 7]);
  });

  test("Σ a_i b_i whatever the length", () => {
    for (let n = 0; n <= 9; n++) {
      const a = Float64Array.from({ length: n }, (_, i) => 2 ** i);
      expect(dot(a, a)).toBe((4 ** n - 1) / 3);
    }
  });
});

describe("positive matrices", () => {
  const positive = (a: readonly number[], tolerance: number) =>
    isPositive(Float64Array.from(a), Math.sqrt(a.length), tolerance);

  test.each([
    ["definite", [2, 1, 0, 1, 2, 1, 0, 1, 2], true, true],
    ["semi-definite", [1, 1, 1, 1, 1, 1, 1, 1, 1], true, false],
    ["rank one and more", [4, 2, 2, 2, 1, 1, 2, 1, 3], true, false],
    ["zero", [0], true, true],
    ["the last pivot negative", [2, 1, 0, 1, 2, 2, 0, 2, 1], false, false],
    ["a negative diagonal", [1, 0, 0, -1], false, false],
    ["NaN", [1, 0, 0, NaN], false, false],
  ])("%s", (_, a, semi, safely) => {
    expect(positive(a, 1e-12)).toBe(semi);
    expect(positive(a, -1e-12)).toBe(safely);
  });

  test("the tolerance is a part of the diagonal entry", () => {
    for (const scale of [1e-8, 1, 1e8]) {
      const a = [1, 1, 1, 1 - 1e-6].map((x) => scale * x);
      expect(positive(a, 1e-5)).toBe(true);
      expect(positive(a, 1e-7)).toBe(false);
      const b = [1, 1, 1, 1 + 1e-6].map((x) => scale * x);
      expect(positive(b, -1e-7)).toBe(true);
      expect(positive(b, -1e-5)).toBe(false);
    }
  });

  test("is what the smallest eigenvalue says, in whatever units each row is measured", () => {
    const drawn = fc
      .integer({ min: 2, max: 5 })
      .chain((n) => fc.tuple(fc.constant(n), matrix(n, n), matrix(1, n), fc.constantFrom(-1, 1)));
    fc.assert(
      fc.property(drawn, ([n, a, units, sign]) => {
        const whole = a.map((x) => Math.round(100 * x) / 100);
        const product = multiply(whole, transpose(whole, n), n, n, n);
        const { realEigenvalues } = new EVD(new Matrix(rows(product, n)));
        const scale = 1 + Math.max(...realEigenvalues);
        // The smallest eigenvalue becomes a thousandth of the largest, of either sign.
        for (let k = 0; k < n; k++) product[k * n + k]! += 1e-3 * sign * scale - Math.min(...realEigenvalues);
        const scaled = product.map((x, i) => x * 10 ** (4 * (units[Math.floor(i / n)]! + units[i % n]!)));
        for (const tolerance of [1e-12, -1e-12]) {
          expect(isPositive(Float64Array.from(product), n, tolerance)).toBe(sign > 0);
          expect(isPositive(Float64Array.from(scaled), n, tolerance)).toBe(sign > 0);
        }
      }),
    );
  });

  test("what a vanishing pivot leaves is not divided by it", () => {
    expect(positive([1e-20, 1e-10, 0, 1e-10, 1, 0, 0, 0, 1], 1e-12)).toBe(true);
    expect(positive([1, 1, 0, 1, 1 + 1e-16, 1e-9, 0, 1e-9, 1], 1e-12)).toBe(true);
  });
});
