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

/** Writes results in the layout of their cases, each as it comes. */
export function encoderOf(layout: Cases["layout"]): RowEncoder {
  return layout === "array" ? arrayEncoder() : linesEncoder();
}

/** A curve, or any list of results, as a JSON array. */
export function toJson(rows: Iterable<object>): string {
  const encoder = arrayEncoder();
  return [...Array.from(rows, (row) => encoder.push(row)), encoder.end()].join("");
}
