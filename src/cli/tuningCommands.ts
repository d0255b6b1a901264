import { Command } from "commander";
import { ParameterError } from "../errors.ts";
import { derivativeCases, mapCases, optimumCases, readTuned } from "../json/tuning.ts";
import { parseJson } from "../json/cases.ts";
import type { CaseCalculation, JsonResult } from "../json/results.ts";
import { axisTitle, SWEEP_PARAMETERS, type SweptName } from "../parameters/table.ts";
import { columnOf, QUANTITIES, type Quantity } from "../plot/quantities.ts";
import { heatMap } from "../plot/heatMap.ts";
import { BOUNDARY_TITLES, type BoundaryName } from "../tuning/boundaries.ts";
import { map, type ParameterMap } from "../tuning/map.ts";
import { mainQuantity } from "../loss/describedLoss.ts";
import { OPTIMAL } from "../tuning/tuner.ts";
import { addJsonOption, runCases } from "./caseCommand.ts";
import { CellFile } from "./cellFile.ts";
import type { Io } from "./io.ts";
import { addModelOptions, addOptions, fieldsOf, option, type OptionTable } from "./modelOptions.ts";
import { checkOutputs, FORMATS_HELP, printRows, writeAll } from "./outputs.ts";
import { progressBar } from "./progress.ts";
import { list, number, TEXT } from "../parameters/kinds.ts";
import { type OptionsOf, out, readFields, readOptions, SIZE_OPTIONS } from "./runOptions.ts";
import { type Lists, takeStepSweeps } from "./sweptModel.ts";
import { parseAxis } from "./values.ts";

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

const MAP_OPTIONS = {
  x: option(TEXT, "name", "the parameter on the horizontal axis; of a step, steps[1].learningRate"),
  quantity: option(
    TEXT,
    "name",
    "what the map shows (default testError, of margins testClassificationError); psi[1], Q2 of the overlaps; bias, variance, classificationError and their like of statistics",
  ),
  minus: option(TEXT, "json", `subtract a model with these changes, e.g. '{"theory":"srf"}'`),
  levels: option(list(number("finite")), "a,b,c", "contour lines at these values"),
  boundaries: option(TEXT, "names", `lines where something happens: ${Object.keys(BOUNDARY_TITLES).join(", ")}`),
  file: option(TEXT, "path", "JSON Lines of the cells as they come: an interrupted map goes on from there"),
  ...SIZE_OPTIONS,
  out: out(FORMATS_HELP),
} as const;
const MAP_EXAMPLES = `
Two parameters, of the model or of one of its steps, have ranges: start:stop:count, or start:stop:count:log. A parameter may be "optimal": tuned at each point.

Examples:
  replica-theory map --model randomFeatures --student tanh --target sin --label-noise 0.1 \\
    --sample-ratio 0.2:5:30:log --width-ratio 0.2:5:30:log --ridge optimal --levels 0.4,0.45 --out map.svg
  What one step gains:
    replica-theory map --theory srf --student tanh --target sin --step-sample-ratio 4 --width-ratio 1 --ridge 0.1 \\
      --sample-ratio 0.2:5:20:log --learning-rate 0.2:4:20:log --boundaries linearPredictor --out map.csv`;

/** `map`: an observable over two parameters. */
export function mapCommand(io: Io, exit: (code: number) => void): Command {
  return tuningCommand(io, exit, {
    name: "map",
    options: MAP_OPTIONS,
    examples: MAP_EXAMPLES,
    cases: mapCases,
    run: (given) => drawMap(io, given),
  });
}

async function drawMap(io: Io, given: Readonly<Record<string, unknown>>): Promise<number> {
  const { run, model: fields } = await readOptions("map", MAP_OPTIONS, given);
  const outputs = await checkOutputs(run.out ?? []);
  const { model, axes } = splitAxes(withModel(fields), run.x);
  const [[xName, xValues], [yName, yValues]] = axes;
  const description = readTuned(model, [xName, yName]);
  const changes = run.minus === undefined ? undefined : parseJson(run.minus, "minus");
  if (changes && !("data" in changes)) throw changes.unreadable;
  const subtracted = changes && readTuned({ ...model, ...(changes.data as object) }, [xName, yName]);
  const quantity = columnOf(run.quantity ?? mainQuantity(description));
  const file =
    run.file === undefined
      ? undefined
      : new CellFile(run.file, { x: xName, y: yName, quantity, description, minus: subtracted });
  const bar = progressBar(io, "solving", 1);
  let drawn: ParameterMap;
  try {
    drawn = map(description, {
      x: { [xName]: xValues },
      y: { [yName]: yValues },
      quantity,
      ...(subtracted && { minus: subtracted }),
      ...(file && { known: (x, y) => file.at(x, y), onCell: (x, y, cell) => file.append(x, y, cell) }),
      ...(run.levels && { levels: run.levels }),
      ...(run.boundaries !== undefined && { boundaries: namesIn(run.boundaries) as BoundaryName[] }),
      onProgress: (done, total) => bar.update(done, total),
    });
  } finally {
    bar.stop();
    file?.close();
  }
  const rows = drawn.cells.flatMap((row, j) =>
    row.map((cell, i) => ({ [xName]: xValues[i], [yName]: yValues[j], ...cell })),
  );
  const refused = rows.filter(({ status }) => status !== "converged").length;
  if (refused > 0) io.log(`${refused} of ${rows.length} points have no solution`);
  for (const { of, lines } of drawn.lines) if (lines.length === 0) io.log(`${nameOf(of)}: nowhere in this map`);
  if (outputs.length === 0) await printRows(rows, io);
  const complete = await writeAll(outputs, rows, () => figureOf(drawn, subtracted !== undefined, run), io);
  return complete ? 0 : 1;
}

function figureOf(
  drawn: ParameterMap,
  signed: boolean,
  run: OptionsOf<typeof SIZE_OPTIONS>,
): ReturnType<typeof heatMap> {
  const axis = ({ name, values }: ParameterMap["x"]) => {
    const ratios = values.slice(1).map((value, i) => value / values[i]!);
    const equal = values[0]! > 0 && Math.max(...ratios) < 1.01 * Math.min(...ratios);
    return { title: axisTitle(name), values: values.filter(Number.isFinite), logarithmic: equal };
  };
  const { title, width, height, fontSize } = run;
  return heatMap({
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(fontSize !== undefined && { fontSize }),
    x: axis(drawn.x),
    y: axis(drawn.y),
    values: drawn.cells.map((row) => row.map((cell) => (cell.status === "converged" ? cell.value : undefined))),
    quantity: drawn.quantity in QUANTITIES ? QUANTITIES[drawn.quantity as Quantity] : drawn.quantity,
    signed,
    lines: drawn.lines.flatMap(({ of, lines }) => lines.map((points) => ({ name: nameOf(of), points }))),
    ...(title !== undefined && { title }),
  });
}

const nameOf = (of: number | BoundaryName): string => (typeof of === "number" ? String(of) : BOUNDARY_TITLES[of]);

function namesIn(text: unknown): unknown {
  return typeof text === "string" ? text.split(",").map((name) => name.trim()) : text;
}

type AxisEntry = readonly [name: SweptName, values: readonly number[]];

/** The two parameters with several values, the horizontal one first, and the model without them. */
function splitAxes(
  fields: Readonly<Record<string, unknown>>,
  wanted: unknown,
): { model: Record<string, unknown>; axes: readonly [AxisEntry, AxisEntry] } {
  const model = numbersIn(fields);
  const ofSteps: Lists = {};
  if (Array.isArray(model["steps"])) model["steps"] = takeStepSweeps(model["steps"], ofSteps);
  const own = SWEEP_PARAMETERS.flatMap((name): AxisEntry[] => {
    const value = model[name];
    return Array.isArray(value) ? [[name, value as number[]]] : [];
  });
  const found = [...(Object.entries(ofSteps) as [SweptName, readonly number[]][]), ...own];
  // Samples run along the horizontal axis unless another is wanted there.
  const horizontal = wanted ?? (found[1]?.[0] === "sampleRatio" ? "sampleRatio" : found[0]?.[0]);
  const [first, second] = horizontal === found[1]?.[0] ? [...found].reverse() : found;
  if (found.length !== 2 || !first || !second) {
    throw new ParameterError(
      "map",
      found.map(([name]) => name),
      "two parameters with a range or list of values",
    );
  }
  if (wanted !== undefined && wanted !== first[0]) {
    throw new ParameterError("x", wanted, `one of ${first[0]}, ${second[0]}`);
  }
  const swept = own.map(([name]): string => name);
  const rest = Object.fromEntries(Object.entries(model).filter(([name]) => !swept.includes(name)));
  return { model: rest, axes: [first, second] };
}

/** The fields with the text of sweepable parameters read as numbers or lists; "optimal" stays. */
function numbersIn(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const read: Record<string, unknown> = { ...fields };
  for (const name of SWEEP_PARAMETERS) {
    const value = read[name];
    if (typeof value === "string" && value !== OPTIMAL) read[name] = parseAxis(name, value);
  }
  return read;
}

function withModel(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { model: "trainedNetwork", ...fields };
}

/** The one result, or undefined after its error has been told. */
function only(results: Iterable<JsonResult>, io: Io): JsonResult | undefined {
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

function tuningCommand(io: Io, exit: (code: number) => void, tuning: TuningCommand): Command {
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
