import type { StepSamples } from "./stepSamples.ts";

/**
 * Z′ = (I + T′G/α)⁻¹T′ at every sample of a step (multiIndex §4), G the step's block of H, rows (s_1 … s_K, q_1 … q_K), and
 * T′ = [[−square, −linear], [·, 0]] per group.
 *
 * Groups are eliminated one after another, Z′⁻¹ = LΔLᵀ with Δ_k = T′_k⁻¹ + S_k, S the Schur complements of G/α: only Δ_k⁻¹
 * enters, which exists where T′_k does not have an inverse.
 *
 * @param Z packed by upper rows, one sample after another
 * @returns false where a group's block is singular
 */
export function fillResolvents(samples: StepSamples, block: Float64Array, K: number, Z: Float64Array): boolean {
  return K === 1 ? fillOne(samples, block, Z) : fillSeveral(samples, block, K, Z);
}

/** One group: the 2×2 inverse in closed form. */
function fillOne({ square, linear, inverseRatio }: StepSamples, block: Float64Array, Z: Float64Array): boolean {
  const ss = inverseRatio * block[0]!;
  const sq = inverseRatio * block[1]!;
  const qq = inverseRatio * block[3]!;
  const first = square[0]!;
  const second = linear[0]!;
  for (let i = 0; i < first.length; i++) {
    const a = -first[i]!;
    const b = -second[i]!;
    const determinant = -b * b;
    const scale = 1 / (1 + a * ss + 2 * b * sq + determinant * (ss * qq - sq * sq));
    Z[3 * i] = (a + determinant * qq) * scale;
    Z[3 * i + 1] = (b - determinant * sq) * scale;
    Z[3 * i + 2] = determinant * ss * scale;
  }
  return true;
}

function fillSeveral(samples: StepSamples, block: Float64Array, K: number, Z: Float64Array): boolean {
  const { square, linear, inverseRatio, residual } = samples;
  const n = 2 * K;
  const packed = (n * (n + 1)) / 2;
  // Rows ordered (s_1, q_1, s_2, q_2, …), so that a group's are together.
  const row = Int32Array.from({ length: n }, (_, r) => (r % 2) * K + (r >> 1));
  const G = Float64Array.from({ length: n * n }, (_, e) => {
    return inverseRatio * block[row[Math.floor(e / n)]! * n + row[e % n]!]!;
  });
  const place = Int32Array.from({ length: packed });
  for (let a = 0, at = 0; a < n; a++) for (let b = a; b < n; b++) place[at++] = position(a, K) * n + position(b, K);
  const S = new Float64Array(n * n);
  const X = new Float64Array(n * n);
  const D = new Float64Array(3 * K);
  const out = new Float64Array(n * n);
  for (let i = 0; i < residual.length; i++) {
    S.set(G);
    for (let k = 0; k < K; k++) {
      if (!eliminate(S, n, k, -square[k]![i]!, -linear[k]![i]!, D)) return false;
    }
    inverseOfUnit(S, n, X);
    congruence(X, D, n, out);
    for (let e = 0; e < packed; e++) Z[i * packed + e] = out[place[e]!]!;
  }
  return true;
}

/** Where row a of (s_1 … s_K, q_1 … q_K) stands among (s_1, q_1, …). */
function position(a: number, K: number): number {
  return a < K ? 2 * a : 2 * (a - K) + 1;
}

/** Δ_k⁻¹ of group k; then L below it, in place of S's columns, and the Schur complement of what follows. */
function eliminate(S: Float64Array, n: number, k: number, a: number, b: number, D: Float64Array): boolean {
  const s = 2 * k;
  const q = s + 1;
  const ss = S[s * n + s]!;
  const sq = S[s * n + q]!;
  const qq = S[q * n + q]!;
  const determinant = -b * b;
  const scale = 1 / (1 + a * ss + 2 * b * sq + determinant * (ss * qq - sq * sq));
  if (!(Math.abs(scale) < Infinity)) return false;
  const d0 = (a + determinant * qq) * scale;
  const d1 = (b - determinant * sq) * scale;
  const d2 = determinant * ss * scale;
  D[3 * k] = d0;
  D[3 * k + 1] = d1;
  D[3 * k + 2] = d2;
  for (let r = s + 2; r < n; r++) {
    // Upper entries are S's still; L takes the lower ones.
    const first = S[s * n + r]!;
    const second = S[q * n + r]!;
    const l0 = first * d0 + second * d1;
    const l1 = first * d1 + second * d2;
    S[r * n + s] = l0;
    S[r * n + q] = l1;
    for (let c = r; c < n; c++) S[r * n + c]! -= l0 * S[s * n + c]! + l1 * S[q * n + c]!;
  }
  return true;
}

/** X = L⁻¹ for L with unit blocks on the diagonal. */
function inverseOfUnit(L: Float64Array, n: number, X: Float64Array): void {
  for (let r = 0; r < n; r++) {
    const own = r & ~1;
    for (let c = 0; c < own; c++) {
      let sum = -L[r * n + c]!;
      for (let m = (c & ~1) + 2; m < own; m++) sum -= L[r * n + m]! * X[m * n + c]!;
      X[r * n + c] = sum;
    }
    for (let c = own; c < n; c++) X[r * n + c] = c === r ? 1 : 0;
  }
}

/** Σ_k X_kᵀ Δ_k⁻¹ X_k, upper entries. */
function congruence(X: Float64Array, D: Float64Array, n: number, out: Float64Array): void {
  out.fill(0);
  for (let s = 0; s < n; s += 2) {
    const at = 1.5 * s;
    const d0 = D[at]!;
    const d1 = D[at + 1]!;
    const d2 = D[at + 2]!;
    for (let a = 0; a < s + 2; a++) {
      const first = X[s * n + a]!;
      const second = X[(s + 1) * n + a]!;
      const f0 = first * d0 + second * d1;
      const f1 = first * d1 + second * d2;
      for (let b = 0; b < s + 2; b++) out[a * n + b]! += f0 * X[s * n + b]! + f1 * X[(s + 1) * n + b]!;
    }
  }
}
