/** Eigenvalues ascending, and the orthonormal eigenvectors: `vectors[j][k]` is component k of the j-th. */
export interface TridiagonalEigen {
  readonly values: Float64Array;
  readonly vectors: readonly Float64Array[];
}

/** Sweeps for one eigenvalue; a few are enough. */
const MOST_SWEEPS = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by the implicit QL iteration with Wilkinson's shift
 * (Dubrulle, Martin & Wilkinson 1968): the Jacobi matrices of Gauss rules (Golub & Welsch 1969).
 *
 * @param diagonal n entries
 * @param offDiagonal n − 1 entries below it
 */
export function tridiagonalEigen(diagonal: ArrayLike<number>, offDiagonal: ArrayLike<number>): TridiagonalEigen {
  const n = diagonal.length;
  const d = Float64Array.from(diagonal);
  const e = new Float64Array(n);
  e.set(Array.from(offDiagonal).slice(0, n - 1));
  const columns = Array.from({ length: n }, (_, j) => Float64Array.from({ length: n }, (_, k) => (j === k ? 1 : 0)));
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      const m = firstSplit(d, e, l);
      if (m === l) break;
      if (sweep === MOST_SWEEPS) throw new RangeError("tridiagonalEigen: the QL iteration did not converge");
      sweepFrom(d, e, columns, l, m);
    }
  }
  const order = Array.from(d, (_, j) => j).sort((a, b) => d[a]! - d[b]!);
  return { values: Float64Array.from(order, (j) => d[j]!), vectors: order.map((j) => columns[j]!) };
}

/** The end of the unreduced block that begins at l. */
function firstSplit(d: Float64Array, e: Float64Array, l: number): number {
  let m = l;
  for (; m < d.length - 1; m++) {
    const size = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
    if (Math.abs(e[m]!) <= Number.EPSILON * size) break;
  }
  return m;
}

/** One implicit QL sweep over the block l … m. */
function sweepFrom(d: Float64Array, e: Float64Array, columns: readonly Float64Array[], l: number, m: number): void {
  const half = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const root = Math.hypot(half, 1);
  let g = d[m]! - d[l]! + e[l]! / (half + (half < 0 ? -root : root));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const [f, b] = [s * e[i]!, c * e[i]!];
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[m] = 0;
      return;
    }
    [s, c] = [f / r, g / r];
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    const [left, right] = [columns[i]!, columns[i + 1]!];
    for (let k = 0; k < left.length; k++) {
      const [x, y] = [left[k]!, right[k]!];
      right[k] = s * x + c * y;
      left[k] = c * x - s * y;
    }
  }
  d[l]! -= p;
  e[l] = g;
  e[m] = 0;
}
