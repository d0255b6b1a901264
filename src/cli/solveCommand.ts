import { Command } from "commander";
import { splitCases } from "../json/cases.ts";
import { readDescription, withLossPoint } from "../json/description.ts";
import type { Fields } from "../json/results.ts";
import { covariateCases } from "../json/covariates.ts";
import { solveMultiIndex } from "../json/multiIndex.ts";
import { isCovariateName } from "../parameters/models.ts";
import { statisticsAsked } from "../json/statisticsAsked.ts";
import { ConvergenceError } from "../errors.ts";
import type { ModelDescription } from "../parameters/description.ts";
import { statistics } from "../statistics/statistics.ts";
import { isMultiIndex, multiIndexFromJson } from "../multiIndex/description.ts";
import { multiIndexSolvers } from "../solve/modelSolver.ts";
import type { RidgeFailure } from "../ridge/solution.ts";
import { solve } from "../solve/solve.ts";
import { noticesOf } from "../model/stepHypotheses.ts";
import { finiteSizeNotice } from "../ridge/finiteSize.ts";
import { addJsonOption, runCases } from "./caseCommand.ts";
import { type Io, readTextFile } from "./io.ts";
import { addModelOptions, addOptions, fieldsOf } from "./modelOptions.ts";
import { STATISTICS_OPTIONS } from "./statisticsOptions.ts";
import { fieldReport, quantityReport, solutionReport, statisticsReport } from "./report.ts";

const EXAMPLES = `
Examples:
  One point, by options:
    replica-theory solve --student tanh --target sin --learning-rate 3 --step-sample-ratio 20 \\
      --sample-ratio 1.5 --width-ratio 1 --ridge 0.1
  Two gradient steps on a target of two variables:
    replica-theory solve --student relu --target "x1 + x1*x2" --readout-values 1,-0.5 --label-noise 0.1 \\
      --steps '[{"learningRate": 1.5, "stepSampleRatio": 4}, {"learningRate": 2, "stepSampleRatio": 6}]' \\
      --sample-ratio 3 --width-ratio 1 --ridge 0.1
  JSON in, JSON out: one object, an array, or JSON Lines, on standard input or in a file:
    echo '{"model": "randomFeatures", "student": "relu", "target": "sin", "sampleRatio": 2,
      "widthRatio": "inf", "ridge": 0.1}' | replica-theory solve --json
    replica-theory solve --json --config cases.json

Exit code: 0 all solved, 1 a case failed (the others are solved), 2 the input could not be used.`;

/** A point of several steps or directions, or without its coordinates what the steps make of the weights. */
async function solveSteps(io: Io, given: Readonly<Record<string, unknown>>): Promise<number> {
  const solved = solveMultiIndex(multiIndexFromJson(given), multiIndexSolvers());
  const { notices = [], status, ...quantities } = solved as Readonly<Record<string, unknown>>;
  if (status !== "converged") {
    io.log(`error: ${String((quantities as Partial<RidgeFailure>).detail)}`);
    return 1;
  }
  await io.write(quantityReport(quantities));
  for (const notice of notices as readonly string[]) io.log(notice);
  return 0;
}

/** `solve`: points of a model, by options or as JSON. */
export function solveCommand(io: Io, exit: (code: number) => void): Command {
  const command = addJsonOption(new Command("solve"))
    .option("--config <file>", "JSON file of cases: an object, an array, or JSON Lines; options override its fields")
    .addHelpText("after", EXAMPLES);
  addOptions(addModelOptions(command), STATISTICS_OPTIONS);
  return command.action(async (options: { json?: true; config?: string }) => {
    const fields = { ...fieldsOf(options), ...fieldsOf(options, "parsed", STATISTICS_OPTIONS) };
    if (!options.json) {
      exit(await solveOne(io, options.config, fields));
      return;
    }
    // Cases may be data sets, whose linear algebra a point given by options does not load.
    const { solveCases } = await import("../json/solve.ts");
    exit(await runCases(io, options.config, fields, solveCases));
  });
}

/** One point of features or inputs of a given covariance. */
async function solveCovariatePoint(io: Io, given: Fields): Promise<number> {
  const { status, notices = [], ...result } = covariateCases()(given) as Readonly<Record<string, unknown>>;
  if (status !== "converged") {
    io.log(`error: ${String(result["detail"])}`);
    return 1;
  }
  await io.write(fieldReport(result));
  for (const notice of notices as readonly string[]) io.log(notice);
  return 0;
}

async function solveOne(io: Io, config: string | undefined, fields: Record<string, unknown>): Promise<number> {
  const text = config === undefined ? "{}" : await readTextFile("config", config);
  const data: unknown = config === undefined ? {} : (splitCases(text, config).cases[0] as { data: unknown }).data;
  const given: Fields = { model: "trainedNetwork", ...(data as object), ...fields };
  if (isCovariateName(given["model"])) return solveCovariatePoint(io, given);
  const { statistics: members, described } = statisticsAsked(given);
  try {
    const several: object = described;
    // Statistics of several steps are refused by name.
    if (isMultiIndex(several)) return await solveSteps(io, members ? given : described);
    const description = withLossPoint(readDescription(described));
    const solution = members ? statistics(description as ModelDescription, { ensemble: members }) : solve(description);
    await io.write(solutionReport(solution));
    if (members) await io.write(statisticsReport(solution as ReturnType<typeof statistics>));
    for (const notice of [...noticesOf(description), ...finiteSizeNotice(solution)]) io.log(notice);
    return 0;
  } catch (error) {
    if (!(error instanceof ConvergenceError)) throw error;
    io.log(`error: ${error.message}`);
    return 1;
  }
}
