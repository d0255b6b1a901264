/** Dense row-major kernels for the few unknowns of a saddle point (at most some dozens). */

/**
 * Solves A X = B in place by Gaussian elimination with partial pivoting.
 *
 * @param a n×n, row-major; destroyed
 * @param b n×columns, row-major; becomes X
 * @returns false if a pivot vanishes or is not finite
 */
export function solveInPlace(a: Float64Array, b: Float64Array, n: number, columns: number): boolean {
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i;
    const diagonal = a[pivot * n + k]!;
    if (!(Math.abs(diagonal) > 0 && Math.abs(diagonal) < Infinity)) return false;
    if (pivot !== k) {
      swapRows(a, n, pivot, k);
      swapRows(b, columns, pivot, k);
    }
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! / diagonal;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
      for (let j = 0; j < columns; j++) b[i * columns + j]! -= factor * b[k * columns + j]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = 0; j < columns; j++) {
      let sum = b[k * columns + j]!;
      for (let i = k + 1; i < n; i++) sum -= a[k * n + i]! * b[i * columns + j]!;
      b[k * columns + j] = sum / a[k * n + k]!;
    }
  }
  return true;
}

function swapRows(a: Float64Array, width: number, i: number, j: number): void {
  for (let k = 0; k < width; k++) {
    const keep = a[i * width + k]!;
    a[i * width + k] = a[j * width + k]!;
    a[j * width + k] = keep;
  }
}

/** C = A B for n×m times m×q, row-major. */
export function multiply(a: Float64Array, b: Float64Array, n: number, m: number, q: number): Float64Array {
  const c = new Float64Array(n * q);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < m; k++) {
      const aik = a[i * m + k]!;
      if (aik === 0) continue;
      for (let j = 0; j < q; j++) c[i * q + j]! += aik * b[k * q + j]!;
    }
  }
  return c;
}

/** Σ a_i b_i. Four partial sums hide the latency of the additions. */
export function dot(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < n; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (; i < n; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}

/**
 * Whether a symmetric matrix is positive semi-definite up to rounding: no Cholesky pivot lies further below zero than
 * `tolerance` times its diagonal entry. With a negative tolerance: whether it is safely positive definite.
 *
 * @param a n×n, row-major; destroyed
 */
export function isPositive(a: Float64Array, n: number, tolerance: number): boolean {
  const diagonal = Float64Array.from({ length: n }, (_, k) => Math.abs(a[k * n + k]!));
  for (let k = 0; k < n; k++) {
    const pivot = a[k * n + k]!;
    if (!(pivot >= -tolerance * diagonal[k]!)) return false;
    if (pivot <= Math.abs(tolerance) * diagonal[k]!) continue;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! / pivot;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
    }
  }
  return true;
}
