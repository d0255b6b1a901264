import { solveInPlace } from "../numerics/linearAlgebra.ts";
import { packedPair, type GroupMixing } from "./bulk.ts";

export interface IsotropicGroup {
  readonly fraction: number;
  readonly bulkVariance: number;
}

/**
 * The traces of K isotropic groups (theory §4) in a basis of rank r: with Ĝ_ab = (α/β)E[b_a b_b/(1 + V)] and
 * P = UᵀΓU, M = UHUᵀ, H = NĜ, N = (I + ĜP)⁻¹, and of V1 only W = UᵀV1U = (1/β)P N (r×r) is computed.
 */
export interface MixedTraces {
  /**
   * Solves for g at fixed Ĝ (r×r) and D = λ + V̂2, starting from g.
   *
   * @returns a reason if that fails
   */
  solve(G: Float64Array, D: Float64Array, g: Float64Array): string | undefined;
  /** d(W, g) = −response · d(conjugates), packed: pairs of the basis, then groups. */
  fillResponse(g: Float64Array, response: Float64Array): boolean;
  /** W, r×r. */
  readonly W: Float64Array;
  /** P, r×r. */
  readonly P: Float64Array;
  /** UN, K×r: what of a change of Ĝ a group sees. */
  readonly exposure: Float64Array;
  /** M, K×K. */
  readonly M: Float64Array;
}

const MOST_INNER_STEPS = 60;
/** Below this a residual that no longer falls is rounding: near the interpolation peak M loses some digits. */
const STAGNATION = 1e-11;

/** Newton in log g, where the plain map is a contraction in the largest entry, then the linear response. */
export function mixedTraces(
  groups: readonly IsotropicGroup[],
  beta: number,
  { rank: r, expansion: U }: GroupMixing,
): MixedTraces {
  const K = groups.length;
  const pairs = (r * (r + 1)) / 2;
  const m = pairs + K;
  const c = groups.map((group) => group.bulkVariance);
  const pi = groups.map((group) => group.fraction);
  const P = new Float64Array(r * r);
  const W = new Float64Array(r * r);
  const exposure = new Float64Array(K * r);
  const M = new Float64Array(K * K);
  const work = new Float64Array(r * r);
  const joint = new Float64Array(r * 2 * r); // N, then H = NĜ

  function factor(G: Float64Array, g: Float64Array): boolean {
    P.fill(0);
    for (let k = 0; k < K; k++) addOuter(P, U.subarray(k * r, (k + 1) * r), c[k]! * beta * g[k]!, r);
    for (let a = 0; a < r; a++) {
      for (let b = 0; b < r; b++) {
        let product = a === b ? 1 : 0;
        for (let e = 0; e < r; e++) product += G[a * r + e]! * P[e * r + b]!;
        work[a * r + b] = product;
        joint[a * 2 * r + b] = a === b ? 1 : 0;
        joint[a * 2 * r + r + b] = G[a * r + b]!;
      }
    }
    if (!solveInPlace(work, joint, r, 2 * r)) return false;
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        let sum = 0;
        for (let a = 0; a < r; a++) {
          let row = 0;
          for (let b = 0; b < r; b++) row += joint[a * 2 * r + r + b]! * U[l * r + b]!;
          sum += U[k * r + a]! * row;
        }
        M[k * K + l] = sum;
      }
    }
    return true;
  }

  /** Jacobian of log g_k + log(D_k + c_k M_kk) by log g_l, with D_k + c_k M_kk = π_k/g_k at the solution. */
  function jacobian(g: Float64Array, denominator: Float64Array): Float64Array {
    const J = new Float64Array(K * K);
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        J[k * K + l] = (k === l ? 1 : 0) - (c[k]! * M[k * K + l]! ** 2 * c[l]! * beta * g[l]!) / denominator[k]!;
      }
    }
    return J;
  }

  function iterate(G: Float64Array, D: Float64Array, g: Float64Array): string | undefined {
    const denominator = new Float64Array(K);
    let previous = Infinity;
    for (let step = 0; step < MOST_INNER_STEPS; step++) {
      if (!factor(G, g)) return "I + V̂1 Γ is singular";
      const residual = new Float64Array(K);
      let size = 0;
      for (let k = 0; k < K; k++) {
        denominator[k] = D[k]! + c[k]! * M[k * K + k]!;
        residual[k] = Math.log(pi[k]! / (g[k]! * denominator[k]!));
        size = Math.max(size, Math.abs(residual[k]!));
      }
      if (!Number.isFinite(size)) return "group traces are not finite";
      if (size < 4e-16 || (size < STAGNATION && size >= previous)) return undefined;
      const J = jacobian(g, denominator);
      const newton = residual.slice();
      const useNewton = size < previous && solveInPlace(J, newton, K, 1);
      for (let k = 0; k < K; k++) {
        const change = useNewton ? newton[k]! : residual[k]!;
        g[k]! *= Math.exp(Math.max(-4, Math.min(4, change)));
      }
      previous = useNewton ? size : Infinity;
    }
    return "group traces did not converge";
  }

  return {
    W,
    P,
    exposure,
    M,
    solve(G, D, g) {
      const reason = iterate(G, D, g);
      if (reason !== undefined) return reason;
      for (let a = 0; a < r; a++) {
        for (let b = 0; b < r; b++) {
          let sum = 0;
          for (let e = 0; e < r; e++) sum += P[a * r + e]! * joint[e * 2 * r + b]!;
          W[a * r + b] = sum / beta;
        }
      }
      for (let k = 0; k < K; k++) {
        for (let b = 0; b < r; b++) {
          let sum = 0;
          for (let a = 0; a < r; a++) sum += U[k * r + a]! * joint[a * 2 * r + b]!;
          exposure[k * r + b] = sum;
        }
      }
      return undefined;
    },
    fillResponse(g, response) {
      const denominator = g.map((value, k) => pi[k]! / value);
      // Column a: the change of (W, g) with conjugate a, negated.
      const right = new Float64Array(K * m);
      const directions: [number, number, number][] = [];
      for (let a = 0; a < r; a++) for (let b = a; b < r; b++) directions.push([a, b, packedPair(r, a, b)]);
      for (const [a, b, column] of directions) {
        // dĜ_ab = dĜ_ba = ½ dy off the diagonal, so both cases read the same product.
        for (let i = 0; i < K; i++) {
          right[i * m + column] = (c[i]! * exposure[i * r + a]! * exposure[i * r + b]!) / denominator[i]!;
        }
      }
      for (let i = 0; i < K; i++) right[i * m + pairs + i] = 1 / denominator[i]!;
      if (!solveInPlace(jacobian(g, denominator), right, K, m)) return false;
      for (let i = 0; i < K; i++) {
        for (let column = 0; column < m; column++) {
          response[(pairs + i) * m + column] = right[i * m + column]! * g[i]!;
        }
      }
      for (const [a, b, row] of directions) {
        for (let column = 0; column < m; column++) {
          let sum = 0;
          for (let k = 0; k < K; k++) {
            sum += exposure[k * r + a]! * exposure[k * r + b]! * c[k]! * response[(pairs + k) * m + column]!;
          }
          response[row * m + column] = sum;
        }
        for (const [e, f, column] of directions) {
          const product = W[a * r + e]! * W[f * r + b]! + W[a * r + f]! * W[e * r + b]!;
          response[row * m + column]! += 0.5 * beta * product;
        }
      }
      return true;
    },
  };
}

/** target += factor · v vᵀ */
function addOuter(target: Float64Array, v: Float64Array, factor: number, n: number): void {
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) target[a * n + b]! += factor * v[a]! * v[b]!;
}
