import { Command } from "commander";
import { splitCases } from "../json/cases.ts";
import { readDescription, withLossPoint } from "../json/description.ts";
import { solveCases } from "../json/solve.ts";
import { ConvergenceError } from "../errors.ts";
import { solve } from "../solve/solve.ts";
import { noticesOf } from "../model/stepHypotheses.ts";
import { finiteSizeNotice } from "../ridge/finiteSize.ts";
import { addJsonOption, runCases } from "./caseCommand.ts";
import { type Io, readTextFile } from "./io.ts";
import { addModelOptions, fieldsOf } from "./modelOptions.ts";
import { solutionReport } from "./report.ts";

const EXAMPLES = `
Examples:
  One point, by options:
    replica-theory solve --student tanh --target sin --learning-rate 3 --step-sample-ratio 20 \\
      --sample-ratio 1.5 --width-ratio 1 --ridge 0.1
  JSON in, JSON out: one object, an array, or JSON Lines, on standard input or in a file:
    echo '{"model": "randomFeatures", "student": "relu", "target": "sin", "sampleRatio": 2,
      "widthRatio": "inf", "ridge": 0.1}' | replica-theory solve --json
    replica-theory solve --json --config cases.json

Exit code: 0 all solved, 1 a case failed (the others are solved), 2 the input could not be used.`;

/** `solve`: points of a model, by options or as JSON. */
export function solveCommand(io: Io, exit: (code: number) => void): Command {
  const command = addJsonOption(new Command("solve"))
    .option("--config <file>", "JSON file of cases: an object, an array, or JSON Lines; options override its fields")
    .addHelpText("after", EXAMPLES);
  addModelOptions(command);
  return command.action(async (options: { json?: true; config?: string }) => {
    const fields = fieldsOf(options);
    if (options.json) exit(await runCases(io, options.config, fields, solveCases));
    else exit(await solveOne(io, options.config, fields));
  });
}

async function solveOne(io: Io, config: string | undefined, fields: Record<string, unknown>): Promise<number> {
  const text = config === undefined ? "{}" : await readTextFile("config", config);
  const data: unknown = config === undefined ? {} : (splitCases(text, config).cases[0] as { data: unknown }).data;
  const description = withLossPoint(readDescription({ model: "trainedNetwork", ...(data as object), ...fields }));
  try {
    const solution = solve(description);
    await io.write(solutionReport(solution));
    for (const notice of [...noticesOf(description), ...finiteSizeNotice(solution)]) io.log(notice);
    return 0;
  } catch (error) {
    if (!(error instanceof ConvergenceError)) throw error;
    io.log(`error: ${error.message}`);
    return 1;
  }
}
