import { dot, multiply, solveInPlace } from "./linearAlgebra.ts";

export interface LeastSquares {
  /** Coefficients: of all that fit as well, those of the least norm where columns are exactly collinear. */
  readonly t: Float64Array;
  /** Columns that are nearly, but not exactly, combinations of others and left out: their coefficient is 0. */
  readonly lost: readonly number[];
  /** By how much, as an angle, rounding turns the most nearly collinear column of those that are not left out. */
  readonly turned: number;
}

const EPSILON = 2 ** -52;
/** A column that differs from the span of others by less than this many times its rounding differs by rounding. */
const INDEPENDENT = 450;
/** Beyond this many times its rounding, what is left of a column is not the rounding of an exact combination of others. */
const EXACT = 45;

/**
 * Least squares min |A t − y| by modified Gram–Schmidt with reorthogonalisation, always with the column of which most
 * is left.
 *
 * @param columns the columns of A, each of the length of y; destroyed
 * @param y right side; becomes the residual y − A t
 * @param scales of the numbers whose rounding is in each column, as a norm; default that of the column
 * @param penalised columns that a row of their own keeps apart from the others
 */
export function leastSquares(
  columns: readonly Float64Array[],
  y: Float64Array,
  scales: readonly number[] = columns.map(() => 0),
  penalised: readonly boolean[] = columns.map(() => false),
): LeastSquares {
  const size = columns.length;
  const norms = columns.map(norm);
  const noise = norms.map((value, j) => EPSILON * (value > 0 ? Math.max(1, scales[j]! / value) : 1));
  // A = QR in the order of `order`; the columns of A are relative to their norms.
  const R = new Float64Array(size * size);
  const along = new Float64Array(size);
  const order: number[] = [];
  const left = new Set(columns.keys());
  columns.forEach((column, j) => scale(column, norms[j]! > 0 ? 1 / norms[j]! : 0));
  let [turned, least, dropped] = [0, 1, 0];
  // What is not penalised comes first: it is the better choice for what both can do.
  let stage = false;
  for (;;) {
    const parts = [...left].filter((j) => penalised[j] === stage);
    const rests = parts.map((j) => norm(columns[j]!) / noise[j]!);
    const rest = Math.max(0, ...rests);
    const pivot = parts[rests.indexOf(rest)]!;
    if (!(rest > INDEPENDENT)) {
      if (stage) break;
      dropped = rest;
      stage = true;
      continue;
    }
    turned = Math.max(turned, 1 / rest);
    left.delete(pivot);
    const unit = columns[pivot]!;
    order.forEach((other, i) => (R[i * size + pivot]! += project(unit, columns[other]!)));
    const row = order.length;
    R[row * size + pivot] = norm(unit);
    if (!penalised[pivot]!) least = Math.min(least, R[row * size + pivot]!);
    scale(unit, 1 / R[row * size + pivot]!);
    order.push(pivot);
    along[row] = project(y, unit);
    for (const j of left) R[row * size + j]! += project(columns[j]!, unit);
  }
  const t = backSubstitution(R, along, order, size);
  const out = [...left].filter((j) => norms[j]! > 0);
  // After a column of which a part ε was left, one may follow of which ε² is, and rounding hides it.
  const exact = dropped <= EXACT && least ** 2 >= INDEPENDENT * Math.max(0, ...noise);
  if (out.length > 0 && exact) leastNorm(R, t, order, out, size);
  return { t: t.map((value, j) => (norms[j]! > 0 ? value / norms[j]! : 0)), lost: exact ? [] : out, turned };
}

const norm = (column: Float64Array): number => Math.sqrt(dot(column, column));

function scale(column: Float64Array, factor: number): void {
  for (let i = 0; i < column.length; i++) column[i]! *= factor;
}

/** Takes the part along a unit vector away and returns its coefficient. */
function project(column: Float64Array, unit: Float64Array): number {
  const overlap = dot(column, unit);
  for (let i = 0; i < column.length; i++) column[i]! -= overlap * unit[i]!;
  return overlap;
}

/** t with R t = right on the columns of `order`, and 0 elsewhere. */
function backSubstitution(R: Float64Array, right: Float64Array, order: readonly number[], size: number): Float64Array {
  const t = new Float64Array(size);
  for (let row = order.length - 1; row >= 0; row--) {
    let sum = right[row]!;
    for (let i = row + 1; i < order.length; i++) sum -= R[row * size + order[i]!]! * t[order[i]!]!;
    t[order[row]!] = sum / R[row * size + order[row]!]!;
  }
  return t;
}

/** Takes away from t its part in the null space, whose vectors are n_j = e_j − R⁻¹R_j for the columns j left out. */
function leastNorm(
  R: Float64Array,
  t: Float64Array,
  order: readonly number[],
  left: readonly number[],
  size: number,
): void {
  const count = left.length;
  const vectors = new Float64Array(count * size);
  left.forEach((j, row) => {
    const column = Float64Array.from(order, (_, i) => -R[i * size + j]!);
    vectors.set(backSubstitution(R, column, order, size), row * size);
    vectors[row * size + j] = 1;
  });
  const transposed = new Float64Array(size * count);
  for (let row = 0; row < count; row++)
    for (let j = 0; j < size; j++) transposed[j * count + row] = vectors[row * size + j]!;
  const parts = multiply(vectors, t, count, size, 1);
  if (!solveInPlace(multiply(vectors, transposed, count, size, count), parts, count, 1)) return;
  const change = multiply(transposed, parts, size, count, 1);
  for (let j = 0; j < size; j++) t[j]! -= change[j]!;
}
