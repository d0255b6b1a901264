import { Command } from "commander";
import { z } from "zod";
import type { TopLevelSpec } from "vega-lite";
import { flag } from "../json/fields.ts";
import { addJsonOption, type CaseCalculation, runCases } from "./caseCommand.ts";
import { files, splitFields, text } from "./curveOptions.ts";
import type { Io } from "./io.ts";
import { addModelOptions, addOptions, type CliOption, fieldsOf, option } from "./modelOptions.ts";
import { checkOutputs, type Output, printRows, writeAll } from "./outputs.ts";
import { configuredFields, readSweptModel, type SweptModel } from "./sweptModel.ts";
import { parseAxis } from "./values.ts";

/** What every command for an observable takes besides the model. */
export const observableFields = {
  out: files.exactOptional(),
  title: text.exactOptional(),
  logX: flag.exactOptional(),
  logY: flag.exactOptional(),
} as const;

const TITLE = option("title", "text", "text", "title of the figure");

/** What distinguishes the command of one observable. */
export interface ObservableCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CliOption[];
  readonly examples: string;
  /** With --json. */
  readonly cases: CaseCalculation;
  /** Tables and figures; returns the exit code. */
  readonly run: (io: Io, given: Readonly<Record<string, unknown>>) => Promise<number>;
}

/** A command for an observable: options of the model, its own, and those of the figure; JSON cases or swept models. */
export function observableCommand(io: Io, exit: (code: number) => void, observable: ObservableCommand): Command {
  const { name, description, options, examples, cases, run } = observable;
  const command = addJsonOption(new Command(name))
    .description(description)
    .option("--config <file>", "JSON file with the names of these options; options override it");
  return addOptions(addModelOptions(command), [...options, TITLE])
    .option("--out <file...>", "files to write: .svg, .png, .vl.json (figures), .csv, .json (tables)")
    .option("--log-x", "logarithmic horizontal axis")
    .option("--log-y", "logarithmic vertical axis")
    .addHelpText("after", examples)
    .action(async (given: { json?: true; config?: string }) => {
      exit(given.json ? await runCases(io, given.config, fieldsOf(given), cases) : await run(io, given));
    });
}

export interface ObservableTask<T> {
  readonly run: T;
  readonly swept: SweptModel;
  readonly outputs: readonly Output[];
}

/** Reads the model, its lists, and the options of a command; checks the outputs. */
export async function readObservableTask<T extends { readonly out?: string[] }>(
  command: string,
  schema: z.ZodType<T> & { shape: object },
  given: Readonly<Record<string, unknown>>,
  own: readonly CliOption[],
  complete = (model: Readonly<Record<string, unknown>>) => model,
): Promise<ObservableTask<T>> {
  const fields = await configuredFields(given, [...own, TITLE], ["out", "logX", "logY"]);
  const { run, model } = splitFields(schema, fields, command);
  return { run, swept: readSweptModel(complete(model)), outputs: await checkOutputs(run.out ?? []) };
}

/** Rows and a figure to the files, or rows as CSV to standard output. */
export async function writeObservable(
  io: Io,
  outputs: readonly Output[],
  rows: readonly object[],
  figure: () => TopLevelSpec,
): Promise<number> {
  if (outputs.length > 0) return (await writeAll(outputs, rows, figure, io)) ? 0 : 1;
  await printRows(rows, io);
  return 0;
}

/** Points of a grid given as a range or list; the default otherwise. */
export function gridOf(parameter: string, given: string | number[] | undefined, otherwise: string): number[] {
  const values = typeof given === "string" || given === undefined ? parseAxis(parameter, given ?? otherwise) : given;
  return typeof values === "number" ? [values] : values;
}

export const gridField = z.union([z.string(), z.array(z.number())], { error: "a range or a list of numbers" });
