import { solveInPlace } from "../numerics/linearAlgebra.ts";

/** Pairs (k, l) with k ≤ l, row by row. */
export function pairsOf(K: number): readonly (readonly [number, number])[] {
  return Array.from({ length: K }, (_, k) => k).flatMap((k) =>
    Array.from({ length: K - k }, (_, i) => [k, k + i] as const),
  );
}

/** 𝒯(𝒱) = (1/d)tr(𝒱⊗I + C⁻¹)⁻¹ and how it changes. */
export interface ResolventTrace {
  /** K×K */
  readonly T: Float64Array;
  /** Change with every pair (k, l) of 𝒱, both entries together; K×K each. */
  readonly slopes: readonly Float64Array[];
  /** How far the state that the trace was taken from is from its own fixed point. */
  readonly residual: number;
}

/** Bilinear forms of the resolvent on the special vectors of the sources: prior covariance is α√(g_kg_l) times them. */
export interface SourceForms {
  /** S×S */
  readonly forms: Float64Array;
  /** Change with every pair of 𝒱. */
  readonly slopes: readonly Float64Array[];
}

/** The rows' bulk as the fixed point sees it. Every point has its own: they keep what the last trace left. */
export interface BulkResolvent {
  /** @returns undefined where the resolvent does not exist, or was not found, at this 𝒱 */
  trace(coupling: Float64Array): ResolventTrace | undefined;
  /** Of sources whose vectors the bulk acts on, at the last trace; absent if every source is independent of the bulk. */
  readonly sourceForms?: () => SourceForms | undefined;
  /** Forgets the last trace. */
  reset(): void;
}

/** Bulk of independent rows of norms τ_k: 𝒯 = (𝒱 + diag(1/c))⁻¹, c_k = τ_k². */
export function isotropicResolvent(bulkVariance: readonly number[]): BulkResolvent {
  const K = bulkVariance.length;
  const pairs = pairsOf(K);
  return {
    trace(coupling) {
      const matrix = Float64Array.from(coupling);
      bulkVariance.forEach((c, k) => (matrix[k * K + k]! += 1 / c));
      const T = new Float64Array(K * K);
      for (let k = 0; k < K; k++) T[k * K + k] = 1;
      if (!solveInPlace(matrix, T, K, K)) return undefined;
      const slopes = pairs.map(([k, l]) =>
        T.map((_, at) => {
          const [a, b] = [Math.floor(at / K), at % K];
          const straight = T[a * K + k]! * T[l * K + b]!;
          return k === l ? -straight : -straight - T[a * K + l]! * T[k * K + b]!;
        }),
      );
      return { T, slopes, residual: 0 };
    },
    reset: () => undefined,
  };
}
