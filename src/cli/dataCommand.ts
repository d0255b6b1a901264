import { readFile } from "node:fs/promises";
import { Command } from "commander";
import {
  type DataRow,
  featuresOf,
  learningCurveFromData,
  parseNpy,
  parseTable,
  randomFirstLayer,
  takeLabels,
} from "../data/index.ts";
import type { CheckedTable } from "../data/dataSet.ts";
import type { BestRidge, DataCurve } from "../data/learningCurve.ts";
import { subsampledError } from "../data/subsample.ts";
import type { Anchor, LabelledTable } from "../data/browser.ts";
import { ParameterError } from "../errors.ts";
import { type Cross, type Line, linePlot } from "../plot/lines.ts";
import { algebraOf, resolveBackend } from "../simulation/index.ts";
import { FileError, type Io, reasonOf } from "./io.ts";
import { checkOutputs, FORMATS_HELP, isTable, printRows, writeAll } from "./outputs.ts";
import { progressBar } from "./progress.ts";
import { parseAxis, parseNumber } from "./values.ts";

const EXAMPLES = `
The table is CSV, TSV or NumPy .npy; without --labels-file its label column is named or counted from 1 by --labels. Classes are
labelled 1 and -1. Missing values are refused with their row and column.

Examples:
  replica-theory data table.csv --labels y --samples 50:800:12 --ridge 1e-3:10:20:log --out curve.svg curve.csv
  replica-theory data pixels.npy --labels-file parity.npy --features relu:1000 --samples 100,400 --ridge 0.1,1 \\
    --anchor conditional --check 100

Exit code: 0 all predicted, 1 a point is not determined by the data, 2 the input could not be used.`;

interface DataOptions {
  readonly labels?: string;
  readonly labelsFile?: string;
  readonly samples?: string;
  readonly ridge?: string;
  readonly anchor?: string;
  readonly intercept?: true;
  readonly features?: string;
  readonly check?: string;
  readonly trials?: string;
  readonly seed?: string;
  readonly out?: string[];
}

/** `data`: learning curves predicted from a data set. */
export function dataCommand(io: Io, exit: (code: number) => void): Command {
  return new Command("data")
    .description("learning curve of ridge regression, predicted from one data set")
    .argument("<table>", "samples by rows: .csv, .tsv or .npy")
    .option("--labels <column>", "column of the labels: its name in the header, or its number from 1")
    .option("--labels-file <file>", "labels in a file of their own, one column")
    .option("--samples <n>", "numbers of training samples: a list or a range (default a tenth to all of the data)")
    .option("--ridge <λ>", "ridge penalties, not divided by n (default 1e-3:10:13:log)")
    .option("--anchor <name>", "what the errors rest on: loo (default), gcv or conditional")
    .option("--intercept", "fit a constant")
    .option("--features <σ:width>", "random features of this activation and width between table and readout")
    .option("--check <n>", "retrains on subsamples of these sizes at their best ridge")
    .option("--trials <count>", "subsamples of each check (default 20)")
    .option("--seed <seed>", "of random features and subsamples (default 0)")
    .option("--out <file...>", `files to write: ${FORMATS_HELP}`)
    .addHelpText("after", EXAMPLES)
    .action(async (path: string, options: DataOptions) => {
      exit(await predictCurve(io, path, options));
    });
}

async function predictCurve(io: Io, path: string, options: DataOptions): Promise<number> {
  const outputs = await checkOutputs(options.out ?? []);
  const seed = numberOf("seed", options.seed ?? "0");
  const table = await readData(path, options);
  const data = options.features === undefined ? table : randomFeatures(table, options.features, seed);
  const N = data.labels.length;
  const samples = axisOf("samples", options.samples ?? defaultSamples(N));
  const ridges = axisOf("ridge", options.ridge ?? "1e-3:10:13:log");
  const intercept = options.intercept === true;
  const shared = { ...data, intercept, anchor: (options.anchor ?? "loo") as Anchor };
  const bar = progressBar(io, "predicting", samples.length * ridges.length);
  const curve = learningCurveFromData({ ...shared, samples, ridges, onProgress: (done) => bar.update(done) });
  bar.stop();
  for (const { samples: n, ridge, testError, standardError } of curve.best) {
    io.log(`n = ${n}: best ridge ${ridge.toPrecision(3)}, test error ${errorOf(testError, standardError)}`);
  }
  // Retraining may take long, and be interrupted: what is predicted is written before.
  if (outputs.length === 0) await printRows(curve.rows, io);
  const figures = outputs.filter((output) => !isTable(output));
  const tables = outputs.filter(isTable);
  const tabulated = await writeAll(tables, curve.rows, () => figureOf(curve, [], ridges), io);
  const checks =
    options.check === undefined
      ? []
      : checked(axisOf("check", options.check), { ...options, seed }, data, curve, intercept);
  for (const { x, y, standardError } of checks) {
    io.log(`n = ${x}: retrained on subsamples, test error ${errorOf(y, standardError)}`);
  }
  const undetermined = curve.rows.filter(({ status }) => status !== "converged");
  if (undetermined[0] && "message" in undetermined[0]) {
    io.log(`${undetermined.length} of ${curve.rows.length} points failed: ${undetermined[0].message}`);
  }
  const drawn = await writeAll(figures, curve.rows, () => figureOf(curve, checks, ridges), io);
  return undetermined.length > 0 || !tabulated || !drawn ? 1 : 0;
}

const errorOf = (value: number, standardError: number): string =>
  `${value.toPrecision(4)} ± ${standardError.toPrecision(2)}`;

function numberOf(name: string, text: string): number {
  return parseNumber(name, text, "a number");
}

function axisOf(name: string, text: string): number[] {
  const value = parseAxis(name, text);
  return typeof value === "number" ? [value] : value;
}

/** From a tenth to all of the data in equal ratios, as whole numbers. */
function defaultSamples(N: number): string {
  const counts = Array.from({ length: 8 }, (_, i) => Math.max(2, Math.round(N * 10 ** (-1 + i / 7))));
  return [...new Set(counts)].join(",");
}

async function readData(path: string, { labels, labelsFile }: DataOptions): Promise<LabelledTable> {
  const table = await readTable("table", path);
  if (labelsFile !== undefined) {
    if (labels !== undefined) throw new ParameterError("labels", labels, "left out where labelsFile is given");
    const column = await readTable("labelsFile", labelsFile);
    if (column.columns !== 1) throw new ParameterError("labelsFile", `${column.columns} columns`, "one column");
    return { features: table, labels: column.data };
  }
  if (labels === undefined) throw new ParameterError("labels", undefined, "required: a column, or labelsFile");
  return takeLabels(table, labels);
}

async function readTable(parameter: string, path: string) {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new FileError(parameter, path, reasonOf(error));
  }
  if (path.toLowerCase().endsWith(".npy")) return parseNpy(bytes, parameter);
  return parseTable(new TextDecoder().decode(bytes), { name: parameter });
}

/** σ(Wx)/√p of inputs scaled to E|x|² = d. */
function randomFeatures({ features, labels }: LabelledTable, text: string, seed: number): LabelledTable {
  const [student = "", width = ""] = text.split(/:(?=\d+$)/);
  if (!/^\d+$/.test(width)) throw new ParameterError("features", text, "an activation and a width, as in relu:1000");
  const layer = randomFirstLayer({ student, dimension: features.columns, width: Number(width), seed });
  const square = features.data.reduce((sum, value) => sum + value * value, 0) / features.data.length;
  if (!(square > 0)) throw new ParameterError("features", text, "inputs that are not all 0");
  const scaled: CheckedTable = { ...features, data: features.data.map((value) => value / Math.sqrt(square)) };
  return { features: featuresOf(layer, scaled), labels };
}

function checked(
  sizes: readonly number[],
  { trials, seed }: { readonly trials?: string; readonly seed: number },
  { features, labels }: LabelledTable,
  { best }: DataCurve,
  intercept: boolean,
): Cross[] {
  const count = numberOf("trials", trials ?? "20");
  const algebra = algebraOf(resolveBackend());
  return sizes.map((samples) => {
    const nearest = best.reduce<BestRidge | undefined>((found, next) => {
      return !found || Math.abs(next.samples - samples) < Math.abs(found.samples - samples) ? next : found;
    }, undefined);
    if (!nearest) throw new ParameterError("check", samples, "a size with a ridge that the data determine");
    const options = { samples, ridge: nearest.ridge, intercept, trials: count, seed };
    const { mean, standardError } = subsampledError(features, labels, options, algebra);
    return { name: "best ridge", x: samples, y: mean, standardError };
  });
}

/** Ridges that have a line of their own. */
const MOST_LINES = 5;

function figureOf({ rows, best }: DataCurve, checks: readonly Cross[], ridges: readonly number[]) {
  const shown = ridges.filter((_, i) => i % Math.ceil(ridges.length / MOST_LINES) === 0);
  const along = (ridge: number): DataRow[] =>
    rows.filter((row): row is DataRow => row.status === "converged" && row.ridge === ridge);
  const band = (name: string, sign: number): Line => ({
    name,
    x: best.map(({ samples }) => samples),
    y: best.map(({ testError, standardError }) => testError + sign * standardError),
    reference: true,
  });
  const lines: Line[] = [
    { name: "best ridge", x: best.map(({ samples }) => samples), y: best.map(({ testError }) => testError) },
    ...shown.map((ridge): Line => {
      const points = along(ridge);
      return {
        name: `λ = ${ridge}`,
        x: points.map(({ samples }) => samples),
        y: points.map(({ testError }) => testError),
      };
    }),
    band("best ridge + s.e.", 1),
    band("best ridge − s.e.", -1),
  ];
  return linePlot(lines, { xTitle: "training samples n", yTitle: "test error", crosses: checks });
}
