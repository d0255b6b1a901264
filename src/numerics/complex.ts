/** A complex number. Vectors and matrices of them are interleaved: entry i at 2i (real) and 2i + 1 (imaginary). */
export type Complex = readonly [re: number, im: number];

/** Entry i of an interleaved array. */
export function complexAt(a: Float64Array, i: number): Complex {
  return [a[2 * i]!, a[2 * i + 1]!];
}

export function complexMultiply(a: Complex, b: Complex): Complex {
  return [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];
}

/** a/b by Smith's method, which does not overflow where the quotient does not. */
export function complexDivide(a: Complex, b: Complex): Complex {
  if (Math.abs(b[0]) >= Math.abs(b[1])) {
    const ratio = b[1] / b[0];
    const denominator = b[0] + b[1] * ratio;
    return [(a[0] + a[1] * ratio) / denominator, (a[1] - a[0] * ratio) / denominator];
  }
  const ratio = b[0] / b[1];
  const denominator = b[0] * ratio + b[1];
  return [(a[0] * ratio + a[1]) / denominator, (a[1] * ratio - a[0]) / denominator];
}

/**
 * Principal square root, continued to the negative real axis from below: √−1 = −i. This is the branch for resolvents, whose
 * arguments lie in the closed lower half plane.
 */
export function complexRootFromBelow(a: Complex): Complex {
  const modulus = Math.hypot(a[0], a[1]);
  if (modulus === 0) return [0, 0];
  const sign = a[1] > 0 ? 1 : -1;
  if (a[0] >= 0) {
    const re = Math.sqrt(0.5 * (modulus + a[0]));
    return [re, (0.5 * a[1]) / re];
  }
  const im = Math.sqrt(0.5 * (modulus - a[0]));
  return [(0.5 * Math.abs(a[1])) / im, sign * im];
}

/**
 * Solves A X = B in place by Gaussian elimination with partial pivoting, in interleaved complex numbers.
 *
 * @param a n×n, row-major; destroyed
 * @param b n×columns, row-major; becomes X
 * @returns false if a pivot vanishes or is not finite
 */
export function complexSolveInPlace(a: Float64Array, b: Float64Array, n: number, columns: number): boolean {
  for (let k = 0; k < n; k++) {
    const pivot = pivotRow(a, n, k);
    const at = 2 * (pivot * n + k);
    const [pr, pi] = [a[at]!, a[at + 1]!];
    const square = pr * pr + pi * pi;
    if (!(square > 0 && square < Infinity)) return false;
    if (pivot !== k) {
      swapRows(a, 2 * n, pivot, k);
      swapRows(b, 2 * columns, pivot, k);
    }
    for (let i = k + 1; i < n; i++) {
      const [xr, xi] = [a[2 * (i * n + k)]!, a[2 * (i * n + k) + 1]!];
      if (xr === 0 && xi === 0) continue;
      const fr = (xr * pr + xi * pi) / square;
      const fi = (xi * pr - xr * pi) / square;
      subtractRow(a, 2 * (i * n + k + 1), 2 * (k * n + k + 1), n - k - 1, fr, fi);
      subtractRow(b, 2 * i * columns, 2 * k * columns, columns, fr, fi);
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let l = k + 1; l < n; l++) {
      const at = 2 * (k * n + l);
      subtractRow(b, 2 * k * columns, 2 * l * columns, columns, a[at]!, a[at + 1]!);
    }
    const [pr, pi] = [a[2 * (k * n + k)]!, a[2 * (k * n + k) + 1]!];
    const square = pr * pr + pi * pi;
    for (let j = 0; j < columns; j++) {
      const at = 2 * (k * columns + j);
      const [re, im] = [b[at]!, b[at + 1]!];
      b[at] = (re * pr + im * pi) / square;
      b[at + 1] = (im * pr - re * pi) / square;
    }
  }
  return true;
}

function pivotRow(a: Float64Array, n: number, k: number): number {
  let [pivot, largest] = [k, -1];
  for (let i = k; i < n; i++) {
    const size = Math.abs(a[2 * (i * n + k)]!) + Math.abs(a[2 * (i * n + k) + 1]!);
    if (size > largest) [pivot, largest] = [i, size];
  }
  return pivot;
}

function swapRows(a: Float64Array, width: number, i: number, j: number): void {
  for (let k = 0; k < width; k++) {
    const keep = a[i * width + k]!;
    a[i * width + k] = a[j * width + k]!;
    a[j * width + k] = keep;
  }
}

/** a[target …] −= f a[source …] over `count` complex entries. */
function subtractRow(a: Float64Array, target: number, source: number, count: number, fr: number, fi: number): void {
  for (let j = 0; j < 2 * count; j += 2) {
    const [re, im] = [a[source + j]!, a[source + j + 1]!];
    a[target + j]! -= fr * re - fi * im;
    a[target + j + 1]! -= fr * im + fi * re;
  }
}

/** C = A B for n×m times m×q, row-major and interleaved; written to c. */
export function complexProduct(
  a: Float64Array,
  b: Float64Array,
  n: number,
  m: number,
  q: number,
  c: Float64Array,
): void {
  c.fill(0, 0, 2 * n * q);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < m; k++) {
      const at = 2 * (i * m + k);
      const [ar, ai] = [a[at]!, a[at + 1]!];
      for (let j = 0; j < q; j++) {
        const [br, bi] = [b[2 * (k * q + j)]!, b[2 * (k * q + j) + 1]!];
        c[2 * (i * q + j)]! += ar * br - ai * bi;
        c[2 * (i * q + j) + 1]! += ar * bi + ai * br;
      }
    }
  }
}

/**
 * Argument of the determinant of a symmetric matrix whose imaginary part is definite, the one that is continuous over all such
 * matrices: the sum of the arguments of the pivots, which lie in the same half plane as the matrix.
 *
 * @param a n×n, row-major and interleaved; destroyed
 * @param half the half plane, 1 for the upper: where real pivots are limits from
 */
export function argumentOfDeterminant(a: Float64Array, n: number, half: 1 | -1): number {
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const [pr, pi] = complexAt(a, k * (n + 1));
    // Rounding may put a real pivot on the wrong side.
    sum += half * Math.atan2(Math.max(0, half * pi), pr);
    const square = pr * pr + pi * pi;
    for (let i = k + 1; i < n; i++) {
      const [xr, xi] = complexAt(a, i * n + k);
      if (xr === 0 && xi === 0) continue;
      subtractRow(
        a,
        2 * (i * n + k + 1),
        2 * (k * n + k + 1),
        n - k - 1,
        (xr * pr + xi * pi) / square,
        (xi * pr - xr * pi) / square,
      );
    }
  }
  return sum;
}
