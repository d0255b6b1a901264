import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** Eigenvalues of a small square matrix, row-major. */
export function eigenvalues(matrix: Float64Array, n: number): { readonly re: number; readonly im: number }[] {
  if (n === 1) return [{ re: matrix[0]!, im: 0 }];
  if (n === 2) return ofTwo(matrix);
  const rows = Array.from({ length: n }, (_, i) => Array.from(matrix.subarray(i * n, (i + 1) * n)));
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(new Matrix(rows));
  return realEigenvalues.map((re, i) => ({ re, im: imaginaryEigenvalues[i]! }));
}

function ofTwo([a, b, c, d]: Float64Array): { re: number; im: number }[] {
  const middle = 0.5 * (a! + d!);
  const square = 0.25 * (a! - d!) ** 2 + b! * c!;
  const root = Math.sqrt(Math.abs(square));
  return [1, -1].map((sign) => (square >= 0 ? { re: middle + sign * root, im: 0 } : { re: middle, im: sign * root }));
}

/** Largest modulus of an eigenvalue. */
export function spectralRadius(matrix: Float64Array, n: number): number {
  if (n === 1) return Math.abs(matrix[0]!);
  return Math.max(...eigenvalues(matrix, n).map(({ re, im }) => Math.hypot(re, im)));
}
