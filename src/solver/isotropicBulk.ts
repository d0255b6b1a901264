import { solveInPlace } from "../numerics/linearAlgebra.ts";
import type { Channel } from "../model/conditionalFeatureStatistics.ts";
import { type Bulk, packedPair, packedSize } from "./bulk.ts";

interface IsotropicGroup {
  readonly fraction: number;
  readonly bulkVariance: number;
}

/**
 * Bulk with independent rows of variance c_k/d: the Marchenko–Pastur traces and their linear response (theory §4).
 */
export function isotropicBulk(
  groups: readonly IsotropicGroup[],
  channels: readonly Pick<Channel, "group" | "strength">[],
  widthRatio: number,
): Bulk {
  const K = groups.length;
  const m = packedSize(K);
  const response = new Float64Array(m * m);
  const g = new Float64Array(K);
  const solve =
    K === 1 ? scalarSolve(groups[0]!, widthRatio, response, g) : matrixSolve(groups, widthRatio, response, g);
  // Channels and ψ alike: a vector of squared norm F over the neurons of a group costs t²/(αFg).
  const owners = [
    ...channels.map(({ group, strength }) => ({ group, strength: strength(widthRatio) })),
    ...groups.map(({ bulkVariance }, group) => ({ group, strength: bulkVariance })),
  ];
  const T = owners.length;
  const stiffness = new Float64Array(T * T);
  const derivative = new Float64Array(m);
  return {
    groups: K,
    response,
    solve,
    stiffness(sampleRatio) {
      owners.forEach(({ group, strength }, i) => {
        stiffness[i * T + i] = strength === Infinity ? 0 : 1 / (sampleRatio * strength * g[group]!);
      });
      return stiffness;
    },
    stiffnessDerivative(t, sampleRatio) {
      derivative.fill(0);
      owners.forEach(({ group, strength }, i) => {
        if (strength === Infinity) return;
        const factor = (t[i]! / g[group]!) ** 2 / (sampleRatio * strength);
        const row = m - K + group;
        for (let a = 0; a < m; a++) derivative[a]! += factor * response[row * m + a]!;
      });
      return derivative;
    },
  };
}

/** K = 1 in closed, division-free form: regular at V̂1 → 0, no cancellation as λ → 0 (theory §4). */
function scalarSolve(group: IsotropicGroup, beta: number, response: Float64Array, trace: Float64Array): Bulk["solve"] {
  const c = group.bulkVariance;
  return (conjugates, ridge, traces) => {
    const V1hat = conjugates[0]!;
    const D = ridge + conjugates[1]!;
    const A = c * beta * V1hat;
    const B = D + c * V1hat * (1 - beta);
    const root = Math.sqrt(B * B + 4 * A * D);
    const g = B > 0 ? 2 / (B + root) : (root - B) / (2 * A * D);
    const shrink = 1 / (1 + A * g);
    const V1 = c * g * shrink;
    const T0 = (g * (1 + A * g)) / root;
    const T1 = c * T0 * shrink * shrink;
    traces[0] = V1;
    traces[1] = g;
    trace[0] = g;
    response[0] = c * T1 * shrink * shrink + beta * V1 * V1;
    response[1] = response[2] = T1;
    response[3] = T0;
    return g > 0 && g < Infinity ? undefined : `trace g = ${g} is not positive and finite`;
  };
}

const MOST_INNER_STEPS = 60;

/** Any K: Newton in log g, where the plain map is a contraction in the largest entry, then the linear response. */
function matrixSolve(
  groups: readonly IsotropicGroup[],
  beta: number,
  response: Float64Array,
  trace: Float64Array,
): Bulk["solve"] {
  const K = groups.length;
  const m = packedSize(K);
  const c = groups.map((group) => group.bulkVariance);
  const pi = groups.map((group) => group.fraction);
  const V1hat = new Float64Array(K * K);
  const L = new Float64Array(K * K); // (I + V̂1 Γ)⁻¹
  const M = new Float64Array(K * K); // L V̂1
  const work = new Float64Array(K * K);
  const joint = new Float64Array(K * 2 * K);

  function factor(g: Float64Array): boolean {
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        work[k * K + l] = V1hat[k * K + l]! * c[l]! * beta * g[l]! + (k === l ? 1 : 0);
        joint[k * 2 * K + l] = k === l ? 1 : 0;
        joint[k * 2 * K + K + l] = V1hat[k * K + l]!;
      }
    }
    if (!solveInPlace(work, joint, K, 2 * K)) return false;
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        L[k * K + l] = joint[k * 2 * K + l]!;
        M[k * K + l] = joint[k * 2 * K + K + l]!;
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

  function iterate(g: Float64Array, D: Float64Array): string | undefined {
    const denominator = new Float64Array(K);
    let previous = Infinity;
    for (let step = 0; step < MOST_INNER_STEPS; step++) {
      if (!factor(g)) return "I + V̂1 Γ is singular";
      const residual = new Float64Array(K);
      let size = 0;
      for (let k = 0; k < K; k++) {
        denominator[k] = D[k]! + c[k]! * M[k * K + k]!;
        residual[k] = Math.log(pi[k]! / (g[k]! * denominator[k]!));
        if (!(Math.abs(residual[k]!) <= size)) size = Math.abs(residual[k]!);
      }
      if (!Number.isFinite(size)) return "group traces are not finite";
      if (size < 4e-16 || (size < 1e-13 && size >= previous)) return undefined;
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

  function fillResponse(g: Float64Array, V1: Float64Array): boolean {
    const denominator = g.map((value, k) => pi[k]! / value);
    // Column a: the change of (V1, g) with conjugate a, negated.
    const right = new Float64Array(K * m);
    const directions: [number, number, number][] = [];
    for (let k = 0; k < K; k++) for (let l = k; l < K; l++) directions.push([k, l, packedPair(K, k, l)]);
    for (const [k, l, a] of directions) {
      // dV̂1_kl = dV̂1_lk = ½ dy off the diagonal, so both cases read L_ik L_il.
      for (let i = 0; i < K; i++) right[i * m + a] = (c[i]! * L[i * K + k]! * L[i * K + l]!) / denominator[i]!;
    }
    for (let i = 0; i < K; i++) right[i * m + m - K + i] = 1 / denominator[i]!;
    const J = jacobian(g, denominator);
    if (!solveInPlace(J, right, K, m)) return false;
    for (let a = 0; a < m; a++) for (let i = 0; i < K; i++) response[(m - K + i) * m + a] = right[i * m + a]! * g[i]!;
    for (const [i, j, row] of directions) {
      for (let a = 0; a < m; a++) {
        let sum = 0;
        for (let k = 0; k < K; k++) {
          sum += L[k * K + i]! * L[k * K + j]! * c[k]! * response[(m - K + k) * m + a]!;
        }
        response[row * m + a] = sum;
      }
      for (const [k, l, a] of directions) {
        const pair = V1[i * K + k]! * V1[l * K + j]! + V1[i * K + l]! * V1[k * K + j]!;
        response[row * m + a]! += 0.5 * beta * pair;
      }
    }
    return true;
  }

  return (conjugates, ridge, traces) => {
    const D = new Float64Array(K);
    const g = traces.subarray(m - K);
    for (let k = 0; k < K; k++) {
      D[k] = ridge + conjugates[m - K + k]!;
      if (!(g[k]! > 0)) g[k] = pi[k]! / D[k]!;
      for (let l = 0; l < K; l++) V1hat[k * K + l] = conjugates[packedPair(K, k, l)]! * (k === l ? 1 : 0.5);
    }
    const reason = iterate(g, D);
    if (reason !== undefined) return reason;
    trace.set(g);
    const V1 = new Float64Array(K * K);
    for (let k = 0; k < K; k++) {
      // V1 = (1/β) (I + Γ V̂1)⁻¹ Γ = (1/β) Lᵀ Γ
      for (let l = 0; l < K; l++) V1[k * K + l] = L[l * K + k]! * c[l]! * g[l]!;
    }
    for (let k = 0; k < K; k++) for (let l = k; l < K; l++) traces[packedPair(K, k, l)] = V1[k * K + l]!;
    return fillResponse(g, V1) ? undefined : "linear response of the group traces is singular";
  };
}
