import { ExpressionError, ParameterError } from "../errors.ts";

/** An unknown of a saddle point: where the search begins, and its range. */
export interface UnknownDescription {
  /** Default the middle of the range, or 1 beside its only end, or 0.5. */
  readonly start?: number;
  /** Ends of the range; default none. */
  readonly min?: number;
  readonly max?: number;
}

/** The averages that equations given as a function take. */
export interface Averages {
  /** E f(z), z ~ N(0,1). */
  readonly E: (f: (z: number) => number, breakpoints?: readonly number[]) => number;
}

/** Equations as a function of the unknowns and parameters. */
export type EquationsFunction = (
  unknowns: Readonly<Record<string, number>>,
  parameters: Readonly<Record<string, number>>,
  averages: Averages,
) => Readonly<Record<string, number>>;

/** Saddle-point equations x = F(x; parameters): the argument of `saddlePoint`, and the JSON of the command line. */
export interface SaddlePointDescription {
  readonly unknowns: Readonly<Record<string, UnknownDescription>>;
  /** Values that a call may override. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** Definitions: names for formulas, free of order; they may use bound variables and are expanded where they stand. */
  readonly where?: Readonly<Record<string, string>>;
  /** The right side F of every unknown. */
  readonly equations: Readonly<Record<string, string>> | EquationsFunction;
  readonly observables?: Readonly<Record<string, string>>;
  /** The solution with the lowest is the stable phase. */
  readonly freeEnergy?: string;
  /** The solution with the highest is the stable phase. */
  readonly freeEntropy?: string;
  /** Known phases that are no regular solutions, with their free energy (or entropy) as a formula in the parameters. */
  readonly phases?: Readonly<Record<string, string>>;
}

/** An unknown with its range. */
export interface Unknown {
  readonly name: string;
  readonly start: number;
  readonly min: number;
  readonly max: number;
}

/** A description that was checked. */
export interface CheckedDescription {
  readonly unknowns: readonly Unknown[];
  readonly parameters: Readonly<Record<string, number>>;
  readonly where: Readonly<Record<string, string>>;
  readonly equations: Readonly<Record<string, string>> | EquationsFunction;
  readonly observables: Readonly<Record<string, string>>;
  readonly free: { readonly name: "freeEnergy" | "freeEntropy"; readonly formula: string } | undefined;
  readonly phases: Readonly<Record<string, string>>;
}

const FIELDS = [
  ...["unknowns", "parameters", "where", "equations", "observables", "freeEnergy", "freeEntropy", "phases"],
  // For readers.
  ...["name", "description", "source", "comment"],
];
const MOST_UNKNOWNS = 40;
const MOST_ENTRIES = 200;
const NAME = /^(?!__)[\p{L}_][\p{L}\p{N}_]*$/u;

/**
 * Checks everything but the formulas.
 *
 * @param isReserved whether a name has a meaning in every formula
 * @throws ParameterError naming the field
 */
export function checkDescription(given: unknown, isReserved: (name: string) => boolean): CheckedDescription {
  const fields = record("saddlePoint", given);
  const unknownField = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (unknownField !== undefined) {
    throw new ParameterError(
      unknownField,
      fields[unknownField],
      `there is no such field; legal are ${FIELDS.join(", ")}`,
    );
  }
  const unknowns = Object.entries(record("unknowns", fields["unknowns"])).map(([name, range]) =>
    checkUnknown(name, range),
  );
  if (unknowns.length === 0 || unknowns.length > MOST_UNKNOWNS) {
    throw new ParameterError("unknowns", fields["unknowns"], `from 1 to ${MOST_UNKNOWNS} unknowns`);
  }
  const parameters = record("parameters", fields["parameters"] ?? {});
  for (const [name, value] of Object.entries(parameters)) checkNumber(`parameters.${name}`, value);
  const where = texts("where", fields["where"] ?? {});
  const equations =
    typeof fields["equations"] === "function" ? fields["equations"] : texts("equations", fields["equations"]);
  const observables = texts("observables", fields["observables"] ?? {});
  const names = [...unknowns.map(({ name }) => name), ...Object.keys(parameters), ...Object.keys(where)];
  for (const [i, name] of names.entries()) checkName(name, names.indexOf(name) !== i, isReserved);
  for (const name of Object.keys(observables)) {
    if (!NAME.test(name)) throw new ParameterError(`observables.${name}`, name, NAME_RULE);
  }
  if (typeof equations !== "function") matchEquations(unknowns, equations);
  return {
    unknowns,
    parameters: parameters as Record<string, number>,
    where,
    equations: equations as CheckedDescription["equations"],
    observables,
    free: checkFree(fields),
    phases: texts("phases", fields["phases"] ?? {}),
  };
}

function record(parameter: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value);
    if (entries.length > MOST_ENTRIES)
      throw new ParameterError(parameter, entries.length, `at most ${MOST_ENTRIES} entries`);
    return Object.fromEntries(entries);
  }
  throw new ParameterError(parameter, value, "an object with a field for each name");
}

function texts(parameter: string, value: unknown): Record<string, string> {
  const fields = record(parameter, value);
  for (const [name, text] of Object.entries(fields)) {
    if (typeof text === "number" && Number.isFinite(text)) fields[name] = String(text);
    else if (typeof text !== "string") throw new ParameterError(`${parameter}.${name}`, text, "a formula");
  }
  return fields as Record<string, string>;
}

function checkNumber(parameter: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new ParameterError(parameter, value, "a finite number");
  return value;
}

const NAME_RULE = "a name of letters, digits and _, beginning with neither a digit nor __";

function checkName(name: string, repeated: boolean, isReserved: (name: string) => boolean): void {
  if (!NAME.test(name)) throw new ParameterError("name", name, NAME_RULE);
  if (repeated)
    throw new ParameterError("name", name, "one meaning for each name of an unknown, a parameter or a definition");
  if (isReserved(name))
    throw new ParameterError("name", name, "a name that has no meaning in every formula, as e, E or tanh have");
}

function checkUnknown(name: string, value: unknown): Unknown {
  const fields = record(`unknowns.${name}`, value);
  const wrong = Object.keys(fields).find((field) => !["start", "min", "max"].includes(field));
  if (wrong !== undefined)
    throw new ParameterError(`unknowns.${name}.${wrong}`, fields[wrong], "legal are start, min and max");
  const number = (field: string, otherwise: number): number =>
    fields[field] === undefined ? otherwise : checkNumber(`unknowns.${name}.${field}`, fields[field]);
  const [min, max] = [number("min", -Infinity), number("max", Infinity)];
  if (!(min < max)) throw new ParameterError(`unknowns.${name}.max`, max, `above min = ${min}`);
  const middle = min > -Infinity ? (max < Infinity ? 0.5 * (min + max) : min + 1) : max < Infinity ? max - 1 : 0.5;
  const start = number("start", middle);
  if (start < min || start > max) {
    throw new ParameterError(`unknowns.${name}.start`, start, `within its range, from ${min} to ${max}`);
  }
  return { name, start, min, max };
}

function matchEquations(unknowns: readonly Unknown[], equations: Readonly<Record<string, string>>): void {
  const names = unknowns.map(({ name }) => name);
  const missing = names.find((name) => !Object.hasOwn(equations, name));
  if (missing !== undefined) {
    throw new ParameterError(`equations.${missing}`, undefined, `the unknown "${missing}" needs an equation`);
  }
  const extra = Object.keys(equations).find((name) => !names.includes(name));
  if (extra === undefined) return;
  const reason = `an equation without unknown: "${extra}" is not among ${names.join(", ")}`;
  throw new ExpressionError(equations[extra]!, reason, `equations.${extra}`, { offset: 0, line: 1, column: 1 });
}

function checkFree(fields: Readonly<Record<string, unknown>>): CheckedDescription["free"] {
  const given = (["freeEnergy", "freeEntropy"] as const).filter((name) => fields[name] !== undefined);
  if (given.length > 1)
    throw new ParameterError("freeEntropy", fields["freeEntropy"], "absent where freeEnergy is given");
  const [name] = given;
  if (name === undefined) return undefined;
  const formula = fields[name];
  if (typeof formula !== "string") throw new ParameterError(name, formula, "a formula");
  return { name, formula };
}
