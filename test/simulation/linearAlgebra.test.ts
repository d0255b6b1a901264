import { EigenvalueDecomposition, Matrix as Dense, solve } from "ml-matrix";
import { beforeEach, describe, expect, it } from "vitest";
import { algebraOf, resolveBackend } from "../../src/simulation/backends/select.ts";
import { mlMatrixAlgebra } from "../../src/simulation/backends/mlMatrix.ts";
import { openblasAlgebra } from "../../src/simulation/backends/openblas.ts";
import { matrix, type Matrix } from "../../src/simulation/matrix.ts";
import { trialStreams, streamStateLength, type RandomStream } from "../../src/simulation/randomStreams.ts";
import { Workspace } from "../../src/simulation/workspace.ts";

const backends = openblasAlgebra() ? (["wasm", "openblas", "ml-matrix"] as const) : (["wasm", "ml-matrix"] as const);
// Sizes around the kernel's 4 × 4 tiles, its panels of 128, 256 and 1024, and the recursion's base of 24.
const shapes = [
  [1, 1, 1],
  [2, 3, 1],
  [4, 4, 4],
  [5, 7, 3],
  [130, 5, 260],
  [6, 1030, 9],
  [131, 133, 30],
] as const;
const sizes = [1, 2, 3, 4, 5, 7, 24, 25, 61, 130, 263];

let workspace: Workspace;
let stream: RandomStream;
beforeEach(async () => {
  workspace = await Workspace.create(2 ** 26);
  stream = trialStreams(workspace, workspace.allocate(streamStateLength), 11, 0).weights;
});

/** A random matrix whose rows are longer than its columns, so that strides matter. */
function random(rows: number, columns: number, gap = 3): Matrix {
  const result = matrix(workspace.allocate(rows * (columns + gap)), rows, columns, columns + gap);
  stream.fillNormals(result.data);
  return result;
}

function dense({ data, rows, columns, stride }: Matrix): Dense {
  return Dense.from1DArray(rows, stride, data).subMatrix(0, rows - 1, 0, columns - 1);
}

/** Copy with the same stride, gaps included. */
function clone(a: Matrix): Matrix {
  const data = workspace.allocate(a.data.length);
  data.set(a.data);
  return { ...a, data };
}

function largestDifference(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return Array.from(x).reduce((worst, value, i) => Math.max(worst, Math.abs(value - y[i]!)), 0);
}

describe.each(backends)("laws: %s equals ml-matrix, and leaves everything else alone", (name) => {
  it.each(shapes)("products and Gram matrices: %i × %i, depth %i", (m, n, k) => {
    const algebra = algebraOf(name)(workspace.kernels);
    for (const [alpha, beta] of [
      [1, 0],
      [-0.5, 1],
      [2, 0.3],
    ] as const) {
      const [a, b, c] = [random(m, k), random(n, k), random(m, n)];
      const [at, bt] = [random(k, m), random(k, n)];
      const check = (act: (on: typeof algebra, to: Matrix) => void, to: Matrix): void => {
        const [found, expected] = [clone(to), clone(to)];
        act(algebra, found);
        act(mlMatrixAlgebra, expected);
        expect(largestDifference(found.data, expected.data)).toBeLessThan(1e-13 * (k + 30));
      };
      check((on, to) => on.multiplyTransposed(to, alpha, a, b, beta), c);
      check((on, to) => on.transposeMultiply(to, alpha, at, bt, beta), c);
      check((on, to) => on.columnGram(to, alpha, at, beta), random(m, m));
      check((on, to) => on.rowGram(to, alpha, a), random(m, m));
    }
  });

  it.each(sizes)("Cholesky factor and solution of order %i", (n) => {
    const algebra = algebraOf(name)(workspace.kernels);
    const a = random(n, n + 3, 0);
    const gram = random(n, n);
    mlMatrixAlgebra.rowGram(gram, 1, a);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) gram.data[i * gram.stride + j] = gram.data[j * gram.stride + i]!;
    for (let i = 0; i < n; i++) gram.data[i * (gram.stride + 1)]! += 1;
    const system = dense(gram);
    const x = workspace.allocate(n);
    stream.fillNormals(x);
    const expected = solve(system, Dense.columnVector(x)).to1DArray();
    const upper = clone(gram);
    expect(algebra.cholesky(gram)).toBe(true);
    const touched = upper.data.some(
      (value, k) => k % gram.stride > Math.floor(k / gram.stride) && value !== gram.data[k],
    );
    expect(touched).toBe(false);
    algebra.solveCholesky(gram, x);
    expect(largestDifference(x, expected)).toBeLessThan(1e-10);
  });

  it("Cholesky reports a matrix that is not positive definite", () => {
    const algebra = algebraOf(name)(workspace.kernels);
    for (const bad of [0, 1, 30, 59]) {
      const a = random(60, 60, 0);
      a.data.fill(0);
      for (let i = 0; i < 60; i++) a.data[61 * i] = i === bad ? -1 : 1;
      expect(algebra.cholesky(a)).toBe(false);
    }
  });

  it.each([1, 2, 3, 8, 61])("eigenvalues and eigenvectors of order %i", (n) => {
    const algebra = algebraOf(name)(workspace.kernels);
    const a = random(n, n);
    const symmetric = dense(a);
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) symmetric.set(i, j, symmetric.get(j, i));
    const expected = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true }).realEigenvalues.sort(
      (x, y) => x - y,
    );
    const [values, work, alone] = [workspace.allocate(n), workspace.allocate(n), workspace.allocate(n)];
    const copy = clone(a);
    algebra.symmetricEigen(a, values, work, true);
    algebra.symmetricEigen(copy, alone, work, false);
    expect(largestDifference(Float64Array.from(values).sort(), expected)).toBeLessThan(1e-11);
    expect(largestDifference(Float64Array.from(alone).sort(), expected)).toBeLessThan(1e-11);
    const vectors = dense(a);
    const image = Dense.diag(values).mmul(vectors);
    expect(largestDifference(vectors.mmul(symmetric).to1DArray(), image.to1DArray())).toBeLessThan(1e-11);
    expect(largestDifference(vectors.mmul(vectors.transpose()).to1DArray(), Dense.eye(n).to1DArray())).toBeLessThan(
      1e-12,
    );
  });
});

describe("exactness: choice of the backend", () => {
  it("auto is OpenBLAS where it is installed, and WASM otherwise", () => {
    expect(resolveBackend()).toBe(openblasAlgebra() ? "openblas" : "wasm");
    expect(resolveBackend("wasm")).toBe("wasm");
    expect(() => resolveBackend("mkl" as "auto")).toThrow(/backend = "mkl" is not legal: one of auto, openblas/);
  });
});
