import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { dot, independentLeastSquares, solveInPlace } from "../numerics/linearAlgebra.ts";

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
  /** E y² */
  readonly targetSquare: number;
  /**
   * By how much the error of a readout may be off, as a fraction: the functions that cancel in it may be large, and their
   * rounding does not cancel; nor does what the tie break costs.
   */
  rounding(t: Float64Array, testError: number): number;
  /** Writes E_ζ of the squared residual given κ on the nodes: a sum of squares, so nothing cancels. */
  bias(t: Float64Array, out: Float64Array): void;
}

/** Below this ratio of a Cholesky pivot to its diagonal the normal equations have lost too many digits. */
const TRUSTED_PIVOT = 1e-5;
/** A function that differs from the span of others by less than this fraction differs by rounding. */
const INDEPENDENT = 1e-13;
/**
 * Unpenalised channels may be collinear (theory §4): relative to their norms they then get this stiffness in the
 * least-squares form, small enough to cost nothing and large enough to choose one solution.
 */
const TIE_BREAK = 1e-20;

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
  let tie = 0;
  const gram = new Float64Array(T * T);
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
  function orthogonal(damping: Float64Array, stiffness: Float64Array, tieBreak: number): Float64Array | undefined {
    const scaled = Float64Array.from(stiffness);
    for (let a = 0; a < T; a++) scaled[a * T + a]! += tieBreak * gram[a * T + a]!;
    const rows = semidefiniteFactor(scaled, T);
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
    return independentLeastSquares(columns, y, tieBreak > 0 ? 0 : INDEPENDENT);
  }

  return {
    solve(damping, stiffness) {
      normalEquations(damping, stiffness);
      scratch.set(gram);
      tie = 0;
      if (wellConditioned(scratch, gram, T)) {
        const t = right.slice();
        if (solveInPlace(gram, t, T, 1)) return t;
      }
      const independent = orthogonal(damping, stiffness, 0);
      tie = independent ? 0 : TIE_BREAK;
      return independent ?? orthogonal(damping, stiffness, TIE_BREAK)!;
    },
    targetSquare: target.mean.reduce(
      (sum, h, i) => sum + weights[i]! * (h * h + target.slope[i]! ** 2 + target.residual[i]!),
      0,
    ),
    rounding(t, testError) {
      const size = t.reduce((sum, value, a) => sum + Math.abs(value) * sizes[a]!, 0);
      return size === 0 ? 0 : (size * 2 ** -52) / Math.sqrt(testError) + (tie * size * size) / testError;
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
