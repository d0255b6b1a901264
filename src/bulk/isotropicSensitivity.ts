/** Derivatives of the traces of isotropic groups and of their linear response (theory §4), in the notation of groupTraces.ts. */
import { multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import type { Group } from "../problem/problem.ts";
import { exposureOf, Factors, logJacobian } from "./groupTraces.ts";
import { packedPair, packedSize, pairCount, pairOf, unpackPairs } from "./packed.ts";
import type {
  BulkChange,
  BulkDirection,
  BulkSensitivity,
  LinearBasis,
  Moving,
  PriorChange,
  ResolventArgument,
  ResolventSolution,
  Source,
} from "./weightResolvent.ts";

/** A solution of K groups in a basis of rank r. */
interface Solved {
  readonly groups: readonly Group[];
  readonly basis: LinearBasis;
  readonly beta: number;
  readonly g: Float64Array;
  /** π_k/g_k = λ + V̂2_k + c_kM_kk */
  readonly denominator: Float64Array;
  readonly traces: Float64Array;
  readonly response: Float64Array;
  readonly factors: Factors;
  /** N, T = NĜ and S = UN. */
  readonly N: Float64Array;
  readonly T: Float64Array;
  readonly S: Float64Array;
}

/** @returns undefined where the linear response does not exist */
export function isotropicSensitivity(
  groups: readonly Group[],
  basis: LinearBasis,
  { widthRatio: beta, conjugates }: ResolventArgument,
  { traces, response }: ResolventSolution,
): BulkSensitivity | undefined {
  const { rank: r } = basis;
  const g = traces.slice(pairCount(r));
  const factors = new Factors(groups, beta, basis, unpackPairs(conjugates, r, 0.5));
  if (!factors.at(g)) return undefined;
  const half = (offset: number) =>
    Float64Array.from({ length: r * r }, (_, i) => factors.joint[joined(i, r) + offset]!);
  const solved: Solved = {
    ...{ groups, basis, beta, g, traces, response, factors },
    denominator: g.map((value, k) => groups[k]!.fraction / value),
    ...{ N: half(0), T: half(r), S: exposureOf(basis, factors.joint, groups.length) },
  };
  const byWidth = widthSlope(solved);
  return byWidth && { byWidth, along: (direction) => changeAlong(solved, direction) };
}

/** Position of entry i of an r×r matrix in r rows of 2r. */
const joined = (i: number, r: number): number => Math.floor(i / r) * 2 * r + (i % r);

/** ∂(W, g)/∂β: J d log g = −c∘diag(M_β)/denominator with M_β = −U T (P/β) T Uᵀ at fixed g. */
function widthSlope(solved: Solved): Float64Array | undefined {
  const { groups, basis, beta, g, denominator, factors, T } = solved;
  const { rank: r, expansion: U } = basis;
  const K = groups.length;
  const inner = product(r, T, factors.P, T).map((value) => -value / beta);
  const logs = g.map((_, k) => (-groups[k]!.bulkVariance * form(inner, U, k, k, r)) / denominator[k]!);
  if (!solveInPlace(logJacobian(groups, factors, g, denominator), logs, K, 1)) return undefined;
  const change = g.map((value, k) => value * logs[k]!);
  const W = moved(solved, { widthRatio: 1, g: change, G: new Float64Array(r * r) }).W;
  return packed(W, change, r);
}

/** Derivatives of P, N and M. */
interface Moved {
  readonly gamma: Float64Array;
  readonly T: Float64Array;
  readonly S: Float64Array;
  readonly M: Float64Array;
  readonly W: Float64Array;
}

/**
 * From those of g, Ĝ and β: dT = N dĜ Nᵀ − T dP T, dN = −d(TP), dM = U dT Uᵀ and
 * dW = −βW dĜ W + Nᵀ(dP/β)N − (dβ/β)W.
 */
function moved(
  { groups, basis, beta, g, traces, factors, N, T }: Solved,
  { widthRatio, g: gChange, G }: { widthRatio: number; g: Float64Array; G: Float64Array },
): Moved {
  const { rank: r, expansion: U } = basis;
  const K = groups.length;
  const gamma = g.map((value, k) => groups[k]!.bulkVariance * (beta * gChange[k]! + widthRatio * value));
  const P = new Float64Array(r * r);
  for (let k = 0; k < K; k++) {
    for (let a = 0; a < r; a++) for (let b = 0; b < r; b++) P[a * r + b]! += gamma[k]! * U[k * r + a]! * U[k * r + b]!;
  }
  const seen = product(r, N, G, transposed(N, r));
  const shrunk = product(r, T, P, T);
  const dT = seen.map((value, i) => value - shrunk[i]!);
  const [fromT, fromP] = [multiply(dT, factors.P, r, r, r), multiply(T, P, r, r, r)];
  const dN = fromT.map((value, i) => -value - fromP[i]!);
  const W = unpackPairs(traces, r);
  const [data, prior] = [product(r, W, G, W), product(r, transposed(N, r), P, N)];
  return {
    ...{ gamma, T: dT },
    S: multiply(U, dN, K, r, r),
    M: Float64Array.from({ length: K * K }, (_, i) => form(dT, U, Math.floor(i / K), i % K, r)),
    W: W.map((value, i) => prior[i]! / beta - beta * data[i]! - (widthRatio / beta) * value),
  };
}

function changeAlong(solved: Solved, direction: BulkDirection): BulkChange {
  const { basis, groups } = solved;
  const { rank: r } = basis;
  const gChange = direction.traces.slice(pairCount(r));
  const G = unpackPairs(direction.conjugates, r, 0.5);
  const change = moved(solved, { widthRatio: direction.widthRatio, g: gChange, G });
  const response = responseChange(solved, change, { ...direction, g: gChange });
  return {
    response,
    priorPrecision: (sources, strengths) => priorChange(solved, sources, strengths, { g: gChange, response }),
    ...(groups.length > 1 && {
      inGroups: (norms: Moving, conjugates: Moving) =>
        groupsChange(solved, change, { widthRatio: direction.widthRatio, g: gChange }, norms, conjugates),
    }),
  };
}

/**
 * Of the response: for the rows of g, ℛ = g∘A with J A = B, so that J dA = dB − dJ A; for the pairs,
 * ℛ_ab = Σ_k c_kS_kaS_kb ℛ_k + ½β(W_aeW_fb + W_afW_eb).
 */
function responseChange(
  { groups, basis, beta, g, denominator, traces, response, factors, S }: Solved,
  change: Moved,
  direction: { readonly widthRatio: number; readonly g: Float64Array },
): Float64Array {
  const { rank: r } = basis;
  const { M } = factors;
  const K = groups.length;
  const m = traces.length;
  const pairs = m - K;
  const c = groups.map(({ bulkVariance }) => bulkVariance);
  const logs = direction.g.map((value, k) => value / g[k]!);
  const right = new Float64Array(K * m);
  for (let k = 0; k < K; k++) {
    for (let a = 0; a < pairs; a++) {
      const [i, j] = pairOf(r, a);
      const [first, second] = [S[k * r + i]!, S[k * r + j]!];
      const grown = change.S[k * r + i]! * second + first * change.S[k * r + j]!;
      right[k * m + a] = (c[k]! * (grown + first * second * logs[k]!)) / denominator[k]!;
    }
    right[k * m + pairs + k] = logs[k]! / denominator[k]!;
    for (let l = 0; l < K; l++) {
      const [entry, slope] = [M[k * K + l]!, change.M[k * K + l]!];
      const grown =
        2 * entry * slope * beta * g[l]! + entry * entry * (direction.widthRatio * g[l]! + beta * direction.g[l]!);
      const J = (-c[k]! * c[l]! * (grown + entry * entry * beta * g[l]! * logs[k]!)) / denominator[k]!;
      for (let a = 0; a < m; a++) right[k * m + a]! -= (J * response[(pairs + l) * m + a]!) / g[l]!;
    }
  }
  const out = new Float64Array(m * m);
  if (!solveInPlace(logJacobian(groups, factors, g, denominator), right, K, m)) return out.fill(NaN);
  for (let k = 0; k < K; k++) {
    const row = (pairs + k) * m;
    for (let a = 0; a < m; a++) out[row + a] = g[k]! * right[k * m + a]! + logs[k]! * response[row + a]!;
  }
  const W = unpackPairs(traces, r);
  for (let row = 0; row < pairs; row++) {
    const [a, b] = pairOf(r, row);
    for (let k = 0; k < K; k++) {
      const [first, second] = [S[k * r + a]!, S[k * r + b]!];
      const grown = change.S[k * r + a]! * second + first * change.S[k * r + b]!;
      for (let column = 0; column < m; column++) {
        const own = (pairs + k) * m + column;
        out[row * m + column]! += c[k]! * (grown * response[own]! + first * second * out[own]!);
      }
    }
    for (let column = 0; column < pairs; column++) {
      const [e, f] = pairOf(r, column);
      const pair = (i: number, j: number): number => {
        const [one, other] = [W[i]!, W[j]!];
        return direction.widthRatio * one * other + beta * (change.W[i]! * other + one * change.W[j]!);
      };
      out[row * m + column]! += 0.5 * (pair(a * r + e, f * r + b) + pair(a * r + f, e * r + b));
    }
  }
  return out;
}

/** Of Λ = diag(1/(Fg_k)) and of tᵀ(∂Λ/∂y_a)t = Σ_k (Σ_i t_i²Λ_i) ℛ_ka/g_k. */
function priorChange(
  { groups, traces, response, g }: Solved,
  sources: readonly Source[],
  strengths: readonly number[],
  change: { readonly g: Float64Array; readonly response: Float64Array },
): PriorChange {
  const K = groups.length;
  const m = traces.length;
  const T = sources.length;
  const logs = change.g.map((value, k) => value / g[k]!);
  const precisions = sources.map(({ strength, group }) => (strength === Infinity ? 0 : 1 / (strength * g[group]!)));
  const slopes = precisions.map((value, i) => -value * (strengths[i]! + logs[sources[i]!.group]!));
  const matrix = new Float64Array(T * T);
  slopes.forEach((value, i) => (matrix[i * (T + 1)] = value));
  return {
    matrix,
    slope(t) {
      const out = new Float64Array(m);
      const [costs, rising] = [new Float64Array(K), new Float64Array(K)];
      sources.forEach(({ group }, i) => {
        const value = t.value[i]!;
        costs[group]! += value * value * precisions[i]!;
        rising[group]! += value * value * slopes[i]! + 2 * value * t.change[i]! * precisions[i]!;
      });
      for (let k = 0; k < K; k++) {
        for (let a = 0; a < m; a++) {
          const at = (m - K + k) * m + a;
          const own = rising[k]! - costs[k]! * logs[k]!;
          out[a]! += (own * response[at]! + costs[k]! * change.response[at]!) / g[k]!;
        }
      }
      return out;
    },
  };
}

/** Of V1 = (1/β)(Γ − ΓMΓ) and Q1 = Lᵀ diag(c Q2) L + (1/β)ΓS Q̂ (ΓS)ᵀ with L = I − MΓ. */
function groupsChange(
  { groups, basis, beta, g, factors, S }: Solved,
  change: Moved,
  direction: { readonly widthRatio: number; readonly g: Float64Array },
  norms: Moving,
  conjugates: Moving,
): { traces: Float64Array; norms: Float64Array } {
  const { rank: r } = basis;
  const { M } = factors;
  const K = groups.length;
  const pairs = pairCount(r);
  const logBeta = direction.widthRatio / beta;
  const gamma = g.map((value, k) => groups[k]!.bulkVariance * beta * value);
  const dGamma = change.gamma;
  const L = M.map((value, i) => Number(i % (K + 1) === 0) - value * gamma[i % K]!);
  const dL = M.map((value, i) => -change.M[i]! * gamma[i % K]! - value * dGamma[i % K]!);
  const E = S.map((value, i) => gamma[Math.floor(i / r)]! * value);
  const dE = S.map((value, i) => dGamma[Math.floor(i / r)]! * value + gamma[Math.floor(i / r)]! * change.S[i]!);
  const [Q, dQ] = [unpackPairs(conjugates.value, r, 0.5), unpackPairs(conjugates.change, r, 0.5)];
  const left = multiply(E, Q, K, r, r);
  const held = multiply(E, dQ, K, r, r);
  const dLeft = multiply(dE, Q, K, r, r).map((value, i) => value + held[i]!);
  const traces = new Float64Array(packedSize(K));
  const own = new Float64Array(packedSize(K));
  for (let k = 0; k < K; k++) {
    for (let l = k; l < K; l++) {
      const at = packedPair(K, k, l);
      const i = k * K + l;
      const one = Number(k === l);
      const V1 = gamma[k]! * (one - M[i]! * gamma[l]!);
      const dV1 = dGamma[k]! * (one - M[i]! * gamma[l]!) + gamma[k]! * dL[i]!;
      traces[at] = (dV1 - logBeta * V1) / beta;
      let sum = 0;
      groups.forEach(({ bulkVariance }, j) => {
        const [first, second] = [L[j * K + k]!, L[j * K + l]!];
        const grown = dL[j * K + k]! * second + first * dL[j * K + l]!;
        sum += bulkVariance * (norms.change[pairs + j]! * first * second + norms.value[pairs + j]! * grown);
      });
      for (let a = 0; a < r; a++) {
        const [one, other] = [left[k * r + a]!, E[l * r + a]!];
        sum += (dLeft[k * r + a]! * other + one * dE[l * r + a]! - logBeta * one * other) / beta;
      }
      own[at] = sum;
    }
  }
  traces.set(direction.g, traces.length - K);
  own.set(norms.change.subarray(pairs), own.length - K);
  return { traces, norms: own };
}

const product = (n: number, a: Float64Array, b: Float64Array, c: Float64Array): Float64Array =>
  multiply(multiply(a, b, n, n, n), c, n, n, n);

const transposed = (a: Float64Array, n: number): Float64Array => a.map((_, i) => a[(i % n) * n + Math.floor(i / n)]!);

/** U_k · A U_l */
function form(A: Float64Array, U: Float64Array, k: number, l: number, r: number): number {
  let sum = 0;
  for (let a = 0; a < r; a++) for (let b = 0; b < r; b++) sum += U[k * r + a]! * A[a * r + b]! * U[l * r + b]!;
  return sum;
}

function packed(W: Float64Array, g: Float64Array, r: number): Float64Array {
  const pairs = pairCount(r);
  const out = new Float64Array(pairs + g.length);
  for (let a = 0; a < pairs; a++) {
    const [i, j] = pairOf(r, a);
    out[a] = W[i * r + j]!;
  }
  out.set(g, pairs);
  return out;
}
