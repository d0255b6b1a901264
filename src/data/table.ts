import { ParameterError, requireFields } from "../errors.ts";
import type { CheckedTable } from "./dataSet.ts";

/** How a table of text is read. */
export interface TableOptions {
  /** Default: the tab, comma or semicolon that the first line has, in this order. */
  readonly delimiter?: "," | "\t" | ";";
  /** Named in errors; default "table". */
  readonly name?: string;
}

/** A table of numbers with the names of its columns, where it has them. */
export interface Columns extends CheckedTable {
  /** Undefined without a header. */
  readonly header?: readonly string[];
}

/** Features and labels of a table. */
export interface LabelledTable {
  readonly features: CheckedTable;
  readonly labels: Float64Array;
}

/**
 * Reads numbers that commas, tabs or semicolons separate. A first line that is not all numbers is the header.
 *
 * @throws ParameterError for text that is no table of numbers, naming the row (from 1, the header included) and column
 * @example
 * const { header, rows, columns } = parseTable("x,y\n1,2\n3,4\n");
 * [header, rows, columns]; // [["x", "y"], 2, 2]
 */
export function parseTable(text: string, options: TableOptions = {}): Columns {
  const { name = "table" } = options;
  if (typeof (text as unknown) !== "string") throw new ParameterError(name, text, "text");
  if (text.includes("\0")) throw new ParameterError(name, "binary data", "a table of text, or a NumPy .npy file");
  const first = text.slice(0, text.search(/\r?\n|$/));
  const delimiter = options.delimiter ?? (["\t", ",", ";"] as const).find((mark) => first.includes(mark)) ?? ",";
  const lines = cellsOf(text.replace(/^\uFEFF/, ""), delimiter)
    .map((cells, i) => ({ cells, line: i + 1 }))
    .filter(({ cells }) => cells.length > 1 || (cells[0] ?? "").trim() !== "");
  const head = lines[0];
  if (!head) throw new ParameterError(name, text, "a table of numbers (it is empty)");
  const isHeader = head.cells.some((cell) => cell.trim() !== "" && Number.isNaN(Number(cell)));
  const body = isHeader ? lines.slice(1) : lines;
  const columns = head.cells.length;
  if (body.length === 0) throw new ParameterError(name, first, "a table with rows of numbers below its header");
  const header = isHeader ? head.cells.map((cell) => cell.trim()) : undefined;
  const data = new Float64Array(body.length * columns);
  body.forEach(({ cells, line }, i) => {
    if (cells.length !== columns) {
      throw new ParameterError(
        `${name}, row ${line}`,
        `${cells.length} cells`,
        `${columns} cells, as the first row has`,
      );
    }
    cells.forEach((cell, j) => {
      data[i * columns + j] = numberIn(cell, `${name}, row ${line}, column ${header?.[j] ?? j + 1}`);
    });
  });
  return { data, rows: body.length, columns, ...(header && { header }) };
}

/** Lines of cells; a cell in double quotes may hold delimiters and line ends, and doubled quotes (RFC 4180). */
function cellsOf(text: string, delimiter: string): string[][] {
  const lines: string[][] = [[]];
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^${delimiter}\\r\\n]*))(${delimiter}|\\r?\\n|\\r|$)`, "gy");
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (!match) break;
    const [, quoted, plain, end] = match;
    lines.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end !== delimiter && cell.lastIndex < text.length) lines.push([]);
    if (end === delimiter && cell.lastIndex === text.length) lines.at(-1)!.push("");
  }
  return lines;
}

function numberIn(cell: string, place: string): number {
  const text = cell.trim();
  if (/^(|na|n\/a|nan|null|none|\?)$/i.test(text)) throw new ParameterError(place, cell, "a number (it is missing)");
  const value = Number(text);
  if (!Number.isFinite(value)) throw new ParameterError(place, cell, "a finite number (classes are 1 and −1)");
  return value;
}

/**
 * Takes the column of the labels out of a table.
 *
 * @param column its name in the header, or its number from 1
 * @throws ParameterError for a column that the table does not have, or one that leaves no features
 * @example
 * const table = parseTable("x,y\n1,2\n3,4\n");
 * [...takeLabels(table, "y").labels]; // [2, 4]
 */
export function takeLabels(table: Columns, column: string): LabelledTable {
  requireFields("table", table, ["data", "rows", "columns"], "a table, as parseTable gives it");
  if (typeof column !== "string") throw new ParameterError("labels", column, "a column's number or name, as text");
  const { data, rows, columns, header } = table;
  const named = header?.indexOf(column.trim()) ?? -1;
  const at = named >= 0 ? named : Number(column) - 1;
  if (!(Number.isInteger(at) && at >= 0 && at < columns)) {
    const names = header ? ` or a name of the header (${header.slice(0, 20).join(", ")})` : "";
    throw new ParameterError("labels", column, `a column number from 1 to ${columns}${names}`);
  }
  if (columns < 2) throw new ParameterError("labels", column, "one of several columns: the others are the features");
  const labels = Float64Array.from({ length: rows }, (_, i) => data[i * columns + at]!);
  const features = new Float64Array(rows * (columns - 1));
  for (let i = 0; i < rows; i++) {
    for (let j = 0, k = 0; j < columns; j++) if (j !== at) features[i * (columns - 1) + k++] = data[i * columns + j]!;
  }
  return { features: { data: features, rows, columns: columns - 1 }, labels };
}
