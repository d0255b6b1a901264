import { EVD, Matrix } from "ml-matrix";

/** A symmetric matrix as Σ λ_i e_i e_iᵀ. */
export interface SymmetricEigen {
  /** Ascending. */
  readonly values: readonly number[];
  /** Unit vectors, one per value. */
  readonly vectors: readonly (readonly number[])[];
}

/** @param matrix rows of a symmetric matrix */
export function symmetricEigen(matrix: readonly (readonly number[])[]): SymmetricEigen {
  const n = matrix.length;
  if (n === 0) return { values: [], vectors: [] };
  const { realEigenvalues, eigenvectorMatrix } = new EVD(new Matrix(matrix.map((row) => [...row])), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[a]! - realEigenvalues[b]!);
  return {
    values: order.map((i) => realEigenvalues[i]!),
    vectors: order.map((i) => eigenvectorMatrix.getColumn(i)),
  };
}
