import { ParameterError } from "../errors.ts";
import type { LinearAlgebra } from "../simulation/linearAlgebra.ts";
import { matrix, type Matrix } from "../simulation/matrix.ts";
import { allocatedBytes, type Kernels, largestWorkspace, Workspace } from "../simulation/workspace.ts";
import {
  type CheckedTable,
  checkGram,
  checkLabelColumn,
  checkSampleCount,
  checkTable,
  type DataSet,
} from "./dataSet.ts";
import type { LeaveOneOutArrays } from "./leaveOneOut.ts";
import type { SampleSpectrum } from "./transport.ts";

/** A data set after its one eigendecomposition, in arrays that the linear algebra can reach. */
export interface DecomposedData {
  readonly algebra: LinearAlgebra;
  /** y, centred with an intercept. */
  readonly labels: Float64Array;
  /** Whether all labels are ±1. */
  readonly signs: boolean;
  /** Mean label, taken off with an intercept. */
  readonly meanLabel: number;
  readonly spectrum: SampleSpectrum;
  /** Uᵀy */
  readonly components: Float64Array;
  readonly arrays: LeaveOneOutArrays;
  /** K, kept only where it is asked for. */
  readonly gram?: Matrix;
  /** N×N scratch, likewise. */
  readonly scratch?: readonly [Matrix, Matrix];
}

/** What is asked of a decomposition. */
export interface DecompositionOptions {
  readonly intercept: boolean;
  /** Whether K is kept, with two matrices of its size, for conditional transport. */
  readonly keepGram: boolean;
  /** Makes the linear algebra over a workspace. */
  readonly algebra: (kernels: Kernels) => LinearAlgebra;
}

/** Ridges that leave-one-out errors are computed for at once. */
const BATCH = 256;
/** Eigenvalues below 0 by this part of the largest are not rounding. */
const NEGATIVE = 1e-10;

/**
 * Bytes that the arrays of a data set take, without the scratch of LAPACK, which takes 16 N² more.
 *
 * @param samples N
 * @param columns of the features; 0 where the Gram matrix is given
 * @example
 * (dataSetBytes(4000, 1000, false) / 2 ** 20).toFixed(0); // "298"
 */
export function dataSetBytes(samples: number, columns: number, conditional: boolean): number {
  const squares = conditional ? 5 : 2;
  return (
    squares * allocatedBytes(samples * samples) +
    3 * allocatedBytes(samples * BATCH) +
    allocatedBytes(samples * columns) +
    4 * allocatedBytes(samples)
  );
}

/**
 * Checks a data set and decomposes its Gram matrix (covariates §5).
 *
 * @throws ParameterError for a table, labels or Gram matrix that cannot be used, or one too large for a workspace
 */
export function decompose(dataSet: DataSet, options: DecompositionOptions): DecomposedData {
  const { features, gram } = dataSet;
  if ((features === undefined) === (gram === undefined)) {
    throw new ParameterError("features", features && "given beside gram", "given, or gram instead, and not both");
  }
  const name = features === undefined ? "gram" : "features";
  const table = checkTable(name, (features ?? gram)!);
  if (gram !== undefined) checkGram(table);
  const N = table.rows;
  const given = checkLabelColumn(dataSet.labels, N);
  checkSampleCount(N, options.intercept);
  const bytes = dataSetBytes(N, gram === undefined ? table.columns : 0, options.keepGram);
  if (bytes > largestWorkspace) {
    throw new ParameterError(name, `${N} samples`, `at most ${largestWorkspace} bytes of arrays (these take ${bytes})`);
  }
  const workspace = Workspace.createSync(bytes);
  const algebra = options.algebra(workspace.kernels);
  const square = (): Matrix => matrix(workspace.allocate(N * N), N, N);
  const vectors = square();
  if (gram === undefined) gramOf(algebra, workspace, table, options.intercept, vectors);
  else copyGram(table, options.intercept, vectors);
  const kept = options.keepGram ? square() : undefined;
  if (kept) symmetricCopy(vectors, kept);

  const values = workspace.allocate(N);
  algebra.symmetricEigen(vectors, values, workspace.allocate(N), true);
  const eigenvalues = cleaned(values, N, name);
  const meanLabel = given.reduce((sum, y) => sum + y, 0) / N;
  const labels = workspace.allocate(N);
  labels.set(options.intercept ? given.map((y) => y - meanLabel) : given);
  const components = workspace.allocate(N);
  algebra.multiplyTransposed(matrix(components, N, 1), 1, vectors, matrix(labels, 1, N), 0);
  const squares = square();
  for (let i = 0; i < N * N; i++) squares.data[i] = vectors.data[i]! * vectors.data[i]!;
  const batch = (): Matrix => matrix(workspace.allocate(N * BATCH), BATCH, N);
  const constants = options.intercept ? 1 : 0;
  return {
    algebra,
    labels,
    meanLabel,
    signs: given.every((y) => Math.abs(y) === 1),
    spectrum: { count: N - constants, eigenvalues, power: components.map((value) => value * value), constants },
    components,
    arrays: {
      vectors,
      squares,
      weights: matrix(workspace.allocate(N * BATCH), N, BATCH),
      residuals: batch(),
      leverages: batch(),
    },
    ...(kept && { gram: kept, scratch: [square(), square()] as const }),
  };
}

/** Upper triangle of XXᵀ, of centred columns with an intercept. */
function gramOf(
  algebra: LinearAlgebra,
  workspace: Workspace,
  { data, rows, columns }: CheckedTable,
  centred: boolean,
  gram: Matrix,
): void {
  const features = matrix(workspace.allocate(rows * columns), rows, columns);
  features.data.set(data);
  if (centred) {
    const means = new Float64Array(columns);
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) means[j]! += data[i * columns + j]! / rows;
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) features.data[i * columns + j]! -= means[j]!;
  }
  algebra.rowGram(gram, 1, features);
  // |K_ij|² ≤ K_ii K_jj: a finite diagonal is enough.
  for (let i = 0; i < rows; i++) {
    if (Number.isFinite(gram.data[i * rows + i])) continue;
    throw new ParameterError("features", "numbers whose squares are not finite", "smaller numbers");
  }
}

/** K, centred in rows and columns with an intercept. */
function copyGram({ data, rows: N }: CheckedTable, centred: boolean, gram: Matrix): void {
  gram.data.set(data);
  if (!centred) return;
  const means = Float64Array.from({ length: N }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < N; j++) sum += data[i * N + j]!;
    return sum / N;
  });
  const mean = means.reduce((sum, value) => sum + value, 0) / N;
  for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) gram.data[i * N + j]! += mean - means[i]! - means[j]!;
}

function symmetricCopy(upper: Matrix, to: Matrix): void {
  const N = upper.rows;
  for (let i = 0; i < N; i++) {
    for (let j = i; j < N; j++) {
      to.data[i * N + j] = upper.data[i * N + j]!;
      to.data[j * N + i] = upper.data[i * N + j]!;
    }
  }
}

/** Eigenvalues with those within rounding of 0 set to 0. */
function cleaned(values: Float64Array, N: number, name: string): Float64Array {
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const least = values.reduce((most, value) => Math.min(most, value), 0);
  if (least < -NEGATIVE * largest || largest === 0) {
    const legal = largest === 0 ? "not all zero" : "positive semi-definite";
    throw new ParameterError(name, `eigenvalues from ${least} to ${largest}`, legal);
  }
  const cutoff = N * Number.EPSILON * largest;
  return values.map((value) => (value > cutoff ? value : 0));
}
