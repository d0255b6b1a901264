import type { Place } from "../../../errors.ts";

/** A formula as it is written; `start` and `end` are offsets in its text. */
export type Syntax = { readonly start: number; readonly end: number } & (
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly parts: readonly Syntax[] }
  | { readonly kind: "unary"; readonly operator: "-" | "not"; readonly operand: Syntax }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Syntax; readonly right: Syntax }
  | { readonly kind: "choice"; readonly condition: Syntax; readonly yes: Syntax; readonly no: Syntax }
  | { readonly kind: "list"; readonly items: readonly Syntax[] }
);

export type Relation = "<" | "<=" | ">" | ">=" | "==" | "!=";
export type BinaryOperator = "+" | "-" | "*" | "/" | "^" | "and" | "or" | Relation;

/** The line and column of an offset. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  return { offset, line: before.length, column: before.at(-1)!.length + 1 };
}
