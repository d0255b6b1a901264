import { ParameterError } from "../errors.ts";
import { gaussianAverage } from "../numerics/gaussianAverage.ts";
import type { Averages, CheckedDescription, EquationsFunction } from "./description.ts";
import type { Quantities } from "./quantities.ts";

const TOLERANCE = 1e-14;

const AVERAGES: Averages = {
  E: (f, breakpoints = []) => {
    const sample = (z: number, out: Float64Array): void => {
      out[0] = f(z);
    };
    const options = { dimension: 1, tolerance: TOLERANCE, name: "a function", breakpoints };
    return gaussianAverage(sample, options).value[0]!;
  },
};

/** Right sides that are a function: their averages are adapted at every evaluation, derivatives are differences. */
export function functionSides({ unknowns, parameters }: CheckedDescription, equations: EquationsFunction): Quantities {
  const names = unknowns.map(({ name }) => name);
  const parameterNames = Object.keys(parameters);
  const named = (keys: readonly string[], values: Float64Array) =>
    Object.fromEntries(keys.map((key, i) => [key, values[i]!]));
  return {
    count: names.length,
    values(inputs) {
      const x = named(names, inputs);
      const result = equations(x, named(parameterNames, inputs.subarray(names.length)), AVERAGES);
      return Float64Array.from(names, (name) => {
        const value: unknown = (result as Record<string, unknown> | undefined)?.[name];
        if (typeof value !== "number")
          throw new ParameterError(`equations.${name}`, value, "a number for every unknown");
        return value;
      });
    },
    derivatives: () => undefined,
    explain: () => "the function's value is not finite",
  };
}
