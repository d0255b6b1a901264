import type { Channel } from "../model/conditionalFeatureStatistics.ts";
import { multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import { type Bulk, packedPair, packedSize, type GroupMixing } from "./bulk.ts";
import { type IsotropicGroup, mixedTraces } from "./mixedTraces.ts";

/** What a solution in a basis means for the groups, packed as for `Bulk`. */
export interface GroupSolution {
  /** Channels, then ψ_1 … ψ_K. */
  readonly coefficients: Float64Array;
  /** (Q1 − ψψᵀ, Q2) */
  readonly norms: Float64Array;
  /** (V1, g) */
  readonly traces: Float64Array;
}

/**
 * An isotropic bulk whose pairs are those of a basis b_a of the groups' functions μ1_k (see `GroupMixing`): the traces are
 * (UᵀV1U, g), the conjugates those of b_a b_b, and the coefficients end with ψ'_a = Σ_k U_ka ψ_k.
 */
export interface MixedBulk extends Bulk {
  /**
   * @param t coefficients in the basis
   * @param Q norms in the basis
   * @param source by how much the conjugates move, with t fixed
   */
  expand(t: Float64Array, Q: Float64Array, source: Float64Array): GroupSolution;
}

export function mixedBulk(
  groups: readonly IsotropicGroup[],
  channels: readonly Pick<Channel, "group" | "strength">[],
  beta: number,
  mixing: GroupMixing,
): MixedBulk {
  const { rank: r, expansion: U } = mixing;
  const K = groups.length;
  const C = channels.length;
  const T = C + r;
  const pairs = (r * (r + 1)) / 2;
  const m = pairs + K;
  const response = new Float64Array(m * m);
  const equations = mixedTraces(groups, beta, mixing);
  const g = new Float64Array(K);
  const G = new Float64Array(r * r);
  const strengths = channels.map(({ strength }) => strength(beta));
  const gamma = () => g.map((value, k) => groups[k]!.bulkVariance * beta * value);

  /** P⁻¹ψ', r numbers: ψ_k = Γ_k U_k·(P⁻¹ψ') has the least norm of all ψ with Uᵀψ = ψ'. */
  function dual(t: Float64Array): Float64Array {
    const w = t.slice(C);
    return solveInPlace(equations.P.slice(), w, r, 1) ? w : w.fill(NaN);
  }
  const along = (w: Float64Array, k: number): number => w.reduce((sum, value, a) => sum + U[k * r + a]! * value, 0);

  return {
    groups: K,
    response,
    solve(conjugates, ridge, traces) {
      const D = new Float64Array(K);
      for (let k = 0; k < K; k++) {
        D[k] = ridge + conjugates[pairs + k]!;
        g[k] = traces[pairs + k]!;
        if (!(g[k]! > 0)) g[k] = groups[k]!.fraction / D[k]!;
      }
      for (let a = 0; a < r; a++) {
        for (let b = 0; b < r; b++) G[a * r + b] = conjugates[packedPair(r, a, b)]! * (a === b ? 1 : 0.5);
      }
      const reason = equations.solve(G, D, g);
      if (reason !== undefined) return reason;
      traces.set(g, pairs);
      for (let a = 0; a < r; a++) for (let b = a; b < r; b++) traces[packedPair(r, a, b)] = equations.W[a * r + b]!;
      return equations.fillResponse(g, response) ? undefined : "linear response of the group traces is singular";
    },
    stiffness(sampleRatio) {
      const stiffness = new Float64Array(T * T);
      channels.forEach(({ group }, i) => {
        stiffness[i * T + i] = strengths[i] === Infinity ? 0 : 1 / (sampleRatio * strengths[i]! * g[group]!);
      });
      const inverse = Float64Array.from({ length: r * r }, (_, i) => (i % (r + 1) === 0 ? 1 : 0));
      if (!solveInPlace(equations.P.slice(), inverse, r, r)) return undefined;
      for (let a = 0; a < r; a++) {
        for (let b = 0; b < r; b++) {
          const symmetric = 0.5 * (inverse[a * r + b]! + inverse[b * r + a]!);
          stiffness[(C + a) * T + C + b] = (beta / sampleRatio) * symmetric;
        }
      }
      return stiffness;
    },
    stiffnessDerivative(t, sampleRatio) {
      const byTrace = new Float64Array(K);
      channels.forEach(({ group }, i) => {
        if (strengths[i] !== Infinity) byTrace[group]! += (t[i]! / g[group]!) ** 2 / (sampleRatio * strengths[i]!);
      });
      const w = dual(t);
      groups.forEach(({ bulkVariance }, k) => {
        byTrace[k]! += ((beta * along(w, k)) ** 2 * bulkVariance) / sampleRatio;
      });
      const derivative = new Float64Array(m);
      for (let a = 0; a < m; a++) {
        for (let k = 0; k < K; k++) derivative[a]! += byTrace[k]! * response[(pairs + k) * m + a]!;
      }
      return derivative;
    },
    expand(t, Q, source) {
      const Gamma = gamma();
      const { M, exposure } = equations;
      const identity = (k: number, l: number) => (k === l ? 1 : 0);
      // L = I − MΓ; V1 = (1/β)(Γ − ΓMΓ); dV1 = (1/β)[Lᵀ diag(cβQ2) L + Γ·exposure·source·exposureᵀ·Γ].
      const L = M.map((value, i) => identity(Math.floor(i / K), i % K) - value * Gamma[i % K]!);
      const change = new Float64Array(r * r);
      for (let a = 0; a < r; a++) {
        for (let b = 0; b < r; b++) change[a * r + b] = source[packedPair(r, a, b)]! * (a === b ? 1 : 0.5);
      }
      const exposed = exposure.map((value, i) => Gamma[Math.floor(i / r)]! * value);
      const left = multiply(exposed, change, K, r, r);
      const traces = new Float64Array(packedSize(K));
      const norms = new Float64Array(packedSize(K));
      for (let k = 0; k < K; k++) {
        for (let l = k; l < K; l++) {
          const at = packedPair(K, k, l);
          traces[at] = (Gamma[k]! * (identity(k, l) - M[k * K + l]! * Gamma[l]!)) / beta;
          let sum = 0;
          groups.forEach(({ bulkVariance }, i) => {
            sum += bulkVariance * Q[pairs + i]! * L[i * K + k]! * L[i * K + l]!;
          });
          for (let a = 0; a < r; a++) sum += (left[k * r + a]! * exposed[l * r + a]!) / beta;
          norms[at] = sum;
        }
      }
      traces.set(g, traces.length - K);
      norms.set(Q.subarray(pairs), norms.length - K);
      const w = dual(t);
      const psi = Gamma.map((value, k) => value * along(w, k));
      return { coefficients: Float64Array.from([...t.subarray(0, C), ...psi]), norms, traces };
    },
  };
}
