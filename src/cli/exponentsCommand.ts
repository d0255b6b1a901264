import { Command } from "commander";
import { ParameterError } from "../errors.ts";
import { exponentCases } from "../json/multiIndex.ts";
import { exponents } from "../target/exponents.ts";
import { addJsonOption, runCases } from "./caseCommand.ts";
import { type Io, readJsonFile } from "./io.ts";
import { addOptions, fieldsOf, MODEL_OPTIONS } from "./modelOptions.ts";
import { table } from "./report.ts";

const OPTIONS = { target: MODEL_OPTIONS["target"]! };

const EXAMPLES = `
Examples:
  replica-theory exponents --target "x1 + x2 + x1*x2"
  echo '{"target": "x1^3 - 3*x1"}' | replica-theory exponents --json

The information exponent is the lowest degree of a non-zero Hermite coefficient; the leap the largest degree of the
staircase in which directions, once known, help to find others; the generative exponent (one direction) the lowest degree
that shows in any function of the label.`;

/** `exponents`: how hard a target's directions are to find. */
export function exponentsCommand(io: Io, exit: (code: number) => void): Command {
  const command = addJsonOption(new Command("exponents")).option(
    "--config <file>",
    "JSON file with the target, or of cases with --json; options override it",
  );
  return addOptions(command, OPTIONS)
    .addHelpText("after", EXAMPLES)
    .action(async (given: { json?: true; config?: string }) => {
      const fields = fieldsOf(given, "parsed", OPTIONS);
      if (given.json) exit(await runCases(io, given.config, fields, exponentCases));
      else exit(await printExponents(io, given.config, fields));
    });
}

async function printExponents(io: Io, config: string | undefined, fields: Record<string, unknown>): Promise<number> {
  const { target } = { ...(config !== undefined && (await readJsonFile("config", config))), ...fields };
  if (typeof target !== "string") throw new ParameterError("target", target, "required: a formula in x1, x2, …");
  const { informationExponent, leap, staircase, generativeExponent } = exponents(target);
  const lines = [
    ["information exponent", String(informationExponent)],
    ["leap", String(leap)],
    ...(generativeExponent === undefined ? [] : [["generative exponent", String(generativeExponent)]]),
    ...staircase.map(({ degree, directions }, i) => [
      i === 0 ? "staircase" : "",
      `degree ${degree}: ${directions} direction${directions === 1 ? "" : "s"} known`,
    ]),
  ];
  await io.write(table(lines));
  return 0;
}
