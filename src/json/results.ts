import { ParameterError } from "../errors.ts";
import type { Case } from "./cases.ts";
import { errorData, type JsonError } from "./errors.ts";

/** The result of one case, ready to be encoded. */
export type JsonResult = { readonly id?: unknown } & (
  | { readonly status: "error"; readonly error: JsonError }
  | { readonly status: string; readonly [field: string]: unknown }
);

export type Fields = Readonly<Record<string, unknown>>;

/** The results of cases, one each and in order. */
export type CaseCalculation = (cases: Iterable<Case>) => Iterable<JsonResult>;

/** A calculation whose cases come one at a time; what it keeps from one to the next stays. */
export function oneByOne(calculate: CaseCalculation): (item: Case) => JsonResult {
  let next: Case;
  const endless = function* (): Generator<Case> {
    for (;;) yield next;
  };
  const results = calculate(endless())[Symbol.iterator]();
  return (item) => {
    next = item;
    return results.next().value as JsonResult;
  };
}

/** Fields of a case that say nothing about the model. */
const NOTES = ["id", "description", "comment", "expected"];

/** Runs a calculation on the fields of a case, without its notes; errors become the result. */
export function forCase(item: Case, calculate: (fields: Fields) => JsonResult): JsonResult {
  if ("unreadable" in item) return { status: "error", error: errorData(item.unreadable) };
  const { data } = item;
  const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
  const id = isObject && Object.hasOwn(data, "id") ? { id: (data as Fields)["id"] } : {};
  try {
    if (!isObject) throw new ParameterError("case", data, "an object with the fields of a model");
    const relevant = Object.entries(data as Fields).filter(([name]) => !NOTES.includes(name));
    return { ...id, ...calculate(Object.fromEntries(relevant)) };
  } catch (error) {
    return { ...id, status: "error", error: errorData(error) };
  }
}
