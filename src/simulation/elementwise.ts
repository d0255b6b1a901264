import { activation, type ActivationInput } from "../activation/activation.ts";
import type { Kernels, UnaryKernelName } from "./workspace.ts";

/** Applies a scalar function to every entry, in place. */
export type ElementwiseMap = (values: Float64Array) => void;

const kernelOf: Readonly<Record<string, UnaryKernelName>> = {
  tanh: "tanh",
  erf: "erf",
  relu: "relu",
  gelu: "gelu",
  sigmoid: "sigmoid",
  softplus: "softplus",
  sin: "sin",
  cos: "cos",
  sign: "sign",
  abs: "absolute",
};

/** σ over whole arrays: the WASM kernel of a named activation, or the plain function entry by entry. */
export function valueMap(kernels: Kernels, input: ActivationInput): ElementwiseMap {
  const name = typeof input === "string" ? kernelOf[input.trim()] : undefined;
  if (name === undefined) return scalarMap(activation(input).value);
  const kernel = kernels[name];
  return (values) => kernel(values.byteOffset, values.byteOffset, values.length);
}

/** σ′ over whole arrays; NaN where the activation has none. */
export function derivativeMap(input: ActivationInput): ElementwiseMap {
  return scalarMap(activation(input).derivative ?? (() => NaN));
}

function scalarMap(f: (x: number) => number): ElementwiseMap {
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = f(values[i]!);
  };
}
