import { ParameterError } from "../errors.ts";
import type { SimulationSpecification } from "./specification.ts";

/** JSON with sorted keys and no spaces: equal data, equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** Whether the specification is plain data, which can be sent to a worker and written to a file. */
export function isPlainData({ student, target, loss }: SimulationSpecification): boolean {
  return typeof student === "string" && typeof target === "string" && !isOfFunctions(loss);
}

const isOfFunctions = (loss: SimulationSpecification["loss"]): boolean => typeof loss === "object" && "value" in loss;

/** @throws ParameterError if student or target is a function, naming what it cannot do. */
export function requirePlainData(specification: SimulationSpecification, purpose: string): void {
  for (const name of ["student", "target"] as const) {
    if (typeof specification[name] === "string") continue;
    throw new ParameterError(name, specification[name], `a name or a formula: a function cannot be ${purpose}`);
  }
  const { loss } = specification;
  if (isOfFunctions(loss)) throw new ParameterError("loss", loss, `by name: a function cannot be ${purpose}`);
}
