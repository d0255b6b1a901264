import type { Command } from "commander";
import { optimumCases } from "../json/tuning.ts";
import { number, TEXT } from "../parameters/kinds.ts";
import type { Io } from "./io.ts";
import { option } from "./modelOptions.ts";
import { printRows } from "./outputs.ts";
import { progressBar } from "./progress.ts";
import { readFields } from "./runOptions.ts";
import { namesIn, numbersIn, only, tuningCommand, withModel } from "./tuningCommand.ts";

const OPTIMUM_OPTIONS = {
  over: option(
    TEXT,
    "names",
    "one to four parameters to tune, e.g. ridge,learningRate; of a step, steps[1].learningRate",
  ),
  minimise: option(
    TEXT,
    "name",
    "the number to minimise (default testError, of margins testClassificationError); psi[1], Q2 of the overlaps",
  ),
  budget: option(
    number("positive"),
    "total",
    "divide this total of α₀ + α between step and readout; of several steps, of the samples of all",
  ),
} as const;
const OPTIMUM_EXAMPLES = `
Examples:
  The best ridge, and how it compares:
    replica-theory optimum --model randomFeatures --student tanh --target sin --label-noise 0.1 \\
      --sample-ratio 1 --width-ratio 1 --over ridge
  How many of 4 d samples for the step:
    replica-theory optimum --theory srf --student tanh --target sin --learning-rate 1 --width-ratio 1 --ridge 0.1 \\
      --label-noise 0.1 --finite-dimension 1000 --over stepSampleRatio --budget 4

Every local minimum is a row, the global one first; limits like λ → 0 are legal optima and named in the column ends.`;

/** `optimum`: best values of parameters. */
export function optimumCommand(io: Io, exit: (code: number) => void): Command {
  return tuningCommand(io, exit, {
    name: "optimum",
    options: OPTIMUM_OPTIONS,
    examples: OPTIMUM_EXAMPLES,
    cases: optimumCases,
    async run(given) {
      const { run, model } = await readFields("optimum", OPTIMUM_OPTIONS, given);
      const data = { ...numbersIn(withModel(model)), ...run, over: namesIn(run["over"]) };
      const result = searching(io, (onProgress) => only(optimumCases([{ data }], onProgress), io));
      if (!result) return 1;
      const { minima } = result as unknown as { minima: Record<string, unknown>[] };
      const rows = minima.map(({ at, ends, placeError, ...minimum }) => ({
        ...(at as object),
        ...minimum,
        placeError,
        ends: Object.entries(ends as object)
          .map(([name, end]) => `${name}: ${String(end)}`)
          .join("; "),
      }));
      await printRows(rows, io);
      return 0;
    },
  });
}

/** Shows how many places a search has tried; as many as there may be still is not known, so that the end moves on. */
function searching<T>(io: Io, search: (onProgress: (tried: number) => void) => T): T {
  const bar = progressBar(io, "searching", 1);
  try {
    return search((tried) => bar.update(tried, 2 ** Math.ceil(Math.log2(tried + 1))));
  } finally {
    bar.stop();
  }
}
