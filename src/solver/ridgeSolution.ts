import type { ChannelKind, ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { check, RANGES } from "../model/validation.ts";
import { packedPair } from "./bulk.ts";
import type { FiniteSize } from "./finiteSize.ts";

/** Where a curve is solved: α, β, λ. */
export interface RidgePoint {
  readonly sampleRatio: number;
  readonly widthRatio: number;
  readonly ridge: number;
}

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

/** Positions of the channels among the coefficients. */
export interface ChannelsByKind {
  readonly m: readonly number[];
  readonly theta: readonly number[];
  readonly nu: readonly number[];
  readonly groups: number;
}

export function channelsByKind({ channels, groups }: ConditionalFeatureStatistics): ChannelsByKind {
  const positions = (...kinds: ChannelKind[]) =>
    channels.flatMap((channel, i) => (kinds.includes(channel.kind) ? [i] : []));
  return {
    m: positions("mean", "power"),
    theta: positions("spikeDirection"),
    nu: positions("rowNorm"),
    groups: groups.length,
  };
}

/** Names the solution: t = (channels, ψ), Q = (Q1 − ψψᵀ, Q2), traces = (V1, g). */
export function overlaps(channels: ChannelsByKind, t: Float64Array, Q: Float64Array, traces: Float64Array): Overlaps {
  const K = channels.groups;
  const m = Q.length;
  const pick = (positions: readonly number[]) => positions.map((i) => t[i]!);
  const psi = Array.from(t.subarray(t.length - K));
  const square = (packed: Float64Array, scale: number) =>
    psi.map((first, k) => psi.map((second, l) => packed[packedPair(K, k, l)]! + scale * first * second));
  return {
    m: pick(channels.m),
    theta: pick(channels.theta),
    nu: pick(channels.nu),
    psi,
    Q1: square(Q, 1),
    Q2: Array.from(Q.subarray(m - K)),
    V1: square(traces, 0),
    V2: Array.from(traces.subarray(m - K)),
  };
}
