import type { Command } from "commander";
import { ParameterError } from "../errors.ts";
import { parseJson } from "../json/cases.ts";
import { mapCases, readTuned } from "../json/tuning.ts";
import { mainQuantity } from "../loss/describedLoss.ts";
import { list, number, TEXT } from "../parameters/kinds.ts";
import { axisTitle, SWEEP_PARAMETERS, type SweptName } from "../parameters/table.ts";
import { heatMap } from "../plot/heatMap.ts";
import { columnOf, QUANTITIES, type Quantity } from "../plot/quantities.ts";
import { BOUNDARY_TITLES, type BoundaryName } from "../tuning/boundaries.ts";
import { map, type ParameterMap } from "../tuning/map.ts";
import { CellFile } from "./cellFile.ts";
import type { Io } from "./io.ts";
import { option } from "./modelOptions.ts";
import { checkOutputs, FORMATS_HELP, printRows, writeAll } from "./outputs.ts";
import { progressBar } from "./progress.ts";
import { type OptionsOf, out, readOptions, SIZE_OPTIONS } from "./runOptions.ts";
import { type Lists, takeStepSweeps } from "./sweptModel.ts";
import { namesIn, numbersIn, tuningCommand, withModel } from "./tuningCommand.ts";

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
  const complete = await writeAll(outputs, rows, () => figureOf(drawn, quantity, subtracted !== undefined, run), io);
  return complete ? 0 : 1;
}

function figureOf(
  drawn: ParameterMap,
  quantity: string,
  signed: boolean,
  run: OptionsOf<typeof SIZE_OPTIONS>,
): ReturnType<typeof heatMap> {
  const axis = ({ name, values }: ParameterMap["x"]) => {
    const ratios = values.slice(1).map((value, i) => value / values[i]!);
    const equal = values[0]! > 0 && Math.max(...ratios) < 1.01 * Math.min(...ratios);
    return { title: axisTitle(name), values: values.filter(Number.isFinite), logarithmic: equal };
  };
  const { title, width, height, fontSize } = run;
  const words = quantity in QUANTITIES ? QUANTITIES[quantity as Quantity] : quantity;
  return heatMap({
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(fontSize !== undefined && { fontSize }),
    x: axis(drawn.x),
    y: axis(drawn.y),
    values: drawn.cells.map((row) => row.map((cell) => (cell.status === "converged" ? cell.value : undefined))),
    quantity: signed ? `difference of ${words}` : words,
    signed,
    lines: drawn.lines.flatMap(({ of, lines }) => lines.map((points) => ({ name: nameOf(of), points }))),
    ...(title !== undefined && { title }),
  });
}

const nameOf = (of: number | BoundaryName): string => (typeof of === "number" ? String(of) : BOUNDARY_TITLES[of]);

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
