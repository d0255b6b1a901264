import { ParameterError } from "../errors.ts";
import type { Complete } from "./description.ts";
import type { Kind, RecordFields, RecordOf } from "./kinds.ts";
import { NAMED_LOSSES } from "./loss.ts";
import { type ModelName, MODELS } from "./models.ts";
import { once } from "./once.ts";
import { nearest } from "./suggestion.ts";
import {
  isParameter,
  type Parameter,
  parameter,
  type ParameterName,
  PARAMETERS,
  parametersOf,
  severalParameters,
} from "./table.ts";

/** The legal values of a kind, in words. */
export function legalWords(kind: Kind): string {
  switch (kind.type) {
    case "number":
      return kind.range.legal;
    case "integer":
      return kind.most < Number.MAX_SAFE_INTEGER
        ? `a whole number from ${kind.least} to ${kind.most}`
        : `a whole number >= ${kind.least}`;
    case "choice":
      return oneOf(kind.values);
    case "flag":
      return "true or false";
    case "text":
      return "text";
    case "list":
      return kind.legal;
    case "either":
      return kind.of.map(legalWords).join(", or ");
    case "activation":
      return "a name, a formula in x, a function or an object with a function value";
    case "loss":
      return `${NAMED_LOSSES.map((name) => `"${name}"`).join(", ")}, {huber: δ > 0}, {quantile: τ in (0, 1)}, or a smooth convex loss {kind, value, derivative, secondDerivative}`;
    case "records":
      return `a list of objects with the fields ${Object.keys(kind.fields).join(", ")}`;
  }
}

const oneOf = (values: readonly string[]): string => {
  const quoted = values.map((value) => `"${value}"`);
  return quoted.length === 2 ? quoted.join(" or ") : `one of ${quoted.join(", ")}`;
};

/**
 * The value, if it is one of its kind.
 *
 * @throws ParameterError that names the place in a list or record, the value there, and what is legal
 */
export function checkValue(name: string, value: unknown, kind: Kind): unknown {
  const refuse = (): never => {
    throw new ParameterError(name, value, legalWords(kind));
  };
  switch (kind.type) {
    case "number":
      return typeof value === "number" && kind.range.test(value) ? value : refuse();
    case "integer":
      return Number.isInteger(value) && (value as number) >= kind.least && (value as number) <= kind.most
        ? value
        : refuse();
    case "choice":
      return typeof value === "string" && kind.values.includes(value) ? value : refuse();
    case "flag":
      return typeof value === "boolean" ? value : refuse();
    case "text":
      return typeof value === "string" ? value : refuse();
    case "activation":
      // Which texts and objects are activations is for their reader to say.
      return ["string", "function"].includes(typeof value) || (typeof value === "object" && value !== null)
        ? value
        : refuse();
    case "loss":
      return typeof value === "string" || (typeof value === "object" && value !== null) ? value : refuse();
    case "list": {
      // A set may be empty.
      if (!Array.isArray(value)) return refuse();
      if (value.length === 0 && kind.distinct !== true)
        throw new ParameterError(name, value, `${kind.legal}, not empty`);
      if (kind.distinct === true && new Set(value).size < value.length) return refuse();
      if (kind.length !== undefined && value.length !== kind.length) return refuse();
      return value.map((item, i) => {
        // Where the words speak of the whole list, so does the error.
        if (kind.distinct === true && !isOfKind(item, kind.of)) return refuse();
        return checkValue(`${name}[${i}]`, item, kind.of);
      });
    }
    case "either": {
      const legal = kind.of.find((option) => isOfKind(value, option));
      // What is a list is refused as one, with the place of the item that is wrong.
      const meant =
        legal ?? kind.of.find(({ type }) => (type === "list" || type === "records") === Array.isArray(value));
      return meant && (legal || Array.isArray(value)) ? checkValue(name, value, meant) : refuse();
    }
    case "records":
      if (!Array.isArray(value) || value.length === 0) return refuse();
      return value.map((item: unknown, i) => checkRecord(`${name}[${i}]`, item, kind.fields, legalWords(kind)));
  }
}

/** Whether {@link checkValue} accepts a value. */
export function isOfKind(value: unknown, kind: Kind): boolean {
  try {
    checkValue("", value, kind);
    return true;
  } catch {
    return false;
  }
}

function checkRecord(place: string, item: unknown, fields: RecordFields, legal: string): unknown {
  if (typeof item !== "object" || item === null || Array.isArray(item)) throw new ParameterError(place, item, legal);
  return legalFields(item as Readonly<Record<string, unknown>>, fields, `no field of ${place}`, `${place}.`);
}

/**
 * Checks an object against a table of its fields, and fills in their defaults.
 *
 * @param words what an unknown field is not, e.g. "no field of model dataSet"
 * @throws ParameterError for a field that is unknown, missing or illegal
 */
export function legalFields<F extends RecordFields>(
  given: Readonly<Record<string, unknown>>,
  fields: F,
  words: string,
  place = "",
): RecordOf<F> {
  refuseUnknown(given, Object.keys(fields), words, place);
  const legal: Record<string, unknown> = {};
  for (const [name, { kind, optional, ...rest }] of Object.entries(fields)) {
    const value = given[name] === undefined ? rest.default : given[name];
    if (value !== undefined) legal[name] = checkValue(`${place}${name}`, value, kind);
    else if (optional === undefined) {
      throw new ParameterError(`${place}${name}`, undefined, `required: ${legalWords(kind)}`);
    }
  }
  return legal as RecordOf<F>;
}

/**
 * Refuses fields that are none, with the name that was probably meant.
 *
 * @param words what they are not, e.g. "no field of model smallRate"
 * @throws ParameterError
 */
export function refuseUnknown(
  fields: Readonly<Record<string, unknown>>,
  known: readonly string[],
  words: string,
  place = "",
): void {
  for (const [name, value] of Object.entries(fields)) {
    if (known.includes(name) || value === undefined) continue;
    const meant = nearest(name, known);
    const owners = isParameter(name) ? Object.keys(PARAMETERS[name].models).join(", ") : "";
    const hint = meant !== undefined ? `; did you mean ${meant}?` : owners !== "" ? `; it belongs to ${owners}` : "";
    throw new ParameterError(`${place}${name}`, value, `${words}${hint}; its fields are ${known.join(", ")}`);
  }
}

/** The model that a description names. */
export function modelOf(description: { readonly model?: unknown }): ModelName {
  const { model } = description;
  const known = MODELS.find((name) => name === model);
  if (known === undefined) {
    const meant = typeof model === "string" ? nearest(model, MODELS) : undefined;
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    throw new ParameterError("model", model, `one of ${MODELS.join(", ")}${hint}`);
  }
  return known;
}

/** The value of a parameter wherever it stands alone, checked as the table says. */
export function legalParameter(name: ParameterName, value: unknown, model?: ModelName): unknown {
  return checkValue(name, value, parameter(name, model).kind);
}

/** A number that is a parameter of the table. */
export function legalNumber(name: ParameterName, value: unknown, model?: ModelName): number {
  return legalParameter(name, value, model) as number;
}

/**
 * Checks a description against the table: its model, then fields that the model does not have, then those that are
 * missing, all of them in one error, then every value.
 *
 * @param absent required parameters that may be missing here
 * @returns the parameters with their defaults
 * @throws ParameterError
 */
export function legalParameters<M extends ModelName>(
  description: { readonly model: M },
  absent: readonly string[] = [],
): Complete<M> {
  const found: unknown = description;
  if (typeof found !== "object" || found === null) {
    throw new ParameterError("description", found, "an object with the fields of a model");
  }
  const model = modelOf(description);
  const given = description as Readonly<Record<string, unknown>>;
  const names = parametersOf(model);
  refuseSeveral(given, model, names);
  refuseUnknown(given, ["model", ...names], `no field of model ${model}`);
  const entries = entriesOf(model);
  const required = entries.filter((entry) => isRequired(entry) && !absent.includes(entry.name));
  refuseMissing(
    given,
    required.map(({ name }) => name),
  );
  const legal: Record<string, unknown> = { model };
  for (const { name, kind, default: otherwise } of entries) {
    const value = given[name] === undefined ? otherwise : given[name];
    if (value !== undefined) legal[name] = checkValue(name, value, kind);
  }
  return legal as Complete<M>;
}

const entriesOf = once((model: ModelName) => parametersOf(model).map((name) => ({ name, ...parameter(name, model) })));

/** Whether a parameter has to be given. */
export function isRequired({ default: otherwise, optional }: Pick<Parameter, "default" | "optional">): boolean {
  return otherwise === undefined && optional === undefined;
}

/**
 * Refuses a description without some of its parameters, naming them all.
 *
 * @throws ParameterError for the first, whose words name the others
 */
export function refuseMissing(description: { readonly model?: unknown }, required: readonly ParameterName[]): void {
  const given = description as Readonly<Record<string, unknown>>;
  const model = modelOf(description);
  if (required.every((name) => given[name] !== undefined)) return;
  const [first, ...others] = required.filter((name) => given[name] === undefined) as [
    ParameterName,
    ...ParameterName[],
  ];
  const words = (name: ParameterName) => legalWords(parameter(name, model).kind);
  const rest = others.map((name) => `${name} (${words(name)})`).join(", ");
  const also = rest === "" ? "" : `; also missing: ${rest}`;
  throw new ParameterError(first, undefined, `required: ${words(first)}${also}`);
}

/** A text that names x1, x2, … is a target of several variables. */
export const INDEXED_VARIABLE = /\bx[1-9]\b/;

const ONE_DIRECTION =
  "this calculation knows one step and one direction; solve (with bounds, and without a point the spikes), curve, validate and simulate know several, and learnedSurface has what is learned";

/** Models that are described by several steps or directions, too: what has fields of that kind is no misprint. */
function refuseSeveral(given: Readonly<Record<string, unknown>>, model: ModelName, names: readonly string[]): void {
  if (model !== "trainedNetwork" && model !== "spikedRandomFeatures" && model !== "randomFeatures") return;
  const { target } = given;
  const several = severalParameters(model).find(([name]) => given[name] !== undefined && !names.includes(name))?.[0];
  const variables = typeof target === "string" && INDEXED_VARIABLE.test(target);
  const name = several ?? (variables ? "target" : undefined);
  if (name === undefined) return;
  throw new ParameterError(name, given[name], `${several ? "left out" : "a function of x"}: ${ONE_DIRECTION}`);
}
