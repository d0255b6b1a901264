import { Command } from "commander";
import { ParameterError } from "../errors.ts";
import {
  type Branch,
  type BranchOptions,
  type ConvergedSolution,
  saddlePoint,
  type SaddlePoint,
  type SaddlePointDescription,
  type SaddlePointRow,
} from "../equations/index.ts";
import { equationCases, readBranch } from "../json/equations.ts";
import type { FigureLook } from "../plot/look.ts";
import { branchPlot } from "../plot/branchPlot.ts";
import { addJsonOption, runCases } from "./caseCommand.ts";
import { type Io, readJsonFile } from "./io.ts";
import { checkOutputs, FORMATS_HELP, printRows, writeAll } from "./outputs.ts";
import { progressBar } from "./progress.ts";
import { parseAxis, parseNumber } from "./values.ts";

const EXAMPLES = `
Examples:
  replica-theory equations hopfield.json --set T=0.1
  replica-theory equations hopfield.json --over alpha=0.01:0.13:25 --out curve.csv curve.svg
  replica-theory equations hopfield.json --over alpha=0.01:0.3 --branch --out branch.svg
  replica-theory equations --json < cases.json

The file has unknowns, parameters, where, equations and observables, as in the catalogue of the documentation; a field "branch" says
what is done without options. Averages are E(z, f).

Exit code: 0 solved, 1 a point or case was not, 2 the input could not be used.`;

interface Options {
  readonly json?: true;
  readonly over?: string;
  readonly branch?: true;
  readonly solve?: true;
  readonly all?: true;
  readonly follow?: true;
  readonly set?: string[];
  readonly quantities?: string[];
  readonly title?: string;
  readonly width?: string;
  readonly height?: string;
  readonly fontSize?: string;
  readonly logX?: true;
  readonly logY?: true;
  readonly out?: string[];
}

/** `equations`: saddle points of one's own, from a file or as JSON. */
export function equationsCommand(io: Io, exit: (code: number) => void): Command {
  return addJsonOption(new Command("equations"))
    .argument("[file]", "JSON file with the equations; with --json one of cases, default standard input")
    .option("--solve", "solve at one point, whatever the file says")
    .option("--all", "find all solutions at one point, from many starts")
    .option("--over <range>", "name=from:to:count for a curve, name=from:to for a branch")
    .option("--branch", "follow the branch through folds, and locate its transitions")
    .option("--follow", "follow the branches that cross it, too")
    .option("--set <values...>", "parameters, as name=value")
    .option("--quantities <names...>", "unknowns and observables of the figure (default the unknowns)")
    .option("--title <text>", "title of the figure")
    .option("--width <pixels>", "width of the frame (default 420)")
    .option("--height <pixels>", "height of the frame (default 300)")
    .option("--font-size <pixels>", "size of the type (default 12)")
    .option("--log-x", "logarithmic horizontal axis")
    .option("--log-y", "logarithmic vertical axis")
    .option("--out <files...>", `files to write instead of printing: ${FORMATS_HELP}`)
    .addHelpText("after", EXAMPLES)
    .action(async (file: string | undefined, options: Options) => {
      if (options.json) exit(await runCases(io, file, {}, equationCases));
      else exit(await runFile(io, file, options));
    });
}

async function runFile(io: Io, file: string | undefined, options: Options): Promise<number> {
  if (file === undefined) throw new ParameterError("file", file, "a JSON file with the equations, or --json");
  const outputs = await checkOutputs(options.out ?? []);
  const { branch, ...content } = await readJsonFile("file", file);
  // What a case of --json may say, and a file may, too.
  const fields = Object.fromEntries(
    Object.entries(content).filter(([name]) => !["sweep", "all", "expected"].includes(name)),
  );
  const problem = saddlePoint(fields as unknown as SaddlePointDescription);
  const parameters = assignments(options.set ?? []);
  const window = options.solve || options.all ? undefined : windowOf(options, branch);
  if (window === undefined) return printSolutions(io, problem, parameters, options.all === true);
  const isBranch = "from" in window;
  const result: Branch = isBranch
    ? branchOf(io, problem, { ...window, parameters, follow: options.follow ?? window.follow ?? false })
    : curveOf(problem, window, parameters);
  if (result.status !== "converged") {
    io.log(`error: no solution where the branch begins: ${result.detail}`);
    return 1;
  }
  for (const event of result.events) io.log(eventLine(event, window.over));
  const branches = [result.rows, ...result.followed];
  const rows = branches.flatMap((list, b) => list.map((row) => flatRow(row, branches.length > 1 ? b : undefined)));
  const title = options.title ?? (typeof fields["name"] === "string" ? fields["name"] : undefined);
  const { over } = window;
  const figure = () =>
    branchPlot(branches, result.events, {
      over,
      ...(options.quantities && { quantities: options.quantities }),
      ...(title !== undefined && { title }),
      ...sizeOf(options),
    });
  const written = outputs.length > 0 ? await writeAll(outputs, rows, figure, io) : (await printRows(rows, io), true);
  const failed = branches.flat().filter(({ status }) => status !== "converged");
  for (const row of failed.slice(0, 3))
    io.log(`error: at ${over} = ${row.parameters[over]!}: ${(row as { detail: string }).detail}`);
  return failed.length === 0 && written ? 0 : 1;
}

/** The look that the options ask for. */
function sizeOf({ width, height, fontSize, logX, logY }: Options): FigureLook {
  const number = (name: string, text?: string) => (text === undefined ? {} : { [name]: parseNumber(name, text) });
  return {
    ...number("width", width),
    ...number("height", height),
    ...number("fontSize", fontSize),
    ...(logX && { logX }),
    ...(logY && { logY }),
  };
}

type Window = BranchOptions | { readonly over: string; readonly values: readonly number[] };

/** What the options, or else the file, say about the range. */
function windowOf({ over, branch }: Options, fromFile: unknown): Window | undefined {
  if (over === undefined) {
    if (fromFile !== undefined) return readBranch(fromFile);
    if (branch) throw new ParameterError("over", over, "name=from:to, the range of the branch");
    return undefined;
  }
  const [name, range] = assignment("over", over);
  if (!branch) {
    const values = parseAxis(`over ${name}`, /^[^:]+:[^:]+$/.test(range) ? `${range}:60` : range);
    return { over: name, values: typeof values === "number" ? [values] : values };
  }
  const [from, to] = range.split(":").map((text) => parseNumber(`over ${name}`, text));
  if (to === undefined) throw new ParameterError("over", over, "name=from:to, the range of the branch");
  return { over: name, from: from!, to };
}

/** The branch, with a bar of how much of the window it has covered. */
function branchOf(io: Io, problem: SaddlePoint, options: BranchOptions): Branch {
  const bar = progressBar(io, "following", 100);
  let furthest = 0;
  const onRow = ({ parameters }: SaddlePointRow): void => {
    const share = (parameters[options.over]! - options.from) / (options.to - options.from);
    furthest = Math.max(furthest, Math.round(100 * share));
    bar.update(furthest);
  };
  try {
    return problem.branch({ ...options, onRow });
  } finally {
    bar.stop();
  }
}

function curveOf(
  problem: SaddlePoint,
  { over, values }: { readonly over: string; readonly values: readonly number[] },
  parameters: Readonly<Record<string, number>>,
): Branch {
  const rows = problem.curve({ sweep: { [over]: values }, parameters });
  return { status: "converged", rows, events: [], followed: [], ended: "window" };
}

async function printSolutions(
  io: Io,
  problem: SaddlePoint,
  parameters: Readonly<Record<string, number>>,
  all: boolean,
): Promise<number> {
  const solutions = all ? problem.solutions(parameters) : [problem.trySolve(parameters)];
  for (const solution of solutions) {
    if (solution.status === "converged") await io.write(report(solution));
    else io.log(`error: ${solution.status}: ${solution.detail}`);
  }
  if (solutions.length === 0) io.log("error: no solution was found");
  return solutions.some(({ status }) => status === "converged") ? 0 : 1;
}

function report(solution: ConvergedSolution): string {
  const { values, observables, stable, freeEnergy, freeEntropy, ends = {}, residual, errorEstimate } = solution;
  const lines = [
    ...Object.entries(values).map(([name, value]) => [name, `${value}${ends[name] ? ` (its ${ends[name]})` : ""}`]),
    ...Object.entries(observables).map(([name, value]) => [name, String(value)]),
    ...(freeEnergy === undefined ? [] : [["freeEnergy", String(freeEnergy)]]),
    ...(freeEntropy === undefined ? [] : [["freeEntropy", String(freeEntropy)]]),
    ["stable", String(stable)],
    ["residual", residual.toExponential(1)],
    ["errorEstimate", errorEstimate.toExponential(1)],
  ];
  const width = Math.max(...lines.map(([name]) => name!.length));
  return `${lines.map(([name, value]) => `${name!.padEnd(width)}  ${value!}\n`).join("")}\n`;
}

function eventLine(
  { kind, parameters, values, other }: (Branch & { status: "converged" })["events"][number],
  over: string,
): string {
  const list = Object.entries(values).map(([name, value]) => `${name} = ${Number(value.toPrecision(10))}`);
  const beside =
    other === undefined ? "" : typeof other === "string" ? `, beside ${other}` : `, beside ${listOf(other)}`;
  return `${kind} at ${over} = ${Number(parameters[over]!.toPrecision(12))}: ${list.join(", ")}${beside}`;
}

const listOf = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} = ${Number(value.toPrecision(10))}`)
    .join(", ");

/** A row of a table: unknowns and observables under their own names. */
function flatRow(row: SaddlePointRow, branch: number | undefined): object {
  const { parameters, ...rest } = row;
  const number = branch === undefined ? {} : { branch };
  if (rest.status !== "converged") {
    const { status, residual, detail } = rest;
    return { ...number, ...parameters, status, residual, message: detail };
  }
  const { values, observables, status, stable, spectralRadius, freeEnergy, freeEntropy, residual, errorEstimate } =
    rest;
  const free = { ...(freeEnergy !== undefined && { freeEnergy }), ...(freeEntropy !== undefined && { freeEntropy }) };
  const quality = { status, stable, spectralRadius, residual, errorEstimate };
  return { ...number, ...parameters, ...values, ...observables, ...free, ...quality };
}

function assignments(list: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    list.map((text) => {
      const [name, value] = assignment("set", text);
      return [name, parseNumber(`set ${name}`, value)];
    }),
  );
}

function assignment(parameter: string, text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1) throw new ParameterError(parameter, text, "name=value");
  return [text.slice(0, at).trim(), text.slice(at + 1)];
}
