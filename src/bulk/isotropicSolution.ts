import { packedPair, pairOf } from "./packed.ts";
import type { PriorPrecision, ResolventSolution, Source } from "./weightResolvent.ts";

/**
 * A solution for rows without directions of their own: every source is an independent N(0, F/d) vector over the neurons of its
 * group, so that Λ = diag(1/(F g_k)), which is 0 for F = ∞ (theory §4).
 */
export class IsotropicSolution implements ResolventSolution {
  constructor(
    readonly traces: Float64Array,
    readonly response: Float64Array,
    private readonly groups: number,
    private readonly widthRatio: number,
    private readonly rank = groups,
  ) {}

  /** Of symmetric matrices: Q1 = βV1Q̂1V1 (T2 → βV1², T1 = T0 = 0 for K = 1; statistics §3). */
  heldResponse(): Float64Array {
    const { traces, rank: r } = this;
    const m = traces.length;
    const V1 = (k: number, l: number) => traces[packedPair(r, k, l)]!;
    const response = new Float64Array(m * m);
    const pairs = m - this.groups;
    for (let row = 0; row < pairs; row++) {
      const [a, b] = pairOf(r, row);
      for (let column = 0; column < pairs; column++) {
        const [e, f] = pairOf(r, column);
        response[row * m + column] = 0.5 * this.widthRatio * (V1(a, e) * V1(f, b) + V1(a, f) * V1(e, b));
      }
    }
    return response;
  }

  priorPrecision(sources: readonly Source[]): PriorPrecision {
    return diagonalPrior(this, this.groups, sources);
  }
}

function diagonalPrior(
  { traces, response }: ResolventSolution,
  groups: number,
  sources: readonly Source[],
): PriorPrecision {
  const m = traces.length;
  const first = m - groups;
  const T = sources.length;
  const matrix = new Float64Array(T * T);
  for (let i = 0; i < T; i++) {
    const { strength, group } = sources[i]!;
    matrix[i * T + i] = strength === Infinity ? 0 : 1 / (strength * traces[first + group]!);
  }
  return {
    matrix,
    slope(t) {
      const costs = new Float64Array(groups);
      for (let i = 0; i < T; i++) costs[sources[i]!.group]! += t[i]! * t[i]! * matrix[i * T + i]!;
      // Every cost falls as 1/g_k: by −∂log g_k/∂y_a.
      const slope = new Float64Array(m);
      for (let k = 0; k < groups; k++) {
        const row = first + k;
        for (let a = 0; a < m; a++) slope[a]! += costs[k]! * (response[row * m + a]! / traces[row]!);
      }
      return slope;
    },
  };
}
