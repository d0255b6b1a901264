import { Buffer } from "node:buffer";
import { endianness } from "node:os";
import { ParameterError } from "../../errors.ts";

/** A list of numbers as the base64 text of its little-endian doubles, with its shape where it is a matrix. */
export interface EncodedArray {
  readonly float64: string;
  readonly shape?: readonly number[];
}

/** An array that was sent in binary, by rows. */
export interface DecodedArray {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

const BYTES = Float64Array.BYTES_PER_ELEMENT;

/**
 * Every binary array in the fields of a request as lists, or, where `keep` names its field, as a table.
 *
 * @throws ParameterError that names the field whose text or shape is not that of an array
 */
export function decodeArrays(name: string, value: unknown, keep: readonly string[] = []): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    // Long lists of numbers hold no arrays.
    if (typeof value[0] === "number") return value;
    return value.map((item, i) => decodeArrays(`${name}[${i}]`, item, keep));
  }
  if (Object.hasOwn(value, "float64")) {
    const { data, shape } = decoded(name, value as EncodedArray);
    if (shape.length === 1) return keep.includes(name) ? data : Array.from(data);
    const [rows, columns] = shape as [number, number];
    if (keep.includes(name)) return { data, rows, columns } satisfies DecodedArray;
    return Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));
  }
  const of = (key: string) => (name === "" ? key : `${name}.${key}`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decodeArrays(of(key), item, keep)]));
}

function decoded(name: string, { float64, shape }: EncodedArray): { data: Float64Array; shape: readonly number[] } {
  if (typeof float64 !== "string") throw new ParameterError(`${name}.float64`, float64, "base64 text");
  const bytes = Buffer.from(float64, "base64");
  if (bytes.length % BYTES !== 0 || float64.length !== 4 * Math.ceil(bytes.length / 3)) {
    throw new ParameterError(`${name}.float64`, float64.slice(0, 20), "base64 text of whole doubles");
  }
  if (endianness() === "BE") bytes.swap64();
  const data = new Float64Array(bytes.length / BYTES);
  new Uint8Array(data.buffer).set(bytes);
  const sizes: unknown = shape ?? [data.length];
  const isShape =
    Array.isArray(sizes) &&
    (sizes.length === 1 || sizes.length === 2) &&
    sizes.every((size) => Number.isInteger(size) && size >= 0 && size <= data.length) &&
    (sizes as number[]).reduce((product, size) => product * size, 1) === data.length;
  if (!isShape) throw new ParameterError(`${name}.shape`, shape, `one or two sizes whose product is ${data.length}`);
  return { data, shape: sizes as number[] };
}

/** Numbers in binary. */
export function encodeArray(values: ArrayLike<number>): EncodedArray {
  const data = Float64Array.from(values);
  const bytes = Buffer.from(data.buffer);
  if (endianness() === "BE") bytes.swap64();
  return { float64: bytes.toString("base64") };
}

/** Records as columns: numbers in binary, with NaN where a record has none; anything else as a list, null where it lacks. */
export function columnsOf(records: readonly Readonly<Record<string, unknown>>[]): Record<string, unknown> {
  const columns = new Map<string, unknown[]>();
  records.forEach((record, i) => {
    for (const [name, value] of Object.entries(record)) {
      let column = columns.get(name);
      if (!column) columns.set(name, (column = new Array<unknown>(records.length)));
      column[i] = value;
    }
  });
  const encoded = [...columns].map(([name, values]): [string, unknown] => {
    const numbers = values.every((value) => value === undefined || typeof value === "number");
    return [
      name,
      numbers ? encodeArray(Array.from(values, (value) => value ?? NaN)) : Array.from(values, (value) => value ?? null),
    ];
  });
  return Object.fromEntries(encoded);
}
