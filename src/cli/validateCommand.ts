import { Command } from "commander";
import { gridPoints, type TrialSizes } from "../compare/trialSizes.ts";
import { ParameterError } from "../errors.ts";
import { list, integer, number, TEXT } from "../parameters/kinds.ts";
import { columnOf, titleOf } from "../plot/quantities.ts";
import {
  isCovariates,
  mainQuantity,
  SIMULATED_QUANTITIES,
  type SimulatedDescription,
  type SimulatedQuantity,
  specify,
  type Validation,
  validate,
  type ValidationPoint,
} from "../simulation/index.ts";
import { simulatedQuantitiesAsked } from "../simulation/quantities.ts";
import { engineOptions, FINITE_SIZE_OPTION, SIMULATION_OPTIONS, trialGrid } from "./engineOptions.ts";
import type { Io } from "./io.ts";
import { addModelOptions, addOptions, option } from "./modelOptions.ts";
import { checkOutputs, writeTables } from "./outputs.ts";
import { progressBar } from "./progress.ts";
import { table } from "./report.ts";
import { out, readOptions } from "./runOptions.ts";
import { readSweptModel } from "./sweptModel.ts";
import { type TunedTrials, tunedTrials } from "./tunedTrials.ts";
import { validatedTheory } from "./validatedTheory.ts";

const OPTIONS = {
  dimensions: option(list(integer(2), "a list of whole numbers"), "d1,d2,…", "two or more input dimensions"),
  ...SIMULATION_OPTIONS,
  quantity: option(
    list(TEXT, "a list of names"),
    "a,b",
    `what is compared: bias, ${SIMULATED_QUANTITIES.join(", ")} (default the test error)`,
  ),
  threshold: option(number("positive"), "z", "largest |z| at which theory is accepted (default 4)"),
  tolerance: option(
    number("nonNegative"),
    "fraction",
    "relative difference that is forgiven before z is formed (default 0)",
  ),
  ...FINITE_SIZE_OPTION,
  file: option(TEXT, "path", "JSON Lines files of trials, one for each size: a stopped run goes on"),
  out: out(".csv, .json"),
} as const;

const EXAMPLES = `
Examples:
  replica-theory validate --student tanh --target sin --learning-rate 1 --step-sample-ratio 1 \\
    --sample-ratio 0.5,1,2 --width-ratio 1 --ridge 0.1 --dimensions 250,500,1000 --trials 20

A parameter may be "optimal": --ridge optimal puts every number of samples at the ridge of least test error in theory.

The difference between the simulated test error, for losses of margins that of classification, and the theory of its own size
(F = d) is extrapolated in 1/d to d → ∞ and compared with 0.

Exit code: 0 theory is accepted at every point, 1 it is rejected at one, 2 the input could not be used.`;

/** `validate`: theory against simulations of several sizes. */
export function validateCommand(io: Io, exit: (code: number) => void): Command {
  const command = new Command("validate").option(
    "--config <file>",
    "JSON file with the names of these options; options override it",
  );
  addOptions(addModelOptions(command), OPTIONS).addHelpText("after", EXAMPLES);
  return command.action(async (given: Record<string, unknown>) => {
    exit(await runValidation(io, given));
  });
}

async function runValidation(io: Io, given: Readonly<Record<string, unknown>>): Promise<number> {
  const { run, model } = await readOptions("validate", OPTIONS, given);
  const { model: swept, asked } = tunedTrials(readSweptModel(model));
  const { description, grid } = trialGrid(swept);
  const outputs = await checkOutputs(run.out ?? [], [".csv", ".json"]);
  const { dimensions, threshold, tolerance, file } = run;
  if (dimensions === undefined) throw new ParameterError("dimensions", undefined, "required: two or more sizes");
  const options = engineOptions(run);
  const names = run.quantity?.flatMap((several) => several.split(",")) ?? [mainQuantity(description)];
  const quantities = simulatedQuantitiesAsked(names.map(columnOf) as SimulatedQuantity[], description);
  const ownSize = run.finiteSize !== false && !isCovariates(description) && description.finiteDimension === undefined;
  const everywhere = validatedTheory(description, { quantities, grid, dimension: dimensions[0]!, ownSize });
  const isAsked = askedPoints(description, grid, dimensions[0]!, asked);
  const theory: typeof everywhere = (ratio, ridge, ...rest) =>
    isAsked(ratio, ridge) ? everywhere(ratio, ridge, ...rest) : NaN;
  // Theory that cannot be solved is found before the simulation.
  for (const { sampleRatios, ridges } of dimensions.map((dimension) => specify(description, { ...grid, dimension }))) {
    for (const ridge of ridges)
      for (const ratio of sampleRatios)
        for (const d of dimensions) for (const name of quantities) void theory(ratio, ridge, d, name);
  }
  const interrupt = io.holdInterrupt();
  const bar = progressBar(io, "simulating", options.trials * dimensions.length);
  let size = { dimension: 0, before: 0, total: 0 };
  try {
    const compared = await validate(description, theory, {
      ...options,
      ...grid,
      quantity: quantities,
      dimensions,
      ...(threshold !== undefined && { threshold }),
      ...(tolerance !== undefined && { tolerance }),
      ...(file !== undefined && { file }),
      signal: interrupt.signal,
      onProgress: ({ dimension, completed, total }) => {
        if (dimension !== size.dimension) size = { dimension, before: size.before + size.total, total };
        bar.update(size.before + completed);
      },
    });
    bar.stop();
    const points = compared.points.filter(({ sampleRatio, ridge }) => isAsked(sampleRatio, ridge));
    const validation = { points, accepted: points.every(({ accepted }) => accepted) };
    const places = gridPoints(grid).filter(({ samples, ridge }) => asked(samples, ridge));
    await io.write(reports(validation, quantities, dimensions, ownSize, grid, places));
    await writeTables(outputs, validation.points);
    for (const { path } of outputs) io.log(`wrote ${path}`);
    return validation.accepted ? 0 : 1;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    io.log(file === undefined ? "stopped" : "stopped: the same command goes on from its files");
    return 1;
  } finally {
    bar.stop();
    interrupt.release();
  }
}

/** Whether a point of the trials is one of those that were asked for. */
function askedPoints(
  description: SimulatedDescription,
  grid: TrialSizes,
  dimension: number,
  asked: TunedTrials["asked"],
): TunedTrials["asked"] {
  const { sampleRatios } = specify(description, { ...grid, dimension });
  const samples = grid.samples ?? sampleRatios;
  return (ratio, ridge) => asked(samples[sampleRatios.indexOf(ratio)]!, ridge);
}

/** A table for each quantity, and the verdict on all. */
function reports(
  { points, accepted }: Pick<Validation, "points" | "accepted">,
  quantities: readonly SimulatedQuantity[],
  dimensions: readonly number[],
  ownSize: boolean,
  grid: TrialSizes,
  places: ReturnType<typeof gridPoints>,
): string {
  const sizes = [...new Set(dimensions)].sort((a, b) => a - b);
  const columns = sizes.flatMap((d) => (ownSize ? [`F = d = ${d}`, "simulated"] : [`d = ${d}`]));
  const header = [grid.samples ? "samples" : "sampleRatio", "ridge", "theory", ...columns, "d → ∞", "z", ""];
  const tables = quantities.map((quantity) => {
    const own = points.filter((point) => point.quantity === quantity);
    const title = quantity === "testError" && quantities.length === 1 ? "" : `${titleOf(quantity)}\n`;
    return title + table([header, ...own.map((point, i) => pointLine(point, places[i]!.samples, ownSize))]);
  });
  return `${tables.join("\n")}${accepted ? "theory is accepted" : "theory is rejected"}\n`;
}

function pointLine(point: ValidationPoint, samples: number, ownSize: boolean): string[] {
  const { ridge, theory, sizes, extrapolated, z, accepted } = point;
  const simulated = ({ mean, standardError }: { mean: number; standardError: number }) =>
    `${mean.toPrecision(5)} ± ${standardError.toPrecision(2)}`;
  return [
    String(samples),
    String(Number(ridge.toPrecision(6))),
    theory.toPrecision(6),
    ...sizes.flatMap((size) => [...(ownSize ? [size.theory.toPrecision(5)] : []), simulated(size.simulated)]),
    simulated(extrapolated),
    z.toFixed(2),
    accepted ? "accepted" : "rejected",
  ];
}
