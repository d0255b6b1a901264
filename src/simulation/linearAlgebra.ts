import type { Matrix } from "./matrix.ts";

/** Backends by name. */
export const backendNames = ["openblas", "wasm", "ml-matrix"] as const;
/** Linear algebra that a simulation can use. */
export type BackendName = (typeof backendNames)[number];

/**
 * What a trial needs of linear algebra; every matrix lives in one {@link Workspace}. Triangles of Gram matrices are the upper ones
 * (row ≤ column), factors the lower ones, so both fit in one square.
 */
export interface LinearAlgebra {
  readonly name: BackendName;
  /** C ← β C + α A Bᵀ. */
  multiplyTransposed(c: Matrix, alpha: number, a: Matrix, b: Matrix, beta: number): void;
  /** C ← β C + α Aᵀ B. */
  transposeMultiply(c: Matrix, alpha: number, a: Matrix, b: Matrix, beta: number): void;
  /** Upper triangle of C ← β C + α Aᵀ A. */
  columnGram(c: Matrix, alpha: number, a: Matrix, beta: number): void;
  /** Upper triangle of C ← α A Aᵀ. */
  rowGram(c: Matrix, alpha: number, a: Matrix): void;
  /** L with A = L Lᵀ in place of the lower triangle; false if A is not positive definite. */
  cholesky(a: Matrix): boolean;
  /** x ← (L Lᵀ)⁻¹ x. */
  solveCholesky(l: Matrix, x: Float64Array): void;
  /**
   * Eigenvalues, in no order, of the symmetric matrix in the upper triangle of A, which is overwritten: with `vectors`, row i by a
   * unit eigenvector of value i.
   *
   * @param work Scratch of the same length as `values`.
   */
  symmetricEigen(a: Matrix, values: Float64Array, work: Float64Array, vectors: boolean): void;
}

/** Thrown by {@link LinearAlgebra.symmetricEigen}: not seen on finite matrices. */
export function eigenFailure(a: Matrix): Error {
  return new RangeError(`the eigenvalues of a ${a.rows} × ${a.rows} matrix did not converge: are its entries finite?`);
}
