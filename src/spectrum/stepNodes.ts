import { complexSolveInPlace } from "../numerics/complex.ts";
import { packedIndex } from "../bulk/packed.ts";
import type { StepData } from "../bulk/network/oneStep.ts";
import type { GroupFunctions } from "./spectralBulk.ts";

/**
 * Averages over the labels y of the step at given g and h (theory §9), on the active block (s, q), or s alone for ς = 0:
 *
 *   t(y) = [[−y² Σ_k κ_k g_k U_kU_kᵀ, −y Uᵀ diag(a_k)], [·, 0]],  L = (I + t h/α₀)⁻¹,  z = L t,  ℓ_k = L U_k,  X = h L,
 *
 * with κ_k = κ_B u_k² and a_k = a u_k of theory §9. Interleaved; packed by upper rows.
 */
export interface StepNodes {
  /** n: r + K, or r. */
  readonly active: number;
  /** Position of (a, b) among the packed entries. */
  readonly index: Int32Array;
  /** @returns false if some I + th/α₀ is singular */
  evaluate(g: Float64Array, h: Float64Array): boolean;
  /** E z, packed. */
  readonly mean: Float64Array;
  /** E z_p z_q over packed entries. */
  readonly moments: Float64Array;
  /** E y² ℓ_kℓ_kᵀ, packed, for every group. */
  readonly images: Float64Array;
  /** E y² U_kᵀXU_k */
  readonly squares: Float64Array;
  /** E y⁴ (U_kᵀXU_l)², K×K. */
  readonly fourths: Float64Array;
  /** t(y) of a node, n×n. */
  fillLabel(y: number, g: Float64Array, t: Float64Array): void;
}

export function stepNodes(data: StepData, { rank: r, expansion: U }: GroupFunctions): StepNodes {
  const { y, weight } = data.rule;
  const K = data.groups.length;
  const n = data.groups.some(({ linear }) => linear !== 0) ? r + K : r;
  const packed = (n * (n + 1)) / 2;
  const index = packedIndex(n);
  const mean = new Float64Array(2 * packed);
  const moments = new Float64Array(2 * packed * packed);
  const images = new Float64Array(2 * K * packed);
  const squares = new Float64Array(2 * K);
  const fourths = new Float64Array(2 * K * K);
  const columns = n + K;
  const t = new Float64Array(2 * n * n);
  const left = new Float64Array(2 * n * n);
  const right = new Float64Array(2 * n * columns);
  const full = new Float64Array(2 * n * n);
  const z = new Float64Array(2 * packed);
  /** t_ss/y² */
  const square = new Float64Array(2 * r * r);
  /** t h = y² P + y W, of which P vanishes below row r. */
  const P = new Float64Array(2 * r * n);
  const W = new Float64Array(2 * n * n);
  /** Uᵀh, K×n. */
  const forms = new Float64Array(2 * K * n);

  function fillSquare(g: Float64Array): void {
    square.fill(0);
    for (let k = 0; k < K; k++) {
      for (let a = 0; a < r; a++) {
        for (let b = 0; b < r; b++) {
          const factor = -data.groups[k]!.square * U[k * r + a]! * U[k * r + b]!;
          square[2 * (a * r + b)]! += factor * g[2 * k]!;
          square[2 * (a * r + b) + 1]! += factor * g[2 * k + 1]!;
        }
      }
    }
  }

  /** What products with h are made of at every node. */
  function fillProducts(): void {
    P.fill(0);
    W.fill(0);
    forms.fill(0);
    for (let a = 0; a < r; a++) {
      for (let b = 0; b < r; b++) {
        const at = 2 * (a * r + b);
        addRow(P, a, square[at]!, square[at + 1]!, b);
      }
      for (let k = 0; k < K; k++) {
        addRow(forms, k, U[k * r + a]!, 0, a);
        if (n === r) continue;
        const entry = -data.groups[k]!.linear * U[k * r + a]!;
        addRow(W, a, entry, 0, r + k);
        addRow(W, r + k, entry, 0, a);
      }
    }
  }

  /** out[row] += (re + i im) h[of], of rows of n entries. */
  function addRow(out: Float64Array, row: number, re: number, im: number, of: number): void {
    for (let j = 0; j < n; j++) {
      const hr = full[2 * (of * n + j)]!;
      const hi = full[2 * (of * n + j) + 1]!;
      out[2 * (row * n + j)]! += re * hr - im * hi;
      out[2 * (row * n + j) + 1]! += re * hi + im * hr;
    }
  }

  function fillNode(label: number, out: Float64Array): void {
    out.fill(0);
    const second = label * label;
    for (let a = 0; a < r; a++) {
      for (let b = 0; b < r; b++) {
        out[2 * (a * n + b)] = second * square[2 * (a * r + b)]!;
        out[2 * (a * n + b) + 1] = second * square[2 * (a * r + b) + 1]!;
      }
      for (let k = 0; r + k < n; k++) {
        const entry = -label * data.groups[k]!.linear * U[k * r + a]!;
        out[2 * (a * n + r + k)] = out[2 * ((r + k) * n + a)] = entry;
      }
    }
  }

  /** Solves (I + th/α₀)(z, ℓ) = (t, U). */
  function solveNode(label: number): boolean {
    const first = data.inverseRatio * label;
    const second = first * label;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const at = 2 * (i * n + j);
        left[at] = first * W[at]!;
        left[at + 1] = first * W[at + 1]!;
        if (i < r) {
          left[at] += second * P[at]!;
          left[at + 1]! += second * P[at + 1]!;
        }
        right[2 * (i * columns + j)] = t[at]!;
        right[2 * (i * columns + j) + 1] = t[at + 1]!;
      }
      left[2 * i * (n + 1)]! += 1;
      for (let k = 0; k < K; k++) {
        const at = 2 * (i * columns + n + k);
        right[at] = i < r ? U[k * r + i]! : 0;
        right[at + 1] = 0;
      }
    }
    return complexSolveInPlace(left, right, n, columns);
  }

  function addResolvent(w: number): void {
    for (let a = 0; a < n; a++) {
      for (let b = a; b < n; b++) {
        const [first, second] = [2 * (a * columns + b), 2 * (b * columns + a)];
        const at = 2 * index[a * n + b]!;
        z[at] = 0.5 * (right[first]! + right[second]!);
        z[at + 1] = 0.5 * (right[first + 1]! + right[second + 1]!);
      }
    }
    for (let p = 0; p < packed; p++) {
      const [re, im] = [w * z[2 * p]!, w * z[2 * p + 1]!];
      mean[2 * p]! += re;
      mean[2 * p + 1]! += im;
      for (let q = p; q < packed; q++) {
        const at = 2 * (p * packed + q);
        moments[at]! += re * z[2 * q]! - im * z[2 * q + 1]!;
        moments[at + 1]! += re * z[2 * q + 1]! + im * z[2 * q]!;
      }
    }
  }

  function addGroups(w: number): void {
    for (let k = 0; k < K; k++) {
      for (let a = 0; a < n; a++) {
        const first = 2 * (a * columns + n + k);
        const [re, im] = [w * right[first]!, w * right[first + 1]!];
        for (let b = a; b < n; b++) {
          const second = 2 * (b * columns + n + k);
          const at = 2 * (k * packed + index[a * n + b]!);
          images[at]! += re * right[second]! - im * right[second + 1]!;
          images[at + 1]! += re * right[second + 1]! + im * right[second]!;
        }
      }
    }
  }

  /** U_kᵀ h ℓ_l */
  function addForms(w: number, second: number): void {
    for (let l = 0; l < K; l++) {
      for (let k = 0; k < K; k++) {
        let [re, im] = [0, 0];
        for (let b = 0; b < n; b++) {
          const hr = forms[2 * (k * n + b)]!;
          const hi = forms[2 * (k * n + b) + 1]!;
          const at = 2 * (b * columns + n + l);
          re += hr * right[at]! - hi * right[at + 1]!;
          im += hr * right[at + 1]! + hi * right[at]!;
        }
        if (k === l) {
          squares[2 * k]! += w * second * re;
          squares[2 * k + 1]! += w * second * im;
        }
        const at = 2 * (k * K + l);
        fourths[at]! += w * second * second * (re * re - im * im);
        fourths[at + 1]! += w * second * second * 2 * re * im;
      }
    }
  }

  return {
    active: n,
    index,
    mean,
    moments,
    images,
    squares,
    fourths,
    evaluate(g, h) {
      for (const sum of [mean, moments, images, squares, fourths]) sum.fill(0);
      fillSquare(g);
      for (let i = 0; i < n * n; i++) {
        full[2 * i] = h[2 * index[i]!]!;
        full[2 * i + 1] = h[2 * index[i]! + 1]!;
      }
      fillProducts();
      for (let i = 0; i < y.length; i++) {
        fillNode(y[i]!, t);
        if (!solveNode(y[i]!)) return false;
        const second = y[i]! * y[i]!;
        addResolvent(weight[i]!);
        addGroups(weight[i]! * second);
        addForms(weight[i]!, second);
      }
      for (let p = 0; p < packed; p++) {
        for (let q = 0; q < p; q++) {
          const [from, to] = [2 * (q * packed + p), 2 * (p * packed + q)];
          moments[to] = moments[from]!;
          moments[to + 1] = moments[from + 1]!;
        }
      }
      return true;
    },
    fillLabel(label, g, out) {
      fillSquare(g);
      fillNode(label, out);
    },
  };
}
