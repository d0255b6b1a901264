import { erfc } from "../../numerics/normal.ts";
import { namedActivation, smooth, type DifferentiableActivation } from "../namedActivations.ts";

/** Functions of one variable allowed in formulas besides the named activations. */
const elementary: ReadonlyMap<string, DifferentiableActivation> = new Map(
  [
    smooth("exp", Math.exp, Math.exp, { left: { offset: 0, slope: 0, remainder: Math.exp } }),
    smooth("expm1", Math.expm1, Math.exp),
    smooth("log", Math.log, (x) => 1 / x),
    smooth("log1p", Math.log1p, (x) => 1 / (1 + x)),
    smooth("sqrt", Math.sqrt, (x) => 0.5 / Math.sqrt(x)),
    smooth("tan", Math.tan, (x) => 1 / Math.cos(x) ** 2),
    smooth("atan", Math.atan, (x) => 1 / (1 + x * x)),
    smooth("sinh", Math.sinh, Math.cosh),
    smooth("cosh", Math.cosh, Math.sinh),
    smooth("asinh", Math.asinh, (x) => 1 / Math.sqrt(1 + x * x)),
    smooth("erfc", erfc, (x) => -1.1283791670955126 * Math.exp(-x * x), {
      left: { offset: 2, slope: 0, remainder: (x) => -erfc(-x) },
      right: { offset: 0, slope: 0, remainder: erfc },
    }),
  ].map((entry) => [entry.name, entry]),
);

/** The function of one variable of that name, or undefined: nothing but this list can be called from a formula. */
export function formulaFunction(name: string): DifferentiableActivation | undefined {
  return elementary.get(name) ?? namedActivation(name);
}

/** Names for messages. */
export const elementaryNames: readonly string[] = [...elementary.keys()];
