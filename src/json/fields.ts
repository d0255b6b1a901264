import { z } from "zod";

/** The spellings of ∞ in the JSON interface, where JSON itself has none; and ∞ itself, from the command line. */
const infinite = z.literal(["inf", "Infinity", Infinity]).transform(() => Infinity);

/** A number, or "inf". Which numbers are legal is for the library to say. */
export const number = z.union([z.number(), infinite], { error: 'a number, or "inf"' });

export const numbers = z.array(number, { error: "a list of numbers" });

export const numberOrNumbers = z.union([z.number(), infinite, z.array(number)], {
  error: "a number or a list of numbers",
});

/** A named activation or a formula in x. */
export const formula = z.string({ error: "the name of an activation or a formula in x" });

export const flag = z.boolean({ error: "true or false" });

export const choice = <const T extends readonly string[]>(...values: T) =>
  z.enum(values, { error: `one of ${values.map((value) => `"${value}"`).join(", ")}` });

/** A loss that plain data can say; a function of the caller's is for the library alone. */
export const loss = z.union(
  [z.enum(["square", "logistic", "hinge", "squaredHinge"]), z.strictObject({ huber: z.number() })],
  { error: `"square", "logistic", "hinge", "squaredHinge" or {"huber": δ}` },
);
