import { packedPair } from "../bulk/packed.ts";
import { check, RANGES } from "../parameters/ranges.ts";
import type { Channel, ChannelKind } from "../problem/problem.ts";
import type { FiniteSize } from "./finiteSize.ts";
import type { RidgePoint } from "./limits.ts";

/**
 * Validates α, β, λ.
 *
 * @throws ParameterError naming the first that is illegal
 */
export function checkPoint({ sampleRatio, widthRatio, ridge }: RidgePoint): RidgePoint {
  return {
    sampleRatio: check("sampleRatio", sampleRatio, RANGES.positiveOrInfinite),
    widthRatio: check("widthRatio", widthRatio, RANGES.positive),
    ridge: check("ridge", ridge, RANGES.nonNegative),
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
  /** V2_k = g_k. */
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

export function overlaps(
  channels: readonly Channel[],
  { coefficients, norms, traces }: GroupSolution,
  K: number,
): Overlaps {
  const of = (...kinds: ChannelKind[]) =>
    channels.flatMap(({ kind }, i) => (kinds.includes(kind) ? [coefficients[i]!] : []));
  const directions = channels.flatMap(({ kind, group, direction = 0 }, i) =>
    kind === "targetDirection" ? [{ group, direction, psi: coefficients[i]! }] : [],
  );
  /** Σ_b ψ_bk ψ_bl */
  const seen = (k: number, l: number) =>
    directions.reduce((sum, first) => {
      if (first.group !== k) return sum;
      const others = directions.filter(({ group, direction }) => group === l && direction === first.direction);
      return others.reduce((total, { psi }) => total + first.psi * psi, sum);
    }, 0);
  const square = (packed: Float64Array, add: (k: number, l: number) => number) =>
    Array.from({ length: K }, (_, k) => Array.from({ length: K }, (_, l) => packed[packedPair(K, k, l)]! + add(k, l)));
  return {
    m: of("mean", "power"),
    theta: of("spikeDirection"),
    nu: of("rowNorm"),
    psi: directions.map(({ psi }) => psi),
    Q1: square(norms, seen),
    Q2: Array.from(norms.subarray(norms.length - K)),
    V1: square(traces, () => 0),
    V2: Array.from(traces.subarray(traces.length - K)),
  };
}
