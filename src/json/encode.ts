import type { RowEncoder } from "../curve/csv.ts";
import type { Cases } from "./cases.ts";

/** One line of JSON. JSON lacks ±∞ and NaN: they are written "inf", "-inf" and null. */
export function encode(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (item === Infinity) return "inf";
    if (item === -Infinity) return "-inf";
    return item;
  });
}

/** An array, one item a line. */
export function arrayEncoder(): RowEncoder {
  let separator = "[\n";
  return {
    push(item) {
      const text = separator + encode(item);
      separator = ",\n";
      return text;
    },
    end: () => (separator === "[\n" ? "[]\n" : "\n]\n"),
  };
}

/** One item a line, without brackets. */
function linesEncoder(): RowEncoder {
  return { push: (item) => `${encode(item)}\n`, end: () => "" };
}

/** The results as text in the layout of the input, in pieces that can be written as they come. */
export function* encodeResults(layout: Cases["layout"], results: Iterable<object>): Generator<string> {
  const encoder = layout === "array" ? arrayEncoder() : linesEncoder();
  for (const result of results) yield encoder.push(result);
  yield encoder.end();
}

/** A curve, or any list of results, as a JSON array. */
export function toJson(rows: Iterable<object>): string {
  return [...encodeResults("array", rows)].join("");
}
