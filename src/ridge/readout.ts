import { leastSquares, type LeastSquares } from "../numerics/leastSquares.ts";
import { dot, solveInPlace } from "../numerics/linearAlgebra.ts";
import type { Table } from "../problem/table.ts";
import { bias, normalEquations, normalTable, type NormalTable, type Regressor } from "./equations.ts";
import { mapped } from "../numerics/mapped.ts";

/** Below this ratio of a Cholesky pivot to its diagonal the normal equations have lost too many digits. */
const TRUSTED_PIVOT = 1e-5;
/** Relative rounding of the functions of κ. */
const MOMENT_ROUNDING = 2 ** -49;

/** The coefficients of the readout on one grid. */
export interface ReadoutFit {
  readonly t: Float64Array;
  /** The matrix of the normal equations. */
  readonly matrix: Float64Array;
  /** Where the normal equations are ill-conditioned: the least squares that was solved in their place. */
  readonly fit?: LeastSquares;
}

/**
 * The readout over the coefficients t of the regressors (theory §4): with E over κ and ζ,
 *   min_t E[w (y − Σ t_a (X_a + Σ_b Y_abζ_b))²] + tᵀΛt/α,   w = 1/(δ + τV),
 * by its normal equations or, where those lose digits, by least squares: regressors may be collinear or vanish.
 */
export class Readout {
  private readonly normal: NormalTable;
  /** √E (X² + Σ_b Y_b²) of the regressors. */
  readonly sizes: readonly number[];
  private readonly left: readonly Float64Array[];
  private readonly work: Float64Array;
  private readonly targetPower: number;
  private readonly noise: number;

  /** @param scales norms of the numbers whose rounding is in every regressor */
  constructor(
    private readonly table: Pick<Table, "weights" | "target">,
    private readonly regressors: readonly Regressor[],
    private readonly scales: readonly number[],
  ) {
    const { weights, target } = table;
    this.normal = normalTable(regressors, target.parts, weights);
    this.sizes = mapped(this.normal.products, (row) =>
      row[0] ? Math.sqrt(row[0].reduce((sum, value) => sum + value, 0)) : 0,
    );
    this.work = new Float64Array(regressors.length ** 2);
    this.left = mapped(target.parts, () => new Float64Array(weights.length));
    this.targetPower = target.parts.reduce((sum, part) => sum + this.power(part), 0);
    this.noise = target.residual.reduce((sum, value, i) => sum + weights[i]! * value, 0);
  }

  /** E y² */
  get targetSquare(): number {
    return this.targetPower + this.noise;
  }

  /** @param stiffness Λ/α */
  solve(damp: Float64Array, stiffness: Float64Array): ReadoutFit {
    const { matrix, right } = normalEquations(this.normal, damp, stiffness);
    const { work } = this;
    work.set(matrix);
    if (wellConditioned(work, matrix, right.length)) {
      work.set(matrix);
      if (solveInPlace(work, right, right.length, 1)) return { t: right, matrix };
    }
    const fit = this.orthogonal(damp, stiffness);
    return { t: fit.t, matrix, fit };
  }

  /** A column of the inverse of the normal equations' matrix; undefined if they are nearly singular. */
  column({ matrix, fit }: ReadoutFit, position: number): Float64Array | undefined {
    const unit = new Float64Array(this.regressors.length);
    unit[position] = 1;
    return !fit && solveInPlace(matrix.slice(), unit, unit.length, 1) ? unit : undefined;
  }

  /** Writes E_ζ of the squared residual given κ on the nodes. */
  bias(t: Float64Array, out: Float64Array): void {
    bias(this.regressors, this.table.target, t, this.left, out);
  }

  /**
   * By how much the error of a readout may be off, as a fraction: the functions that cancel in it may be large, and their
   * rounding does not cancel; and nearly collinear functions that had to be left out may explain what is left.
   */
  rounding({ t, fit }: ReadoutFit, testError: number): number {
    const size = t.reduce((sum, value, a) => sum + Math.abs(value) * this.sizes[a]!, 0);
    const first = size === 0 ? 0 : (size * MOMENT_ROUNDING) / Math.sqrt(testError);
    return fit ? first + this.nearlyCollinear(fit) : first;
  }

  /** What functions left out could still explain after `bias`, and by how much rounding turns those that are nearly collinear. */
  private nearlyCollinear({ lost, turned }: LeastSquares): number {
    const powers = this.left.map((part) => this.power(part));
    const reach = powers.reduce((sum, power, p) => sum + (lost.some((a) => this.regressors[a]![p]) ? power : 0), 0);
    // Relative to what would then be left, as far as that is half of it.
    const missed = 2 * (reach + turned ** 2 * this.targetPower);
    return missed === 0 ? 0 : missed / powers.reduce((sum, power) => sum + power, this.noise);
  }

  /** Rows: nodes for the functions of κ, nodes for those of every ζ_b, and a factor of Λ; columns: the coefficients. */
  private orthogonal(damp: Float64Array, stiffness: Float64Array): LeastSquares {
    const { weights, target } = this.table;
    const N = weights.length;
    const T = this.regressors.length;
    const parts = target.parts.length;
    const rows = semidefiniteFactor(stiffness, T);
    const roots = weights.map((w, i) => Math.sqrt(w * damp[i]!));
    const stacked = (functions: Regressor) => {
      const column = new Float64Array(parts * N + T);
      functions.forEach((f, p) => f?.forEach((value, i) => (column[p * N + i] = roots[i]! * value)));
      return column;
    };
    const columns = this.regressors.map((regressor, a) => {
      const column = stacked(regressor);
      for (let row = 0; row < T; row++) column[parts * N + row] = rows[row * T + a]!;
      return column;
    });
    const root = Math.sqrt(dot(weights, damp));
    return leastSquares(
      columns,
      stacked(target.parts),
      this.scales.map((scale) => root * scale),
      this.regressors.map((_, a) => stiffness[a * T + a]! > 0),
    );
  }

  private power(values: Float64Array): number {
    return values.reduce((sum, value, i) => sum + this.table.weights[i]! * value * value, 0);
  }
}

/**
 * Norm of the numbers whose rounding is in every channel: averages over features are rounded relatively to the features, and
 * may themselves be small.
 */
export function roundingScales({
  channels,
  groups,
  weights,
}: Pick<Table, "channels" | "groups" | "weights">): number[] {
  const sizes = mapped(groups, ({ mu1, mu2Squared, bulkVariance }) =>
    Math.sqrt(weights.reduce((sum, w, i) => sum + w * (bulkVariance * mu1[i]! ** 2 + mu2Squared[i]!), 0)),
  );
  return mapped(channels, ({ kind, group }) => (kind === "power" || kind === "targetDirection" ? 0 : sizes[group]!));
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
