import { z } from "zod";

/** The spellings of ∞ in the JSON interface, where JSON itself has none; and ∞ itself, from the command line. */
const infinite = z.literal(["inf", "Infinity", Infinity]).transform(() => Infinity);

/** A number, or "inf". Which numbers are legal is for the library to say. */
export const number = z.union([z.number(), infinite], { error: 'a number, or "inf"' });

export const flag = z.boolean({ error: "true or false" });

export const choice = <const T extends readonly string[]>(...values: T) =>
  z.enum(values, { error: `one of ${values.map((value) => `"${value}"`).join(", ")}` });
