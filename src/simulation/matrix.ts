/** Row-major matrix over a part of a workspace; entry (i, j) is `data[i * stride + j]`. */
export interface Matrix {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
}

/**
 * A matrix over the first rows × stride entries of `data`.
 *
 * @example
 * ```ts
 * import { matrix } from "replica-theory/simulation";
 * const { data, stride } = matrix(Float64Array.of(1, 2, 3, 4, 5, 6), 2, 3);
 * console.log(data[1 * stride + 2]); // 6
 * ```
 */
export function matrix(data: Float64Array, rows: number, columns: number, stride = columns): Matrix {
  return { data, rows, columns, stride };
}

/** The first `count` rows. */
export function topRows(a: Matrix, count: number): Matrix {
  return { ...a, rows: count };
}

/** Rows first … first + count − 1. */
export function rowRange(a: Matrix, first: number, count: number): Matrix {
  return { ...a, data: a.data.subarray(first * a.stride, (first + count) * a.stride), rows: count };
}

/** The leading n × n block. */
export function leadingBlock(a: Matrix, n: number): Matrix {
  return { ...a, rows: n, columns: n };
}

/** Σ x_i y_i from the first entry to the last: the bits of a trial depend on the order. */
export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
