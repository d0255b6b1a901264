import {
  argumentOfDeterminant,
  type Complex,
  complexAt,
  complexMultiply,
  complexProduct,
  complexSolveInPlace,
} from "../numerics/complex.ts";
import { packedIndex, packedPair } from "../bulk/packed.ts";
import type { GroupFunctions, SpectralBulk } from "./spectralBulk.ts";

interface IsotropicGroup {
  /** c_k */
  readonly bulkVariance: number;
}

/**
 * Rows of variance c_k (theory §4): with P = β Σ c_k g_k U_kU_kᵀ and A = (I + PV̂)⁻¹,
 *
 *   R = AP/β,  ω_k = β c_k g_k U_kᵀ V̂A U_k.
 */
export function isotropicSpectralBulk(groups: readonly IsotropicGroup[], functions: GroupFunctions): SpectralBulk {
  const { rank: r, expansion: U, widthRatio: beta } = functions;
  const K = groups.length;
  const pairs = (r * (r + 1)) / 2;
  const rows = pairs + K;
  const columns = 1 + pairs + K;
  const index = packedIndex(r);
  const values = new Float64Array(2 * rows);
  const changes = new Float64Array(2 * rows * columns);
  const P = new Float64Array(2 * r * r);
  const V = new Float64Array(2 * r * r);
  const work = new Float64Array(2 * r * r);
  const A = new Float64Array(2 * r * r);
  const R = new Float64Array(2 * r * r);
  const N = new Float64Array(2 * r * r);
  /** A U_k and N U_k */
  const image = new Float64Array(2 * r * K);
  const shifted = new Float64Array(2 * r * K);
  const g: Complex[] = [];

  function prepare(y: Float64Array, u: Float64Array): boolean {
    P.fill(0);
    for (let k = 0; k < K; k++) {
      const factor = beta * groups[k]!.bulkVariance;
      g[k] = complexAt(u, pairs + k);
      for (let a = 0; a < r; a++) {
        for (let b = 0; b < r; b++) {
          const size = factor * U[k * r + a]! * U[k * r + b]!;
          P[2 * (a * r + b)]! += size * g[k]![0];
          P[2 * (a * r + b) + 1]! += size * g[k]![1];
        }
      }
    }
    unpackConjugates(y, r, V);
    complexProduct(P, V, r, r, r, work);
    A.fill(0);
    for (let a = 0; a < r; a++) {
      work[2 * a * (r + 1)]! += 1;
      A[2 * a * (r + 1)] = 1;
    }
    return complexSolveInPlace(work, A, r, r);
  }

  /** M U_k for all k, by columns of U. */
  function applyTo(matrix: Float64Array, out: Float64Array): void {
    out.fill(0);
    for (let k = 0; k < K; k++) {
      for (let a = 0; a < r; a++) {
        for (let b = 0; b < r; b++) {
          out[2 * (k * r + a)]! += matrix[2 * (a * r + b)]! * U[k * r + b]!;
          out[2 * (k * r + a) + 1]! += matrix[2 * (a * r + b) + 1]! * U[k * r + b]!;
        }
      }
    }
  }

  /** U_kᵀ N U_l */
  function form(k: number, l: number): Complex {
    let [re, im] = [0, 0];
    for (let a = 0; a < r; a++) {
      re += U[k * r + a]! * shifted[2 * (l * r + a)]!;
      im += U[k * r + a]! * shifted[2 * (l * r + a) + 1]!;
    }
    return [re, im];
  }

  const set = (row: number, column: number, value: Complex, factor = 1) => {
    changes[2 * (row * columns + column)] = factor * value[0];
    changes[2 * (row * columns + column) + 1] = factor * value[1];
  };

  /** With y_ab: −βR dV̂ R, and of U_kᵀNU_k: (AU_k)ᵀ dV̂ AU_k. */
  function conjugateColumns(): void {
    for (let a = 0; a < r; a++) {
      for (let b = a; b < r; b++) {
        const column = 1 + packedPair(r, a, b);
        for (let i = 0; i < r; i++) {
          for (let j = i; j < r; j++) {
            set(packedPair(r, i, j), column, symmetricProduct(R, i * r + a, b * r + j, i * r + b, a * r + j), -beta);
          }
        }
        for (let k = 0; k < K; k++) {
          const product = complexMultiply(complexAt(image, k * r + a), complexAt(image, k * r + b));
          set(pairs + k, column, complexMultiply(g[k]!, product), beta * groups[k]!.bulkVariance);
        }
      }
    }
  }

  /** With log g_l: c_l g_l AU_l(AU_l)ᵀ, and of U_kᵀNU_k: −βc_l g_l(U_kᵀNU_l)². */
  function groupColumns(): void {
    for (let l = 0; l < K; l++) {
      const column = 1 + pairs + l;
      const c = groups[l]!.bulkVariance;
      for (let i = 0; i < r; i++) {
        for (let j = i; j < r; j++) {
          const product = complexMultiply(complexAt(image, l * r + i), complexAt(image, l * r + j));
          set(packedPair(r, i, j), column, complexMultiply(g[l]!, product), c);
        }
      }
      for (let k = 0; k < K; k++) {
        const overlap = form(k, l);
        const both = complexMultiply(complexMultiply(g[k]!, g[l]!), complexMultiply(overlap, overlap));
        const size = beta * beta * c * groups[k]!.bulkVariance;
        const own = k === l ? complexAt(values, pairs + k) : [0, 0];
        set(pairs + k, column, [own[0] - size * both[0], own[1] - size * both[1]]);
      }
    }
  }

  return {
    rank: r,
    groups: K,
    internal: 0,
    longTail: false,
    values,
    changes,
    start(y, u) {
      prepare(y, u);
      complexProduct(A, P, r, r, r, R);
      index.forEach((at, i) => u.set(scaled(complexAt(R, i), 1 / beta), 2 * at));
    },
    evaluate(y, u) {
      if (!prepare(y, u)) return "I + PV̂ is singular";
      complexProduct(A, P, r, r, r, R);
      complexProduct(V, A, r, r, r, N);
      for (let i = 0; i < R.length; i++) R[i]! /= beta;
      index.forEach((at, i) => values.set(complexAt(R, i), 2 * at));
      applyTo(A, image);
      applyTo(N, shifted);
      for (let k = 0; k < K; k++) {
        const share = complexMultiply(g[k]!, form(k, k));
        values.set(scaled(share, beta * groups[k]!.bulkVariance), 2 * (pairs + k));
      }
      conjugateColumns();
      groupColumns();
      return undefined;
    },
    phase: () => argumentOfDeterminant(P.slice(), r, 1) - argumentOfDeterminant(R.slice(), r, 1),
    isPositive: () => true,
  };
}

const scaled = ([re, im]: Complex, factor: number): Complex => [factor * re, factor * im];

/** ½(M_first M_second + M_third M_fourth) */
export function symmetricProduct(
  M: Float64Array,
  first: number,
  second: number,
  third: number,
  fourth: number,
): Complex {
  const direct = complexMultiply(complexAt(M, first), complexAt(M, second));
  const swapped = complexMultiply(complexAt(M, third), complexAt(M, fourth));
  return [0.5 * (direct[0] + swapped[0]), 0.5 * (direct[1] + swapped[1])];
}

/** V̂ as a matrix from y_ab = (2 − δ_ab)V̂_ab. */
export function unpackConjugates(y: Float64Array, r: number, out: Float64Array): void {
  for (let a = 0; a < r; a++) {
    for (let b = 0; b < r; b++) {
      const at = packedPair(r, a, b);
      const half = a === b ? 1 : 0.5;
      out[2 * (a * r + b)] = half * y[2 * at]!;
      out[2 * (a * r + b) + 1] = half * y[2 * at + 1]!;
    }
  }
}
