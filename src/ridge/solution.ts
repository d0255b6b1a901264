import { packedPair } from "../bulk/packed.ts";
import { check, type Range, RANGES } from "../parameters/ranges.ts";
import type { Channel, ChannelKind } from "../problem/problem.ts";
import type { FiniteSize } from "./finiteSize.ts";
import type { RidgePoint } from "./limits.ts";
import { mapped } from "../numerics/mapped.ts";

/** With α = β = ∞ the result depends on the limit of n/p wherever V(κ) does on κ. */
const FINITE_BESIDE_INFINITE = {
  legal: "a finite number > 0 where sampleRatio = Infinity: the limits of α and β cannot be exchanged",
  test: (x: number) => x > 0 && x < Infinity,
};

/** Legal values of α, β and λ, of β beside a given α. */
export function pointRanges(sampleRatio?: number): Readonly<Record<keyof RidgePoint, Range>> {
  return {
    sampleRatio: RANGES.positiveOrInfinite,
    widthRatio: sampleRatio === Infinity ? FINITE_BESIDE_INFINITE : RANGES.positiveOrInfinite,
    ridge: RANGES.nonNegative,
  };
}

/**
 * Validates α, β, λ; α = ∞ and β = ∞ are exact limits, one at a time.
 *
 * @throws ParameterError naming the first that is illegal
 */
export function checkPoint({ sampleRatio, widthRatio, ridge }: RidgePoint): RidgePoint {
  const ranges = pointRanges(sampleRatio);
  return {
    sampleRatio: check("sampleRatio", sampleRatio, ranges.sampleRatio),
    widthRatio: check("widthRatio", widthRatio, ranges.widthRatio),
    ridge: check("ridge", ridge, ranges.ridge),
  };
}

/** Summary statistics of the trained readout (theory §4), per group in the order of the readout values. */
export interface Overlaps {
  /** m_k: coefficients of the mean channels (powers of κ follow the constant for powerChannels). */
  readonly m: number[];
  /** θ_k: of the spike-direction channels. */
  readonly theta: number[];
  /** ν_k: of the row-norm channels, where there are any. */
  readonly nu: number[];
  /** ψ_k: of the bulk's image of ζ̂. */
  readonly psi: number[];
  /** Q1_kl, K×K. */
  readonly Q1: number[][];
  /** Q2_k = |a|²/p within the group. */
  readonly Q2: number[];
  /** V1_kl, K×K. */
  readonly V1: number[][];
  /** V2_k = g_k; infinite of linear neurons in excess of d without ridge, or with infinite data. */
  readonly V2: number[];
}

/** How well a result is known. */
export interface Convergence {
  readonly iterations: number;
  /** Largest undamped residual of the fixed point in log V1, log g. */
  readonly residual: number;
  /** Estimated relative error of the test error: quadrature, last Newton step, and rounding. */
  readonly errorEstimate: number;
}

/** Observables of ridge regression at one point (theory §5). */
export interface RidgeSolution extends Convergence {
  readonly status: "converged";
  /** E[(y − f)²] on a fresh noisy label (theory §5). */
  readonly testError: number;
  /** testError − Δ. */
  readonly excessRisk: number;
  readonly trainError: number;
  /** (1/n)[Σ(y − f)² + λ|a|²] */
  readonly objective: number;
  readonly overlaps: Overlaps;
  /**
   * The test error with the strength F = 10⁴ of the mean channels in place of ∞, where that changes it by more than 2 %: a mean
   * channel is then so weak that only `finiteDimension` = d describes networks of dimension d (theory §6).
   */
  readonly finiteSize?: FiniteSize;
}

/** How a point failed: its iterations ran out, its numbers left the range of doubles, or its limit does not exist. */
export interface RidgeFailure {
  readonly status: "max-iterations" | "diverged" | "non-finite";
  readonly iterations: number;
  readonly residual: number;
  readonly detail: string;
}

/** A solved point or its failure; `status` tells them apart. */
export type RidgeResult = RidgeSolution | RidgeFailure;

/** A failure before or after the iteration. */
export function failure(status: RidgeFailure["status"], detail: string): RidgeFailure {
  return { status, iterations: 0, residual: Infinity, detail };
}

/** Names the solution by groups. */
export interface GroupSolution {
  /** t, of the channels in their order. */
  readonly coefficients: Float64Array;
  /** (Q1′, Q2) with Q1′ = Q1 − Σ_b ψ_bψ_bᵀ, packed. */
  readonly norms: Float64Array;
  /** (V1, g), packed. */
  readonly traces: Float64Array;
}

/** Names solutions by groups, for channels whose positions are looked up once. */
export function overlapsOf(channels: readonly Channel[], K: number): (solution: GroupSolution) => Overlaps {
  const positions = (...kinds: ChannelKind[]) => channels.flatMap(({ kind }, i) => (kinds.includes(kind) ? [i] : []));
  const [means, thetas, nus] = [positions("mean", "power"), positions("spikeDirection"), positions("rowNorm")];
  const psis = positions("targetDirection");
  /** Positions of ψ_bk and ψ_bl one after the other, for every (k, l). */
  const products = Array.from({ length: K * K }, (_, at) =>
    psis.flatMap((i) => {
      const { group, direction = 0 } = channels[i]!;
      if (group !== Math.floor(at / K)) return [];
      const others = psis.filter((j) => channels[j]!.group === at % K && (channels[j]!.direction ?? 0) === direction);
      return others.flatMap((j) => [i, j]);
    }),
  );
  const square = (entry: (at: number, pair: number) => number): number[][] => {
    const rows: number[][] = [];
    for (let k = 0; k < K; k++) {
      const row: number[] = [];
      for (let l = 0; l < K; l++) row.push(entry(packedPair(K, k, l), k * K + l));
      rows.push(row);
    }
    return rows;
  };
  return ({ coefficients: t, norms, traces }) => {
    const pick = (from: readonly number[]) => mapped(from, (i) => t[i]!);
    const last = (packed: Float64Array) => {
      const values: number[] = [];
      for (let a = packed.length - K; a < packed.length; a++) values.push(packed[a]!);
      return values;
    };
    return {
      m: pick(means),
      theta: pick(thetas),
      nu: pick(nus),
      psi: pick(psis),
      Q1: square((at, pair) => {
        const places = products[pair]!;
        let sum = norms[at]!;
        for (let p = 0; p < places.length; p += 2) sum += t[places[p]!]! * t[places[p + 1]!]!;
        return sum;
      }),
      Q2: last(norms),
      V1: square((at) => traces[at]!),
      V2: last(traces),
    };
  };
}
