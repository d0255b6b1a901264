import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leastSquares } from "../../src/numerics/leastSquares.ts";
import { dot } from "../../src/numerics/linearAlgebra.ts";

const entry = fc.double({ min: -2, max: 2, noNaN: true });
const matrix = (rows: number, columns: number) =>
  fc.array(entry, { minLength: rows * columns, maxLength: rows * columns }).map((a) => Float64Array.from(a));

const worst = (a: Float64Array, b: Float64Array) => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);

describe("least squares", () => {
  test("the residual is left in y and orthogonal to the columns", () => {
    fc.assert(
      fc.property(matrix(3, 6), matrix(1, 6), (a, y) => {
        const columns = [0, 1, 2].map((j) => a.slice(6 * j, 6 * j + 6).map((x, i) => x + (i === j ? 9 : 0)));
        const residual = Float64Array.from(y);
        const { t } = leastSquares(
          columns.map((column) => Float64Array.from(column)),
          residual,
        );
        const rest = y.map((value, i) => value - columns.reduce((sum, column, j) => sum + t[j]! * column[i]!, 0));
        expect(worst(rest, residual)).toBeLessThan(1e-14);
        for (const column of columns) expect(Math.abs(dot(column, residual))).toBeLessThan(1e-13);
      }),
    );
  });

  test("nearly parallel columns (Läuchli) keep an orthogonal residual", () => {
    const small = 1e-9;
    const columns = [0, 1, 2].map((j) => Float64Array.of(1, ...[0, 1, 2].map((i) => (i === j ? small : 0))));
    const residual = Float64Array.of(3, small, 2 * small, 3 * small);
    const { t } = leastSquares(
      columns.map((column) => Float64Array.from(column)),
      residual,
    );
    expect(dot(t, Float64Array.of(1, 1, 1))).toBeCloseTo(3, 12);
    for (const column of columns) expect(Math.abs(dot(column, residual))).toBeLessThan(1e-17);
    // The plane x + y + z = 3 next to (1, 2, 3).
    expect(worst(t, Float64Array.of(0, 1, 2))).toBeLessThan(1e-6);
  });

  test("a column of zeros gets no share", () => {
    const y = Float64Array.of(4, 3);
    expect([...leastSquares([Float64Array.of(0, 0), Float64Array.of(2, 0)], y).t]).toEqual([0, 2]);
    expect([...y]).toEqual([0, 3]);
  });

  // κ^j on nodes of [−1, 1].
  const nodes = Float64Array.from({ length: 40 }, (_, i) => Math.cos(0.08 * (i + 0.5)));
  const power = (j: number, factor = 1) => nodes.map((x) => factor * x ** j);

  test("equal columns share their coefficient: the least norm of all solutions", () => {
    const { t, lost } = leastSquares([power(1), power(0), power(1), power(1, 2)], power(1, 6));
    expect(lost).toEqual([]);
    // x = (a + c + 2d) with the least a² + c² + (2d)², that is equal parts of columns of equal norm.
    expect(worst(t, Float64Array.of(2, 0, 2, 1))).toBeLessThan(1e-13);
  });

  test("columns that differ by less than rounding tells are left out and named", () => {
    const y = power(2);
    const { t, lost } = leastSquares([power(1), power(1).map((x) => x + 5e-14 * x * x)], y);
    expect(lost).toHaveLength(1);
    expect(t[lost[0]!]).toBe(0);
    expect(dot(y, y)).toBeGreaterThan(1);
  });

  test("a column that is kept is turned by its rounding over what is left of it", () => {
    for (const part of [1e-3, 1e-6, 1e-9]) {
      const y = power(2);
      const { t, lost, turned } = leastSquares([power(1), power(1).map((x) => x + part * x * x)], y);
      expect(lost).toEqual([]);
      expect(turned * part).toBeGreaterThan(2 ** -52);
      expect(turned * part).toBeLessThan(2 ** -50);
      expect(Math.abs(t[1]! * part - 1)).toBeLessThan(10 * turned);
      expect(Math.sqrt(dot(y, y))).toBeLessThan(10 * turned);
    }
  });

  test("the rounding of a column is that of the numbers it is made of", () => {
    const columns = () => [power(1), power(1).map((x) => x + 1e-9 * x * x)];
    expect(leastSquares(columns(), power(2), [0, 1e5]).lost).toEqual([1]);
    expect(leastSquares(columns(), power(2), [0, 0]).lost).toEqual([]);
  });

  test("what is not penalised goes before what is, and a row of its own keeps a column apart", () => {
    const row = (x: Float64Array, value: number) => Float64Array.of(...x, value);
    const { t, lost } = leastSquares(
      [row(power(1), 1e-7), row(power(1), 0)],
      row(power(1, 3), 0),
      [0, 0],
      [true, false],
    );
    expect(lost).toEqual([]);
    expect(Math.abs(t[0]!)).toBeLessThan(1e-6);
    expect(t[1]!).toBeCloseTo(3, 6);
  });
});
