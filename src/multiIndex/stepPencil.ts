import { multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import { packedIndex } from "../bulk/packed.ts";
import { addSandwich, averageConjugation, conjugation } from "../bulk/network/symmetricMaps.ts";
import { pairsOf, type ResolventTrace } from "./bulkResolvent.ts";
import { fillResolvents } from "./nodeResolvent.ts";
import { packedMoments } from "./packedMoments.ts";
import type { StepSamples } from "./stepSamples.ts";

/**
 * Resolvent of the rows' covariances after T steps through the pencil of multiIndex §4, in blocks (b, s_T, q_T, …, s_1, q_1)
 * of size K. With D = −1 on the blocks s, +1 elsewhere, everything is symmetric: H = 𝒢D = M⁻¹,
 *
 *   M = D(L0 + Σ E Z_t):   (b,b) = 𝒱,  (prev,s_t) = (s_t,prev) = I,  (s_t,q_t) = (q_t,s_t) = −I,  (q_1,q_1) = I,  plus E Z′_t,
 *   Z′_t = DZ_t = (I + T′_tG_t/α_t)⁻¹ T′_t,   T′_t = [[−η̃²u²(var−e1²)res²/α_t, −η̃u e1 res/τ], [·, 0]] per group,
 *
 * with G_t the (s_t, q_t) block of H itself.
 */
export interface StepPencil {
  readonly groups: number;
  /** (1 + 2T)K */
  readonly size: number;
  /** First row of (s_t, q_t), t from 0; that block has 2K rows. */
  readonly offsets: readonly number[];
  /** Z′_t at the nodes, packed by upper rows. */
  readonly Z: readonly Float64Array[];
  /** H at the last trace, Newton's correction included; size×size. */
  readonly H: () => Float64Array;
  /** Change of H with every pair of 𝒱. */
  readonly slopes: () => readonly Float64Array[];
  trace(coupling: Float64Array): ResolventTrace | undefined;
  reset(): void;
}

/** Newton's correction of H at which the traces may be used with it. */
const NEAR = 0.03;
const MOST_ITERATIONS = 40;

export function stepPencil(steps: readonly StepSamples[], K: number): StepPencil {
  const T = steps.length;
  const size = (1 + 2 * T) * K;
  const n = 2 * K;
  const packed = (n * (n + 1)) / 2;
  const index = packedIndex(n);
  const pairs = pairsOf(K);
  const offsets = steps.map((_, t) => (1 + 2 * (T - 1 - t)) * K);
  const Z = steps.map(({ residual }) => new Float64Array(residual.length * packed));
  let blocks: Float64Array[] | undefined;
  let known: { coupling: Float64Array; H: Float64Array; changes: Float64Array[] } | undefined;

  const blockOf = (matrix: Float64Array, t: number) =>
    Float64Array.from({ length: n * n }, (_, at) => {
      return matrix[(offsets[t]! + Math.floor(at / n)) * size + offsets[t]! + (at % n)]!;
    });

  /** M⁻¹ from 𝒱 and the averages E Z′_t. */
  function resolvent(coupling: Float64Array, means: readonly Float64Array[]): Float64Array | undefined {
    const M = new Float64Array(size * size);
    const put = (a: number, b: number, value: number) => {
      for (let k = 0; k < K; k++) M[(a + k) * size + b + k] = M[(b + k) * size + a + k] = value;
    };
    for (let k = 0; k < K; k++) for (let l = 0; l < K; l++) M[k * size + l] = coupling[k * K + l]!;
    for (const s of offsets) {
      put(s - K, s, 1);
      put(s, s + K, -1);
    }
    put(size - K, size - K, 1);
    means.forEach((mean, t) => {
      const at = offsets[t]!;
      for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) M[(at + a) * size + at + b]! += mean[index[a * n + b]!]!;
    });
    const H = new Float64Array(size * size);
    for (let a = 0; a < size; a++) H[a * size + a] = 1;
    if (!solveInPlace(M, H, size, size)) return undefined;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < a; b++) H[a * size + b] = H[b * size + a] = 0.5 * (H[a * size + b]! + H[b * size + a]!);
    }
    return H;
  }

  /** One Newton step on H at fixed 𝒱: H as the blocks make it, with its changes: Newton's, then with every pair of 𝒱. */
  function linearised(coupling: Float64Array, current: readonly Float64Array[]) {
    if (!steps.every((samples, t) => fillResolvents(samples, current[t]!, K, Z[t]!))) return undefined;
    const averages = steps.map(({ weight }, t) => packedMoments(Z[t]!, packed, weight, 1));
    const H = resolvent(
      coupling,
      averages.map(({ sums }) => sums[0]!),
    );
    if (!H) return undefined;
    const Q = averages.map(({ moments }, t) => averageConjugation(moments[0]!, n, steps[t]!.inverseRatio));
    const direct = [new Float64Array(size * size), ...pairs.map(([k, l]) => couplingChange(H, size, k, l))];
    const columns = direct.length;
    const X = new Float64Array(T * packed * columns);
    const matrix = new Float64Array((T * packed) ** 2);
    for (let t = 0; t < T; t++) {
      const at = offsets[t]!;
      for (let a = 0; a < n; a++) {
        for (let b = a; b < n; b++) {
          const row = (t * packed + index[a * n + b]!) * columns;
          const entry = (at + a) * size + at + b;
          X[row] = H[entry]! - current[t]![a * n + b]!;
          for (let c = 1; c < columns; c++) X[row + c] = direct[c]![entry]!;
        }
      }
      for (let r = 0; r < T; r++) {
        const map = multiply(conjugation(H, size, at, n, offsets[r]!, n), Q[r]!, packed, packed, packed);
        for (let i = 0; i < packed; i++) {
          for (let j = 0; j < packed; j++) {
            const unit = t === r && i === j ? 1 : 0;
            matrix[(t * packed + i) * T * packed + r * packed + j] = unit - map[i * packed + j]!;
          }
        }
      }
    }
    if (!solveInPlace(matrix, X, T * packed, columns)) return undefined;
    for (let r = 0; r < T; r++) {
      const Y = multiply(Q[r]!, X.subarray(r * packed * columns, (r + 1) * packed * columns), packed, packed, columns);
      direct.forEach((change, c) => {
        const column = Float64Array.from({ length: packed }, (_, p) => Y[p * columns + c]!);
        addSandwich(H, size, offsets[r]!, n, column, change);
      });
    }
    return { H, changes: direct };
  }

  const plus = (a: Float64Array, b: Float64Array, factor = 1) => a.map((value, i) => value + factor * b[i]!);

  return {
    groups: K,
    size,
    offsets,
    Z,
    H: () => plus(known!.H, known!.changes[0]!),
    slopes: () => known!.changes.slice(1),
    trace(coupling) {
      if (known) {
        let predicted = plus(known.H, known.changes[0]!);
        pairs.forEach(([k, l], p) => {
          predicted = plus(predicted, known!.changes[1 + p]!, coupling[k * K + l]! - known!.coupling[k * K + l]!);
        });
        blocks = steps.map((_, t) => blockOf(predicted, t));
      }
      if (!blocks) {
        const none = steps.map(() => new Float64Array(packed));
        const H = resolvent(coupling, none);
        if (!H) return undefined;
        blocks = steps.map((_, t) => blockOf(H, t));
      }
      for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
        const found = linearised(coupling, blocks);
        if (!found) break;
        const { H, changes } = found;
        const next = plus(H, changes[0]!);
        const correction = Math.max(
          ...blocks.map((block, t) => {
            const after = blockOf(next, t);
            const scale = after.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-300);
            return block.reduce((most, value, i) => Math.max(most, Math.abs(after[i]! - value)), 0) / scale;
          }),
        );
        if (!Number.isFinite(correction)) break;
        if (correction <= NEAR) {
          known = { coupling: Float64Array.from(coupling), H, changes };
          const top = (matrix: Float64Array) =>
            Float64Array.from({ length: K * K }, (_, at) => matrix[Math.floor(at / K) * size + (at % K)]!);
          return { T: top(next), slopes: changes.slice(1).map(top), residual: correction };
        }
        // Far away half of Newton's step: the plain map is a contraction there, and so is its mean with Newton's.
        blocks = blocks.map((_, t) => blockOf(correction > 1 ? H : next, t));
      }
      known = undefined;
      blocks = undefined;
      return undefined;
    },
    reset() {
      known = undefined;
      blocks = undefined;
    },
  };
}

/** −H dM H for a change of 𝒱_kl and 𝒱_lk. */
function couplingChange(H: Float64Array, size: number, k: number, l: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let r = 0; r < size; r++) {
    for (let c = 0; c < size; c++) {
      let product = H[r * size + k]! * H[c * size + l]!;
      if (k !== l) product += H[r * size + l]! * H[c * size + k]!;
      out[r * size + c] = -product;
    }
  }
  return out;
}
