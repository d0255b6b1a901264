import { complexAt, complexMultiply } from "./complex.ts";

/**
 * Linear maps between complex symmetric n×n matrices, as matrices over packed entries: upper rows, n(n + 1)/2 interleaved
 * numbers, `index` telling the position of (a, b) at a·n + b.
 */

/**
 * X ↦ E[ZXZ] · factor for a random symmetric Z.
 *
 * @param moments E[Z_p Z_q] over packed entries
 */
export function complexAverageConjugation(
  moments: Float64Array,
  index: Int32Array,
  n: number,
  factor: number,
): Float64Array {
  const packed = (n * (n + 1)) / 2;
  const out = new Float64Array(moments.length);
  for (let a = 0; a < n; a++) {
    for (let d = a; d < n; d++) {
      const row = index[a * n + d]! * packed;
      for (let b = 0; b < n; b++) {
        for (let c = b; c < n; c++) {
          const at = 2 * (row + index[b * n + c]!);
          const direct = 2 * (index[a * n + b]! * packed + index[c * n + d]!);
          out[at] = factor * moments[direct]!;
          out[at + 1] = factor * moments[direct + 1]!;
          if (b === c) continue;
          const swapped = 2 * (index[a * n + c]! * packed + index[b * n + d]!);
          out[at] += factor * moments[swapped]!;
          out[at + 1]! += factor * moments[swapped + 1]!;
        }
      }
    }
  }
  return out;
}

/**
 * X ↦ HXH, with H the n×n block from (offset, offset) of a symmetric matrix.
 *
 * @param matrix size×size, row-major
 */
export function complexConjugation(
  matrix: Float64Array,
  size: number,
  offset: number,
  index: Int32Array,
  n: number,
): Float64Array {
  const packed = (n * (n + 1)) / 2;
  const out = new Float64Array(2 * packed * packed);
  const entry = (a: number, b: number) => complexAt(matrix, (offset + a) * size + offset + b);
  for (let a = 0; a < n; a++) {
    for (let d = a; d < n; d++) {
      const row = index[a * n + d]! * packed;
      for (let b = 0; b < n; b++) {
        for (let c = b; c < n; c++) {
          const at = 2 * (row + index[b * n + c]!);
          const direct = complexMultiply(entry(a, b), entry(c, d));
          const swapped = b === c ? [0, 0] : complexMultiply(entry(a, c), entry(b, d));
          out[at] = direct[0] + swapped[0];
          out[at + 1] = direct[1] + swapped[1];
        }
      }
    }
  }
  return out;
}

/**
 * The entries (row, column) of HXHᵀ, with H the n columns from `offset` of a matrix, for row ≤ column from `first` on.
 *
 * @param matrix size×size, row-major
 * @param X packed
 * @param write receives the entry, row − first and column − first
 */
export function complexSandwich(
  matrix: Float64Array,
  size: number,
  offset: number,
  index: Int32Array,
  n: number,
  X: Float64Array,
  [first, end]: readonly [number, number],
  write: (row: number, column: number, re: number, im: number) => void,
): void {
  const half = new Float64Array(2 * n);
  for (let row = first; row < end; row++) {
    half.fill(0);
    for (let a = 0; a < n; a++) {
      const [hr, hi] = complexAt(matrix, row * size + offset + a);
      for (let b = 0; b < n; b++) {
        const at = 2 * index[a * n + b]!;
        half[2 * b]! += hr * X[at]! - hi * X[at + 1]!;
        half[2 * b + 1]! += hr * X[at + 1]! + hi * X[at]!;
      }
    }
    for (let column = row; column < end; column++) {
      let [re, im] = [0, 0];
      for (let b = 0; b < n; b++) {
        const [hr, hi] = complexAt(matrix, column * size + offset + b);
        re += half[2 * b]! * hr - half[2 * b + 1]! * hi;
        im += half[2 * b]! * hi + half[2 * b + 1]! * hr;
      }
      write(row - first, column - first, re, im);
    }
  }
}
