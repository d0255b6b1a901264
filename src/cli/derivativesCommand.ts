import type { Command } from "commander";
import { derivativeCases } from "../json/tuning.ts";
import { TEXT } from "../parameters/kinds.ts";
import type { Io } from "./io.ts";
import { option } from "./modelOptions.ts";
import { printRows } from "./outputs.ts";
import { readFields } from "./runOptions.ts";
import { namesIn, numbersIn, only, tuningCommand, withModel } from "./tuningCommand.ts";

const DERIVATIVE_OPTIONS = {
  by: option(
    TEXT,
    "names",
    "parameters to take derivatives by, e.g. ridge,sampleRatio; of a step, steps[1].learningRate",
  ),
} as const;
const DERIVATIVE_EXAMPLES = `
Examples:
  replica-theory derivatives --model randomFeatures --student tanh --target sin \\
    --sample-ratio 1 --width-ratio 1 --ridge 0.1 --by ridge,sampleRatio

A row for each number of the solution and each parameter, with the error of the derivative.`;

/** `derivatives`: sensitivities of a point. */
export function derivativesCommand(io: Io, exit: (code: number) => void): Command {
  return tuningCommand(io, exit, {
    name: "derivatives",
    options: DERIVATIVE_OPTIONS,
    examples: DERIVATIVE_EXAMPLES,
    cases: derivativeCases,
    async run(given) {
      const { run, model } = await readFields("derivatives", DERIVATIVE_OPTIONS, given);
      const data = { ...numbersIn(withModel(model)), by: namesIn(run["by"]) };
      const result = only(derivativeCases([{ data }]), io);
      if (!result) return 1;
      const { derivatives } = result as unknown as { derivatives: Record<string, Record<string, object>> };
      const rows = Object.entries(derivatives).flatMap(([parameter, numbers]) =>
        Object.entries(numbers).map(([quantity, derivative]) => ({ quantity, by: parameter, ...derivative })),
      );
      await printRows(rows, io);
      return 0;
    },
  });
}
