import { Command } from "commander";
import { type ComparedRow, type ComparedValue, type CurveTheory, rowOf, sizeOf } from "../compare/rows.ts";
import type { CurveParameters, EveryCurveDescription, EveryRow } from "../curve/sweep.ts";
import { curveRows } from "../tuning/curve.ts";
import { decompositionFigure } from "../plot/decomposition.ts";
import { learningCurve, type LearningCurveOptions, omissions } from "../plot/learningCurve.ts";
import { mainQuantity } from "../simulation/index.ts";
import { COMPARED_DIMENSION, finiteSizeNotice } from "../ridge/finiteSize.ts";
import { bayesBeside } from "./bayesBeside.ts";
import { type BoundsBeside, boundsBeside } from "./boundsBeside.ts";
import { isNamed, quantitiesOf, quantityReader, quantityTitle } from "../plot/readQuantity.ts";
import { askedOfCurve, CURVE_OPTIONS, type CurveTask, readCurveTask, stepNoticesOf } from "./curveOptions.ts";
import type { Io } from "./io.ts";
import { addModelOptions, addOptions } from "./modelOptions.ts";
import { occasionalColumns } from "../curve/csv.ts";
import { checkOutputs, isTable, type Output, printRows, writeAll, writeTables } from "./outputs.ts";
import { progressBar } from "./progress.ts";
import { simulateRows } from "./simulatedRows.ts";

const EXAMPLES = `
Values: a number, inf, a list 0.5,1,2,inf, a range 0.2:3:15 (start:stop:count) or 1e-4:1:9:log.
The parameter with the most values is the horizontal axis (--x chooses another); the others give a curve each.

Examples:
  A figure of theory and simulated networks:
    replica-theory curve --student tanh --target tanh --learning-rate 1 --step-sample-ratio 0,0.5,1,2 \\
      --sample-ratio 0.2:3:15 --width-ratio 1 --ridge 0.01 \\
      --simulate network --dimension 500 --trials 10 --seed 1 --out curve.svg curve.csv
  Random features against the ridge, as CSV on standard output:
    replica-theory curve --model randomFeatures --student relu --target sin \\
      --sample-ratio 2 --width-ratio 1 --ridge 1e-6:10:30:log
  Everything from a file (the names of the JSON interface), with another dimension:
    replica-theory curve --config curve.json --dimension 1000

Exit code: 0 all solved, 1 a point failed (the others are there), 2 the input could not be used.`;

/** `curve`: learning curves over one or more parameters, with simulation, tables and figures. */
export function curveCommand(io: Io, exit: (code: number) => void): Command {
  const command = new Command("curve").option(
    "--config <file>",
    "JSON file with the names of these options; options override it",
  );
  addOptions(addModelOptions(command), CURVE_OPTIONS).addHelpText("after", EXAMPLES);
  return command.action(async (given: Record<string, unknown>) => {
    exit(await drawCurve(io, await readCurveTask(given)));
  });
}

async function drawCurve(io: Io, task: CurveTask): Promise<number> {
  const outputs = await checkOutputs(task.run.out ?? []);
  refuseUnknownQuantity(task);
  const { learningRate, stepSampleRatio } = task.sweep;
  // A step that is nothing at some of the points is something at others.
  const somewhere = {
    ...(learningRate && { learningRate: largest(learningRate) }),
    ...(stepSampleRatio && { stepSampleRatio: largest(stepSampleRatio) }),
  };
  for (const notice of stepNoticesOf(task, somewhere)) io.log(notice);
  const tally: Tally = { solved: 0, failed: 0, weak: 0 };
  const [readouts, algorithms] = [boundsBeside(task), bayesBeside(task)];
  const bounds: BoundsBeside = (...at) => ({ ...readouts(...at), ...algorithms(...at) });
  const rows = countedRows(task, tally, io, bounds);
  const columns = [...new Set(task.theories.flatMap(({ description }) => occasionalColumns(description)))];
  let complete = true;
  if (task.run.simulate === undefined && outputs.every(isTable)) await streamRows(rows, outputs, io, columns);
  else {
    const theory = [...rows];
    const { run, x, series, baselines } = task;
    const look = { ...run, x, series, ...(baselines && { baselines }) } as LearningCurveOptions;
    // Before the simulation: a figure that cannot be drawn is refused.
    if (task.run.stacked === true) decompositionFigure(theory, look);
    for (const omitted of outputs.every(isTable) ? [] : omissions(theory, look)) io.log(omitted);
    const all = task.run.simulate === undefined ? theory : await simulateRows(theory, task, io);
    if (outputs.length === 0) await printRows(all, io, columns);
    const figure = () => figureOf([...all, ...rowsBetween(task, bounds)], task, look);
    complete = await writeAll(outputs, all, figure, io, columns);
    if (task.run.simulate !== undefined) {
      const { description } = task.theories[0]!;
      const asked =
        task.run.quantity === undefined ? [mainQuantity(description)] : quantitiesOf(all, task.run.quantity);
      for (const quantity of asked) reportAgreement(all, quantity, description, io);
    }
  }
  if (tally.weak > 1)
    io.log(`${tally.weak} points in all are more than 2 % from finite networks of d = ${COMPARED_DIMENSION}`);
  if (tally.failed > 0) io.log(`${tally.failed} of ${tally.failed + tally.solved} points failed`);
  return tally.failed > 0 || !complete ? 1 : 0;
}

function figureOf(rows: readonly ComparedRow[], { run }: CurveTask, look: LearningCurveOptions) {
  return run.stacked === true ? decompositionFigure(rows, look) : learningCurve(rows, look);
}

/** Columns are known when a point is solved: one that no row has is refused before the others are. */
function refuseUnknownQuantity(task: CurveTask): void {
  const { theories, sweep, run } = task;
  const { quantity } = run;
  if (quantity === undefined || quantity.every(isNamed)) return;
  const first = Object.fromEntries(Object.entries(sweep).map(([name, values]) => [name, [...values].slice(0, 1)]));
  const rows = [...curveRows(theories[0]!.description, { ...askedOfCurve(task), sweep: first })];
  for (const name of quantitiesOf(rows, quantity)) quantityReader(rows, name);
}

/** Largest modulus, of lists longer than a call has arguments, too. */
function largest(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

/** Points of a smooth line. */
const FIGURE_POINTS = 120;

/** Points of a curve: solved, failed, and solved where finite networks are far from the limit. */
interface Tally {
  solved: number;
  failed: number;
  weak: number;
}

/** The rows of every theory; counts them, and says of the first failed points why. */
function* countedRows(task: CurveTask, tally: Tally, io: Io, bounds: BoundsBeside): Generator<ComparedRow> {
  const told = new Set<string>();
  const total = Object.values(task.sweep).reduce(
    (product, values) => product * [...values].length,
    task.theories.length,
  );
  const bar = progressBar(io, "solving", total);
  try {
    for (const theory of task.theories) {
      for (const row of curveRows(theory.description, askedOfCurve(task))) {
        if (row.status === "converged") {
          tally.solved++;
          tellOnce("notices" in row ? row.notices : [], told, io);
          if ("finiteSize" in row && tally.weak++ === 0)
            io.log(`at ${place(row, task)}: ${finiteSizeNotice(row).join()}`);
        } else if (tally.failed++ < 5) io.log(failureLine(row, task));
        const done = tally.solved + tally.failed;
        if (done % 100 === 0) bar.update(done);
        yield placed(row, theory, bounds);
      }
    }
  } finally {
    bar.stop();
  }
}

/** A row with its theory, and the bounds that a figure shows. */
function placed(row: EveryRow, theory: CurveTheory, bounds: BoundsBeside, isBetween = false): ComparedRow {
  return { ...rowOf(theory, row), ...bounds(theory, row, isBetween) };
}

/** What several points have to say is said once. */
function tellOnce(notices: readonly string[], told: Set<string>, io: Io): void {
  for (const notice of notices) {
    if (!told.has(notice)) io.log(notice);
    told.add(notice);
  }
}

/** Theory between the points asked for: a figure's lines are smooth however few those are. */
function* rowsBetween(task: CurveTask, bounds: BoundsBeside): Generator<ComparedRow> {
  const isShown = (value: number) => Number.isFinite(value) && (task.run.logX !== true || value > 0);
  const values = [...(task.sweep[task.x] ?? [])].filter(isShown);
  if (values.length > FIGURE_POINTS) return;
  const [first, last] = [Math.min(...values), Math.max(...values)];
  if (!(first < last)) return;
  const along = (from: number, to: number, i: number) => from + ((to - from) * (i + 0.5)) / FIGURE_POINTS;
  const between = Array.from({ length: FIGURE_POINTS }, (_, i) =>
    task.run.logX === true ? Math.exp(along(Math.log(first), Math.log(last), i)) : along(first, last, i),
  );
  for (const theory of task.theories) {
    for (const row of curveRows(theory.description, {
      ...askedOfCurve(task),
      sweep: { ...task.sweep, [task.x]: between },
    })) {
      if (row.status === "converged") yield placed(row, theory, bounds, true);
    }
  }
}

function failureLine(row: Exclude<EveryRow, { status: "converged" }>, task: CurveTask): string {
  return `error: at ${place(row, task)}: ${row.message}`;
}

const place = (row: CurveParameters, task: CurveTask): string =>
  [task.x, ...task.series]
    .map((name) => `${name} = ${(row as Partial<Record<string, number | string>>)[name] ?? ""}`)
    .join(", ");

/** Rows straight to the tables, or to standard output, in constant memory. */
async function streamRows(
  rows: Iterable<ComparedRow>,
  outputs: readonly Output[],
  io: Io,
  columns: readonly string[],
): Promise<void> {
  if (outputs.length === 0) return printRows(rows, io, columns);
  await writeTables(outputs, rows, columns);
  for (const { path } of outputs) io.log(`wrote ${path}`);
}

const valueOf = ({ simulation }: ComparedRow, quantity: string) =>
  (simulation as Readonly<Record<string, ComparedValue | undefined>> | undefined)?.[quantity];

/** How the simulation agrees with each theory. */
function reportAgreement(
  rows: readonly ComparedRow[],
  quantity: string,
  description: EveryCurveDescription,
  io: Io,
): void {
  const theories = [...new Set(rows.map(({ theory }) => theory))];
  const { finiteDimension } = sizeOf(description);
  const size = finiteDimension === undefined ? "" : ` from theory at F = d = ${finiteDimension}`;
  for (const theory of theories) {
    const compared = rows.flatMap((row) => (row.theory === theory ? (valueOf(row, quantity) ?? []) : []));
    const z = compared.map((value) => Math.abs(value.z)).filter((value) => Number.isFinite(value));
    if (z.length === 0) continue;
    const within = z.filter((value) => value <= 3).length;
    const farthest = largest(z).toFixed(1);
    const name = theories.length > 1 ? ` of theory ${theory ?? ""}` : "";
    io.log(
      `${quantityTitle(rows, quantity)}${name}: ${within} of ${z.length} points within 3 standard errors${size}, largest |z| ${farthest}`,
    );
  }
}
