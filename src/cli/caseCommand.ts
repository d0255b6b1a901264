import type { Command } from "commander";
import { type Case, splitCases } from "../json/cases.ts";
import { encodeResults } from "../json/encode.ts";
import type { JsonResult } from "../json/results.ts";
import { type Io, readTextFile } from "./io.ts";

export type CaseCalculation = (cases: Iterable<Case>) => Iterable<JsonResult>;

export function addJsonOption(command: Command): Command {
  return command.option("--json", "read cases as JSON (standard input, or --config) and write one JSON result each");
}

/**
 * JSON in, JSON out: one result for each case, in the layout of the input and as soon as it is known.
 *
 * @param fields options of the command line, which take precedence over the fields of a case
 * @returns exit code: 0, or 1 if a case failed
 */
export async function runCases(
  io: Io,
  config: string | undefined,
  fields: Readonly<Record<string, unknown>>,
  calculate: CaseCalculation,
): Promise<number> {
  const text = config === undefined ? await io.readStandardInput() : await readTextFile("config", config);
  const { layout, cases } = splitCases(text, config ?? "standard input");
  let code = 0;
  const results = function* (): Generator<JsonResult> {
    for (const result of calculate(cases.map((item) => override(item, fields)))) {
      if (result.status !== "converged") code = 1;
      yield result;
    }
  };
  for (const piece of encodeResults(layout, results())) await io.write(piece);
  return code;
}

function override(item: Case, fields: Readonly<Record<string, unknown>>): Case {
  if ("unreadable" in item || typeof item.data !== "object" || item.data === null || Array.isArray(item.data)) {
    return item;
  }
  return { data: { ...item.data, ...fields } };
}
