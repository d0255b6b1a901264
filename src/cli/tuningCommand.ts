import { Command } from "commander";
import type { CaseCalculation, JsonResult } from "../json/results.ts";
import { SWEEP_PARAMETERS } from "../parameters/table.ts";
import { OPTIMAL } from "../tuning/tuner.ts";
import { addJsonOption, runCases } from "./caseCommand.ts";
import type { Io } from "./io.ts";
import { addModelOptions, addOptions, fieldsOf, type OptionTable } from "./modelOptions.ts";
import { parseAxis } from "./values.ts";

/** The names in a list with commas; what is no text stays, to be refused where its range is known. */
export function namesIn(text: unknown): unknown {
  return typeof text === "string" ? text.split(",").map((name) => name.trim()) : text;
}

/** The fields with the text of sweepable parameters read as numbers or lists; "optimal" stays. */
export function numbersIn(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const read: Record<string, unknown> = { ...fields };
  for (const name of SWEEP_PARAMETERS) {
    const value = read[name];
    if (typeof value === "string" && value !== OPTIMAL) read[name] = parseAxis(name, value);
  }
  return read;
}

/** The fields with the model that the command line takes unasked. */
export function withModel(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { model: "trainedNetwork", ...fields };
}

/** The one result, or undefined after its error has been told. */
export function only(results: Iterable<JsonResult>, io: Io): JsonResult | undefined {
  const [result] = results;
  if (result!.status !== "error") return result;
  io.log(`error: ${(result as unknown as { error: { message: string } }).error.message}`);
  return undefined;
}

interface TuningCommand {
  readonly name: string;
  readonly options: OptionTable;
  readonly examples: string;
  readonly cases: CaseCalculation;
  readonly run: (given: Readonly<Record<string, unknown>>) => Promise<number>;
}

/** A command that takes options or, with --json, cases of its own. */
export function tuningCommand(io: Io, exit: (code: number) => void, tuning: TuningCommand): Command {
  const { name, options, examples, cases, run } = tuning;
  const command = addJsonOption(new Command(name)).option(
    "--config <file>",
    "JSON file with the names of these options; options override it",
  );
  return addOptions(addModelOptions(command), options)
    .addHelpText("after", examples)
    .action(async (given: { json?: true; config?: string }) => {
      exit(given.json ? await runCases(io, given.config, fieldsOf(given), cases) : await run(given));
    });
}
