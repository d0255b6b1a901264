import { ParameterError } from "../errors.ts";
import { fieldsFromJson } from "../parameters/json.ts";
import { either, FLAG, type Kind, list, number, TEXT, tuple, type ValueOf } from "../parameters/kinds.ts";
import { checkValue } from "../parameters/legal.ts";
import { nearest } from "../parameters/suggestion.ts";
import { readJsonFile } from "./io.ts";
import { type CommandOption, fieldsOf, MODEL_OPTIONS, option, type OptionTable } from "./modelOptions.ts";
import { parseAxis } from "./values.ts";

/** The values of a table of options; none has to be given. */
export type OptionsOf<T extends OptionTable> = {
  readonly [N in keyof T]?: T[N] extends CommandOption<infer K extends Kind> ? ValueOf<K> : never;
};

/** Files to write. */
export const out = (formats: string) =>
  option(list(TEXT, "a file name or a list of them"), "file", `files to write: ${formats}`);

/** A grid: a range or list as text, or numbers. */
export const GRID = either(TEXT, list(number("finite")));

const ENDS = tuple(number("finite"), 2, "two numbers, the ends of the axis");

/** Title and size of a figure. */
export const SIZE_OPTIONS = {
  title: option(TEXT, "text", "title of the figure"),
  width: option(number("positive"), "pixels", "width of the frame (default 420)"),
  height: option(number("positive"), "pixels", "height of the frame (default 300)"),
  fontSize: option(number("positive"), "pixels", "size of the type (default 12)"),
} as const;

/** How a figure looks. */
export const LOOK_OPTIONS = {
  ...SIZE_OPTIONS,
  xRange: option(ENDS, "min,max", "ends of the horizontal axis"),
  yRange: option(ENDS, "min,max", "ends of the vertical axis"),
  logX: option(FLAG, "", "logarithmic horizontal axis"),
  logY: option(FLAG, "", "logarithmic vertical axis"),
} as const;

/** Kinds of the look, without the words for a command line. */
export const LOOK_KINDS: Readonly<Record<string, Kind>> = Object.fromEntries(
  Object.entries(LOOK_OPTIONS).map(([name, { kind }]) => [name, kind]),
);

/**
 * Reads the options of a command: the fields of a configuration file, overridden by the command line.
 *
 * @returns the command's own options, and the fields of the model, whose axes are text
 * @throws FileError, JsonInputError for a file that cannot be read; ParameterError for what is unknown or of the wrong kind
 */
export async function readOptions<T extends OptionTable>(
  command: string,
  table: T,
  given: Readonly<Record<string, unknown>>,
): Promise<{ readonly run: OptionsOf<T>; readonly model: Record<string, unknown> }> {
  const { run, model } = await readFields(command, table, given);
  return { run: run as OptionsOf<T>, model };
}

/** The same for a table whose types are not known. */
export async function readFields(
  command: string,
  table: OptionTable,
  given: Readonly<Record<string, unknown>>,
): Promise<{ readonly run: Record<string, unknown>; readonly model: Record<string, unknown> }> {
  const { config } = given;
  const fields: Record<string, unknown> = {
    ...(typeof config === "string" && (await readJsonFile("config", config))),
    ...fieldsOf(given, "text"),
    ...fieldsOf(given, "parsed", table),
  };
  const [run, model]: Record<string, unknown>[] = [{}, {}];
  for (const [name, value] of Object.entries(fields)) (Object.hasOwn(table, name) ? run : model)![name] = value;
  refuseMisspelt(command, model!, table);
  const read = Object.entries(fieldsFromJson(run!, table)).map(([name, value]): [string, unknown] => {
    const { kind } = table[name]!;
    // One file, or one number of a list, needs no brackets.
    const listed: unknown = kind.type === "list" && !Array.isArray(value) ? [value] : value;
    return [name, checkValue(name, listed, kind)];
  });
  return { run: Object.fromEntries(read), model: model! };
}

/** Names that no model has either, with the option that was probably meant. */
function refuseMisspelt(command: string, model: Readonly<Record<string, unknown>>, table: OptionTable): void {
  const known = [...Object.keys(table), ...Object.keys(MODEL_OPTIONS)];
  for (const [name, value] of Object.entries(model)) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    throw new ParameterError(name, value, `no option of ${command}${hint}; its options are ${known.join(", ")}`);
  }
}

/** Points of a grid given as a range or list; the default otherwise. */
export function gridOf(parameter: string, given: string | readonly number[] | undefined, otherwise: string): number[] {
  const values = typeof given === "string" || given === undefined ? parseAxis(parameter, given ?? otherwise) : given;
  return typeof values === "number" ? [values] : [...values];
}
