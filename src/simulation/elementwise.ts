import { activation, type ActivationInput } from "../activation/activation.ts";
import { differentiate } from "../activation/formula/differentiate.ts";
import { parseFormula } from "../activation/formula/parse.ts";
import { apply, variable, type Tree } from "../activation/formula/syntaxTree.ts";
import { namedActivation } from "../activation/namedActivations.ts";
import { withDerivative } from "../activation/numericDerivative.ts";
import { arrayProgram, type ElementwiseMap } from "./arrayProgram.ts";
import type { Kernels } from "./workspace.ts";

/** σ over whole arrays: WASM kernels for names and formulas, the plain function entry by entry otherwise. */
export function valueMap(kernels: Kernels, registers: Float64Array, input: ActivationInput): ElementwiseMap {
  if (typeof input === "string") return arrayProgram(syntaxTree(input), kernels, registers);
  return scalarMap(activation(input).value);
}

/** σ′ over whole arrays; by differences where the activation has none. */
export function derivativeMap(kernels: Kernels, registers: Float64Array, input: ActivationInput): ElementwiseMap {
  if (typeof input === "string") return arrayProgram(differentiate(syntaxTree(input)), kernels, registers);
  return scalarMap(withDerivative(activation(input), "student").derivative);
}

function syntaxTree(text: string): Tree {
  const named = namedActivation(text.trim());
  return named ? apply(named, variable(0)) : parseFormula(text);
}

function scalarMap(f: (x: number) => number): ElementwiseMap {
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = f(values[i]!);
  };
}
