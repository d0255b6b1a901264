import { isPositive, solveInPlace } from "../numerics/linearAlgebra.ts";
import type { Channel } from "../model/conditionalFeatureStatistics.ts";
import { type Bulk, packedPair, packedSize } from "./bulk.ts";
import { pairDirections, pencil, type StepData } from "./pencil.ts";
import { priorPrecision } from "./priorPrecision.ts";
import { pairOf, type StepForms, stepForms, type StepVector } from "./stepForms.ts";

/** What the resolvent of a trained network's rows depends on. */
export interface AnisotropicModel {
  readonly data: StepData;
  /** Whether the labels grow without bound, and with them the spectrum of C_k. */
  readonly longTail: boolean;
  /** π_k */
  readonly fractions: readonly number[];
  /** A bound on the size of C_k, for starting values: c_k. */
  readonly bulkVariances: readonly number[];
  /** Of v and ζ̂ in the block b of every group, and of the row norms (theory §9). */
  readonly spikeDirections: readonly StepVector[];
  readonly targetDirections: readonly StepVector[];
  readonly rowNorms: readonly (StepVector | undefined)[];
  /** F_k − |p_k|² */
  readonly rowNormExcess: readonly number[];
}

const MOST_STEPS = 40;
const TOLERANCE = 1e-13;
/** A stagnating iteration is accepted below this step: rounding. */
const ROUNDING = 1e-11;
/** Largest changes of log g and of the resolvent in one Newton step. */
const MOST_LOG_STEP = 2;
/** Relative rounding allowed to a semi-definite matrix. */
const ACCRETIVE = 1e-9;
const MOST_RUNGS = 400;

/**
 * Bulk of the trained network: rows with the covariances C_k/d of theory §9, so that (trainedNetwork, "Fixed point")
 *   g_k = π_k/(λ + V̂2_k + [𝒯𝒱]_kk/(βg_k)),  𝒱_kl = β√(g_kg_l)V̂1_kl,  V1_kl = √(g_kg_l)𝒯_kl,  𝒯 = H_bb(𝒱).
 */
export function anisotropicBulk(model: AnisotropicModel, channels: readonly Channel[], beta: number): Bulk {
  const { data, fractions: pi } = model;
  const K = pi.length;
  const m = packedSize(K);
  const pairs = m - K;
  const size = 3 * K;
  const resolvent = pencil(data);
  const directions = pairDirections(K);
  const n = resolvent.active;
  const response = new Float64Array(m * m);
  const logs = new Float64Array(K);
  const block = new Float64Array(n * n);
  const coupling = new Float64Array(K * K);
  const V1hat = new Float64Array(K * K);
  const D = new Float64Array(K);
  /** Columns: change of log g with every conjugate; and of 𝒱 per pair. */
  const logResponse = new Float64Array(K * m);
  const couplingResponse = new Float64Array(pairs * m);
  let changes: Float64Array[] = [];
  let known = false;
  let forms: StepForms | undefined;
  const prior = priorPrecision(model, channels, beta);

  function fillCoupling(): void {
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        coupling[k * K + l] = beta * Math.exp(0.5 * (logs[k]! + logs[l]!)) * V1hat[k * K + l]!;
      }
    }
  }

  /** [𝒯𝒱]_kk for a change of either: Σ_l (a_kl b_kl). */
  function diagonal(trace: Float64Array, second: Float64Array, k: number): number {
    let sum = 0;
    for (let l = 0; l < K; l++) sum += trace[k * size + l]! * second[k * K + l]!;
    return sum;
  }

  /** ∂[𝒯𝒱]_kk/∂𝒱_b, with 𝒯 changing along. */
  function diagonalSlope(b: number, k: number): number {
    const [i, j] = pairOf(K, b);
    let sum = diagonal(changes[1 + b]!, coupling, k);
    if (k === i) sum += resolvent.resolvent[k * size + j]!;
    if (k === j && i !== j) sum += resolvent.resolvent[k * size + i]!;
    return sum;
  }

  /** ∂(g_k D_k + [𝒯𝒱]_kk/β)/∂log g_l */
  function traceJacobian(extra: number): Float64Array {
    const J = new Float64Array(K * K);
    for (let k = 0; k < K; k++) {
      J[k * K + k] = Math.exp(logs[k]!) * (D[k]! + extra);
      for (let b = 0; b < pairs; b++) {
        const [i, j] = pairOf(K, b);
        const slope = (0.5 * diagonalSlope(b, k) * coupling[i * K + j]!) / beta;
        J[k * K + i]! += slope;
        J[k * K + j]! += slope;
      }
    }
    return J;
  }

  /** Newton on (log g, H) at D + extra; leaves the pencil linearised at the solution. */
  function newton(extra: number): string | undefined {
    let previous = Infinity;
    for (let step = 0; step < MOST_STEPS; step++) {
      fillCoupling();
      if (!resolvent.evaluate(block, coupling)) return "the pencil of the bulk's resolvent is singular";
      const linear = resolvent.linearise(block, directions);
      if (!linear) return "the resolvent of the bulk has a singular linear response";
      changes = linear;
      const change = new Float64Array(K);
      const J = traceJacobian(extra);
      for (let k = 0; k < K; k++) {
        const used = diagonal(resolvent.resolvent, coupling, k) / beta;
        const total = Math.exp(logs[k]!) * (D[k]! + extra) + used;
        if (!(total > 0)) return `positivity of the trace g of group ${k}: [𝒯𝒱]_kk = ${used * beta}`;
        // Newton on the logarithm of the equation, nearly linear in log g.
        for (let l = 0; l < K; l++) J[k * K + l]! /= total;
        change[k] = Math.log(pi[k]! / total) - diagonal(changes[0]!, coupling, k) / beta / total;
      }
      if (!solveInPlace(J, change, K, 1)) return "the group traces have a singular linear response";
      const length = advance(change);
      if (!Number.isFinite(length)) return "the resolvent of the bulk is not finite";
      if (length <= TOLERANCE || (length <= ROUNDING && length >= 0.5 * previous)) return branchCheck();
      if (step > 12 && length > previous) break;
      previous = length;
    }
    return "the resolvent of the bulk did not converge";
  }

  /** Applies a Newton step, shortened if it is long; returns its length. */
  function advance(change: Float64Array): number {
    let length = 0;
    for (let k = 0; k < K; k++) length = Math.max(length, Math.abs(change[k]!));
    const step = new Float64Array(n * n);
    for (let a = 0; a < n; a++) {
      for (let c = 0; c < n; c++) {
        const at = (K + a) * size + K + c;
        let value = resolvent.resolvent[at]! + changes[0]![at]! - block[a * n + c]!;
        for (let b = 0; b < pairs; b++) {
          const [i, j] = pairOf(K, b);
          value += changes[1 + b]![at]! * 0.5 * (change[i]! + change[j]!) * coupling[i * K + j]!;
        }
        step[a * n + c] = value;
        length = Math.max(length, Math.abs(value) / (1 + Math.abs(block[a * n + c]!)));
        if (!Number.isFinite(value)) return NaN;
      }
    }
    const scale = length > MOST_LOG_STEP ? MOST_LOG_STEP / length : 1;
    for (let k = 0; k < K; k++) logs[k]! += scale * change[k]!;
    for (let i = 0; i < n * n; i++) block[i]! += scale * step[i]!;
    return length;
  }

  /** The physical solution has 𝒢 + 𝒢ᵀ ⪰ 0: H on (b, q) and −H on s. */
  function branchCheck(): string | undefined {
    const H = resolvent.resolvent;
    const at = (i: number) => (i < K ? i : i + K);
    const even = Float64Array.from({ length: 4 * K * K }, (_, i) => {
      return H[at(Math.floor(i / (2 * K))) * size + at(i % (2 * K))]!;
    });
    const odd = Float64Array.from({ length: K * K }, (_, i) => -H[(K + Math.floor(i / K)) * size + K + (i % K)]!);
    if (!isPositive(even, 2 * K, ACCRETIVE) || !isPositive(odd, K, ACCRETIVE))
      return "accretivity of the bulk's resolvent 𝒢";
    return undefined;
  }

  /** From a large extra ridge, where H is known, down to none. */
  function ladder(): string | undefined {
    const strongest = Math.max(...pi.map((p, k) => Math.abs(V1hat[k * K + k]!) * model.bulkVariances[k]! * p));
    let extra = 20 * beta * K * strongest + Math.max(...D) + Number.MIN_VALUE;
    pi.forEach((p, k) => (logs[k] = Math.log(p / (D[k]! + extra))));
    block.fill(0);
    for (let a = K; a < n; a++) block[a * n + a] = 1;
    let factor = 1 / 8;
    let reason = newton(extra);
    if (reason !== undefined) return reason;
    for (let rung = 0; rung < MOST_RUNGS; rung++) {
      const [keepLogs, keepBlock] = [logs.slice(), block.slice()];
      const close = extra <= 0.1 * Math.min(...pi.map((p, k) => p / Math.exp(logs[k]!)));
      const next = close ? 0 : extra * factor;
      reason = newton(next);
      if (reason === undefined) {
        if (next === 0) return undefined;
        extra = next;
        factor = Math.max(1 / 64, factor * factor);
        continue;
      }
      logs.set(keepLogs);
      block.set(keepBlock);
      if (close) extra *= 0.5;
      factor = Math.sqrt(factor);
      if (factor > 0.99) break;
    }
    return reason;
  }

  /** Changes of log g and 𝒱 with the conjugates, then of the traces. */
  function fillResponse(traces: Float64Array): boolean {
    logResponse.fill(0);
    couplingResponse.fill(0);
    for (let b = 0; b < pairs; b++) {
      const [k, l] = pairOf(K, b);
      // An off-diagonal conjugate counts V̂1_kl twice.
      const direct = beta * Math.exp(0.5 * (logs[k]! + logs[l]!)) * (k === l ? 1 : 0.5);
      couplingResponse[b * m + b] = direct;
      for (let i = 0; i < K; i++) logResponse[i * m + b] = (-diagonalSlope(b, i) * direct) / beta;
    }
    for (let k = 0; k < K; k++) logResponse[k * m + pairs + k] = -Math.exp(logs[k]!);
    if (!solveInPlace(traceJacobian(0), logResponse, K, m)) return false;
    for (let b = 0; b < pairs; b++) {
      const [k, l] = pairOf(K, b);
      for (let a = 0; a < m; a++) {
        couplingResponse[b * m + a]! +=
          0.5 * (logResponse[k * m + a]! + logResponse[l * m + a]!) * coupling[k * K + l]!;
      }
    }
    for (let row = 0; row < pairs; row++) {
      const [k, l] = pairOf(K, row);
      const root = Math.exp(0.5 * (logs[k]! + logs[l]!));
      for (let a = 0; a < m; a++) {
        let sum = 0.5 * (logResponse[k * m + a]! + logResponse[l * m + a]!) * traces[row]!;
        for (let b = 0; b < pairs; b++) sum += root * changes[1 + b]![k * size + l]! * couplingResponse[b * m + a]!;
        response[row * m + a] = -sum;
      }
    }
    for (let k = 0; k < K; k++) {
      const g = Math.exp(logs[k]!);
      for (let a = 0; a < m; a++) response[(pairs + k) * m + a] = -g * logResponse[k * m + a]!;
    }
    return true;
  }

  return {
    groups: K,
    response,
    solve(conjugates, ridge, traces) {
      for (let k = 0; k < K; k++) {
        D[k] = ridge + conjugates[pairs + k]!;
        for (let l = 0; l < K; l++) V1hat[k * K + l] = conjugates[packedPair(K, k, l)]! * (k === l ? 1 : 0.5);
      }
      let reason = known ? newton(0) : "cold";
      if (reason !== undefined) reason = ladder();
      known = reason === undefined;
      if (reason !== undefined) return reason;
      for (let k = 0; k < K; k++) {
        traces[pairs + k] = Math.exp(logs[k]!);
        for (let l = k; l < K; l++) {
          const root = Math.exp(0.5 * (logs[k]! + logs[l]!));
          traces[packedPair(K, k, l)] = root * resolvent.resolvent[k * size + l]!;
        }
      }
      if (!fillResponse(traces)) return "the group traces have a singular linear response";
      forms = stepForms(data, resolvent, coupling);
      return forms ? undefined : "the resolvent of the bulk is singular along the target";
    },
    stiffness: (sampleRatio) => prior.stiffness(forms!, { g: logs.map(Math.exp), V1hat }, sampleRatio),
    stiffnessDerivative(t, sampleRatio) {
      const traceResponse = { logs: logResponse, coupling: couplingResponse };
      return prior.derivative(
        forms!,
        { g: logs.map(Math.exp), V1hat },
        t,
        sampleRatio,
        changes.slice(1),
        traceResponse,
      );
    },
  };
}
