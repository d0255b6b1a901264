import { type Command, Option } from "commander";
import { choice, type Kind, TEXT } from "../parameters/kinds.ts";
import { MODELS } from "../parameters/models.ts";
import { isParameter, type Parameter, parameter, PARAMETERS } from "../parameters/table.ts";
import { readText, wordsOf } from "./values.ts";

/** An option of a command; its flag is its name in kebab case. */
export interface CommandOption<K extends Kind = Kind> {
  readonly kind: K;
  /** What stands for the value in the help; a flag has none. */
  readonly argument: string;
  readonly help: string;
  /** Whether a flag is on by default, so that its option turns it off. */
  readonly on?: boolean;
  /** A parameter that may have several values: on the command line a list or range. */
  readonly axis?: boolean;
}

/** Options by their names, which are also those of a configuration file. */
export type OptionTable = Readonly<Record<string, CommandOption>>;

export const option = <const K extends Kind>(kind: K, argument: string, help: string): CommandOption<K> => {
  return { kind, argument, help };
};

/** The parameters of every model as options, in the order of the table. */
export const MODEL_OPTIONS: OptionTable = {
  model: option(TEXT, "name", `${MODELS.join(", ")} (default trainedNetwork)`),
  ...Object.fromEntries(
    Object.entries<Parameter>(PARAMETERS).map(([name, { symbol, meaning, kind, sweep, ...rest }]) => {
      const help = `${meaning}: ${wordsOf(kind)}${defaultOf(rest)}`;
      // Two theories may stand beside each other.
      const shown = name === "theory" ? choice("network", "srf", "both") : kind;
      return [name, { kind: shown, argument: symbol || "word", help, axis: sweep !== undefined }];
    }),
  ),
};

function defaultOf({ default: otherwise, optional }: Pick<Parameter, "default" | "optional">): string {
  const words = optional ?? (otherwise === Infinity ? "inf" : otherwise);
  const shown = typeof words === "string" ? words : JSON.stringify(words);
  return words === undefined ? "" : ` (default ${shown})`;
}

/** Adds options to a command. */
export function addOptions(command: Command, options: OptionTable): Command {
  for (const [name, { kind, argument, help, on }] of Object.entries(options)) {
    command.addOption(new Option(`${flagOf(name, kind, on)}${argumentOf(kind, argument)}`, help));
  }
  return command;
}

/** What is on by default is turned off. */
function flagOf(name: string, kind: Kind, on = false): string {
  const isOn = kind.type === "flag" && (on || (isParameter(name) && parameter(name).default === true));
  return isOn ? `--no-${kebab(name)}` : `--${kebab(name)}`;
}

function argumentOf(kind: Kind, argument: string): string {
  if (kind.type === "flag") return "";
  if (kind.type === "list" && kind.of.type === "text") return ` <${argument}...>`;
  return kind.type === "either" && kind.of.some(({ type }) => type === "flag") ? ` [${argument}]` : ` <${argument}>`;
}

/** Adds the options of every model to a command. */
export function addModelOptions(command: Command): Command {
  return addOptions(command, MODEL_OPTIONS);
}

/**
 * Fields given as options, read by their kind; for a sweep, axes stay text.
 *
 * @throws ParameterError for text that is none of its kind
 */
export function fieldsOf(
  given: Readonly<Record<string, unknown>>,
  axes: "parsed" | "text" = "parsed",
  options: OptionTable = MODEL_OPTIONS,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, { kind, on, axis = false }] of Object.entries(options)) {
    const value = given[name];
    if (typeof value === "string") fields[name] = axis && axes === "text" ? value : readText(name, value, kind, axis);
    // Commander sets what is on by default, given or not.
    else if (value !== undefined && !(value === true && flagOf(name, kind, on).startsWith("--no-")))
      fields[name] = value;
  }
  return fields;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
