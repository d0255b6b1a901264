import { type Command, Option } from "commander";
import { ParameterError } from "../errors.ts";
import type { Kind } from "../parameters/kinds.ts";
import { legalWords } from "../parameters/legal.ts";
import { NAMED_LOSSES } from "../parameters/loss.ts";
import { MODELS } from "../parameters/models.ts";
import { type Parameter, PARAMETERS } from "../parameters/table.ts";
import { parseAxis, parseList, parseNumber } from "./values.ts";

/** How the text of an option is read: an axis may be one number, and in a curve a list or range of them. */
type ReadAs = "text" | "number" | "axis" | "list" | "loss" | "flag" | "json";

/** An option with an argument; its flag is the field in kebab-case. */
export interface CliOption {
  readonly field: string;
  readonly kind: ReadAs;
  readonly argument: string;
  readonly help: string;
}

export const option = (field: string, kind: ReadAs, argument: string, help: string): CliOption => {
  return { field, kind, argument, help };
};

/** The fields of the JSON interface as options, in the order of the table. */
const MODEL_OPTIONS: readonly CliOption[] = [
  option("model", "text", "name", `${MODELS.join(", ")} (default trainedNetwork)`),
  ...Object.entries<Parameter>(PARAMETERS).map(([name, { symbol, meaning, kind, sweep, ...rest }]) =>
    option(name, sweep ? "axis" : readAs(kind), symbol || "word", `${meaning}: ${wordsOf(kind)}${defaultOf(rest)}`),
  ),
];

/** How the text of an option is read that is no axis. */
function readAs(kind: Kind): ReadAs {
  switch (kind.type) {
    case "number":
    case "integer":
      return "number";
    case "list":
      return kind.of.type === "list" ? "json" : "list";
    case "loss":
    case "flag":
      return kind.type;
    case "records":
    case "either":
      return "json";
    default:
      return "text";
  }
}

/** Legal values as they are typed. */
function wordsOf(kind: Kind): string {
  switch (kind.type) {
    case "activation":
      return "a name or a formula in x";
    case "loss":
      return [...NAMED_LOSSES, "huber:δ"].join(", ");
    case "choice":
      return kind.values.join(" or ");
    default:
      return legalWords(kind).replace("Infinity", "inf");
  }
}

function defaultOf({ default: otherwise, optional }: Pick<Parameter, "default" | "optional">): string {
  const words = optional ?? (otherwise === Infinity ? "inf" : otherwise);
  const shown = typeof words === "string" ? words : JSON.stringify(words);
  return words === undefined ? "" : ` (default ${shown})`;
}

export function addOptions(command: Command, options: readonly CliOption[]): Command {
  for (const { field, kind, argument, help } of options) {
    // A flag is an option that turns off what is on by default.
    const flag = kind === "flag" ? `--no-${kebab(field)}` : `--${kebab(field)} <${argument}>`;
    command.addOption(new Option(flag, help));
  }
  return command;
}

/** Adds the options of every model to a command. */
export function addModelOptions(command: Command): Command {
  return addOptions(command, MODEL_OPTIONS);
}

/**
 * Fields given as options: text as it is, numbers parsed, lists of an axis as arrays; for a curve, axes stay text.
 *
 * @throws ParameterError for text that is no number
 */
export function fieldsOf(
  given: Readonly<Record<string, unknown>>,
  axes: "parsed" | "text" = "parsed",
  options: readonly CliOption[] = MODEL_OPTIONS,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const { field, kind } of options) {
    const text = given[field];
    if (kind === "flag" && text === false) fields[field] = false;
    if (typeof text === "string") fields[field] = read(field, kind === "axis" && axes === "text" ? "text" : kind, text);
  }
  return fields;
}

function read(field: string, kind: ReadAs, text: string): unknown {
  switch (kind) {
    case "text":
      if (text.trim() === "") throw new ParameterError(field, text, "not empty");
      return text;
    case "number":
      return parseNumber(field, text);
    case "list":
      return parseList(field, text);
    case "axis":
      return parseAxis(field, text);
    case "json":
      return parseJsonText(field, text);
    case "flag":
      return text;
    case "loss":
      return text.startsWith("huber:") ? { huber: parseNumber(field, text.slice(6)) } : text;
  }
}

function parseJsonText(field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ParameterError(field, text, "JSON");
  }
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
