import { ParameterError } from "../errors.ts";
import type { CheckedTable } from "./dataSet.ts";

/** Readers of the number types of NumPy, by kind and bytes. */
const READERS: Readonly<Record<string, (view: DataView, at: number, little: boolean) => number>> = {
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  b1: (view, at) => view.getUint8(at),
};

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads a NumPy `.npy` file (formats 1 to 3) of numbers: a matrix, or a vector as one column. Floats of 4 or 8 bytes, integers and
 * booleans, in rows or columns first, of either byte order.
 *
 * @param name named in errors; default "npy"
 * @throws ParameterError for bytes that are no such file
 * @example
 * const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }".padEnd(117) + "\n";
 * const bytes = Uint8Array.from([147, ...new TextEncoder().encode("NUMPY"), 1, 0, 118, 0, ...new TextEncoder().encode(header), 1, 2, 3, 4]);
 * [...parseNpy(bytes).data]; // [1, 2, 3, 4]
 */
export function parseNpy(bytes: Uint8Array, name = "npy"): CheckedTable {
  const refuse = (value: unknown, legal: string): never => {
    throw new ParameterError(name, value, legal);
  };
  if (!(bytes instanceof Uint8Array)) return refuse(bytes, "the bytes of a NumPy .npy file");
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    return refuse(`${bytes.length} bytes`, "a NumPy .npy file");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6]! > 1;
  const start = wide ? 12 : 10;
  const body = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (body > bytes.length) return refuse(`${bytes.length} bytes`, "a complete .npy file");
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, body));
  const type = /'descr':\s*'([<>|=])([fiub])(\d+)'/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header);
  const read = type && READERS[`${type[2]!}${type[3]!}`];
  if (!type || !order || !shape || !read) {
    return refuse(header.trim(), "an array of floats (f4, f8), integers or booleans");
  }
  const sizes = shape[1]!.split(",").flatMap((part) => (part.trim() === "" ? [] : [Number(part)]));
  if (sizes.length < 1 || sizes.length > 2) return refuse(`shape (${shape[1]!})`, "a matrix or a vector");
  const [rows, columns] = [sizes[0]!, sizes[1] ?? 1];
  if (rows === 0 || columns === 0) return refuse(`shape (${shape[1]!})`, "a matrix or a vector that is not empty");
  const width = Number(type[3]);
  if (bytes.length !== body + rows * columns * width) {
    return refuse(`${bytes.length - body} bytes of data`, `${rows} × ${columns} numbers of ${width} bytes`);
  }
  const data = new Float64Array(rows * columns);
  const fortran = order[1] === "True";
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const index = fortran ? j * rows + i : i * columns + j;
      data[i * columns + j] = read(view, body + index * width, type[1] !== ">");
    }
  }
  return { data, rows, columns };
}
