import { Command } from "commander";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ParameterError } from "../errors.ts";
import type { Figure, Job, JobResult, Scale } from "../figures/figure.ts";
import { FIGURES } from "../figures/index.ts";
import { figurePicture } from "../figures/picture.ts";
import { figureRows, jobsOf, type Outcomes } from "../figures/rows.ts";
import { runJob } from "../figures/runJob.ts";
import { figureTable, outlierLines } from "../figures/table.ts";
import type { BackendChoice } from "../simulation/index.ts";
import { FileError, type Io, reasonOf } from "./io.ts";
import { type Output, writeFigure } from "./outputs.ts";
import { progressBar } from "./progress.ts";
import { parseNumber } from "./values.ts";

const EXAMPLES = `
Each figure is written as NAME.svg, NAME.vl.json and NAME.csv. The table has theory, simulation and z at every point.

Examples:
  What there is:                       replica-theory figure --list
  One at small d, in seconds:          replica-theory figure cui24-fig2 --quick --out figures
  At the paper's size, restartable:    replica-theory figure cui24-fig2 --restart trials --out figures
  All of them:                         replica-theory figure all --quick --out figures

Exit code: 0 done, 1 the run was stopped, 2 the input could not be used.`;

interface FigureOptions {
  readonly quick: boolean;
  readonly out: string;
  readonly restart?: string;
  readonly backend?: BackendChoice;
  readonly workers?: number;
  readonly dimension?: number;
  readonly trials?: number;
  readonly seed: number;
}

/** `figure`: the papers' figures, theory and simulation. */
export function figureCommand(io: Io, exit: (code: number) => void): Command {
  return new Command("figure")
    .argument("[names...]", "names of figures, or all")
    .option("--list", "list the figures and their sizes")
    .option("--quick", "small networks: seconds instead of minutes or hours")
    .option("--out <directory>", "where the files are written (default the current directory)")
    .option("--restart <directory>", "keeps the trials; a stopped run goes on")
    .option("--dimension <d>", "dimension of the simulated networks instead of the paper's")
    .option("--trials <count>", "trials of each run instead of the paper's")
    .option("--seed <seed>", "seed of the simulation (default 1)")
    .option("--backend <name>", "linear algebra: auto (default), openblas, wasm or ml-matrix")
    .option("--workers <count>", "trials at a time (default one per processor)")
    .addHelpText("after", EXAMPLES)
    .action(async (names: string[], given: Record<string, unknown>) => {
      if (given["list"] === true) return io.write(listing());
      exit(await makeFigures(io, named(names), readOptions(given)));
    });
}

function readOptions(given: Record<string, unknown>): FigureOptions {
  const { quick, out, restart, backend, seed } = given;
  const count = (name: string) =>
    given[name] === undefined ? {} : { [name]: parseNumber(name, given[name] as string, "a whole number") };
  return {
    quick: quick === true,
    out: typeof out === "string" ? out : ".",
    ...(typeof restart === "string" && { restart }),
    ...(typeof backend === "string" && { backend: backend as BackendChoice }),
    ...count("workers"),
    ...count("dimension"),
    ...count("trials"),
    seed: seed === undefined ? 1 : parseNumber("seed", seed as string, "a whole number"),
  };
}

function listing(): string {
  return FIGURES.map(({ name, source, title, full, quick }) => {
    const size = `d = ${full.dimension}, ${full.trials} trials (quick: ${quick.dimension}, ${quick.trials})`;
    return `${name.padEnd(17)}${source}: ${title}; ${size}\n`;
  }).join("");
}

/** @throws ParameterError for a name that is none, or if there is none. */
function named(names: readonly string[]): readonly Figure[] {
  const legal = `all, or of ${FIGURES.map(({ name }) => name).join(", ")}`;
  if (names.length === 0) throw new ParameterError("name", undefined, legal);
  if (names.includes("all")) return FIGURES;
  return names.map((name) => {
    const figure = FIGURES.find((item) => item.name === name);
    if (!figure) throw new ParameterError("name", name, legal);
    return figure;
  });
}

async function makeFigures(io: Io, figures: readonly Figure[], options: FigureOptions): Promise<number> {
  await makeDirectory("out", options.out);
  if (options.restart !== undefined) await makeDirectory("restart", options.restart);
  for (const figure of figures) {
    const size = { ...(options.quick ? figure.quick : figure.full), ...defined(options) };
    if (!(await makeFigure(io, figure, { ...size, seed: options.seed }, options))) return 1;
  }
  return 0;
}

function defined({ dimension, trials }: FigureOptions): Partial<Scale> {
  return { ...(dimension !== undefined && { dimension }), ...(trials !== undefined && { trials }) };
}

/** False if the run was stopped. */
async function makeFigure(io: Io, figure: Figure, scale: Scale, options: FigureOptions): Promise<boolean> {
  const panels = figure.panels(scale);
  const outcomes = await simulated(io, figure, jobsOf(panels), scale, options);
  if (!outcomes) return false;
  const rows = figureRows(panels, outcomes);
  const base = join(options.out, figure.name);
  const picture = figurePicture(figure, panels, rows);
  const outputs: Output[] = [
    { path: `${base}.svg`, format: ".svg" },
    { path: `${base}.vl.json`, format: ".vl.json" },
  ];
  await writeText(`${base}.csv`, figureTable(figure, panels, scale, rows));
  for (const output of outputs) await writeFigure(output, picture);
  io.log(`wrote ${base}.svg, ${base}.vl.json, ${base}.csv`);
  const outliers = outlierLines(rows);
  const compared = rows.filter(({ simulation }) => simulation !== undefined).length;
  io.log(`${figure.name}: ${outliers.length} of ${compared} comparisons are beyond 3 standard errors`);
  for (const line of outliers) io.log(`  ${line}`);
  return true;
}

async function simulated(
  io: Io,
  figure: Figure,
  jobs: readonly Job[],
  scale: Scale,
  { restart, backend, workers }: FigureOptions,
): Promise<Outcomes | undefined> {
  const bar = progressBar(io, figure.name, jobs.length);
  const interrupt = io.holdInterrupt();
  const outcomes = new Map<Job, JobResult[]>();
  try {
    for (const [index, job] of jobs.entries()) {
      const file = restart && join(restart, `${figure.name}-d${scale.dimension}-${index + 1}.jsonl`);
      const results = await runJob(job, {
        ...(backend !== undefined && { backend }),
        ...(workers !== undefined && { workers }),
        ...(file !== undefined && { file }),
        signal: interrupt.signal,
        onTrial: () => bar.update(outcomes.size),
      });
      outcomes.set(job, results);
      bar.update(outcomes.size);
    }
    return outcomes;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    io.log(restart === undefined ? "stopped" : `stopped: the trials that had ended are in ${restart}`);
    return undefined;
  } finally {
    interrupt.release();
    bar.stop();
  }
}

async function makeDirectory(parameter: string, path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new FileError(parameter, path, reasonOf(error));
  }
}

async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new FileError("out", path, reasonOf(error));
  }
}
