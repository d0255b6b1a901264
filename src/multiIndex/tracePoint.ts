import { packedPair } from "../bulk/packed.ts";
import { multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import type { ScaledPoint } from "../ridge/limits.ts";
import { type BulkResolvent, pairsOf, type ResolventTrace } from "./bulkResolvent.ts";
import type { SpikeProblem } from "./spikeProblem.ts";

/** The traces (V1, g): packed pairs k ≤ l of V1, then g. */
export type Traces = Float64Array;

/** The map of the traces at one argument, with its derivatives (theory §4, multiIndex §4). */
export interface TracePoint {
  readonly x: Traces;
  /** 1/(δ + τV) on the nodes. */
  readonly damping: Float64Array;
  /** V̂1 (each pair once) and V̂2. */
  readonly conjugates: Float64Array;
  /** 𝒱 = β√(g_kg_l) V̂1, K×K. */
  readonly coupling: Float64Array;
  readonly trace: ResolventTrace;
  /** Φ(x) − x in log V1_kk, V1_kl/√(V1_kkV1_ll), log g. */
  readonly residual: Float64Array;
  /** Newton's step in the same units. */
  readonly newton: Float64Array;
  /** d(V1, log g)/d(V̂1, V̂2), total, through the fixed point; columns are pairs (both entries of V̂1 together), then V̂2. */
  readonly response: Float64Array;
  /** The change of the conjugates with it. */
  readonly conjugateResponse: Float64Array;
  /** Largest row sum of (I − Φ′)⁻¹: by how much errors of the averages grow. */
  readonly amplification: number;
}

/** Functions φ_a of V = Σ φ_a x_a: (2 − δ_kl) μ1_kμ1_l and μ2_k². */
export function susceptibilityFunctions({ mu1, mu2Squared }: SpikeProblem): readonly Float64Array[] {
  return [
    ...pairsOf(mu1.length).map(([k, l]) => mu1[k]!.map((value, i) => (k === l ? 1 : 2) * value * mu1[l]![i]!)),
    ...mu2Squared,
  ];
}

/**
 *   V = Σ μ1_kμ1_l V1_kl + Σ μ2_k² g_k,   V̂1_kl = (α/β)E[μ1_kμ1_l/(1+V)],   V̂2_k = (α/β)E[μ2_k²/(1+V)],
 *   𝒱_kl = β√(g_kg_l)V̂1_kl,   V1_kl = √(g_kg_l) 𝒯_kl,   g_k = π_k/(λ + V̂2_k + [𝒯𝒱]_kk/(βg_k)),
 *
 * in the units of a {@link ScaledPoint}.
 *
 * @returns undefined where the bulk has no resolvent, or an unknown leaves its range
 */
export function tracePoint(
  problem: SpikeProblem,
  phi: readonly Float64Array[],
  bulk: BulkResolvent,
  { samples, delta: one, susceptibility, ridge }: ScaledPoint,
  beta: number,
  x: Traces,
): TracePoint | undefined {
  const K = problem.fractions.length;
  const pairs = pairsOf(K);
  const [n, size] = [pairs.length, pairs.length + K];
  const { weights } = problem.rule;
  const damping = new Float64Array(weights.length);
  for (let a = 0; a < size; a++) {
    const [column, value] = [phi[a]!, x[a]!];
    for (let i = 0; i < damping.length; i++) damping[i]! += column[i]! * value;
  }
  for (let i = 0; i < damping.length; i++) damping[i] = 1 / (one + susceptibility * damping[i]!);
  const weighted = weights.map((w, i) => w * damping[i]!);
  const scale = samples / beta;
  // V̂1 as entries: a pair's function has both of them.
  const entries = (a: number) => (a < n && pairs[a]![0] !== pairs[a]![1] ? 0.5 : 1);
  const conjugates = Float64Array.from(phi, (column, a) => scale * entries(a) * inner(weighted, column));
  const hessian = conjugateSlopes(phi, weighted, damping, scale * susceptibility);
  for (let a = 0; a < n; a++) for (let b = 0; b < size; b++) hessian[a * size + b]! *= entries(a);

  const logs = Float64Array.from({ length: K }, (_, k) => Math.log(x[n + k]!));
  const root = (k: number, l: number) => Math.exp(0.5 * (logs[k]! + logs[l]!));
  const coupling = new Float64Array(K * K);
  pairs.forEach(([k, l], a) => (coupling[k * K + l] = coupling[l * K + k] = beta * root(k, l) * conjugates[a]!));
  const trace = bulk.trace(coupling);
  if (!trace) return undefined;
  const { T, slopes } = trace;

  // [𝒯𝒱]_kk/(βg_k) = Σ_l 𝒯_kl 𝒱_kl/(βg_k)
  const absorbed = Float64Array.from(logs, (log, k) => {
    let sum = 0;
    for (let l = 0; l < K; l++) sum += T[k * K + l]! * coupling[k * K + l]!;
    return (sum * Math.exp(-log)) / beta;
  });
  const images = new Float64Array(size);
  pairs.forEach(([k, l], a) => (images[a] = root(k, l) * T[k * K + l]!));
  for (let k = 0; k < K; k++) images[n + k] = problem.fractions[k]! / (ridge + conjugates[n + k]! + absorbed[k]!);
  if (!images.every(Number.isFinite) || images.subarray(n).some((g) => !(g > 0))) return undefined;
  if (pairs.some(([k, l], a) => k === l && !(images[a]! > 0))) return undefined;

  /** d(V1, log g) of the map for changes of the conjugates and of log g. */
  const differential = (dConjugates: ArrayLike<number>, dLogs: ArrayLike<number>): Float64Array => {
    const dCoupling = pairs.map(
      ([k, l], a) => 0.5 * (dLogs[k]! + dLogs[l]!) * coupling[k * K + l]! + beta * root(k, l) * dConjugates[a]!,
    );
    const dT = new Float64Array(K * K);
    slopes.forEach((slope, p) => {
      for (let at = 0; at < dT.length; at++) dT[at]! += slope[at]! * dCoupling[p]!;
    });
    const out = new Float64Array(size);
    pairs.forEach(([k, l], a) => {
      out[a] = images[a]! * 0.5 * (dLogs[k]! + dLogs[l]!) + root(k, l) * dT[k * K + l]!;
    });
    for (let k = 0; k < K; k++) {
      let change = 0;
      for (let l = 0; l < K; l++) {
        const pair = dCoupling[packedPair(K, k, l)]!;
        change += dT[k * K + l]! * coupling[k * K + l]! + T[k * K + l]! * pair;
      }
      const dAbsorbed = (change * Math.exp(-logs[k]!)) / beta - absorbed[k]! * dLogs[k]!;
      out[n + k] = (-images[n + k]! / problem.fractions[k]!) * (dConjugates[n + k]! + dAbsorbed);
    }
    return out;
  };

  // In units: V1_kk by itself, V1_kl by √(V1_kkV1_ll), log g.
  const units = Float64Array.from({ length: size }, (_, a) => {
    if (a >= n) return 1;
    const [k, l] = pairs[a]!;
    return Math.sqrt(x[packedPair(K, k, k)]! * x[packedPair(K, l, l)]!);
  });
  const residual = images.map((image, a) => (a < n ? (image - x[a]!) / units[a]! : Math.log(image / x[a]!)));
  const none = new Float64Array(size);
  const jacobian = new Float64Array(size * size);
  for (let b = 0; b < size; b++) {
    const dConjugates = Float64Array.from({ length: size }, (_, a) => {
      const step = b < n ? units[b]! : x[b]!;
      return -hessian[a * size + b]! * step;
    });
    const column = differential(dConjugates, b < n ? none : unit(K, b - n));
    for (let a = 0; a < size; a++) jacobian[a * size + b] = (a === b ? 1 : 0) - column[a]! / units[a]!;
  }
  const inverse = new Float64Array(size * size);
  for (let a = 0; a < size; a++) inverse[a * size + a] = 1;
  if (!solveInPlace(Float64Array.from(jacobian), inverse, size, size)) return undefined;
  const newton = multiply(inverse, residual, size, size, 1);

  const direct = new Float64Array(size * size);
  for (let b = 0; b < size; b++) {
    const column = differential(unit(size, b), none);
    for (let a = 0; a < size; a++) direct[a * size + b] = column[a]! / units[a]!;
  }
  const response = multiply(inverse, direct, size, size, size);
  for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) response[a * size + b]! *= units[a]!;
  const absolute = Float64Array.from(response, (value, at) =>
    at < n * size ? value : value * x[Math.floor(at / size)]!,
  );
  const conjugateResponse = multiply(hessian, absolute, size, size, size).map((value) => -value);
  for (let a = 0; a < size; a++) conjugateResponse[a * size + a]! += 1;
  let amplification = 0;
  for (let a = 0; a < size; a++) {
    let sum = 0;
    for (let b = 0; b < size; b++) sum += Math.abs(inverse[a * size + b]!);
    amplification = Math.max(amplification, sum);
  }
  return { x, damping, conjugates, coupling, trace, residual, newton, response, conjugateResponse, amplification };
}

/** (α/β) τ E[φ_aφ_b/(δ+τV)²] */
function conjugateSlopes(
  phi: readonly Float64Array[],
  weighted: Float64Array,
  damping: Float64Array,
  factor: number,
): Float64Array {
  const size = phi.length;
  const out = new Float64Array(size * size);
  const column = new Float64Array(weighted.length);
  for (let a = 0; a < size; a++) {
    for (let i = 0; i < column.length; i++) column[i] = weighted[i]! * damping[i]! * phi[a]![i]!;
    for (let b = a; b < size; b++) out[a * size + b] = out[b * size + a] = factor * inner(column, phi[b]!);
  }
  return out;
}

function unit(size: number, at: number): Float64Array {
  const out = new Float64Array(size);
  out[at] = 1;
  return out;
}

export function inner(a: Float64Array, b: Float64Array): number {
  let [s0, s1] = [0, 0];
  const even = a.length & ~1;
  for (let i = 0; i < even; i += 2) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
  }
  return even < a.length ? s0 + s1 + a[even]! * b[even]! : s0 + s1;
}
