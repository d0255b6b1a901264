import { CholeskyDecomposition, EigenvalueDecomposition, Matrix as Dense } from "ml-matrix";
import type { LinearAlgebra } from "../linearAlgebra.ts";
import type { Matrix } from "../matrix.ts";

function copy(a: Matrix): Dense {
  const result = Dense.zeros(a.rows, a.columns);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.columns; j++) result.set(i, j, a.data[i * a.stride + j]!);
  return result;
}

/** C ← β C + α B on the entries with column ≥ `firstColumn(row)`. */
function update(c: Matrix, alpha: number, b: Dense, beta: number, firstColumn: (row: number) => number): void {
  for (let i = 0; i < c.rows; i++) {
    for (let j = firstColumn(i); j < c.columns; j++) {
      const k = i * c.stride + j;
      c.data[k] = (beta === 0 ? 0 : beta * c.data[k]!) + alpha * b.get(i, j);
    }
  }
}

const everyColumn = (): number => 0;
const fromDiagonal = (row: number): number => row;

function symmetricFromLower(a: Matrix): Dense {
  const result = copy(a);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < i; j++) result.set(j, i, result.get(i, j));
  return result;
}

function symmetricFromUpper(a: Matrix): Dense {
  const result = copy(a);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < i; j++) result.set(i, j, result.get(j, i));
  return result;
}

function substitute(l: Matrix, x: Float64Array): void {
  const n = l.rows;
  const at = (i: number, j: number): number => l.data[i * l.stride + j]!;
  for (let i = 0; i < n; i++) {
    let sum = x[i]!;
    for (let j = 0; j < i; j++) sum -= at(i, j) * x[j]!;
    x[i] = sum / at(i, i);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let j = i + 1; j < n; j++) sum -= at(j, i) * x[j]!;
    x[i] = sum / at(i, i);
  }
}

/** Linear algebra by ml-matrix: slow and simple, the oracle of the tests. */
export const mlMatrixAlgebra: LinearAlgebra = {
  name: "ml-matrix",
  multiplyTransposed: (c, alpha, a, b, beta) => update(c, alpha, copy(a).mmul(copy(b).transpose()), beta, everyColumn),
  transposeMultiply: (c, alpha, a, b, beta) => update(c, alpha, copy(a).transpose().mmul(copy(b)), beta, everyColumn),
  columnGram(c, alpha, a, beta) {
    const dense = copy(a);
    update(c, alpha, dense.transpose().mmul(dense), beta, fromDiagonal);
  },
  rowGram(c, alpha, a) {
    const dense = copy(a);
    update(c, alpha, dense.mmul(dense.transpose()), 0, fromDiagonal);
  },
  cholesky(a) {
    const factor = new CholeskyDecomposition(symmetricFromLower(a));
    if (!factor.isPositiveDefinite()) return false;
    const l = factor.lowerTriangularMatrix;
    for (let i = 0; i < a.rows; i++) for (let j = 0; j <= i; j++) a.data[i * a.stride + j] = l.get(i, j);
    return true;
  },
  solveCholesky: substitute,
  symmetricEigen(a, values, _work, vectors) {
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetricFromUpper(a), {
      assumeSymmetric: true,
    });
    values.set(realEigenvalues);
    if (vectors) update(a, 1, eigenvectorMatrix.transpose(), 0, everyColumn);
  },
};
