import { eigenFailure, type LinearAlgebra } from "../linearAlgebra.ts";
import type { Matrix } from "../matrix.ts";
import type { Kernels } from "../workspace.ts";

const full = 0;
const upper = 2;

const address = (a: Matrix): number => a.data.byteOffset;

/**
 * Linear algebra by the WASM kernels of the workspace; runs wherever WASM SIMD does.
 *
 * @example
 * ```ts
 * import { matrix, wasmAlgebra, Workspace } from "replica-theory/simulation";
 * const workspace = await Workspace.create(1024);
 * const [a, c] = [matrix(workspace.allocate(2), 1, 2), matrix(workspace.allocate(1), 1, 1)];
 * a.data.set([3, 4]);
 * wasmAlgebra(workspace.kernels).multiplyTransposed(c, 1, a, a, 0);
 * console.log(c.data[0]); // 25
 * ```
 */
export function wasmAlgebra(kernels: Kernels): LinearAlgebra {
  const { gemm } = kernels;
  return {
    name: "wasm",
    multiplyTransposed(c, alpha, a, b, beta) {
      gemm(
        c.rows,
        c.columns,
        a.columns,
        alpha,
        address(a),
        a.stride,
        1,
        address(b),
        1,
        b.stride,
        beta,
        address(c),
        c.stride,
        full,
      );
    },
    transposeMultiply(c, alpha, a, b, beta) {
      gemm(
        c.rows,
        c.columns,
        a.rows,
        alpha,
        address(a),
        1,
        a.stride,
        address(b),
        b.stride,
        1,
        beta,
        address(c),
        c.stride,
        full,
      );
    },
    columnGram(c, alpha, a, beta) {
      gemm(
        c.rows,
        c.rows,
        a.rows,
        alpha,
        address(a),
        1,
        a.stride,
        address(a),
        a.stride,
        1,
        beta,
        address(c),
        c.stride,
        upper,
      );
    },
    rowGram(c, alpha, a) {
      gemm(
        c.rows,
        c.rows,
        a.columns,
        alpha,
        address(a),
        a.stride,
        1,
        address(a),
        1,
        a.stride,
        0,
        address(c),
        c.stride,
        upper,
      );
    },
    cholesky: (a) => kernels.cholesky(address(a), a.stride, a.rows) === 0,
    solveCholesky: (l, x) => kernels.solveCholesky(address(l), l.stride, l.rows, x.byteOffset),
    symmetricEigen(a, values, work, vectors) {
      if (kernels.symmetricEigen(address(a), a.stride, a.rows, values.byteOffset, work.byteOffset, vectors))
        throw eigenFailure(a);
    },
  };
}
