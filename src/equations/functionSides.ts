import { ParameterError } from "../errors.ts";
import { adaptGaussianRule } from "../numerics/gaussianAverage.ts";
import type { Averages, CheckedDescription, EquationsFunction } from "./description.ts";
import type { Quantities } from "./quantities.ts";

const TOLERANCE = 1e-14;

/** Averages as functions take them; `shift` of their estimated errors are added. */
function averagesWith(shift: number): Averages {
  return {
    E: (f, breakpoints = []) => {
      const sample = (z: number, out: Float64Array): void => {
        out[0] = f(z);
      };
      const options = { dimension: 1, tolerance: TOLERANCE, name: "a function", breakpoints };
      const { weights, values, error } = adaptGaussianRule(sample, options);
      let [average, size] = [0, 0];
      for (let i = 0; i < values.length; i++) {
        average += weights[i]! * values[i]!;
        size += weights[i]! * Math.abs(values[i]!);
      }
      return average + shift * error * size;
    },
  };
}

const PLAIN = averagesWith(0);
/** In the place of a finer grid: averages moved by their errors show what those do to the equations. */
const MOVED = averagesWith(1);

/** Right sides that are a function: their averages are adapted at every evaluation, derivatives are differences. */
export function functionSides({ unknowns, parameters }: CheckedDescription, equations: EquationsFunction): Quantities {
  const names = unknowns.map(({ name }) => name);
  const parameterNames = Object.keys(parameters);
  const named = (keys: readonly string[], values: Float64Array) =>
    Object.fromEntries(keys.map((key, i) => [key, values[i]!]));
  return {
    count: names.length,
    values(inputs, mode) {
      const x = named(names, inputs);
      const averages = mode === "refine" ? MOVED : PLAIN;
      const result = equations(x, named(parameterNames, inputs.subarray(names.length)), averages);
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
