import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { leastSquares, type LeastSquares } from "../numerics/leastSquares.ts";
import { dot, solveInPlace } from "../numerics/linearAlgebra.ts";

/**
 * The effective ridge over the coefficients t = (channels, ψ_1 … ψ_K) (theory §4): with E over κ and ζ,
 *   min_t E[w (y − Σ t_ch X_ch(κ) − ζ Σ ψ_k μ1_k(κ))²] + tᵀΛt,   w = 1/(δ + τV).
 */
export interface EffectiveRidge {
  /**
   * @param damping w on the nodes
   * @param stiffness Λ, T×T
   * @returns t
   */
  solve(damping: Float64Array, stiffness: Float64Array): Float64Array;
  /** Column of the inverse of the matrix of the last normal equations; undefined if they are nearly singular. */
  column(position: number): Float64Array | undefined;
  /** √E X² of the functions of the coefficients. */
  readonly sizes: readonly number[];
  /** E y² */
  readonly targetSquare: number;
  /**
   * By how much the error of a readout may be off, as a fraction: the functions that cancel in it may be large, and their
   * rounding does not cancel; and nearly collinear functions that had to be left out may explain what is left.
   */
  rounding(t: Float64Array, testError: number): number;
  /** Writes E_ζ of the squared residual given κ on the nodes: a sum of squares, so nothing cancels. */
  bias(t: Float64Array, out: Float64Array): void;
}

/** Below this ratio of a Cholesky pivot to its diagonal the normal equations have lost too many digits. */
const TRUSTED_PIVOT = 1e-5;
/** Relative rounding of the functions of κ. */
const MOMENT_ROUNDING = 2 ** -49;

/**
 * @param linear functions that multiply ζ: the μ1_k, or a basis of them
 */
export function effectiveRidge(
  statistics: ConditionalFeatureStatistics,
  linear: readonly Float64Array[],
): EffectiveRidge {
  const { weights, channels, target, nodes } = statistics;
  const N = nodes.length;
  const C = channels.length;
  const T = C + linear.length;
  // Functions of κ; those from C on multiply ζ and see the part of the target along ζ.
  const functions = [...channels.map((channel) => channel.values), ...linear];
  const response = functions.map((_, i) => (i < C ? target.mean : target.slope));
  // Products of model constants, whose scalar product with the damping is an average.
  const weighted = functions.map((f) => f.map((value, i) => weights[i]! * value));
  const rightSides = weighted.map((f, a) => f.map((value, i) => value * response[a]![i]!));
  const products = weighted.map((f, a) =>
    functions.slice(a, a < C ? C : T).map((second) => f.map((value, i) => value * second[i]!)),
  );
  const sizes = functions.map((f, a) => Math.sqrt(dot(weighted[a]!, f)));
  const scales = [...roundingScales(statistics), ...linear.map(() => 0)];
  /** Of the last solution, where it is not one of well-conditioned normal equations. */
  let fit: LeastSquares | undefined;
  const gram = new Float64Array(T * T);
  const trusted = new Float64Array(T * T);
  const right = new Float64Array(T);
  const scratch = new Float64Array(T * T);
  const alongKappa = new Float64Array(N);
  const alongZeta = new Float64Array(N);

  function normalEquations(damping: Float64Array, stiffness: Float64Array): void {
    gram.set(stiffness);
    for (let a = 0; a < T; a++) {
      right[a] = dot(rightSides[a]!, damping);
      const row = products[a]!;
      for (let offset = 0; offset < row.length; offset++) {
        const average = dot(row[offset]!, damping);
        gram[a * T + a + offset]! += average;
        if (offset > 0) gram[(a + offset) * T + a]! += average;
      }
      // A function that vanishes has the coefficient 0.
      if (gram[a * T + a] === 0) gram[a * T + a] = 1;
    }
  }

  /** Rows: nodes for the functions of κ, nodes for those of ζ, and a factor of Λ; columns: the coefficients. */
  function orthogonal(damping: Float64Array, stiffness: Float64Array): LeastSquares {
    const rows = semidefiniteFactor(stiffness, T);
    const columns = functions.map((f, a) => {
      const column = new Float64Array(2 * N + T);
      const offset = a < C ? 0 : N;
      for (let i = 0; i < N; i++) column[offset + i] = Math.sqrt(weights[i]! * damping[i]!) * f[i]!;
      for (let row = 0; row < T; row++) column[2 * N + row] = rows[row * T + a]!;
      return column;
    });
    const y = new Float64Array(2 * N + T);
    for (let i = 0; i < N; i++) {
      const root = Math.sqrt(weights[i]! * damping[i]!);
      y[i] = root * target.mean[i]!;
      y[N + i] = root * target.slope[i]!;
    }
    const root = Math.sqrt(dot(weights, damping));
    return leastSquares(
      columns,
      y,
      scales.map((scale) => root * scale),
      functions.map((_, a) => stiffness[a * T + a]! > 0),
    );
  }

  const power = (values: Float64Array): number =>
    values.reduce((sum, value, i) => sum + weights[i]! * value * value, 0);
  const targetPower = power(target.mean) + power(target.slope);
  const noise = target.residual.reduce((sum, value, i) => sum + weights[i]! * value, 0);

  /** What functions left out could still explain, and by how much rounding turns those that are nearly collinear. */
  function nearlyCollinear({ lost, turned }: LeastSquares): number {
    const [inKappa, inZeta] = [power(alongKappa), power(alongZeta)];
    const reach = (lost.some((a) => a < C) ? inKappa : 0) + (lost.some((a) => a >= C) ? inZeta : 0);
    // Relative to what would then be left, as far as that is half of it.
    const missed = 2 * (reach + turned ** 2 * targetPower);
    return missed === 0 ? 0 : missed / (noise + inKappa + inZeta);
  }

  return {
    solve(damping, stiffness) {
      normalEquations(damping, stiffness);
      scratch.set(gram);
      fit = undefined;
      if (wellConditioned(scratch, gram, T)) {
        trusted.set(gram);
        const t = right.slice();
        if (solveInPlace(gram, t, T, 1)) return t;
      }
      fit = orthogonal(damping, stiffness);
      return fit.t;
    },
    column(position) {
      const unit = new Float64Array(T);
      unit[position] = 1;
      return !fit && solveInPlace(trusted.slice(), unit, T, 1) ? unit : undefined;
    },
    sizes,
    targetSquare: targetPower + noise,
    rounding(t, testError) {
      const size = t.reduce((sum, value, a) => sum + Math.abs(value) * sizes[a]!, 0);
      const first = size === 0 ? 0 : (size * MOMENT_ROUNDING) / Math.sqrt(testError);
      return fit ? first + nearlyCollinear(fit) : first;
    },
    bias(t, bias) {
      alongKappa.set(target.mean);
      alongZeta.set(target.slope);
      for (let a = 0; a < T; a++) {
        const [f, left, factor] = [functions[a]!, a < C ? alongKappa : alongZeta, t[a]!];
        for (let i = 0; i < N; i++) left[i]! -= factor * f[i]!;
      }
      const { residual } = target;
      for (let i = 0; i < N; i++) bias[i] = residual[i]! + alongKappa[i]! ** 2 + alongZeta[i]! ** 2;
    },
  };
}

/**
 * Norm of the numbers whose rounding is in every channel: averages over features are rounded relatively to the features, and
 * may themselves be small.
 */
export function roundingScales({ channels, groups, weights }: ConditionalFeatureStatistics): number[] {
  const sizes = groups.map(({ mu1, mu2Squared, bulkVariance }) =>
    Math.sqrt(weights.reduce((sum, w, i) => sum + w * (bulkVariance * mu1[i]! ** 2 + mu2Squared[i]!), 0)),
  );
  return channels.map(({ kind, group }) => (kind === "power" ? 0 : sizes[group]!));
}

/** Whether every Cholesky pivot keeps at least TRUSTED_PIVOT of its diagonal; `a`, a copy of the matrix, is destroyed. */
function wellConditioned(a: Float64Array, gram: Float64Array, n: number): boolean {
  for (let k = 0; k < n; k++) {
    const pivot = a[k * n + k]!;
    if (!(pivot > TRUSTED_PIVOT * gram[k * n + k]!)) return false;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! / pivot;
      for (let j = k + 1; j <= i; j++) a[i * n + j]! -= factor * a[j * n + k]!;
    }
  }
  return true;
}

/** R with RᵀR = Λ for positive semi-definite Λ, by Cholesky that passes over vanishing pivots. */
function semidefiniteFactor(matrix: Float64Array, n: number): Float64Array {
  const a = matrix.slice();
  const factor = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const pivot = a[k * n + k]!;
    if (!(pivot > 0)) continue;
    const root = Math.sqrt(pivot);
    for (let j = k; j < n; j++) factor[k * n + j] = a[k * n + j]! / root;
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= factor[k * n + i]! * factor[k * n + j]!;
    }
  }
  return factor;
}
