import { isPositive, solveInPlace } from "../../numerics/linearAlgebra.ts";
import { pairCount, pairOf } from "../packed.ts";
import { pairDirections, type Pencil, type PencilPoint } from "./pencil.ts";
import type { NetworkRows } from "./rowCovariance.ts";

const MOST_STEPS = 40;
const TOLERANCE = 1e-13;
/** A stagnating iteration is accepted below this step: rounding. */
const ROUNDING = 1e-11;
/** Largest changes of log g and of the resolvent in one Newton step. */
const MOST_LOG_STEP = 2;
/** Relative rounding allowed to a semi-definite matrix. */
const ACCRETIVE = 1e-9;
const MOST_RUNGS = 400;

/** A solution for (log g, H) with the pencil linearised there. */
export interface TracePoint {
  readonly logs: Float64Array;
  readonly blocks: readonly Float64Array[];
  /** The last evaluation, of which `logs` and `blocks` are one step ahead. */
  readonly pencil: PencilPoint;
  /** Changes of M⁻¹ as of `Pencil.linearise`. */
  readonly changes: readonly Float64Array[];
}

/** Changes of log g (K×m) and of 𝒱 (pairs×m) with the conjugates. */
export interface TraceResponse {
  readonly logs: Float64Array;
  readonly coupling: Float64Array;
}

/** Where the bulk was asked for. */
export interface NetworkArgument {
  readonly V1hat: Float64Array;
  /** λ + V̂2 */
  readonly D: Float64Array;
  readonly beta: number;
}

/** ∂[𝒯𝒱]_kk/∂𝒱_b, with 𝒯 changing along. */
export function diagonalSlope(
  K: number,
  size: number,
  point: Pick<TracePoint, "pencil" | "changes">,
  b: number,
  k: number,
): number {
  const [i, j] = pairOf(K, b);
  const { resolvent, coupling } = point.pencil;
  let sum = diagonal(K, size, point.changes[1 + b]!, coupling, k);
  if (k === i) sum += resolvent[k * size + j]!;
  if (k === j && i !== j) sum += resolvent[k * size + i]!;
  return sum;
}

/** [𝒯𝒱]_kk for a change of either: Σ_l (a_kl b_kl). */
function diagonal(K: number, size: number, trace: Float64Array, second: Float64Array, k: number): number {
  let sum = 0;
  for (let l = 0; l < K; l++) sum += trace[k * size + l]! * second[k * K + l]!;
  return sum;
}

/** ∂(g_k D_k + [𝒯𝒱]_kk/β)/∂log g_l */
export function traceJacobian(
  K: number,
  size: number,
  beta: number,
  D: Float64Array,
  logs: Float64Array,
  point: Pick<TracePoint, "pencil" | "changes">,
): Float64Array {
  const { coupling } = point.pencil;
  const J = new Float64Array(K * K);
  for (let k = 0; k < K; k++) {
    J[k * K + k] = Math.exp(logs[k]!) * D[k]!;
    for (let b = 0; b < pairCount(K); b++) {
      const [i, j] = pairOf(K, b);
      const slope = (0.5 * diagonalSlope(K, size, point, b, k) * coupling[i * K + j]!) / beta;
      J[k * K + i]! += slope;
      J[k * K + j]! += slope;
    }
  }
  return J;
}

/** The equations for (log g, H) at given V̂1 and D = λ + V̂2, with an extra ridge by which they are approached. */
export class NetworkTraces {
  private readonly K: number;
  private readonly directions;

  constructor(
    private readonly rows: NetworkRows,
    private readonly pencil: Pencil,
    private readonly V1hat: Float64Array,
    private readonly D: Float64Array,
    private readonly beta: number,
  ) {
    this.K = rows.fractions.length;
    this.directions = pairDirections(this.K);
  }

  /** Newton on (log g, H) at D + extra. */
  newton(extra: number, startLogs: Float64Array, startBlocks: readonly Float64Array[]): TracePoint | string {
    const { K, pencil, beta, D } = this;
    const { fractions: pi } = this.rows;
    const raised = D.map((value) => value + extra);
    let logs = startLogs;
    let blocks = startBlocks;
    let previous = Infinity;
    for (let step = 0; step < MOST_STEPS; step++) {
      const point = pencil.evaluate(blocks, this.coupling(logs));
      if (!point) return "the pencil of the bulk's resolvent is singular";
      const changes = pencil.linearise(point, this.directions);
      if (!changes) return "the resolvent of the bulk has a singular linear response";
      const at = { pencil: point, changes };
      const change = new Float64Array(K);
      const J = traceJacobian(K, pencil.size, beta, raised, logs, at);
      for (let k = 0; k < K; k++) {
        const used = diagonal(K, pencil.size, point.resolvent, point.coupling, k) / beta;
        const total = Math.exp(logs[k]!) * raised[k]! + used;
        if (!(total > 0)) return `positivity of the trace g of group ${k}: [𝒯𝒱]_kk = ${used * beta}`;
        // Newton on the logarithm of the equation, nearly linear in log g.
        for (let l = 0; l < K; l++) J[k * K + l]! /= total;
        change[k] = Math.log(pi[k]! / total) - diagonal(K, pencil.size, changes[0]!, point.coupling, k) / beta / total;
      }
      if (!solveInPlace(J, change, K, 1)) return "the group traces have a singular linear response";
      const next = this.advanced(logs, at, change);
      if (!next) return "the resolvent of the bulk is not finite";
      ({ logs, blocks } = next);
      const { length } = next;
      if (length <= TOLERANCE || (length <= ROUNDING && length >= 0.5 * previous)) {
        return this.branchFailure(point.resolvent) ?? { logs, blocks, ...at };
      }
      if (step > 12 && length > previous) break;
      previous = length;
    }
    return "the resolvent of the bulk did not converge";
  }

  /** From a large extra ridge, where H is known, down to none. */
  ladder(): TracePoint | string {
    const { D, V1hat, K, beta } = this;
    const { fractions: pi, bulkVariances } = this.rows;
    const strongest = Math.max(...pi.map((p, k) => Math.abs(V1hat[k * K + k]!) * bulkVariances[k]! * p));
    let extra = 20 * beta * K * strongest + Math.max(...D) + Number.MIN_VALUE;
    const start = Float64Array.from(pi, (p, k) => Math.log(p / (D[k]! + extra)));
    let factor = 1 / 8;
    let current = this.newton(extra, start, this.pencil.start());
    for (let rung = 0; rung < MOST_RUNGS && typeof current !== "string"; rung++) {
      const { logs, blocks } = current;
      const close = extra <= 0.1 * Math.min(...pi.map((p, k) => p / Math.exp(logs[k]!)));
      const next = close ? 0 : extra * factor;
      const found: TracePoint | string = this.newton(next, logs, blocks);
      if (typeof found !== "string") {
        if (next === 0) return found;
        current = found;
        extra = next;
        factor = Math.max(1 / 64, factor * factor);
        continue;
      }
      if (close) extra *= 0.5;
      factor = Math.sqrt(factor);
      if (factor > 0.99) return found;
    }
    return typeof current === "string" ? current : "the resolvent of the bulk did not converge";
  }

  /** 𝒱 */
  private coupling(logs: Float64Array): Float64Array {
    const { K, beta, V1hat } = this;
    const coupling = new Float64Array(K * K);
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        coupling[k * K + l] = beta * Math.exp(0.5 * (logs[k]! + logs[l]!)) * V1hat[k * K + l]!;
      }
    }
    return coupling;
  }

  /** A Newton step further, shortened if it is long, with its length; undefined if it is not finite. */
  private advanced(
    logs: Float64Array,
    { pencil: { resolvent, coupling, blocks }, changes }: Pick<TracePoint, "pencil" | "changes">,
    change: Float64Array,
  ): { logs: Float64Array; blocks: Float64Array[]; length: number } | undefined {
    const { K, pencil } = this;
    let length = 0;
    for (let k = 0; k < K; k++) length = Math.max(length, Math.abs(change[k]!));
    const steps = pencil.blocks.map(({ offset, active: n }, t) => {
      const step = new Float64Array(n * n);
      for (let a = 0; a < n; a++) {
        for (let c = 0; c < n; c++) {
          const at = (offset + a) * pencil.size + offset + c;
          const now = blocks[t]![a * n + c]!;
          let value = resolvent[at]! + changes[0]![at]! - now;
          for (let b = 0; b < pairCount(K); b++) {
            const [i, j] = pairOf(K, b);
            value += changes[1 + b]![at]! * 0.5 * (change[i]! + change[j]!) * coupling[i * K + j]!;
          }
          step[a * n + c] = value;
          length = Math.max(length, Math.abs(value) / (1 + Math.abs(now)));
          if (!Number.isFinite(value)) length = NaN;
        }
      }
      return step;
    });
    if (!Number.isFinite(length)) return undefined;
    const scale = length > MOST_LOG_STEP ? MOST_LOG_STEP / length : 1;
    return {
      logs: logs.map((value, k) => value + scale * change[k]!),
      blocks: blocks.map((block, t) => block.map((value, i) => value + scale * steps[t]![i]!)),
      length,
    };
  }

  /** The physical solution has 𝒢 + 𝒢ᵀ ⪰ 0: H on b and every q, −H on every s. */
  private branchFailure(H: Float64Array): string | undefined {
    const { K, pencil } = this;
    const { size } = pencil;
    const steps = pencil.blocks.length;
    /** The blocks first, first + 2, … of H, times a sign. */
    const part = (first: number, count: number, sign: number) => {
      const n = count * K;
      const rows = (i: number) => (first + 2 * Math.floor(i / K)) * K + (i % K);
      const block = new Float64Array(n * n);
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) block[i * n + j] = sign * H[rows(i) * size + rows(j)]!;
      return block;
    };
    const even = isPositive(part(0, 1 + steps, 1), (1 + steps) * K, ACCRETIVE);
    const accretive = even && isPositive(part(1, steps, -1), steps * K, ACCRETIVE);
    return accretive ? undefined : "accretivity of the bulk's resolvent 𝒢";
  }
}
