import type { LinearAlgebra } from "../simulation/linearAlgebra.ts";
import { matrix, type Matrix } from "../simulation/matrix.ts";

/** Order below which a triangle is inverted entry by entry. */
const SMALL = 48;

/**
 * A⁻¹ by Cholesky, A = LLᵀ, as L⁻ᵀL⁻¹: products of matrices but for small triangles.
 *
 * @param a A in the lower triangle, N×N contiguous; destroyed
 * @param inverse becomes A⁻¹, both triangles
 * @returns false if A is not positive definite
 */
export function inverseOf(algebra: LinearAlgebra, a: Matrix, inverse: Matrix): boolean {
  if (!algebra.cholesky(a)) return false;
  const N = a.rows;
  // X = L⁻ᵀ grows in `inverse`; the upper triangle of `a` is scratch for it.
  inverse.data.fill(0, 0, N * inverse.stride);
  invertTranspose(algebra, a, inverse, 0, N);
  algebra.rowGram(a, 1, inverse);
  for (let i = 0; i < N; i++) {
    for (let j = i; j < N; j++) {
      const value = a.data[i * a.stride + j]!;
      inverse.data[i * inverse.stride + j] = value;
      inverse.data[j * inverse.stride + i] = value;
    }
  }
  return true;
}

/** X = L⁻ᵀ on the block of `size` from `first`: X₁₂ = −(L₂₁X₁₁ᵀ)ᵀX₂₂. */
function invertTranspose(algebra: LinearAlgebra, L: Matrix, X: Matrix, first: number, size: number): void {
  if (size <= SMALL) {
    invertSmall(L, X, first, size);
    return;
  }
  const half = size >> 1;
  const rest = size - half;
  const middle = first + half;
  invertTranspose(algebra, L, X, first, half);
  invertTranspose(algebra, L, X, middle, rest);
  // The lower left block of X is zero in the end, and scratch until then.
  const scratch = block(X, middle, first, rest, half);
  algebra.multiplyTransposed(scratch, 1, block(L, middle, first, rest, half), block(X, first, first, half, half), 0);
  algebra.transposeMultiply(block(X, first, middle, half, rest), -1, scratch, block(X, middle, middle, rest, rest), 0);
  for (let i = 0; i < rest; i++) scratch.data.fill(0, i * X.stride, i * X.stride + half);
}

function invertSmall(L: Matrix, X: Matrix, first: number, size: number): void {
  const at = (i: number, j: number): number => L.data[(first + i) * L.stride + first + j]!;
  for (let j = 0; j < size; j++) {
    // Column j of L⁻¹ is row j of X.
    const row = (first + j) * X.stride + first;
    X.data[row + j] = 1 / at(j, j);
    for (let i = j + 1; i < size; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= at(i, k) * X.data[row + k]!;
      X.data[row + i] = sum / at(i, i);
    }
  }
}

function block({ data, stride }: Matrix, row: number, column: number, rows: number, columns: number): Matrix {
  return matrix(data.subarray(row * stride + column), rows, columns, stride);
}
