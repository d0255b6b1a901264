import type { Kind } from "./kinds.ts";

/** The spellings of ∞ in JSON, which has none of its own. */
const INFINITE = ["inf", "Infinity"];

/** A value of a kind as JSON writes it, in the library's own form; whether it is legal is checked afterwards. */
export function fromJson(value: unknown, kind: Kind): unknown {
  switch (kind.type) {
    case "number":
      return typeof value === "string" && INFINITE.includes(value) ? Infinity : value;
    case "list":
      return Array.isArray(value) ? value.map((item) => fromJson(item, kind.of)) : value;
    case "either":
      return kind.of.reduce((read, option) => fromJson(read, option), value);
    case "records":
      return Array.isArray(value) ? value.map((item: unknown) => recordFromJson(item, kind.fields)) : value;
    default:
      return value;
  }
}

function recordFromJson(item: unknown, fields: Readonly<Record<string, { readonly kind: Kind }>>): unknown {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
  return fieldsFromJson(item as Readonly<Record<string, unknown>>, fields);
}

/** An object from JSON whose known fields are read by their kind. */
export function fieldsFromJson(
  json: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, { readonly kind: Kind }>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      return [name, Object.hasOwn(fields, name) ? fromJson(value, fields[name]!.kind) : value];
    }),
  );
}
