import { packedIndex } from "./bulk.ts";

/** Linear maps between symmetric n×n matrices, as matrices over packed entries (upper rows, n(n + 1)/2 of them). */

/**
 * X ↦ E[ZXZ] · factor for a random symmetric Z.
 *
 * @param moments E[Z_p Z_q] over packed entries
 */
export function averageConjugation(moments: Float64Array, n: number, factor: number): Float64Array {
  const packed = (n * (n + 1)) / 2;
  const index = packedIndex(n);
  const out = new Float64Array(packed * packed);
  for (let a = 0; a < n; a++) {
    for (let d = a; d < n; d++) {
      const row = index[a * n + d]! * packed;
      for (let b = 0; b < n; b++) {
        const ab = index[a * n + b]! * packed;
        for (let c = b; c < n; c++) {
          const direct = moments[ab + index[c * n + d]!]!;
          const swapped = b === c ? 0 : moments[index[a * n + c]! * packed + index[b * n + d]!]!;
          out[row + index[b * n + c]!] = factor * (direct + swapped);
        }
      }
    }
  }
  return out;
}

/**
 * X ↦ HXHᵀ, with H the n×n block from (offset, columns) of a symmetric matrix.
 *
 * @param matrix size×size, row-major
 */
export function conjugation(
  matrix: Float64Array,
  size: number,
  offset: number,
  n: number,
  columns = offset,
): Float64Array {
  const packed = (n * (n + 1)) / 2;
  const index = packedIndex(n);
  const out = new Float64Array(packed * packed);
  const entry = (a: number, b: number) => matrix[(offset + a) * size + columns + b]!;
  for (let a = 0; a < n; a++) {
    for (let d = a; d < n; d++) {
      const row = index[a * n + d]! * packed;
      for (let b = 0; b < n; b++) {
        for (let c = b; c < n; c++) {
          const swapped = b === c ? 0 : entry(a, c) * entry(b, d);
          out[row + index[b * n + c]!] = entry(a, b) * entry(c, d) + swapped;
        }
      }
    }
  }
  return out;
}

/**
 * out += H X Hᵀ, with H the n columns from `offset` of a matrix.
 *
 * @param matrix size×size, row-major
 * @param X packed
 * @param out size×size
 */
export function addSandwich(
  matrix: Float64Array,
  size: number,
  offset: number,
  n: number,
  X: Float64Array,
  out: Float64Array,
): void {
  const index = packedIndex(n);
  const half = new Float64Array(n);
  for (let r = 0; r < size; r++) {
    half.fill(0);
    for (let a = 0; a < n; a++) {
      const factor = matrix[r * size + offset + a]!;
      for (let b = 0; b < n; b++) half[b]! += factor * X[index[a * n + b]!]!;
    }
    for (let c = r; c < size; c++) {
      let sum = 0;
      for (let b = 0; b < n; b++) sum += half[b]! * matrix[c * size + offset + b]!;
      out[r * size + c]! += sum;
      if (c !== r) out[c * size + r]! += sum;
    }
  }
}
