import { multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import type { Group } from "../problem/problem.ts";
import { IsotropicSolution } from "./isotropicSolution.ts";
import { packedPair, packedSize, pairCount, unpackPairs } from "./packed.ts";
import type { LinearBasis, ResolventArgument, ResolventSolution } from "./weightResolvent.ts";

const MOST_STEPS = 60;
/** Below this a residual that no longer falls is rounding: near the interpolation peak M loses some digits. */
const STAGNATION = 1e-11;

/**
 * The traces of K isotropic groups (theory §4) in a basis of rank r: with Ĝ_ab = (α/β)E[b_a b_b/(1 + V)] and Γ = diag(c_kβg_k),
 *   P = UᵀΓU,  N = (I + ĜP)⁻¹,  M = U NĜ Uᵀ,  g_k = π_k/(λ + V̂2_k + c_k M_kk),
 * and of V1 only W = UᵀV1U = (1/β)P N (r×r) is computed.
 */
export function groupTraces(
  groups: readonly Group[],
  basis: LinearBasis,
  { widthRatio: beta, ridge, conjugates, traces: start }: ResolventArgument,
): ResolventSolution | string {
  const { rank: r } = basis;
  const K = groups.length;
  const pairs = pairCount(r);
  const D = new Float64Array(K);
  const g = new Float64Array(K);
  for (let k = 0; k < K; k++) {
    D[k] = ridge + conjugates[pairs + k]!;
    g[k] = start[pairs + k]!;
    if (!(g[k]! > 0)) g[k] = groups[k]!.fraction / D[k]!;
  }
  const factors = new Factors(groups, beta, basis, unpackPairs(conjugates, r, 0.5));
  const reason = iterate(groups, factors, D, g);
  if (reason !== undefined) return reason;
  const exposure = exposureOf(basis, factors.joint, K);
  const traces = basisTraces(factors, g, r);
  const response = linearResponse(groups, factors, exposure, traces);
  if (!response) return "linear response of the group traces is singular";
  return new GroupSolution(traces, response, groups, beta, factors, exposure);
}

/** P, (N, NĜ) and M at the last g. */
export class Factors {
  readonly P: Float64Array;
  /** N, then NĜ: r rows of 2r. */
  readonly joint: Float64Array;
  readonly M: Float64Array;
  private readonly work: Float64Array;

  constructor(
    private readonly groups: readonly Group[],
    readonly beta: number,
    private readonly basis: LinearBasis,
    private readonly G: Float64Array,
  ) {
    const r = basis.rank;
    this.P = new Float64Array(r * r);
    this.joint = new Float64Array(2 * r * r);
    this.M = new Float64Array(groups.length ** 2);
    this.work = new Float64Array(r * r);
  }

  at(g: Float64Array): boolean {
    const { groups, beta, G, P, joint, M, work } = this;
    const { rank: r, expansion: U } = this.basis;
    const K = groups.length;
    P.fill(0);
    for (let k = 0; k < K; k++) addOuter(P, U, k * r, groups[k]!.bulkVariance * beta * g[k]!, r);
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
}

/** Newton in log g, where the plain map is a contraction in the largest entry. */
function iterate(groups: readonly Group[], factors: Factors, D: Float64Array, g: Float64Array): string | undefined {
  const K = groups.length;
  const denominator = new Float64Array(K);
  const residual = new Float64Array(K);
  let previous = Infinity;
  for (let step = 0; step < MOST_STEPS; step++) {
    if (!factors.at(g)) return "I + V̂1 Γ is singular";
    let size = 0;
    for (let k = 0; k < K; k++) {
      denominator[k] = D[k]! + groups[k]!.bulkVariance * factors.M[k * K + k]!;
      residual[k] = Math.log(groups[k]!.fraction / (g[k]! * denominator[k]!));
      size = Math.max(size, Math.abs(residual[k]!));
    }
    if (!Number.isFinite(size)) return "group traces are not finite";
    if (size < 4e-16 || (size < STAGNATION && size >= previous)) return undefined;
    const newton = residual.slice();
    const J = logJacobian(groups, factors, g, denominator);
    const useNewton = size < previous && solveInPlace(J, newton, K, 1);
    for (let k = 0; k < K; k++) {
      const change = useNewton ? newton[k]! : residual[k]!;
      g[k]! *= Math.exp(Math.max(-4, Math.min(4, change)));
    }
    previous = useNewton ? size : Infinity;
  }
  return "group traces did not converge";
}

/** Jacobian of log g_k + log(D_k + c_k M_kk) by log g_l, with D_k + c_k M_kk = π_k/g_k at the solution. */
export function logJacobian(
  groups: readonly Group[],
  { M, beta }: Factors,
  g: Float64Array,
  denominator: Float64Array,
): Float64Array {
  const K = groups.length;
  const J = new Float64Array(K * K);
  for (let k = 0; k < K; k++) {
    for (let l = 0; l < K; l++) {
      const product = groups[k]!.bulkVariance * M[k * K + l]! ** 2 * groups[l]!.bulkVariance * beta * g[l]!;
      J[k * K + l] = (k === l ? 1 : 0) - product / denominator[k]!;
    }
  }
  return J;
}

/** (W, g), packed. */
function basisTraces({ P, joint, beta }: Factors, g: Float64Array, r: number): Float64Array {
  const pairs = pairCount(r);
  const traces = new Float64Array(pairs + g.length);
  for (let a = 0; a < r; a++) {
    for (let b = a; b < r; b++) {
      let sum = 0;
      for (let e = 0; e < r; e++) sum += P[a * r + e]! * joint[e * 2 * r + b]!;
      traces[packedPair(r, a, b)] = sum / beta;
    }
  }
  traces.set(g, pairs);
  return traces;
}

/** UN, K×r: what of a change of Ĝ a group sees. */
export function exposureOf({ rank: r, expansion: U }: LinearBasis, joint: Float64Array, K: number): Float64Array {
  const exposure = new Float64Array(K * r);
  for (let k = 0; k < K; k++) {
    for (let b = 0; b < r; b++) {
      let sum = 0;
      for (let a = 0; a < r; a++) sum += U[k * r + a]! * joint[a * 2 * r + b]!;
      exposure[k * r + b] = sum;
    }
  }
  return exposure;
}

/**
 * d(W, g) = −response · d(conjugates): from (I − diag(g²c/π) M∘M diag(cβ)) dg = −(g²/π)(dV̂2 + c∘diag(UN dĜ NᵀUᵀ)) and
 * dW = (UN)ᵀ diag(c dg) UN − β W dĜ W (theory §4).
 */
function linearResponse(
  groups: readonly Group[],
  factors: Factors,
  exposure: Float64Array,
  traces: Float64Array,
): Float64Array | undefined {
  const K = groups.length;
  const m = traces.length;
  const pairs = m - K;
  const r = exposure.length / K;
  const g = traces.subarray(pairs);
  const denominator = g.map((value, k) => groups[k]!.fraction / value);
  const right = new Float64Array(K * m);
  const directions: [number, number, number][] = [];
  for (let a = 0; a < r; a++) for (let b = a; b < r; b++) directions.push([a, b, packedPair(r, a, b)]);
  for (const [a, b, column] of directions) {
    // dĜ_ab = dĜ_ba = ½ dy off the diagonal, so both cases read the same product.
    for (let i = 0; i < K; i++) {
      right[i * m + column] = (groups[i]!.bulkVariance * exposure[i * r + a]! * exposure[i * r + b]!) / denominator[i]!;
    }
  }
  for (let i = 0; i < K; i++) right[i * m + pairs + i] = 1 / denominator[i]!;
  if (!solveInPlace(logJacobian(groups, factors, g, denominator), right, K, m)) return undefined;
  const response = new Float64Array(m * m);
  for (let i = 0; i < K; i++) {
    for (let column = 0; column < m; column++) response[(pairs + i) * m + column] = right[i * m + column]! * g[i]!;
  }
  const W = unpackPairs(traces, r);
  for (const [a, b, row] of directions) {
    for (let column = 0; column < m; column++) {
      let sum = 0;
      for (let k = 0; k < K; k++) {
        const seen = exposure[k * r + a]! * exposure[k * r + b]! * groups[k]!.bulkVariance;
        sum += seen * response[(pairs + k) * m + column]!;
      }
      response[row * m + column] = sum;
    }
    for (const [e, f, column] of directions) {
      const product = W[a * r + e]! * W[f * r + b]! + W[a * r + f]! * W[e * r + b]!;
      response[row * m + column]! += 0.5 * factors.beta * product;
    }
  }
  return response;
}

/** A solution in a basis, which can also tell what it means for the groups. */
class GroupSolution extends IsotropicSolution {
  constructor(
    traces: Float64Array,
    response: Float64Array,
    private readonly of: readonly Group[],
    private readonly beta: number,
    private readonly factors: Factors,
    private readonly exposure: Float64Array,
  ) {
    super(traces, response, of.length, beta, exposure.length / of.length);
  }

  /**
   * V1 = (1/β)(Γ − ΓMΓ) and Q1 = (1/β)[Lᵀ diag(cβQ2) L + Γ(UN)Q̂(UN)ᵀΓ] of the groups, with L = I − MΓ (theory §4).
   *
   * @param norms (Q1, Q2) in the basis
   * @param conjugates of the norms, in the basis
   */
  inGroups(norms: Float64Array, conjugates: Float64Array): { traces: Float64Array; norms: Float64Array } {
    const { of: groups, beta, exposure } = this;
    const { M } = this.factors;
    const K = groups.length;
    const r = exposure.length / K;
    const pairs = pairCount(r);
    const g = this.traces.subarray(pairs);
    const Gamma = g.map((value, k) => groups[k]!.bulkVariance * beta * value);
    const identity = (k: number, l: number) => (k === l ? 1 : 0);
    const L = M.map((value, i) => identity(Math.floor(i / K), i % K) - value * Gamma[i % K]!);
    const exposed = exposure.map((value, i) => Gamma[Math.floor(i / r)]! * value);
    const left = multiply(exposed, unpackPairs(conjugates, r, 0.5), K, r, r);
    const traces = new Float64Array(packedSize(K));
    const own = new Float64Array(packedSize(K));
    for (let k = 0; k < K; k++) {
      for (let l = k; l < K; l++) {
        const at = packedPair(K, k, l);
        traces[at] = (Gamma[k]! * (identity(k, l) - M[k * K + l]! * Gamma[l]!)) / beta;
        let sum = 0;
        groups.forEach(({ bulkVariance }, i) => {
          sum += bulkVariance * norms[pairs + i]! * L[i * K + k]! * L[i * K + l]!;
        });
        for (let a = 0; a < r; a++) sum += (left[k * r + a]! * exposed[l * r + a]!) / beta;
        own[at] = sum;
      }
    }
    traces.set(g, traces.length - K);
    own.set(norms.subarray(pairs), own.length - K);
    return { traces, norms: own };
  }
}

/** target += factor · v vᵀ, with v the n entries of U from `at` on. */
function addOuter(target: Float64Array, U: Float64Array, at: number, factor: number, n: number): void {
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) target[a * n + b]! += factor * U[at + a]! * U[at + b]!;
}
