import { Command } from "commander";
import type { CaseCalculation } from "../json/results.ts";
import { addJsonOption, runCases } from "./caseCommand.ts";
import { refuseIdle } from "./engineOptions.ts";
import type { Io } from "./io.ts";
import { addModelOptions, addOptions, fieldsOf, type OptionTable } from "./modelOptions.ts";
import { checkOutputs, FORMATS_HELP, type Output, printRows, writeAll } from "./outputs.ts";
import { LOOK_OPTIONS, type OptionsOf, out, readFields } from "./runOptions.ts";
import { readSweptModel, type SweptModel } from "./sweptModel.ts";
import type { VegaLiteSpecification } from "../plot/specification.ts";

/** What every command for an observable takes besides the model. */
export const OBSERVABLE_OPTIONS = {
  ...LOOK_OPTIONS,
  out: out(FORMATS_HELP),
} as const;

/** What distinguishes the command of one observable. */
export interface ObservableCommand {
  readonly name: string;
  /** Its own options besides those of every observable. */
  readonly options: OptionTable;
  readonly examples: string;
  /** With --json. */
  readonly cases: CaseCalculation;
  /** Tables and figures; returns the exit code. */
  readonly run: (io: Io, given: Readonly<Record<string, unknown>>) => Promise<number>;
}

/** A command for an observable: options of the model, its own, and those of the figure; JSON cases or swept models. */
export function observableCommand(io: Io, exit: (code: number) => void, observable: ObservableCommand): Command {
  const { name, options, examples, cases, run } = observable;
  const command = addJsonOption(new Command(name)).option(
    "--config <file>",
    "JSON file with the names of these options; options override it",
  );
  return addOptions(addModelOptions(command), { ...options, ...OBSERVABLE_OPTIONS })
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
export async function readObservableTask<T extends OptionTable>(
  command: string,
  own: T,
  given: Readonly<Record<string, unknown>>,
  complete = (model: Readonly<Record<string, unknown>>) => model,
): Promise<ObservableTask<OptionsOf<T> & OptionsOf<typeof OBSERVABLE_OPTIONS>>> {
  const { run, model } = await readFields(command, { ...own, ...OBSERVABLE_OPTIONS }, given);
  if (Object.hasOwn(own, "simulate")) refuseIdle(run);
  const outputs = await checkOutputs((run["out"] as readonly string[] | undefined) ?? []);
  return {
    run: run as OptionsOf<T> & OptionsOf<typeof OBSERVABLE_OPTIONS>,
    swept: readSweptModel(complete(model)),
    outputs,
  };
}

/** Rows and a figure to the files, or rows as CSV to standard output. */
export async function writeObservable(
  io: Io,
  outputs: readonly Output[],
  rows: readonly object[],
  figure: () => VegaLiteSpecification,
): Promise<number> {
  if (outputs.length > 0) return (await writeAll(outputs, rows, figure, io)) ? 0 : 1;
  await printRows(rows, io);
  return 0;
}
