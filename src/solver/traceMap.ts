import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import type { FixedPointProblem } from "../numerics/fixedPoint.ts";
import { dot, multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import { type Bulk, packedPair, type GroupMixing } from "./bulk.ts";

/**
 * A point (α, λ) in the form that has its exact limits (theory §4): with x = (V1, g) in units in which it stays finite,
 * the susceptibility enters as δ + τV, the conjugates carry α = `samples`, the resolvent λ = `ridge`.
 */
export interface ScaledPoint {
  readonly samples: number;
  readonly one: number;
  readonly susceptibility: number;
  readonly ridge: number;
}

export interface FeatureRank {
  /** Limit of rank/d of the feature matrix: the interpolation threshold in α. */
  readonly rank: number;
  /** E μ1²c of linear neurons, if there are more of them than d; they then leave directions that only λ resists. */
  readonly nullPower: number;
}

/** What stands for λ → 0 in directions that no data resists, relative to the conjugates: at rounding level. */
const VANISHING_RIDGE = 1e-14;

/** Scales of the traces: as they are; times α for α = ∞; times λ for λ → 0⁺ below the interpolation threshold. */
export function scaledPoint(
  sampleRatio: number,
  widthRatio: number,
  ridge: number,
  { rank, nullPower }: FeatureRank,
): ScaledPoint {
  if (ridge === 0 && sampleRatio < rank) return { samples: sampleRatio, one: 0, susceptibility: 1, ridge: 1 };
  const infinite = sampleRatio === Infinity;
  const samples = infinite ? 1 : sampleRatio;
  const least = (VANISHING_RIDGE * samples * nullPower) / widthRatio;
  return { samples, one: 1, susceptibility: infinite ? 0 : 1, ridge: infinite || ridge === 0 ? least : ridge };
}

/**
 * Basis functions φ_a(κ) with V(κ) = Σ_a φ_a x_a: (2 − δ_kl) μ1_k μ1_l, then μ2_k² (packed order of `Bulk`).
 *
 * @param linear functions in the place of the μ1_k, where the bulk is that of a basis of them
 */
export function susceptibilityBasis(
  { groups, nodes }: ConditionalFeatureStatistics,
  linear: readonly Float64Array[] = groups.map(({ mu1 }) => mu1),
): Float64Array[] {
  const basis: Float64Array[] = [];
  linear.forEach((first, k) => {
    for (const [offset, second] of linear.slice(k).entries()) {
      const factor = offset === 0 ? 1 : 2;
      basis.push(nodes.map((_, i) => factor * first[i]! * second[i]!));
    }
  });
  return [...basis, ...groups.map((group) => group.mu2Squared)];
}

/** V = Σ_a φ_a x_a at one κ, from its moments (μ1_0, μ2_0², μ1_1, …), with traces in the basis of `mixing`. */
export function packedSusceptibility(
  moments: Float64Array,
  traces: Float64Array,
  { rank, combination }: GroupMixing,
): number {
  const K = combination.length / rank;
  const linear = new Float64Array(rank);
  let sum = 0;
  for (let k = 0; k < K; k++) {
    sum += moments[2 * k + 1]! * traces[traces.length - K + k]!;
    for (let a = 0; a < rank; a++) linear[a]! += combination[a * K + k]! * moments[2 * k]!;
  }
  for (let a = 0; a < rank; a++) {
    for (let b = a; b < rank; b++) {
      sum += (a === b ? 1 : 2) * linear[a]! * linear[b]! * traces[packedPair(rank, a, b)]!;
    }
  }
  return sum;
}

/** The plain map of theory §4 from the traces to the traces, in logarithms, with its Newton step. */
export interface TraceMap extends FixedPointProblem {
  /** Sets the point; the arrays below are those of the last `evaluate`. */
  setPoint(point: ScaledPoint, bulk: Bulk, widthRatio: number): void;
  /** 1/(δ + τV) on the nodes. */
  readonly damping: Float64Array;
  /** Its square. */
  readonly square: Float64Array;
  /** w φ_a: the average of φ_a f is their scalar product with f. */
  readonly weightedBasis: readonly Float64Array[];
  /** τ(α/β) E[φ_a φ_b/(δ + τV)²], m×m. */
  readonly hessian: Float64Array;
  /** (α/β) E[φ_a/(δ + τV)] */
  readonly conjugates: Float64Array;
  /** (V1, g) at the last argument, packed. */
  readonly traces: Float64Array;
}

/** Logarithmic coordinates: log V1_kk, V1_kl/√(V1_kk V1_ll), log g_k; the pairs are those of `rank` functions. */
export function toCoordinates(x: Float64Array, rank: number, z: Float64Array): void {
  for (let k = 0; k < rank; k++) {
    for (let l = k; l < rank; l++) {
      const a = packedPair(rank, k, l);
      z[a] = k === l ? Math.log(x[a]!) : x[a]! / Math.sqrt(x[packedPair(rank, k, k)]! * x[packedPair(rank, l, l)]!);
    }
  }
  for (let a = pairsOf(rank); a < x.length; a++) z[a] = Math.log(x[a]!);
}

export function fromCoordinates(z: Float64Array, rank: number, x: Float64Array): void {
  for (let k = 0; k < rank; k++) x[packedPair(rank, k, k)] = Math.exp(z[packedPair(rank, k, k)]!);
  for (let k = 0; k < rank; k++) {
    for (let l = k + 1; l < rank; l++) {
      const a = packedPair(rank, k, l);
      x[a] = z[a]! * Math.sqrt(x[packedPair(rank, k, k)]! * x[packedPair(rank, l, l)]!);
    }
  }
  for (let a = pairsOf(rank); a < x.length; a++) x[a] = Math.exp(z[a]!);
}

/** Sizes that the entries of x are compared with: √(V1_kk V1_ll) and g_k. */
export function traceUnits(x: Float64Array, rank: number, units: Float64Array): void {
  units.set(x);
  for (let k = 0; k < rank; k++) {
    for (let l = k + 1; l < rank; l++) {
      units[packedPair(rank, k, l)] = Math.sqrt(x[packedPair(rank, k, k)]! * x[packedPair(rank, l, l)]!);
    }
  }
}

const pairsOf = (rank: number): number => (rank * (rank + 1)) / 2;

/** ∂x/∂z at x, m×m row-major; its inverse is ∂z/∂x. */
export function coordinateJacobian(x: Float64Array, rank: number): Float64Array {
  const m = x.length;
  const jacobian = new Float64Array(m * m);
  for (let k = 0; k < rank; k++) {
    for (let l = k; l < rank; l++) {
      const a = packedPair(rank, k, l);
      const kk = packedPair(rank, k, k);
      const ll = packedPair(rank, l, l);
      if (k === l) jacobian[a * m + a] = x[a]!;
      else {
        jacobian[a * m + a] = Math.sqrt(x[kk]! * x[ll]!);
        jacobian[a * m + kk] = jacobian[a * m + ll] = 0.5 * x[a]!;
      }
    }
  }
  for (let a = pairsOf(rank); a < m; a++) jacobian[a * m + a] = x[a]!;
  return jacobian;
}

const SMALLEST_SUSCEPTIBILITY = 1e-200;

/**
 * @param basis the φ_a, of `rank` functions and every group
 */
export function traceMap(
  statistics: ConditionalFeatureStatistics,
  basis: readonly Float64Array[],
  rank: number,
): TraceMap {
  const m = basis.length;
  const N = statistics.nodes.length;
  const { weights } = statistics;
  const damping = new Float64Array(N);
  const square = new Float64Array(N);
  // The averages are products of these constants with the damping.
  const weightedBasis = basis.map((phi) => phi.map((value, i) => weights[i]! * value));
  const weightedPairs = weightedBasis.flatMap((first, a) =>
    basis.slice(a).map((second) => first.map((value, i) => value * second[i]!)),
  );
  const hessian = new Float64Array(m * m);
  const conjugates = new Float64Array(m);
  const traces = new Float64Array(m);
  const image = new Float64Array(m);
  const imageCoordinates = new Float64Array(m);
  const residual = new Float64Array(m);
  const newton = new Float64Array(m);
  let point: ScaledPoint;
  let bulk: Bulk;
  let beta: number;

  function averages(): void {
    damp();
    if (point.one === 0) floorSusceptibility();
    const scale = point.samples / beta;
    for (let a = 0; a < m; a++) conjugates[a] = scale * dot(weightedBasis[a]!, damping);
    for (let i = 0; i < N; i++) square[i] = damping[i]! * damping[i]!;
    const slope = point.susceptibility * scale;
    for (let a = 0, pair = 0; a < m; a++) {
      for (let b = a; b < m; b++) {
        hessian[a * m + b] = hessian[b * m + a] = slope * dot(weightedPairs[pair++]!, square);
      }
    }
  }

  /** 1/(δ + τV) on the nodes. */
  function damp(): void {
    const { one, susceptibility } = point;
    if (m === 2) {
      const [first, second] = [basis[0]!, basis[1]!];
      const [x0, x1] = [susceptibility * traces[0]!, susceptibility * traces[1]!];
      for (let i = 0; i < N; i++) damping[i] = 1 / (one + x0 * first[i]! + x1 * second[i]!);
      return;
    }
    damping.fill(one);
    for (let a = 0; a < m; a++) {
      const phi = basis[a]!;
      const factor = susceptibility * traces[a]!;
      for (let i = 0; i < N; i++) damping[i]! += factor * phi[i]!;
    }
    for (let i = 0; i < N; i++) damping[i] = 1 / damping[i]!;
  }

  /** Where nothing stands beside V, a V that underflows the averages counts as this fraction of its largest value. */
  function floorSusceptibility(): void {
    let least = Infinity;
    for (let i = 0; i < N; i++) least = Math.min(least, damping[i]!);
    for (let i = 0; i < N; i++) damping[i] = Math.min(damping[i]!, least / SMALLEST_SUSCEPTIBILITY);
  }

  /** s = (I − ∂z/∂x · response · hessian · ∂x/∂z)⁻¹ r. */
  function newtonStep(): void {
    const slope = multiply(multiply(bulk.response, hessian, m, m, m), coordinateJacobian(traces, rank), m, m, m);
    if (!solveInPlace(coordinateJacobian(image, rank), slope, m, m)) return void newton.fill(NaN);
    for (let a = 0; a < m * m; a++) slope[a] = (a % (m + 1) === 0 ? 1 : 0) - slope[a]!;
    newton.set(residual);
    if (!solveInPlace(slope, newton, m, 1)) newton.fill(NaN);
  }

  /** The same for K = 1, where everything is 2×2: (I − diag(1/X) R H diag(x))⁻¹ r. */
  function scalarNewtonStep(): void {
    const [R, H] = [bulk.response, hessian];
    const j00 = 1 - ((R[0]! * H[0]! + R[1]! * H[2]!) * traces[0]!) / image[0]!;
    const j01 = -((R[0]! * H[1]! + R[1]! * H[3]!) * traces[1]!) / image[0]!;
    const j10 = -((R[2]! * H[0]! + R[3]! * H[2]!) * traces[0]!) / image[1]!;
    const j11 = 1 - ((R[2]! * H[1]! + R[3]! * H[3]!) * traces[1]!) / image[1]!;
    const determinant = j00 * j11 - j01 * j10;
    newton[0] = (j11 * residual[0]! - j01 * residual[1]!) / determinant;
    newton[1] = (j00 * residual[1]! - j10 * residual[0]!) / determinant;
  }

  return {
    residual,
    newton,
    damping,
    square,
    weightedBasis,
    hessian,
    conjugates,
    traces,
    setPoint(newPoint, newBulk, widthRatio) {
      point = newPoint;
      bulk = newBulk;
      beta = widthRatio;
    },
    evaluate(z) {
      fromCoordinates(z, rank, traces);
      averages();
      image.set(traces);
      const reason = bulk.solve(conjugates, point.ridge, image);
      if (reason !== undefined) return reason;
      toCoordinates(image, rank, imageCoordinates);
      for (let a = 0; a < m; a++) residual[a] = imageCoordinates[a]! - z[a]!;
      if (m === 2) scalarNewtonStep();
      else newtonStep();
      return undefined;
    },
  };
}
