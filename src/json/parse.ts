import type { z } from "zod";
import { ParameterError } from "../errors.ts";

/** Parses by a strict schema; the first problem becomes a ParameterError. */
export function parse<T>(schema: z.ZodType<T> & { shape: object }, json: unknown, unknownField: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  // An unknown field first: a misspelt one is usually also a missing one.
  const issues = parsed.error.issues;
  const unknown = issues.find((issue) => issue.code === "unrecognized_keys");
  if (unknown) {
    const name = unknown.keys[0]!;
    const value = (json as Record<string, unknown>)[name];
    throw new ParameterError(name, value, `${unknownField}; its fields are ${Object.keys(schema.shape).join(", ")}`);
  }
  const { path, message } = issues[0]!;
  const value = path.reduce<unknown>((item, key) => (item as Record<PropertyKey, unknown>)[key], json);
  const name = path.map((key, i) => (typeof key === "number" ? `[${key}]` : `${i ? "." : ""}${String(key)}`)).join("");
  throw new ParameterError(name || "input", value, value === undefined ? `required: ${message}` : message);
}
