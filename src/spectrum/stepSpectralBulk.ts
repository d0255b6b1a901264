import {
  argumentOfDeterminant,
  type Complex,
  complexAt,
  complexDivide,
  complexMultiply,
  complexProduct,
  complexSolveInPlace,
} from "../numerics/complex.ts";
import { complexAverageConjugation, complexConjugation, complexSandwich } from "../numerics/complexSymmetricMaps.ts";
import { isPositive } from "../numerics/linearAlgebra.ts";
import type { OneStepNetwork } from "../bulk/network/oneStep.ts";
import { packedPair } from "../bulk/packed.ts";
import { symmetricProduct, unpackConjugates } from "./isotropicSpectralBulk.ts";
import type { GroupFunctions, SpectralBulk } from "./spectralBulk.ts";
import { stepNodes } from "./stepNodes.ts";

/** Relative rounding allowed to what is positive semi-definite. */
const SEMIDEFINITE = 1e-7;

/**
 * Rows with the covariances C_k of a trained network (theory §9). The pencil in blocks (b, s, q) of sizes r, r, K has its rows
 * scaled so that everything about it has a definite imaginary part,
 *
 *   M = [[βV̂, I, 0], [I, E z_ss, E z_sq − Uᵀ], [0, ·, E z_qq + diag(1/g_k)]],  h = (M⁻¹) on (s, q),  R = (M⁻¹)_bb,
 *   w = log det M + Σ log g_k + α₀ E log det(I + t h/α₀) − tr h E z,
 *   ω_k = 1 − h_{qk,qk}/g_k − κ_k g_k E y² U_kᵀXU_k,
 *
 * with t, z and X of `StepNodes`. For ς = 0 block q is eliminated: −Σ g_kU_kU_kᵀ is added to block s, and −g_k U_kᵀhU_k stands
 * for 1 − h_{qk,qk}/g_k.
 */
export function stepSpectralBulk(model: OneStepNetwork, functions: GroupFunctions): SpectralBulk {
  const { data } = model;
  const { rank: r, expansion: U, widthRatio: beta } = functions;
  const K = data.groups.length;
  const pairs = (r * (r + 1)) / 2;
  const nodes = stepNodes(data, functions);
  const { active: n, index } = nodes;
  const full = n > r;
  const packed = (n * (n + 1)) / 2;
  const size = r + n;
  const rows = pairs + K + packed;
  const columns = 1 + pairs + K;
  const values = new Float64Array(2 * rows);
  const changes = new Float64Array(2 * rows * columns);
  const V = new Float64Array(2 * r * r);
  const matrix = new Float64Array(2 * size * size);
  const work = new Float64Array(2 * size * size);
  const H = new Float64Array(2 * size * size);
  /** Changes of M by log g_l, on the active block. */
  const drive = new Float64Array(2 * K * packed);
  const solved = new Float64Array(2 * packed * columns);
  const groupsOf = (u: Float64Array) => u.subarray(2 * pairs, 2 * (pairs + K));
  const internalOf = (u: Float64Array) => u.subarray(2 * (pairs + K));
  const add = (a: Float64Array, at: number, [re, im]: Complex, factor = 1) => {
    a[2 * at]! += factor * re;
    a[2 * at + 1]! += factor * im;
  };

  function fillPencil(y: Float64Array, g: Float64Array, mean: Float64Array | undefined): void {
    unpackConjugates(y, r, V);
    matrix.fill(0);
    for (let a = 0; a < r; a++) {
      for (let b = 0; b < r; b++) add(matrix, a * size + b, complexAt(V, a * r + b), beta);
      matrix[2 * (a * size + r + a)] = matrix[2 * ((r + a) * size + a)] = 1;
    }
    for (let a = 0; mean && a < n; a++) {
      for (let b = 0; b < n; b++) add(matrix, (r + a) * size + r + b, complexAt(mean, index[a * n + b]!));
    }
    for (let k = 0; k < K; k++) {
      const [re, im] = complexAt(g, k);
      for (let a = 0; a < r; a++) {
        if (full) {
          matrix[2 * ((r + a) * size + 2 * r + k)]! -= U[k * r + a]!;
          matrix[2 * ((2 * r + k) * size + r + a)]! -= U[k * r + a]!;
          continue;
        }
        for (let b = 0; b < r; b++) add(matrix, (r + a) * size + r + b, [re, im], -U[k * r + a]! * U[k * r + b]!);
      }
      if (full) add(matrix, (2 * r + k) * (size + 1), complexDivide([1, 0], [re, im]));
    }
  }

  function invert(): boolean {
    work.set(matrix);
    H.fill(0);
    for (let i = 0; i < size; i++) H[2 * i * (size + 1)] = 1;
    if (!complexSolveInPlace(work, H, size, size)) return false;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < i; j++) {
        const [first, second] = [2 * (i * size + j), 2 * (j * size + i)];
        H[first] = H[second] = 0.5 * (H[first]! + H[second]!);
        H[first + 1] = H[second + 1] = 0.5 * (H[first + 1]! + H[second + 1]!);
      }
    }
    return true;
  }

  function fillTraces(out: Float64Array): void {
    for (let a = 0; a < r; a++)
      for (let b = a; b < r; b++) out.set(complexAt(H, a * size + b), 2 * packedPair(r, a, b));
    for (let a = 0; a < n; a++) {
      for (let b = a; b < n; b++) {
        out.set(complexAt(H, (r + a) * size + r + b), 2 * (pairs + K + index[a * n + b]!));
      }
    }
  }

  /** −g_k U_kᵀ h U_k, or 1 − h_{qk,qk}/g_k; with `unit` = 0 for changes of h. */
  function direct(h: (at: number) => Complex, k: number, g: Complex, unit: number): Complex {
    if (full) {
      const [re, im] = complexDivide(h(index[(r + k) * (n + 1)]!), g);
      return [unit - re, -im];
    }
    let [re, im] = [0, 0];
    for (let a = 0; a < r; a++) {
      for (let b = 0; b < r; b++) {
        const [hr, hi] = h(index[a * n + b]!);
        re += U[k * r + a]! * U[k * r + b]! * hr;
        im += U[k * r + a]! * U[k * r + b]! * hi;
      }
    }
    const [gr, gi] = complexMultiply(g, [re, im]);
    return [-gr, -gi];
  }

  /** Changes of the active block of M by log g_l: explicit, and through t. */
  function fillDrive(g: Float64Array): void {
    drive.fill(0);
    for (let l = 0; l < K; l++) {
      const gl = complexAt(g, l);
      const through: Complex = [-data.groups[l]!.square * gl[0], -data.groups[l]!.square * gl[1]];
      for (let p = 0; p < packed; p++) {
        drive.set(complexMultiply(through, complexAt(nodes.images, l * packed + p)), 2 * (l * packed + p));
      }
      if (full) add(drive, l * packed + index[(r + l) * (n + 1)]!, complexDivide([-1, 0], gl));
      for (let a = 0; !full && a < r; a++) {
        for (let b = a; b < r; b++) add(drive, l * packed + index[a * n + b]!, gl, -U[l * r + a]! * U[l * r + b]!);
      }
    }
  }

  /** Changes of M⁻¹ on the active block at fixed h, by columns. */
  function explicitChanges(h: Float64Array): void {
    const set = (p: number, column: number, re: number, im: number) => solved.set([re, im], 2 * (p * columns + column));
    for (let a = 0; a < n; a++) {
      for (let b = a; b < n; b++) {
        const p = index[a * n + b]!;
        const [from, known] = [complexAt(H, (r + a) * size + r + b), complexAt(h, p)];
        set(p, 0, from[0] - known[0], from[1] - known[1]);
        for (let i = 0; i < r; i++) {
          for (let j = i; j < r; j++) set(p, 1 + packedPair(r, i, j), ...conjugateChange(r + a, r + b, i, j));
        }
      }
    }
    for (let l = 0; l < K; l++) {
      const change = drive.subarray(2 * l * packed, 2 * (l + 1) * packed);
      complexSandwich(H, size, r, index, n, change, [r, size], (a, b, re, im) =>
        set(index[a * n + b]!, 1 + pairs + l, -re, -im),
      );
    }
  }

  /** −β(M⁻¹ dV̂ M⁻¹) by y_ij. */
  function conjugateChange(row: number, column: number, i: number, j: number): [number, number] {
    const [re, im] = symmetricProduct(H, row * size + i, j * size + column, row * size + j, i * size + column);
    return [-beta * re, -beta * im];
  }

  /** Takes h along: δh = explicit + C_H Q δh. Returns Q. */
  function takeAlong(): Float64Array | undefined {
    const Q = complexAverageConjugation(nodes.moments, index, n, data.inverseRatio);
    const newton = new Float64Array(2 * packed * packed);
    complexProduct(complexConjugation(H, size, r, index, n), Q, packed, packed, packed, newton);
    for (let i = 0; i < newton.length; i++) newton[i] = -newton[i]!;
    for (let p = 0; p < packed; p++) newton[2 * p * (packed + 1)]! += 1;
    return complexSolveInPlace(newton, solved, packed, columns) ? Q : undefined;
  }

  function traceChanges(Q: Float64Array): void {
    const moved = new Float64Array(2 * packed * columns);
    complexProduct(Q, solved, packed, packed, columns, moved);
    const total = new Float64Array(2 * packed);
    for (let c = 0; c < columns; c++) {
      const l = c - 1 - pairs;
      for (let p = 0; p < packed; p++) {
        const [re, im] = complexAt(moved, p * columns + c);
        const [dr, di] = l >= 0 ? complexAt(drive, l * packed + p) : [0, 0];
        total.set([dr - re, di - im], 2 * p);
      }
      complexSandwich(H, size, r, index, n, total, [0, r], (a, b, re, im) => {
        const row = packedPair(r, a, b);
        const [i, j] = c >= 1 && l < 0 ? pairAt(r, c - 1) : [-1, -1];
        const own = i >= 0 ? conjugateChange(a, b, i, j) : [0, 0];
        changes.set([own[0]! - re, own[1]! - im], 2 * (row * columns + c));
      });
    }
    for (let p = 0; p < packed; p++) {
      changes.set(solved.subarray(2 * p * columns, 2 * (p + 1) * columns), 2 * (pairs + K + p) * columns);
    }
  }

  function shareChanges(g: Float64Array, h: Float64Array): void {
    for (let k = 0; k < K; k++) {
      const gk = complexAt(g, k);
      const weight: Complex = [-data.groups[k]!.square * gk[0], -data.groups[k]!.square * gk[1]];
      const explicit = direct((at) => complexAt(h, at), k, gk, 1);
      const through = complexMultiply(weight, complexAt(nodes.squares, k));
      values.set([explicit[0] + through[0], explicit[1] + through[1]], 2 * (pairs + k));
      for (let c = 0; c < columns; c++) {
        const dh = (at: number) => complexAt(solved, at * columns + c);
        let [re, im] = direct(dh, k, gk, 0);
        const image = packedForm(nodes.images, k * packed, dh);
        const moved = complexMultiply(weight, image);
        re += moved[0];
        im += moved[1];
        const l = c - 1 - pairs;
        if (l >= 0) {
          const gl = complexAt(g, l);
          const factor = complexMultiply(weight, gl);
          const fourth = complexMultiply(factor, complexAt(nodes.fourths, k * K + l));
          re += data.inverseRatio * data.groups[l]!.square * fourth[0];
          im += data.inverseRatio * data.groups[l]!.square * fourth[1];
        }
        if (l === k) {
          // g_k stands before h, or below it.
          re += through[0] + (full ? 1 - explicit[0] : explicit[0]);
          im += through[1] + (full ? -explicit[1] : explicit[1]);
        }
        changes.set([re, im], 2 * ((pairs + k) * columns + c));
      }
    }
  }

  /** tr(A B) of symmetric matrices, packed. */
  function packedForm(A: Float64Array, offset: number, B: (at: number) => Complex): Complex {
    let [re, im] = [0, 0];
    for (let a = 0; a < n; a++) {
      for (let b = a; b < n; b++) {
        const at = index[a * n + b]!;
        const product = complexMultiply(complexAt(A, offset + at), B(at));
        re += (a === b ? 1 : 2) * product[0];
        im += (a === b ? 1 : 2) * product[1];
      }
    }
    return [re, im];
  }

  /** Im of α₀ E log det(I + th/α₀) − tr h E z. */
  function stepPhase(g: Float64Array, h: Float64Array): number {
    if (data.inverseRatio === 0) return 0;
    const S = new Float64Array(2 * n * n);
    const inner = new Float64Array(2 * n * n);
    index.forEach((at, i) => inner.set(complexAt(h, at), 2 * i));
    for (let i = 0; i < n; i++) S[2 * i * (n + 1)] = 1;
    if (!complexSolveInPlace(inner, S, n, n)) return NaN;
    const base = argumentOfDeterminant(reversed(S, n), n, -1);
    const t = new Float64Array(2 * n * n);
    let sum = 0;
    data.rule.y.forEach((y, i) => {
      nodes.fillLabel(y, g, t);
      for (let j = 0; j < t.length; j++) t[j] = S[j]! + data.inverseRatio * t[j]!;
      sum += data.rule.weight[i]! * (argumentOfDeterminant(reversed(t, n), n, -1) - base);
    });
    return sum / data.inverseRatio - packedForm(nodes.mean, 0, (at) => complexAt(h, at))[1];
  }

  return {
    rank: r,
    groups: K,
    internal: packed,
    longTail: model.longTail,
    values,
    changes,
    start(y, u) {
      fillPencil(y, groupsOf(u), undefined);
      invert();
      fillTraces(u);
    },
    evaluate(y, u) {
      const [g, h] = [groupsOf(u), internalOf(u)];
      if (!nodes.evaluate(g, h)) return "I + th/α₀ is singular";
      fillPencil(y, g, nodes.mean);
      if (!invert()) return "the pencil of the bulk's resolvent is singular";
      fillTraces(values);
      fillDrive(g);
      explicitChanges(h);
      const Q = takeAlong();
      if (!Q) return "the resolvent of the bulk has a singular linear response";
      traceChanges(Q);
      shareChanges(g, h);
      return undefined;
    },
    phase(_, u) {
      // From block q up: there 1/g_k keeps the pivots from zero.
      const pencil = argumentOfDeterminant(reversed(matrix, size), size, -1);
      const g = groupsOf(u);
      let traces = 0;
      for (let k = 0; full && k < K; k++) traces += Math.atan2(g[2 * k + 1]!, g[2 * k]!);
      return pencil + r * Math.PI + traces + stepPhase(g, internalOf(u));
    },
    isPositive(u, part) {
      const h = internalOf(u);
      const part0 = Float64Array.from(index, (at) => h[2 * at + part]!);
      const largest = part0.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      for (let a = 0; a < n; a++) part0[a * (n + 1)]! += SEMIDEFINITE * largest;
      return isPositive(part0, n, 1e-12);
    },
  };
}

/** The matrix with its rows and columns in reverse order. */
function reversed(a: Float64Array, n: number): Float64Array {
  const out = new Float64Array(2 * n * n);
  for (let i = 0; i < n * n; i++) out.set(complexAt(a, i), 2 * (n * n - 1 - i));
  return out;
}

/** The pair (a ≤ b) at a packed position. */
function pairAt(r: number, position: number): [number, number] {
  let [a, at] = [0, position];
  while (at >= r - a) at -= r - a++;
  return [a, a + at];
}
