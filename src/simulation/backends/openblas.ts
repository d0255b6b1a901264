import { createRequire } from "node:module";
import { eigenFailure, type LinearAlgebra } from "../linearAlgebra.ts";
import type { Matrix } from "../matrix.ts";

/** Names under which the dynamic loader may know OpenBLAS, or on macOS Accelerate. */
const candidates: readonly string[] =
  process.platform === "darwin"
    ? [
        "/System/Library/Frameworks/Accelerate.framework/Accelerate",
        "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
        "/usr/local/opt/openblas/lib/libopenblas.dylib",
      ]
    : process.platform === "win32"
      ? ["libopenblas.dll", "openblas.dll"]
      : ["libopenblas.so.0", "libopenblas.so", "libopenblasp.so.0", "libopenblaso.so.0"];

const rowMajor = 101;
const plain = 111;
const transposed = 112;
const upper = 121;

/** Loaded on demand: koffi brings a binary for the platform, and where there is none the rest must still work. */
type Koffi = typeof import("koffi");

type Call = (...parameters: readonly unknown[]) => number;

interface Library {
  readonly name: string;
  readonly gemm: Call;
  readonly syrk: Call;
  readonly factor: Call;
  readonly solve: Call;
  readonly eigen: Call;
}

function load(koffi: Koffi, name: string): Library {
  const library = koffi.load(name);
  const setThreads = optional(() => library.func("void openblas_set_num_threads(int)"));
  // Trials run in parallel; more threads inside each would only fight for the same cores.
  setThreads?.(1);
  const gemm =
    "void cblas_dgemm(int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *, int)";
  const syrk = "void cblas_dsyrk(int, int, int, int, int, double, const double *, int, double, double *, int)";
  return {
    name,
    gemm: library.func(gemm),
    syrk: library.func(syrk),
    factor: library.func("void dpotrf_(const char *, const int *, double *, const int *, _Out_ int *)"),
    eigen: library.func(
      "void dsyevd_(const char *, const char *, const int *, double *, const int *, double *, double *, const int *, int *, const int *, _Out_ int *)",
    ),
    solve: library.func(
      "void dpotrs_(const char *, const int *, const int *, const double *, const int *, double *, const int *, _Out_ int *)",
    ),
  };
}

function optional<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}

let found: { readonly library: Library | undefined } | undefined;

/** The system's BLAS, looked for once per process; undefined if there is none. */
function systemLibrary(): Library | undefined {
  found ??= { library: findLibrary() };
  return found.library;
}

function findLibrary(): Library | undefined {
  const koffi = optional(() => createRequire(import.meta.url)("koffi") as Koffi);
  if (!koffi) return undefined;
  return candidates.map((name) => optional(() => load(koffi, name))).find((library) => library !== undefined);
}

/** Linear algebra by the system's OpenBLAS or Accelerate, on one thread; undefined where none is installed. */
export function openblasAlgebra(): LinearAlgebra | undefined {
  const library = systemLibrary();
  return library && algebra(library);
}

function algebra({ gemm, syrk, factor, solve, eigen }: Library): LinearAlgebra {
  const rankUpdate = (transpose: number, c: Matrix, depth: number, alpha: number, a: Matrix, beta: number): void => {
    syrk(rowMajor, upper, transpose, c.rows, depth, alpha, a.data, a.stride, beta, c.data, c.stride);
  };
  return {
    name: "openblas",
    multiplyTransposed(c, alpha, a, b, beta) {
      gemm(
        rowMajor,
        plain,
        transposed,
        c.rows,
        c.columns,
        a.columns,
        alpha,
        a.data,
        a.stride,
        b.data,
        b.stride,
        beta,
        c.data,
        c.stride,
      );
    },
    transposeMultiply(c, alpha, a, b, beta) {
      gemm(
        rowMajor,
        transposed,
        plain,
        c.rows,
        c.columns,
        a.rows,
        alpha,
        a.data,
        a.stride,
        b.data,
        b.stride,
        beta,
        c.data,
        c.stride,
      );
    },
    columnGram: (c, alpha, a, beta) => rankUpdate(transposed, c, a.rows, alpha, a, beta),
    rowGram: (c, alpha, a) => rankUpdate(plain, c, a.columns, alpha, a, 0),
    // A lower triangle by rows is an upper triangle by columns, which is how Fortran reads it.
    cholesky(a) {
      const status = [0];
      factor("U", [a.rows], a.data, [a.stride], status);
      return status[0] === 0;
    },
    solveCholesky(l, x) {
      solve("U", [l.rows], [1], l.data, [l.stride], x, [l.rows], [0]);
    },
    symmetricEigen(a, values, _work, vectors) {
      const n = a.rows;
      const work = new Float64Array(vectors ? 1 + 6 * n + 2 * n * n : 2 * n + 1);
      const integers = new Int32Array(vectors ? 3 + 5 * n : 1);
      const status = [0];
      const sizes = [[work.length], integers, [integers.length]] as const;
      eigen(vectors ? "V" : "N", "L", [n], a.data, [a.stride], values, work, ...sizes, status);
      if (status[0] !== 0) throw eigenFailure(a);
    },
  };
}
