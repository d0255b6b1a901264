import { flatRow } from "../curve/csv.ts";
import { ParameterError } from "../errors.ts";
import type { PlottedRow } from "./plottedRow.ts";
import { type Quantity, QUANTITIES } from "./quantities.ts";

/** Whether a quantity has a name of its own; others are columns of a table. */
export const isNamed = (quantity: string): quantity is Quantity => Object.hasOwn(QUANTITIES, quantity);

export function mainQuantity(rows: readonly PlottedRow[]): Quantity {
  return rows.some((row) => "kind" in row && row.kind === "margin") ? "testClassificationError" : "testError";
}

/** Reads a quantity of rows: one of theirs, or a column of their table. */
export function quantityReader(rows: readonly PlottedRow[], quantity: string): (row: PlottedRow) => number | null {
  if (isNamed(quantity)) return (row) => (row as { readonly [Q in Quantity]?: number })[quantity] ?? null;
  const solved = rows.find(({ status }) => status === "converged");
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
