import { solveInPlace } from "../../numerics/linearAlgebra.ts";
import { packedPair, packedSize, pairOf } from "../packed.ts";
import type { PriorPrecision, ResolventSolution, Source } from "../weightResolvent.ts";
import { networkPrior } from "./networkPrior.ts";
import {
  diagonalSlope,
  type NetworkArgument,
  type TracePoint,
  traceJacobian,
  type TraceResponse,
} from "./networkTraces.ts";
import type { Pencil } from "./pencil.ts";
import type { NetworkRows } from "./rowCovariance.ts";

/** The traces of a trained network with what follows from them. */
export class NetworkSolution implements ResolventSolution {
  private constructor(
    readonly traces: Float64Array,
    readonly response: Float64Array,
    readonly logs: Float64Array,
    readonly blocks: readonly Float64Array[],
    private readonly held: () => Float64Array,
    private readonly prior: (sources: readonly Source[]) => PriorPrecision | undefined,
  ) {}

  heldResponse(): Float64Array {
    return this.held();
  }

  /** @returns a reason if the linear response does not exist */
  static at(rows: NetworkRows, pencil: Pencil, point: TracePoint, argument: NetworkArgument): NetworkSolution | string {
    const K = rows.fractions.length;
    const traces = tracesOf(K, pencil.size, point);
    const held = heldTraces(K, point, argument);
    const changes = traceResponse(K, pencil.size, point, argument, held);
    if (!changes) return "the group traces have a singular linear response";
    const forms = rows.forms(pencil, point.pencil);
    if (!forms) return "the resolvent of the bulk is singular along the target";
    const response = fullResponse(K, pencil.size, point, traces, changes);
    const g = traces.slice(traces.length - K);
    const state = { g, ...argument };
    const heldResponse = () => fullResponse(K, pencil.size, point, traces, held);
    return new NetworkSolution(traces, response, point.logs, point.blocks, heldResponse, (sources) =>
      networkPrior(rows, sources, forms, state, point.changes.slice(1), changes, held),
    );
  }

  priorPrecision(sources: readonly Source[]): PriorPrecision | undefined {
    return this.prior(sources);
  }
}

/** V1_kl = √(g_kg_l)𝒯_kl and g. */
function tracesOf(K: number, size: number, { logs, pencil }: TracePoint): Float64Array {
  const traces = new Float64Array(packedSize(K));
  for (let k = 0; k < K; k++) {
    traces[traces.length - K + k] = Math.exp(logs[k]!);
    for (let l = k; l < K; l++) {
      const root = Math.exp(0.5 * (logs[k]! + logs[l]!));
      traces[packedPair(K, k, l)] = root * pencil.resolvent[k * size + l]!;
    }
  }
  return traces;
}

/** From the equations for log g, differentiated by the conjugates. */
function traceResponse(
  K: number,
  size: number,
  point: TracePoint,
  { D, beta }: NetworkArgument,
  held: TraceResponse,
): TraceResponse | undefined {
  const { logs, pencil } = point;
  const m = packedSize(K);
  const pairs = m - K;
  const logResponse = new Float64Array(K * m);
  const couplingResponse = new Float64Array(pairs * m);
  for (let b = 0; b < pairs; b++) {
    const direct = held.coupling[b * m + b]!;
    couplingResponse[b * m + b] = direct;
    for (let i = 0; i < K; i++) logResponse[i * m + b] = (-diagonalSlope(K, size, point, b, i) * direct) / beta;
  }
  for (let k = 0; k < K; k++) logResponse[k * m + pairs + k] = -Math.exp(logs[k]!);
  if (!solveInPlace(traceJacobian(K, size, beta, D, logs, point), logResponse, K, m)) return undefined;
  for (let b = 0; b < pairs; b++) {
    const [k, l] = pairOf(K, b);
    for (let a = 0; a < m; a++) {
      const both = 0.5 * (logResponse[k * m + a]! + logResponse[l * m + a]!);
      couplingResponse[b * m + a]! += both * pencil.coupling[k * K + l]!;
    }
  }
  return { logs: logResponse, coupling: couplingResponse };
}

/** The changes of 𝒱 = β√(gg)V̂1 with the conjugates where g is held. */
function heldTraces(
  K: number,
  { logs }: Pick<TracePoint, "logs">,
  { beta }: Pick<NetworkArgument, "beta">,
): TraceResponse {
  const m = packedSize(K);
  const pairs = m - K;
  const coupling = new Float64Array(pairs * m);
  for (let b = 0; b < pairs; b++) {
    const [k, l] = pairOf(K, b);
    // An off-diagonal conjugate counts V̂1_kl twice.
    coupling[b * m + b] = beta * Math.exp(0.5 * (logs[k]! + logs[l]!)) * (k === l ? 1 : 0.5);
  }
  return { logs: new Float64Array(K * m), coupling };
}

/** −d(V1, g)/d(conjugates) */
function fullResponse(
  K: number,
  size: number,
  { logs, changes }: TracePoint,
  traces: Float64Array,
  { logs: logResponse, coupling }: TraceResponse,
): Float64Array {
  const m = traces.length;
  const pairs = m - K;
  const response = new Float64Array(m * m);
  for (let row = 0; row < pairs; row++) {
    const [k, l] = pairOf(K, row);
    const root = Math.exp(0.5 * (logs[k]! + logs[l]!));
    for (let a = 0; a < m; a++) {
      let sum = 0.5 * (logResponse[k * m + a]! + logResponse[l * m + a]!) * traces[row]!;
      for (let b = 0; b < pairs; b++) sum += root * changes[1 + b]![k * size + l]! * coupling[b * m + a]!;
      response[row * m + a] = -sum;
    }
  }
  for (let k = 0; k < K; k++) {
    const g = Math.exp(logs[k]!);
    for (let a = 0; a < m; a++) response[(pairs + k) * m + a] = -g * logResponse[k * m + a]!;
  }
  return response;
}
