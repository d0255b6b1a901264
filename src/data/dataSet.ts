import { ParameterError } from "../errors.ts";

/** A table of numbers by rows: lists, or one array with its shape. */
export type NumberTable =
  readonly ArrayLike<number>[] | { readonly data: ArrayLike<number>; readonly rows: number; readonly columns: number };

/** Samples of features, or their Gram matrix, with a label each (covariates §5). */
export interface DataSet {
  /** One row a sample. */
  readonly features?: NumberTable;
  /** K = XXᵀ, or any kernel matrix: symmetric, positive semi-definite. */
  readonly gram?: NumberTable;
  readonly labels: ArrayLike<number>;
}

/** A table that is checked: row-major, finite. */
export interface CheckedTable {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** Fewer samples than this say nothing of fluctuations. */
const LEAST_SAMPLES = 3;
/** Relative asymmetry that is rounding. */
const ASYMMETRY = 1e-10;

/**
 * Checks a table of numbers.
 *
 * @throws ParameterError naming the row and column of what is no finite number, or the row of another length
 */
export function checkTable(name: string, table: NumberTable): CheckedTable {
  if (typeof table !== "object" || (table as unknown) === null) {
    throw new ParameterError(name, table, "a list of rows of numbers");
  }
  const { data, rows, columns } = "data" in table ? table : flattened(name, table);
  if (!(
    Number.isInteger(rows) &&
    Number.isInteger(columns) &&
    rows > 0 &&
    columns > 0 &&
    data.length === rows * columns
  )) {
    throw new ParameterError(name, `${rows} × ${columns} of ${data.length} numbers`, "rows × columns numbers");
  }
  const checked = data instanceof Float64Array ? data : Float64Array.from(data);
  for (let i = 0; i < checked.length; i++) {
    if (Number.isFinite(checked[i])) continue;
    const place = `${name}[${Math.floor(i / columns)}][${i % columns}]`;
    throw new ParameterError(place, data[i], "a finite number");
  }
  return { data: checked, rows, columns };
}

function flattened(name: string, table: readonly ArrayLike<number>[]): CheckedTable {
  if (!Array.isArray(table) || table.length === 0) throw new ParameterError(name, table, "a list of rows of numbers");
  const columns = (table[0] as ArrayLike<number> | null)?.length ?? 0;
  const data = new Float64Array(table.length * columns);
  for (const [i, row] of (table as readonly unknown[]).entries()) {
    const numbers = row as ArrayLike<unknown> | null;
    if (typeof row !== "object" || numbers === null || numbers.length !== columns || columns === 0) {
      throw new ParameterError(
        `${name}[${i}]`,
        row,
        `a list of ${columns === 0 ? "numbers" : `${columns} numbers, as in row 0`}`,
      );
    }
    for (let j = 0; j < columns; j++) {
      const value = numbers[j];
      if (typeof value !== "number") throw new ParameterError(`${name}[${i}][${j}]`, value, "a finite number");
      data[i * columns + j] = value;
    }
  }
  return { data, rows: table.length, columns };
}

/**
 * Checks labels: one finite number a sample, not all the same.
 *
 * @throws ParameterError
 */
export function checkLabelColumn(labels: ArrayLike<number>, samples: number): Float64Array {
  if (typeof labels !== "object" || (labels as unknown) === null) {
    throw new ParameterError("labels", labels, "a list of numbers");
  }
  if (labels.length !== samples) {
    throw new ParameterError("labels", `${labels.length} numbers`, `one for each of the ${samples} rows`);
  }
  for (let i = 0; i < labels.length; i++) {
    const value: unknown = labels[i];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new ParameterError(`labels[${i}]`, value, "a finite number");
    }
  }
  const checked = Float64Array.from(labels);
  if (checked.every((value) => value === checked[0])) {
    throw new ParameterError("labels", checked[0], "not all the same: there is nothing to learn");
  }
  return checked;
}

/** @throws ParameterError for fewer rows than three, or four with an intercept */
export function checkSampleCount(samples: number, intercept: boolean): void {
  const least = LEAST_SAMPLES + (intercept ? 1 : 0);
  if (samples < least) throw new ParameterError("labels", `${samples} samples`, `at least ${least} samples`);
}

/** @throws ParameterError for a Gram matrix that is not square, not symmetric, or has a negative diagonal entry */
export function checkGram({ data, rows, columns }: CheckedTable): void {
  if (rows !== columns) throw new ParameterError("gram", `${rows} × ${columns}`, "a square matrix");
  let scale = 0;
  for (let i = 0; i < rows; i++) {
    const value = data[i * rows + i]!;
    if (value < 0) throw new ParameterError(`gram[${i}][${i}]`, value, "a number >= 0 on the diagonal");
    scale = Math.max(scale, value);
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      const [below, above] = [data[i * rows + j]!, data[j * rows + i]!];
      if (Math.abs(below - above) > ASYMMETRY * scale) {
        throw new ParameterError(`gram[${i}][${j}]`, below, `the same as gram[${j}][${i}] = ${above}`);
      }
    }
  }
}
