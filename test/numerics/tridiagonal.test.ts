import { EVD, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { tridiagonalEigen } from "../../src/numerics/tridiagonal.ts";

describe("the eigenproblem of a symmetric tridiagonal matrix", () => {
  const sine = (i: number, j: number) => Math.sin(12.9898 * i + 78.233 * j);
  test.each([1, 2, 3, 10, 60])("of order %i agrees with ml-matrix, and its vectors solve it", (n) => {
    const diagonal = Array.from({ length: n }, (_, k) => sine(k, n));
    const beside = Array.from({ length: n - 1 }, (_, k) => 1 + sine(n, k));
    const matrix = Matrix.zeros(n, n);
    diagonal.forEach((value, k) => matrix.set(k, k, value));
    beside.forEach((value, k) => matrix.set(k, k + 1, value).set(k + 1, k, value));
    const expected = new EVD(matrix, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => a - b);
    const { values, vectors } = tridiagonalEigen(diagonal, beside);
    expect(vectors).toHaveLength(n);
    values.forEach((value, j) => {
      expect(Math.abs(value - expected[j]!)).toBeLessThan(1e-13 * n);
      const image = matrix.mmul(Matrix.columnVector(Array.from(vectors[j]!))).to1DArray();
      image.forEach((x, k) => expect(Math.abs(x - value * vectors[j]![k]!)).toBeLessThan(1e-13 * n));
      for (let i = 0; i <= j; i++) {
        const product = vectors[i]!.reduce((sum, x, k) => sum + x * vectors[j]![k]!, 0);
        expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(1e-13 * n);
      }
    });
  });

  test("of a matrix that falls apart, and of a diagonal one", () => {
    expect([...tridiagonalEigen([3, 1, 2], [0, 0]).values]).toEqual([1, 2, 3]);
    const { values } = tridiagonalEigen([0, 0, 5], [2, 0]);
    [-2, 2, 5].forEach((value, j) => expect(values[j]).toBeCloseTo(value, 14));
  });
});
