import { flatRow } from "../curve/csv.ts";
import { ParameterError } from "../errors.ts";
import type { PlottedRow } from "./plottedRow.ts";
import { columnOf, type Quantity, QUANTITIES, titleOf } from "./quantities.ts";

/** Whether a quantity has a name of its own; others are columns of a table. */
export const isNamed = (quantity: string): quantity is Quantity => Object.hasOwn(QUANTITIES, quantity);

export function mainQuantity(rows: readonly PlottedRow[]): Quantity {
  return rows.some((row) => "kind" in row && row.kind === "margin") ? "testClassificationError" : "testError";
}

/**
 * The quantities that are asked for, `ensembles` and `ensembles.freshBoth` taken for those of every M.
 *
 * @throws ParameterError for an empty list
 */
export function quantitiesOf(rows: readonly PlottedRow[], asked: string | readonly string[] | undefined): string[] {
  if (asked === undefined) return [mainQuantity(rows)];
  const names = (typeof asked === "string" ? [asked] : asked).map(columnOf);
  if (names.length === 0) throw new ParameterError("quantity", asked, "a name or a list of names");
  const columns = () => Object.keys(solvedColumns(rows));
  const members = (name: string) =>
    columns().filter((column) => column.startsWith(name) && column.endsWith("].testError"));
  const expanded = names.flatMap((name) => (/^ensembles(\.\w+)?$/.test(name) ? members(name) : [name]));
  return [...new Set(expanded.length > 0 ? expanded : names)];
}

/** A quantity in words, with the number of networks where it is of a mean of them. */
export const quantityTitle = (rows: readonly PlottedRow[], quantity: string): string =>
  titleOf(quantity, solvedColumns(rows));

/** The columns of the first solved row. */
function solvedColumns(rows: readonly PlottedRow[]) {
  const solved = rows.find(({ status }) => status === "converged");
  return solved ? flatRow(solved) : {};
}

/** Whether a row has a quantity, in theory or simulated. */
const has = (row: PlottedRow, quantity: Quantity): boolean =>
  (row as { readonly [Q in Quantity]?: number })[quantity] !== undefined || row.simulation?.[quantity] !== undefined;

/** Reads a quantity of rows: one of theirs, or a column of their table. */
export function quantityReader(rows: readonly PlottedRow[], quantity: string): (row: PlottedRow) => number | null {
  const solved = rows.find(({ status }) => status === "converged");
  if (isNamed(quantity) && (!solved || rows.some((row) => has(row, quantity)))) {
    return (row) => (row as { readonly [Q in Quantity]?: number })[quantity] ?? null;
  }
  const names = Object.entries(solved ? flatRow(solved) : {}).flatMap(([name, value]) =>
    typeof value === "number" && !name.startsWith("simulation.") ? [name] : [],
  );
  if (solved && !names.includes(quantity)) {
    throw new ParameterError("quantity", quantity, `a column of the rows: ${names.join(", ")}`);
  }
  return (row) => {
    const value = flatRow(row)[quantity];
    return typeof value === "number" ? value : null;
  };
}
