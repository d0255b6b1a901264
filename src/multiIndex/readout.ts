import { multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import { symmetricEigen } from "../numerics/symmetricEigen.ts";
import type { ScaledPoint } from "../ridge/limits.ts";
import { pairsOf, type SourceForms } from "./bulkResolvent.ts";
import type { SpikeProblem } from "./spikeProblem.ts";
import { inner, type TracePoint } from "./tracePoint.ts";

/** The effective ridge over the channels (multiIndex §2, §4). */
export interface SpikeReadout {
  /** m_k */
  readonly means: Float64Array;
  /** Coefficients of the sources. */
  readonly t: Float64Array;
  /** mean(κ) = Σ t X */
  readonly mean: Float64Array;
  /** z_b = Σ t Y_b, the part of each ζ_b. */
  readonly alongRest: readonly Float64Array[];
  /** R(κ) */
  readonly risk: Float64Array;
  readonly objective: number;
  /** Q1, packed pairs, then Q2. */
  readonly Q: Float64Array;
  /** Rounding of the objective, relative. */
  readonly rounding: number;
}

/** Groups whose mean channels are combinations of others' to this are dropped from their basis. */
const COLLINEAR = 1e-13;

/** Orthonormal combinations of the mean channels, and the channels in them: made once per problem. */
export interface MeanBasis {
  readonly functions: readonly Float64Array[];
  /** m = transform · coefficients; K rows. */
  readonly transform: readonly Float64Array[];
}

/** By modified Gram–Schmidt with pivots: nearly collinear means keep their digits. */
export function meanBasis({ rule, mu0 }: SpikeProblem): MeanBasis {
  const K = mu0.length;
  const rest = mu0.map((column) => Float64Array.from(column));
  const combos = mu0.map((_, k) => Float64Array.from({ length: K }, (_, j) => (j === k ? 1 : 0)));
  const weighted = (a: Float64Array, b: Float64Array) =>
    a.reduce((sum, value, i) => sum + rule.weights[i]! * value * b[i]!, 0);
  const sizes = mu0.map((column) => Math.sqrt(weighted(column, column)));
  const left = new Set(mu0.keys());
  const [functions, transforms]: [Float64Array[], Float64Array[]] = [[], []];
  for (;;) {
    let [best, most] = [-1, COLLINEAR];
    for (const k of left) {
      const size = sizes[k]! > 0 ? Math.sqrt(weighted(rest[k]!, rest[k]!)) / sizes[k]! : 0;
      if (size > most) [best, most] = [k, size];
    }
    if (best < 0) break;
    left.delete(best);
    const norm = Math.sqrt(weighted(rest[best]!, rest[best]!));
    const f = rest[best]!.map((value) => value / norm);
    const combo = combos[best]!.map((value) => value / norm);
    functions.push(f);
    transforms.push(combo);
    for (const k of left) {
      for (let pass = 0; pass < 2; pass++) {
        const overlap = weighted(rest[k]!, f);
        rest[k] = rest[k]!.map((value, i) => value - overlap * f[i]!);
        combos[k] = combos[k]!.map((value, i) => value - overlap * combo[i]!);
      }
    }
  }
  return {
    functions,
    transform: mu0.map((_, k) => Float64Array.from(transforms, (combo) => combo[k]!)),
  };
}

/** Prior covariance 𝒮 of the sources and its change with (log g, 𝒱). */
function priorCovariance(
  problem: SpikeProblem,
  { x }: TracePoint,
  forms: SourceForms | undefined,
  samples: number,
): { S: Float64Array; change: (dLogs: ArrayLike<number>, dCoupling: ArrayLike<number>) => Float64Array } {
  const { sources } = problem;
  const n = sources.length;
  const K = problem.fractions.length;
  const g = x.subarray(x.length - K);
  const scale = (i: number, j: number) => samples * Math.sqrt(g[sources[i]!.group]! * g[sources[j]!.group]!);
  const S = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    if (forms) for (let j = 0; j < n; j++) S[i * n + j] = scale(i, j) * forms.forms[i * n + j]!;
    else S[i * n + i] = scale(i, i);
  }
  const change = (dLogs: ArrayLike<number>, dCoupling: ArrayLike<number>) =>
    S.map((value, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      let sum = 0.5 * (dLogs[sources[i]!.group]! + dLogs[sources[j]!.group]!) * value;
      forms?.slopes.forEach((slope, p) => (sum += scale(i, j) * slope[at]! * dCoupling[p]!));
      return sum;
    });
  return { S, change };
}

/**
 * Minimises E[bias/(1+V)] + tᵀ𝒮⁻¹t over means and sources, and takes Q1 and Q2 as its derivatives (envelope theorem):
 *
 *   A = E[(XXᵀ + Σ_bY_bY_bᵀ)/(1+V)] (the resolvent's own parts taken out),   rhs = E[(Xh + Σ_bY_bh_b)/(1+V)],   t = 𝒮y,
 *   Q1_kl = (α/β) dℒ/dV̂1_kl,   Q2_k = (α/β) dℒ/dV̂2_k,   R = bias + Σ μ1_kμ1_lQ1_kl + Σ μ2_k²Q2_k.
 */
export function spikeReadout(
  problem: SpikeProblem,
  phi: readonly Float64Array[],
  basis: MeanBasis,
  point: TracePoint,
  forms: SourceForms | undefined,
  { samples, delta: one, susceptibility }: ScaledPoint,
  beta: number,
): SpikeReadout | undefined {
  const { sources, rule, h, slopes, square, rest, mu1 } = problem;
  const K = problem.fractions.length;
  const q = rule.dimension;
  const n = sources.length;
  const { damping } = point;
  const weighted = rule.weights.map((w, i) => w * damping[i]!);
  const { S, change } = priorCovariance(problem, point, forms, samples);

  // Regressors: means first, then sources; those along ζ_b of the bulk itself are in 𝒮 and in Q1.
  const means = meanColumns(problem, basis);
  const M = means.functions.length;
  const X = [...means.functions, ...sources.map((source) => source.X)];
  const own = (i: number) => (forms ? sources[i]!.axis : undefined);
  const A = new Float64Array((M + n) ** 2);
  const rhs = new Float64Array(M + n);
  const size = M + n;
  const kappaOf = (axis: number) => rule.coordinates[axis]!;
  X.forEach((first, i) => {
    if (first) {
      const column = weighted.map((w, at) => w * first[at]!);
      rhs[i]! += inner(column, h);
      for (let j = i; j < size; j++) {
        const second = X[j];
        if (second) A[i * size + j] = inner(column, second);
      }
    }
    if (i < M) return;
    for (let b = 0; b < rest; b++) {
      const y = sources[i - M]!.Y[b];
      if (!y) continue;
      const column = weighted.map((w, at) => w * y[at]!);
      rhs[i]! += inner(column, slopes[b]!);
      for (let j = i; j < size; j++) {
        const other = sources[j - M]!.Y[b];
        if (other) A[i * size + j]! += inner(column, other);
      }
    }
    for (let j = i; j < size; j++) {
      const [a, b] = [own(i - M), own(j - M)];
      if (a === undefined || a !== b) continue;
      const [k, l] = [sources[i - M]!.group, sources[j - M]!.group];
      const factor = a < q ? kappaOf(a).map((kappa) => kappa * kappa - 1) : undefined;
      A[i * size + j] = factor
        ? weighted.reduce((sum, w, at) => sum + w * mu1[k]![at]! * mu1[l]![at]! * factor[at]!, 0)
        : 0;
    }
  });
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) A[i * size + j] = A[j * size + i]!;

  const solved = solveSystem(A, rhs, S, means.prior(point, samples), M, n);
  if (!solved) return undefined;
  const { coefficients, y, scale } = solved;
  const t = coefficients.subarray(M);
  const mean = combine(X, coefficients, h.length);
  const alongRest = slopes.map((_, b) =>
    combine(
      sources.map((source) => source.Y[b]),
      t,
      h.length,
    ),
  );
  // What Q1 contains already.
  const ownPart = slopes.map((_, b) =>
    combine(
      sources.map((source, i) => (own(i) === q + b ? source.Y[b] : undefined)),
      t,
      h.length,
    ),
  );
  const bias = square.map((hh, i) => {
    let sum = hh + mean[i]! * mean[i]! - 2 * mean[i]! * h[i]!;
    for (let b = 0; b < rest; b++) {
      const z = alongRest[b]![i]!;
      sum += z * z - ownPart[b]![i]! ** 2 - 2 * z * slopes[b]![i]!;
    }
    return sum;
  });
  const objective = inner(weighted, square) - dot(rhs, coefficients);

  // dℒ = −τE[bias dV/(1+V)²] − (β/α)Σ_a dV̂1_kl θ_kaθ_la − yᵀ d𝒮 y
  const pairs = pairsOf(K);
  const total = phi.length;
  const twice = weighted.map((w, i) => w * damping[i]! * bias[i]! * susceptibility);
  const throughV = phi.map((column) => -inner(twice, column));
  const products = pairs.map(([k, l]) => {
    let sum = 0;
    for (let a = 0; a < q; a++) {
      const along = (group: number) =>
        sources.reduce((s, { group: g }, i) => s + (own(i) === a && g === group ? t[i]! : 0), 0);
      sum += along(k) * along(l);
    }
    return (k === l ? 1 : 2) * sum * (beta / samples);
  });
  const Q = new Float64Array(total);
  const g = point.x.subarray(pairs.length);
  for (let e = 0; e < total; e++) {
    const dX = Float64Array.from(
      { length: total },
      (_, a) => point.response[a * total + e]! * (a < pairs.length ? 1 : point.x[a]!),
    );
    const dLogs = Float64Array.from({ length: K }, (_, k) => point.response[(pairs.length + k) * total + e]!);
    let sum = 0;
    for (let a = 0; a < total; a++) sum += throughV[a]! * dX[a]!;
    if (forms) pairs.forEach((_, a) => (sum -= products[a]! * point.conjugateResponse[a * total + e]!));
    const dCoupling = pairs.map(([k, l], a) => {
      const root = beta * Math.sqrt(g[k]! * g[l]!);
      return (
        0.5 * (dLogs[k]! + dLogs[l]!) * point.coupling[k * K + l]! + root * point.conjugateResponse[a * total + e]!
      );
    });
    sum -= quadratic(change(dLogs, dCoupling), y, n) + means.change(coefficients, point, samples, dLogs);
    const halved = e < pairs.length && pairs[e]![0] !== pairs[e]![1] ? 0.5 : 1;
    Q[e] = (samples / beta) * halved * sum;
  }
  const risk = Float64Array.from(bias);
  phi.forEach((column, a) => {
    for (let i = 0; i < risk.length; i++) risk[i]! += column[i]! * Q[a]!;
  });
  return {
    means: multiplyRows(means.transform, coefficients, M),
    t,
    mean,
    alongRest,
    risk,
    objective: one * objective,
    Q,
    rounding: (2 ** -52 * 10 * scale) / Math.max(Math.abs(objective), 1e-300),
  };
}

/** Mean channels as regressors: combinations without prior, or themselves with the stiffness 1/(αdg_k). */
function meanColumns({ mu0, meanStrength }: SpikeProblem, basis: MeanBasis) {
  if (meanStrength === Infinity) {
    return { ...basis, prior: () => undefined, change: () => 0 };
  }
  const K = mu0.length;
  const stiffness = ({ x }: TracePoint, samples: number) =>
    Float64Array.from({ length: K }, (_, k) => 1 / (samples * meanStrength * x[x.length - K + k]!));
  return {
    functions: mu0,
    transform: mu0.map((_, k) => Float64Array.from({ length: K }, (_, j) => (j === k ? 1 : 0))),
    prior: stiffness,
    // yᵀ d𝒮 y with y = 𝒮⁻¹m and 𝒮 = αdg
    change: (coefficients: Float64Array, point: TracePoint, samples: number, dLogs: ArrayLike<number>) =>
      stiffness(point, samples).reduce((sum, s, k) => sum + s * coefficients[k]! ** 2 * dLogs[k]!, 0),
  };
}

/**
 * [A_mm + stiffness, A_ms𝒮; A_sm, A_ss𝒮 + I] (m, y) = rhs, never inverting 𝒮; the means by least squares.
 */
function solveSystem(
  A: Float64Array,
  rhs: Float64Array,
  S: Float64Array,
  stiffness: Float64Array | undefined,
  M: number,
  n: number,
): { coefficients: Float64Array; y: Float64Array; scale: number } | undefined {
  const size = M + n;
  const block = (r: number, rows: number, c: number, columns: number) =>
    Float64Array.from(
      { length: rows * columns },
      (_, at) => A[(r + Math.floor(at / columns)) * size + c + (at % columns)]!,
    );
  const Ass = block(M, n, M, n);
  const Ams = block(0, M, M, n);
  const matrix = multiply(Ass, S, n, n, n);
  for (let i = 0; i < n; i++) matrix[i * n + i]! += 1;
  // Columns: rhs of the sources, then A_sm.
  const right = new Float64Array(n * (M + 1));
  for (let i = 0; i < n; i++) {
    right[i * (M + 1)] = rhs[M + i]!;
    for (let k = 0; k < M; k++) right[i * (M + 1) + 1 + k] = A[(M + i) * size + k]!;
  }
  if (n > 0 && !solveInPlace(matrix, right, n, M + 1)) return undefined;
  const images = multiply(multiply(Ams, S, M, n, n), right, M, n, M + 1);
  const schur = Array.from({ length: M }, (_, k) =>
    Array.from({ length: M }, (_, l) => {
      const symmetric = 0.5 * (images[k * (M + 1) + 1 + l]! + images[l * (M + 1) + 1 + k]!);
      return A[k * size + l]! - symmetric + (k === l ? (stiffness?.[k] ?? 0) : 0);
    }),
  );
  const reduced = Array.from({ length: M }, (_, k) => rhs[k]! - images[k * (M + 1)]!);
  const means = leastNorm(schur, reduced);
  const y = Float64Array.from({ length: n }, (_, i) =>
    means.reduce((sum, m, k) => sum - right[i * (M + 1) + 1 + k]! * m, right[i * (M + 1)]!),
  );
  const coefficients = new Float64Array(size);
  coefficients.set(means);
  coefficients.set(multiply(S, y, n, n, 1), M);
  let scale = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) scale += Math.abs(A[i * size + j]! * coefficients[i]! * coefficients[j]!);
  }
  return { coefficients, y, scale };
}

/** Eigenvalues below this part of the largest have no coefficient. */
const SINGULAR = 1e-14;

function leastNorm(matrix: number[][], right: readonly number[]): number[] {
  const { values, vectors } = symmetricEigen(matrix);
  const largest = Math.max(0, ...values.map(Math.abs));
  return right.map((_, k) =>
    vectors.reduce((sum, vector, i) => {
      if (!(Math.abs(values[i]!) > SINGULAR * largest)) return sum;
      return sum + (vector[k]! * vector.reduce((s, v, j) => s + v * right[j]!, 0)) / values[i]!;
    }, 0),
  );
}

function combine(
  columns: readonly (Float64Array | undefined)[],
  coefficients: ArrayLike<number>,
  count: number,
): Float64Array {
  const out = new Float64Array(count);
  columns.forEach((column, c) => {
    if (!column) return;
    const factor = coefficients[c]!;
    for (let i = 0; i < count; i++) out[i]! += factor * column[i]!;
  });
  return out;
}

function multiplyRows(rows: readonly Float64Array[], vector: Float64Array, count: number): Float64Array {
  return Float64Array.from(rows, (row) => row.reduce((sum, r, j) => (j < count ? sum + r * vector[j]! : sum), 0));
}

function quadratic(matrix: Float64Array, y: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum += y[i]! * matrix[i * n + j]! * y[j]!;
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
