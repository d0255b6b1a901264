// Recursive Cholesky factorisation A = L Lᵀ of the lower triangle, row-major: all but the smallest blocks is gemm.
import { FULL, LOWER, gemm } from "./gemm";

const BASE: i32 = 24;

// @ts-ignore: decorator
@inline
function at(a: usize, stride: i32, i: i32, j: i32): usize {
  return a + ((<usize>i * <usize>stride + <usize>j) << 3);
}

// @ts-ignore: decorator
@inline
function dot(x: usize, y: usize, n: i32): f64 {
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(x), v128.load(y)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(x, 16), v128.load(y, 16)));
    x += 32;
    y += 32;
  }
  const s = f64x2.add(s0, s1);
  let sum = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; i < n; i++) {
    sum += load<f64>(x) * load<f64>(y);
    x += 8;
    y += 8;
  }
  return sum;
}

/** X ← X L⁻ᵀ for X of m rows; L is n×n lower. */
function solveRight(x: usize, l: usize, stride: i32, m: i32, n: i32): void {
  if (n <= BASE) {
    for (let i = 0; i < m; i++) {
      const row = at(x, stride, i, 0);
      for (let j = 0; j < n; j++) {
        const to = row + (<usize>j << 3);
        store<f64>(to, (load<f64>(to) - dot(row, at(l, stride, j, 0), j)) / load<f64>(at(l, stride, j, j)));
      }
    }
    return;
  }
  const h = half(n);
  const x2 = at(x, stride, 0, h);
  const l21 = at(l, stride, h, 0);
  solveRight(x, l, stride, m, h);
  gemm(m, n - h, h, -1, x, stride, 1, l21, 1, stride, 1, x2, stride, FULL);
  solveRight(x2, at(l, stride, h, h), stride, m, n - h);
}

// @ts-ignore: decorator
@inline
function half(n: i32): i32 {
  return ((n >> 1) + 3) & ~3;
}

function factorBase(a: usize, stride: i32, n: i32): i32 {
  for (let i = 0; i < n; i++) {
    const row = at(a, stride, i, 0);
    for (let j = 0; j < i; j++) {
      const to = row + (<usize>j << 3);
      store<f64>(to, (load<f64>(to) - dot(row, at(a, stride, j, 0), j)) / load<f64>(at(a, stride, j, j)));
    }
    const to = row + (<usize>i << 3);
    const pivot = load<f64>(to) - dot(row, row, i);
    if (!(pivot > 0)) return i + 1;
    store<f64>(to, Math.sqrt(pivot));
  }
  return 0;
}

/** L in place of the lower triangle; returns 0, or the 1-based order of the first leading minor that is not positive. */
export function cholesky(a: usize, stride: i32, n: i32): i32 {
  if (n <= BASE) return factorBase(a, stride, n);
  const h = half(n);
  let failed = cholesky(a, stride, h);
  if (failed) return failed;
  const a21 = at(a, stride, h, 0);
  const a22 = at(a, stride, h, h);
  solveRight(a21, a, stride, n - h, h);
  gemm(n - h, n - h, h, -1, a21, stride, 1, a21, 1, stride, 1, a22, stride, LOWER);
  failed = cholesky(a22, stride, n - h);
  return failed ? failed + h : 0;
}

/** L Lᵀ x = b in place of b. */
export function solveCholesky(l: usize, stride: i32, n: i32, b: usize): void {
  for (let i = 0; i < n; i++) {
    const to = b + (<usize>i << 3);
    store<f64>(to, (load<f64>(to) - dot(b, at(l, stride, i, 0), i)) / load<f64>(at(l, stride, i, i)));
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = at(l, stride, i, 0);
    const value = load<f64>(b + (<usize>i << 3)) / load<f64>(row + (<usize>i << 3));
    store<f64>(b + (<usize>i << 3), value);
    const factor = f64x2.splat(value);
    let j = 0;
    for (; j + 2 <= i; j += 2) {
      const to = b + (<usize>j << 3);
      v128.store(to, f64x2.sub(v128.load(to), f64x2.mul(factor, v128.load(row + (<usize>j << 3)))));
    }
    for (; j < i; j++) {
      const to = b + (<usize>j << 3);
      store<f64>(to, load<f64>(to) - value * load<f64>(row + (<usize>j << 3)));
    }
  }
}
