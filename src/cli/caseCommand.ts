import type { Command } from "commander";
import { type Case, readCases, splitCases } from "../json/cases.ts";
import { encoderOf } from "../json/encode.ts";
import { type CaseCalculation, oneByOne } from "../json/results.ts";
import { type Io, readTextFile } from "./io.ts";

export function addJsonOption(command: Command): Command {
  return command.option("--json", "read cases as JSON (standard input, or --config) and write one JSON result each");
}

/**
 * JSON in, JSON out: one result for each case, in the layout of the input and as soon as it is known:
 * another program may keep the process open and write line by line.
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
  const { layout, cases } =
    config === undefined
      ? await readCases(io.standardInput(), "standard input")
      : splitCases(await readTextFile("config", config), config);
  const resultOf = oneByOne(calculate);
  const encoder = encoderOf(layout);
  let code = 0;
  for await (const item of cases) {
    const result = resultOf(override(item, fields));
    if (result.status !== "converged") code = 1;
    await io.write(encoder.push(result));
  }
  await io.write(encoder.end());
  return code;
}

function override(item: Case, fields: Readonly<Record<string, unknown>>): Case {
  if ("unreadable" in item || typeof item.data !== "object" || item.data === null || Array.isArray(item.data)) {
    return item;
  }
  return { data: { ...item.data, ...fields } };
}
