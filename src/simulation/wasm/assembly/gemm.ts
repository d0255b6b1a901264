// Blocked matrix product in the manner of GotoBLAS: panels of A and B are packed into strips of four,
// a 4×4 register kernel of f64x2 multiplies them.

const KC: i32 = 256;
const MC: i32 = 128;
const NC: i32 = 1024;
const STRIP: i32 = 4;

/** Which entries of C are written: all, row ≥ column, or row ≤ column. */
export const FULL: i32 = 0;
export const LOWER: i32 = 1;
export const UPPER: i32 = 2;

// Scratch space follows the static data; the caller's memory starts at `scratchEnd`.
const packedA: usize = (__heap_base + 63) & ~63;
const packedB: usize = packedA + MC * KC * 8;
const tile: usize = packedB + NC * KC * 8;
const scratchEnd: usize = tile + STRIP * STRIP * 8;

/** First free byte of the memory, for the caller's own allocation. */
export function heapBase(): usize {
  return scratchEnd;
}

/** Packs `rows` × `depth` entries (strides in elements) into strips of four rows, zero-padded. */
function pack(to: usize, from: usize, rows: i32, depth: i32, rowStride: i32, depthStride: i32): void {
  const rowBytes = (<usize>rowStride) << 3;
  const depthBytes = (<usize>depthStride) << 3;
  for (let i = 0; i < rows; i += STRIP) {
    let source = from + <usize>i * rowBytes;
    if (i + STRIP <= rows) {
      const r2 = rowBytes << 1;
      const r3 = r2 + rowBytes;
      for (let k = 0; k < depth; k++) {
        store<f64>(to, load<f64>(source));
        store<f64>(to, load<f64>(source + rowBytes), 8);
        store<f64>(to, load<f64>(source + r2), 16);
        store<f64>(to, load<f64>(source + r3), 24);
        to += 32;
        source += depthBytes;
      }
    } else {
      const valid = rows - i;
      for (let k = 0; k < depth; k++) {
        for (let s = 0; s < STRIP; s++) {
          store<f64>(to + (<usize>s << 3), s < valid ? load<f64>(source + <usize>s * rowBytes) : 0);
        }
        to += 32;
        source += depthBytes;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function addScaled(to: usize, scale: v128, value: v128): void {
  v128.store(to, v128.add<f64>(v128.load(to), v128.mul<f64>(scale, value)));
}

/** C[4×4] += alpha · (strip of A)ᵀ(strip of B) over `depth`; rows of C are `stride` bytes apart. */
function kernel(depth: i32, a: usize, b: usize, c: usize, stride: usize, alpha: f64): void {
  let c00 = f64x2.splat(0), c01 = f64x2.splat(0), c10 = f64x2.splat(0), c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0), c21 = f64x2.splat(0), c30 = f64x2.splat(0), c31 = f64x2.splat(0);
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f64>(a);
    c00 = f64x2.add(c00, f64x2.mul(a0, b0));
    c01 = f64x2.add(c01, f64x2.mul(a0, b1));
    const a1 = v128.load_splat<f64>(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(a1, b0));
    c11 = f64x2.add(c11, f64x2.mul(a1, b1));
    const a2 = v128.load_splat<f64>(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(a2, b0));
    c21 = f64x2.add(c21, f64x2.mul(a2, b1));
    const a3 = v128.load_splat<f64>(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(a3, b0));
    c31 = f64x2.add(c31, f64x2.mul(a3, b1));
    a += 32;
    b += 32;
  }
  const scale = f64x2.splat(alpha);
  addScaled(c, scale, c00);
  addScaled(c + 16, scale, c01);
  c += stride;
  addScaled(c, scale, c10);
  addScaled(c + 16, scale, c11);
  c += stride;
  addScaled(c, scale, c20);
  addScaled(c + 16, scale, c21);
  c += stride;
  addScaled(c, scale, c30);
  addScaled(c + 16, scale, c31);
}

/** Adds the entries of the scratch tile that lie inside C and inside the triangle. */
function addTile(c: usize, stride: usize, row: i32, column: i32, rows: i32, columns: i32, part: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if (part == LOWER && row + i < column + j) continue;
      if (part == UPPER && row + i > column + j) continue;
      const to = c + <usize>i * stride + (<usize>j << 3);
      store<f64>(to, load<f64>(to) + load<f64>(tile + (<usize>(i * STRIP + j) << 3)));
    }
  }
}

/** Products of one packed panel of A with one packed panel of B; (row, column) is their corner in C. */
function block(c: usize, stride: usize, row: i32, column: i32, rows: i32, columns: i32, depth: i32, alpha: f64, part: i32): void {
  const stripBytes = <usize>(depth * STRIP) << 3;
  for (let j = 0; j < columns; j += STRIP) {
    const b = packedB + <usize>(j >> 2) * stripBytes;
    const width = min(STRIP, columns - j);
    for (let i = 0; i < rows; i += STRIP) {
      const height = min(STRIP, rows - i);
      const r = row + i;
      const s = column + j;
      if (part == LOWER && r + height <= s) continue;
      if (part == UPPER && r >= s + width) break;
      const inside = part == FULL || (part == LOWER ? r >= s + width - 1 : r + height - 1 <= s);
      const a = packedA + <usize>(i >> 2) * stripBytes;
      if (inside && height == STRIP && width == STRIP) {
        kernel(depth, a, b, c + <usize>r * stride + (<usize>s << 3), stride, alpha);
      } else {
        memory.fill(tile, 0, STRIP * STRIP * 8);
        kernel(depth, a, b, tile, STRIP * 8, alpha);
        addTile(c + <usize>r * stride + (<usize>s << 3), stride, r, s, height, width, part);
      }
    }
  }
}

function scaleRows(c: usize, stride: usize, m: i32, n: i32, beta: f64, part: i32): void {
  for (let i = 0; i < m; i++) {
    const first = part == UPPER ? i : 0;
    const last = part == LOWER ? min(n, i + 1) : n;
    const row = c + <usize>i * stride;
    for (let j = first; j < last; j++) {
      const to = row + (<usize>j << 3);
      store<f64>(to, beta == 0 ? 0 : beta * load<f64>(to));
    }
  }
}

/**
 * C ← beta C + alpha A B on the chosen part of C. A is m×k, B is k×n, each given by the strides of its rows and columns
 * in elements, so a transpose is a swap of strides; C is row-major with `cStride` elements a row.
 */
export function gemm(
  m: i32, n: i32, k: i32, alpha: f64,
  a: usize, aRowStride: i32, aColumnStride: i32,
  b: usize, bRowStride: i32, bColumnStride: i32,
  beta: f64, c: usize, cStride: i32, part: i32,
): void {
  const stride = (<usize>cStride) << 3;
  if (beta != 1) scaleRows(c, stride, m, n, beta, part);
  for (let jc = 0; jc < n; jc += NC) {
    const columns = min(NC, n - jc);
    for (let pc = 0; pc < k; pc += KC) {
      const depth = min(KC, k - pc);
      const bCorner = <usize>pc * <usize>bRowStride + <usize>jc * <usize>bColumnStride;
      pack(packedB, b + (bCorner << 3), columns, depth, bColumnStride, bRowStride);
      for (let ic = 0; ic < m; ic += MC) {
        const rows = min(MC, m - ic);
        if (part == LOWER && ic + rows <= jc) continue;
        if (part == UPPER && ic >= jc + columns) break;
        const aCorner = <usize>ic * <usize>aRowStride + <usize>pc * <usize>aColumnStride;
        pack(packedA, a + (aCorner << 3), rows, depth, aRowStride, aColumnStride);
        block(c, stride, ic, jc, rows, columns, depth, alpha, part);
      }
    }
  }
}
