// Symmetric eigenproblem: Householder tridiagonalisation and implicit QL (tred2 and tql2 of EISPACK, after JAMA), stored so that
// every inner loop runs along a row.

const EPSILON: f64 = 2.220446049250313e-16;

// @ts-ignore: decorator
@inline
function get(x: usize, i: i32): f64 {
  return load<f64>(x + (<usize>i << 3));
}

// @ts-ignore: decorator
@inline
function set(x: usize, i: i32, value: f64): void {
  store<f64>(x + (<usize>i << 3), value);
}

// @ts-ignore: decorator
@inline
function rowOf(a: usize, stride: i32, i: i32): usize {
  return a + ((<usize>i * <usize>stride) << 3);
}

/** to ← to + factor · from on entries first … last − 1. */
function addScaledRow(to: usize, from: usize, factor: f64, first: i32, last: i32): void {
  const scale = f64x2.splat(factor);
  let k = first;
  for (; k + 2 <= last; k += 2) {
    const offset = <usize>k << 3;
    v128.store(to + offset, f64x2.add(v128.load(to + offset), f64x2.mul(scale, v128.load(from + offset))));
  }
  for (; k < last; k++) set(to, k, get(to, k) + factor * get(from, k));
}

/** Dot product of entries first … last − 1. */
function dotRow(x: usize, y: usize, first: i32, last: i32): f64 {
  let s = f64x2.splat(0);
  let k = first;
  for (; k + 2 <= last; k += 2) {
    const offset = <usize>k << 3;
    s = f64x2.add(s, f64x2.mul(v128.load(x + offset), v128.load(y + offset)));
  }
  let sum = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; k < last; k++) sum += get(x, k) * get(y, k);
  return sum;
}

/** Reduces the leading (i+1) × (i+1) part by one Householder reflection of its last row, which d holds. */
function reflect(a: usize, stride: i32, i: i32, d: usize, e: usize): f64 {
  let scale: f64 = 0;
  for (let k = 0; k < i; k++) scale += Math.abs(get(d, k));
  if (scale == 0) {
    set(e, i, get(d, i - 1));
    for (let j = 0; j < i; j++) {
      const row = rowOf(a, stride, j);
      set(d, j, get(row, i - 1));
      set(row, i, 0);
      set(rowOf(a, stride, i), j, 0);
    }
    return 0;
  }
  let h: f64 = 0;
  for (let k = 0; k < i; k++) {
    const value = get(d, k) / scale;
    set(d, k, value);
    h += value * value;
    set(e, k, 0);
  }
  const last = get(d, i - 1);
  const g = last > 0 ? -Math.sqrt(h) : Math.sqrt(h);
  set(e, i, scale * g);
  h -= last * g;
  set(d, i - 1, last - g);
  for (let j = 0; j < i; j++) {
    const f = get(d, j);
    const row = rowOf(a, stride, j);
    set(rowOf(a, stride, i), j, f);
    set(e, j, get(e, j) + get(row, j) * f + dotRow(row, d, j + 1, i));
    addScaledRow(e, row, f, j + 1, i);
  }
  let f: f64 = 0;
  for (let j = 0; j < i; j++) {
    set(e, j, get(e, j) / h);
    f += get(e, j) * get(d, j);
  }
  addScaledRow(e, d, -f / (h + h), 0, i);
  for (let j = 0; j < i; j++) {
    const row = rowOf(a, stride, j);
    const dj = get(d, j);
    addScaledRow(row, e, -dj, j, i);
    addScaledRow(row, d, -get(e, j), j, i);
    set(d, j, get(row, i - 1));
    set(row, i, 0);
  }
  return h;
}

/** Rows of a become the orthogonal matrix of the reflections; d the diagonal. */
function accumulate(a: usize, stride: i32, n: i32, d: usize): void {
  for (let i = 0; i < n - 1; i++) {
    const row = rowOf(a, stride, i);
    const next = rowOf(a, stride, i + 1);
    set(row, n - 1, get(row, i));
    set(row, i, 1);
    const h = get(d, i + 1);
    if (h != 0) {
      for (let k = 0; k <= i; k++) set(d, k, get(next, k) / h);
      for (let j = 0; j <= i; j++) {
        const other = rowOf(a, stride, j);
        addScaledRow(other, d, -dotRow(next, other, 0, i + 1), 0, i + 1);
      }
    }
    for (let k = 0; k <= i; k++) set(next, k, 0);
  }
  for (let j = 0; j < n; j++) {
    const row = rowOf(a, stride, j);
    set(d, j, get(row, n - 1));
    set(row, n - 1, 0);
  }
  set(rowOf(a, stride, n - 1), n - 1, 1);
}

function rotateRows(upper: usize, lower: usize, c: f64, s: f64, n: i32): void {
  const cosine = f64x2.splat(c);
  const sine = f64x2.splat(s);
  let k = 0;
  for (; k + 2 <= n; k += 2) {
    const offset = <usize>k << 3;
    const x = v128.load(upper + offset);
    const y = v128.load(lower + offset);
    v128.store(lower + offset, f64x2.add(f64x2.mul(sine, x), f64x2.mul(cosine, y)));
    v128.store(upper + offset, f64x2.sub(f64x2.mul(cosine, x), f64x2.mul(sine, y)));
  }
  for (; k < n; k++) {
    const x = get(upper, k);
    const y = get(lower, k);
    set(lower, k, s * x + c * y);
    set(upper, k, c * x - s * y);
  }
}

// @ts-ignore: decorator
@inline
function hypotenuse(x: f64, y: f64): f64 {
  const a = max(Math.abs(x), Math.abs(y));
  if (a == 0) return 0;
  const b = min(Math.abs(x), Math.abs(y)) / a;
  return a * Math.sqrt(1 + b * b);
}

/** One implicit QL sweep on rows l … m; returns the shift. */
function sweep(a: usize, stride: i32, n: i32, d: usize, e: usize, l: i32, m: i32, vectors: bool): f64 {
  const start = get(d, l);
  const el = get(e, l);
  let p = (get(d, l + 1) - start) / (2 * el);
  let r = hypotenuse(p, 1);
  if (p < 0) r = -r;
  set(d, l, el / (p + r));
  const second = el * (p + r);
  set(d, l + 1, second);
  const shift = start - get(d, l);
  for (let i = l + 2; i < n; i++) set(d, i, get(d, i) - shift);
  p = get(d, m);
  let c: f64 = 1, c2: f64 = 1, c3: f64 = 1, s: f64 = 0, s2: f64 = 0;
  const el1 = get(e, l + 1);
  for (let i = m - 1; i >= l; i--) {
    c3 = c2;
    c2 = c;
    s2 = s;
    const g = c * get(e, i);
    const h = c * p;
    r = hypotenuse(p, get(e, i));
    set(e, i + 1, s * r);
    s = get(e, i) / r;
    c = p / r;
    p = c * get(d, i) - s * g;
    set(d, i + 1, h + s * (c * g + s * get(d, i)));
    if (vectors) rotateRows(rowOf(a, stride, i), rowOf(a, stride, i + 1), c, s, n);
  }
  p = (-s * s2 * c3 * el1 * get(e, l)) / second;
  set(e, l, s * p);
  set(d, l, c * p);
  return shift;
}

/** Eigenvalues of the tridiagonal matrix (d, e) into d; 0, or 1 if a value did not converge. */
function diagonalise(a: usize, stride: i32, n: i32, d: usize, e: usize, vectors: bool): i32 {
  for (let i = 1; i < n; i++) set(e, i - 1, get(e, i));
  set(e, n - 1, 0);
  let total: f64 = 0;
  let largest: f64 = 0;
  for (let l = 0; l < n; l++) {
    largest = max(largest, Math.abs(get(d, l)) + Math.abs(get(e, l)));
    let m = l;
    while (m < n - 1 && Math.abs(get(e, m)) > EPSILON * largest) m++;
    if (m > l) {
      let sweeps = 0;
      do {
        if (++sweeps > 60) return 1;
        total += sweep(a, stride, n, d, e, l, m, vectors);
      } while (Math.abs(get(e, l)) > EPSILON * largest);
    }
    set(d, l, get(d, l) + total);
    set(e, l, 0);
  }
  return 0;
}

/**
 * Eigenvalues (unordered) of the symmetric matrix in the upper triangle of a, into d; with `vectors`, row i of a becomes the
 * eigenvector of d[i]. e is scratch of length n. Returns 0, or 1 without convergence.
 */
export function symmetricEigen(a: usize, stride: i32, n: i32, d: usize, e: usize, vectors: bool): i32 {
  for (let j = 0; j < n; j++) set(d, j, get(rowOf(a, stride, j), n - 1));
  for (let i = n - 1; i > 0; i--) set(d, i, reflect(a, stride, i, d, e));
  if (vectors) {
    accumulate(a, stride, n, d);
  } else {
    for (let j = 0; j < n; j++) set(d, j, get(rowOf(a, stride, j), j));
  }
  set(e, 0, 0);
  return diagonalise(a, stride, n, d, e, vectors);
}
