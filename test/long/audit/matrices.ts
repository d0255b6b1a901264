import { Column, Extended, ONE, ZERO } from "./extended.ts";

/** Small matrices of extended numbers, by rows. */
export type Table = Extended[][];

export const table = (rows: number, columns: number, f: (i: number, j: number) => Extended): Table =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => f(i, j)));

export const identity = (n: number): Table => table(n, n, (i, j) => (i === j ? ONE : ZERO));

export const product = (a: Table, b: Table): Table =>
  table(a.length, b[0]!.length, (i, j) => a[i]!.reduce((sum, value, k) => sum.plus(value.times(b[k]![j]!)), ZERO));

export const transpose = (a: Table): Table => table(a[0]!.length, a.length, (i, j) => a[j]![i]!);

/** A⁻¹B by elimination with row scaling and partial pivoting. */
export function quotient(matrix: Table, right: Table): Table {
  const n = matrix.length;
  const rows = matrix.map((row, i) => {
    const scale = ONE.over(row.reduce((most, value) => (value.abs().hi > most.hi ? value.abs() : most), ZERO));
    return [...row, ...right[i]!].map((value) => value.times(scale));
  });
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!.hi) > Math.abs(rows[pivot]![k]!.hi)) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    const first = rows[k]!;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = rows[i]![k]!.over(first[k]!);
      if (factor.hi !== 0) rows[i] = rows[i]!.map((value, j) => (j < k ? value : value.minus(factor.times(first[j]!))));
    }
  }
  return rows.map((row, k) => row.slice(n).map((value) => value.over(row[k]!)));
}

/** What is left of a column beyond the others, relatively, below which it is a combination of them. */
const DEPENDENT = 1e-26;

/** Least squares by Gram and Schmidt, twice; a column that is a combination of those before it has the coefficient 0. */
export function leastSquares(columns: readonly Column[], right: Column): Extended[] {
  const basis: (Column | undefined)[] = [];
  const triangle = identity(columns.length);
  const along: Extended[] = [];
  const rest = right.map((value) => value);
  columns.forEach((original, j) => {
    const column = original.map((value) => value);
    const whole = column.dot(column).root();
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((other, i) => {
        if (!other) return;
        const overlap = other.dot(column);
        triangle[i]![j] = triangle[i]![j]!.plus(overlap);
        column.add(overlap.scaled(-1), other);
      });
    }
    const size = column.dot(column).root();
    const dependent = !(size.hi > DEPENDENT * whole.hi);
    const unit = dependent ? undefined : column.map((value) => value.over(size));
    basis.push(unit);
    triangle[j]![j] = dependent ? ZERO : size;
    along.push(unit ? unit.dot(rest) : ZERO);
    if (unit) rest.add(along[j]!.scaled(-1), unit);
  });
  const t = along.slice();
  for (let j = columns.length - 1; j >= 0; j--) {
    for (let i = j + 1; i < columns.length; i++) t[j] = t[j]!.minus(triangle[j]![i]!.times(t[i]!));
    t[j] = basis[j] ? t[j]!.over(triangle[j]![j]!) : ZERO;
  }
  return t;
}
