import { ParameterError } from "../../errors.ts";

/** @throws ParameterError for parameters that are no object */
export function objectOf(params: unknown): Readonly<Record<string, unknown>> {
  if (typeof params === "object" && params !== null && !Array.isArray(params)) return params as Record<string, unknown>;
  throw new ParameterError("params", params, "an object with the parameters of the method");
}

/** The same for those of a command, without the files of its configuration. */
export function clientFields(params: unknown): Readonly<Record<string, unknown>> {
  const fields = objectOf(params);
  for (const name of ["config", "out"]) {
    if (fields[name] !== undefined) throw new ParameterError(name, fields[name], "left out: files are the client's");
  }
  return fields;
}
