import { ParameterError } from "../errors.ts";
import type { MultiIndexSolution } from "../multiIndex/solver.ts";
import { isCovariateName } from "../parameters/models.ts";
import type { Overlaps } from "../ridge/solution.ts";

export type Cell = number | string | boolean | undefined;

/** A row as a flat record; overlaps under their own names, with the group's index where there are several. */
export function flatRow(row: object): Record<string, Cell> {
  const { overlaps, ...rest } = row as { overlaps?: Overlaps | MultiIndexSolution["overlaps"] };
  const flat: Record<string, Cell> = {};
  for (const [name, value] of Object.entries(rest)) {
    // Notices are sentences for a reader, no columns.
    if (name !== "notices") flatten(name, value, flat);
  }
  const single = overlaps?.Q2.length === 1;
  for (const [name, value] of Object.entries(overlaps ?? {})) flatten(name, single ? unwrap(value) : value, flat);
  return flat;
}

/** The number in a list, or list of lists, of one. */
function unwrap(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? unwrap(value[0]) : value;
}

function flatten(name: string, value: unknown, into: Record<string, Cell>): void {
  if (Array.isArray(value)) value.forEach((item, i) => flatten(`${name}[${i}]`, item, into));
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) flatten(`${name}.${key}`, item, into);
  } else into[name] = value as Cell;
}

/** Rows to text piece by piece, so that a curve of any length needs constant memory. */
export interface RowEncoder {
  push(row: object): string;
  end(): string;
}

/**
 * Comma-separated values as they come: the columns are those of the rows up to the first solved one, then `further` ones that
 * later rows may have, `message` last. ∞ is written inf; what is missing or no number is empty.
 */
export function csvEncoder(further: readonly string[] = []): RowEncoder {
  let columns: string[] | undefined;
  let waiting: Record<string, Cell>[] = [];
  const begin = (): string => {
    columns = columnsOf([...waiting, Object.fromEntries(further.map((name) => [name, undefined]))]);
    const lines = [columns, ...waiting.map((row) => columns!.map((name) => row[name]))];
    waiting = [];
    return lines.map(csvLine).join("");
  };
  return {
    push(row) {
      const flat = flatRow(row);
      if (columns) return csvLine(columns.map((name) => flat[name]));
      waiting.push(flat);
      return flat["status"] === "converged" ? begin() : "";
    },
    end: () => (columns || waiting.length === 0 ? "" : begin()),
  };
}

/** The columns of all rows, `message` last. */
function columnsOf(rows: readonly Record<string, Cell>[]): string[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  names.delete("message");
  return [...names, "message"];
}

const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(",")}\n`;

/** Columns that only some rows of a curve of this model may have: channels of the row norms, and the warning of finite sizes. */
export function occasionalColumns(description: object): string[] {
  const { model, loss, rows, readoutValues } = description as Readonly<Record<string, unknown>>;
  if (isCovariateName(model)) return [];
  const count = Array.isArray(readoutValues) ? readoutValues.length : 1;
  const norms = count === 1 ? ["nu"] : Array.from({ length: count }, (_, k) => `nu[${k}]`);
  const square = loss === undefined || loss === "square";
  return [
    ...(model === "trainedNetwork" || rows === "gaussian" ? norms : []),
    ...(square ? ["finiteSize.dimension", "finiteSize.testError"] : []),
  ];
}

/** A value as it stands in a table: quoted where it must be. */
export function csvCell(value: Cell): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : infinity(value);
  const text = value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function infinity(value: number): string {
  if (Number.isNaN(value)) return "";
  return value > 0 ? "inf" : "-inf";
}

/**
 * A curve as comma-separated values, with the columns of all its rows.
 *
 * @example
 * const rows = curve(
 *   { model: "randomFeatures", student: "identity", target: "identity", widthRatio: 2, ridge: 1 },
 *   { sweep: { sampleRatio: [1] } },
 * );
 * toCsv(rows).split("\n").length; // 3
 */
export function toCsv(rows: Iterable<object>): string {
  if (typeof (rows as Partial<Iterable<object>> | undefined)?.[Symbol.iterator] !== "function") {
    throw new ParameterError("rows", rows, "a list of rows");
  }
  const flat = Array.from(rows, flatRow);
  if (flat.length === 0) return "";
  const columns = columnsOf(flat);
  return [columns, ...flat.map((row) => columns.map((name) => row[name]))].map(csvLine).join("");
}
