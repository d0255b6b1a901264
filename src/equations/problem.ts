import { ParameterError } from "../errors.ts";
import type { System } from "./equations.ts";

/** Values of parameters that replace those of the description. */
export type ParameterValues = Readonly<Record<string, number>>;

export function parameterNames(system: System): string[] {
  return Object.keys(system.description.parameters);
}

/** @throws ParameterError unless it is a parameter of the description */
export function requireParameter(system: System, name: string, field: string): number {
  const names = parameterNames(system);
  const index = names.indexOf(name);
  if (index < 0)
    throw new ParameterError(field, name, `a parameter of the description: ${names.join(", ") || "it has none"}`);
  return index;
}

/** All parameters in the order of the description. */
export function mergedParameters(system: System, given: ParameterValues): number[] {
  for (const [name, value] of Object.entries(given)) {
    requireParameter(system, name, "parameters");
    if (!Number.isFinite(value)) throw new ParameterError(`parameters.${name}`, value, "a finite number");
  }
  return parameterNames(system).map((name) => given[name] ?? system.description.parameters[name]!);
}
