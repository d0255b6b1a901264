import { packedPair } from "../bulk/packed.ts";
import type { ScaledPoint } from "../ridge/limits.ts";
import { type BulkResolvent, pairsOf } from "./bulkResolvent.ts";
import type { SpikeProblem } from "./spikeProblem.ts";
import { inner, type TracePoint, tracePoint, type Traces } from "./tracePoint.ts";

export interface SolvedTraces {
  readonly status: "converged";
  readonly point: TracePoint;
  readonly iterations: number;
  /** Largest residual at the last argument, and Newton's step there. */
  readonly residual: number;
  readonly step: number;
}

export interface TraceFailure {
  readonly status: "max-iterations" | "non-finite";
  readonly iterations: number;
  readonly residual: number;
  readonly detail: string;
}

const TOLERANCE = 1e-12;
/** A stagnating iteration is accepted below this step. */
const ACCEPTABLE = 1e-9;
const MOST_ITERATIONS = 60;
/** Longest step in logarithms. */
const LONGEST = 1.5;
const HALVINGS = 5;
/** Continuation starts where the ridge is this many times what the data resist with, and falls by this factor. */
const FIRST_RIDGE = 10;
const FALL = 10;

/**
 * Newton's method on the traces, from a neighbouring solution or by continuation from a large ridge, where the solution is
 * g = π/λ, V1_kk = g_k tr C_k/d.
 *
 * @param start a solution nearby; the bulk keeps what belongs to it
 */
export function solveTraces(
  problem: SpikeProblem,
  phi: readonly Float64Array[],
  bulk: BulkResolvent,
  at: ScaledPoint,
  beta: number,
  start: Traces | undefined,
): SolvedTraces | TraceFailure {
  if (start) {
    const warm = newton(problem, phi, bulk, at, beta, start);
    if (warm.status === "converged") return warm;
  }
  bulk.reset();
  const mean = (a: number) => inner(problem.rule.weights, phi[a]!);
  const strength = (at.samples / beta) * phi.reduce((sum, _, a) => sum + Math.abs(mean(a)), 0);
  const floor = at.delta === 0 ? 0 : at.ridge;
  let ridge = Math.max(floor, FIRST_RIDGE * strength);
  let x = tracesOfRidge(problem, bulk, ridge, phi.length);
  // Without ridge the equations are those of λ → 0 in units of 1/λ: δ falls in place of λ.
  const stage = (value: number): ScaledPoint => (at.delta === 0 ? { ...at, delta: value } : { ...at, ridge: value });
  if (at.delta === 0) x = x.map((value) => value * ridge);
  let factor = FALL;
  let iterations = 0;
  for (;;) {
    const found = newton(problem, phi, bulk, stage(ridge), beta, x);
    iterations += found.iterations;
    if (found.status !== "converged") {
      if (factor < 1.2) return { ...found, iterations };
      ridge *= factor;
      factor = Math.sqrt(factor);
      bulk.reset();
    } else {
      x = found.point.x;
      if (ridge === floor) return { ...found, iterations };
    }
    const tail =
      floor > 0
        ? floor
        : 1e-3 *
          (at.delta === 0
            ? inner(
                x,
                Float64Array.from(phi, (_, a) => mean(a)),
              )
            : 0);
    ridge = ridge / factor <= tail * 1.0001 ? floor : ridge / factor;
  }
}

/** The traces at a ridge that is large beside what the data resist with. */
function tracesOfRidge(problem: SpikeProblem, bulk: BulkResolvent, ridge: number, size: number): Traces {
  const K = problem.fractions.length;
  const pairs = pairsOf(K);
  const free = bulk.trace(new Float64Array(K * K));
  bulk.reset();
  const variance = (k: number): number => {
    const own = free?.T[k * K + k] ?? 1;
    return own > 0 && own < Infinity ? own : 1;
  };
  return Float64Array.from({ length: size }, (_, a) => {
    if (a >= pairs.length) return problem.fractions[a - pairs.length]! / ridge;
    const [k, l] = pairs[a]!;
    return k === l ? (variance(k) * problem.fractions[k]!) / ridge : 0;
  });
}

function newton(
  problem: SpikeProblem,
  phi: readonly Float64Array[],
  bulk: BulkResolvent,
  at: ScaledPoint,
  beta: number,
  start: Traces,
): SolvedTraces | TraceFailure {
  const evaluate = (x: Traces) => tracePoint(problem, phi, bulk, at, beta, x);
  const failed = (iterations: number, residual: number, detail: string): TraceFailure => {
    return { status: Number.isFinite(residual) ? "max-iterations" : "non-finite", iterations, residual, detail };
  };
  let point = evaluate(start);
  if (!point) return failed(1, NaN, "the equations cannot be evaluated at the start");
  for (let iterations = 1; iterations <= MOST_ITERATIONS; iterations++) {
    const [merit, step] = [largest(point.residual) + point.trace.residual, largest(point.newton)];
    if (step + point.trace.residual <= TOLERANCE || merit <= 4e-16) {
      return { status: "converged", point, iterations, residual: merit, step };
    }
    let next: TracePoint | undefined;
    let scale = Math.min(1, LONGEST / step);
    for (let attempt = 0; attempt <= HALVINGS; attempt++, scale *= 0.4) {
      const x = moved(point.x, point.newton, scale, problem.fractions.length);
      const candidate = x && evaluate(x);
      const reached = candidate ? largest(candidate.residual) + candidate.trace.residual : NaN;
      if (reached < (1 - 0.1 * scale) * merit || reached < 1e-14) {
        next = candidate;
        break;
      }
    }
    if (!next) {
      if (step + point.trace.residual <= ACCEPTABLE) {
        return { status: "converged", point, iterations, residual: merit, step };
      }
      return failed(iterations, merit, `Newton's step of ${step.toExponential(1)} does not reduce the residual`);
    }
    point = next;
  }
  return failed(MOST_ITERATIONS, largest(point.residual), "the iterations ran out");
}

/** Newton's step, V1_kk and g in logarithms; undefined where V1 loses its sign. */
function moved(x: Traces, step: Float64Array, scale: number, K: number): Traces | undefined {
  const pairs = pairsOf(K);
  const n = pairs.length;
  const out = Float64Array.from(x);
  for (let a = 0; a < x.length; a++) {
    if (a >= n || pairs[a]![0] === pairs[a]![1]) out[a] = x[a]! * Math.exp(scale * step[a]!);
  }
  for (let a = 0; a < n; a++) {
    const [k, l] = pairs[a]!;
    if (k === l) continue;
    const size = (of: Traces) => Math.sqrt(of[packedPair(K, k, k)]! * of[packedPair(K, l, l)]!);
    out[a] = x[a]! + scale * step[a]! * size(x);
    if (!(Math.abs(out[a]!) < size(out))) return undefined;
  }
  return out.every(Number.isFinite) ? out : undefined;
}

const largest = (values: Float64Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
