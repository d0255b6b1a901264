import { type CurveTheory, ofOwnSize } from "../compare/rows.ts";
import { isCovariateDescription } from "../curve/solve.ts";
import type { AnyCurveDescription, CurveOptions, StatisticsOptions, Sweep } from "../curve/sweep.ts";
import { ParameterError } from "../errors.ts";
import { choice, FLAG, list, TEXT } from "../parameters/kinds.ts";
import { noticesOf } from "../model/stepHypotheses.ts";
import { isMultiIndex } from "../multiIndex/description.ts";
import { stepParameter, SWEEP_PARAMETERS, type SweptName } from "../parameters/table.ts";
import type { CurveWords } from "../plot/plottedRow.ts";
import { columnOf } from "../plot/quantities.ts";
import type { BaselineName } from "../plot/references.ts";
import { FINITE_SIZE_OPTION, NETWORK_OPTIONS, refuseIdle, SIMULATION_OPTIONS } from "./engineOptions.ts";
import { option } from "./modelOptions.ts";
import { STATISTICS_OPTIONS } from "./statisticsOptions.ts";
import { FORMATS_HELP } from "./outputs.ts";
import { LOOK_OPTIONS, type OptionsOf, out, readOptions } from "./runOptions.ts";
import { isStatistic } from "../statistics/statistics.ts";
import { type Lists, readSweptModel } from "./sweptModel.ts";
import { camel } from "./values.ts";

/** What a curve needs besides the model: simulation, outputs, look. */
export const CURVE_OPTIONS = {
  ...NETWORK_OPTIONS,
  ...SIMULATION_OPTIONS,
  ...FINITE_SIZE_OPTION,
  ...STATISTICS_OPTIONS,
  x: option(TEXT, "name", "the parameter on the horizontal axis; of a step, steps[1].learningRate"),
  quantity: option(
    list(TEXT, "a name or a list of names"),
    "names",
    "what a figure shows, several a curve each: testError (default), excessRisk, trainError, objective; testLoss, trainLoss of another loss; testClassificationError (default), trainClassificationError of one of margins; or any column of the table, as Q2 or m[0]; bias, variance, varianceWeights, ensembles.freshBoth and their like ask for statistics",
  ),
  stacked: option(FLAG, "", "the figure has the test error split into bias and variances, stacked"),
  baselines: option(
    list(choice("linear", "lower", "upper", "bayes", "none"), "a list of names"),
    "names",
    "references of a test error: linear (default; the best linear predictor), lower and upper (what any readout of the features can reach), bayes (what any algorithm can), none",
  ),
  bayes: option(FLAG, "", "show the least test error that any algorithm reaches from the same samples, too"),
  ...LOOK_OPTIONS,
  out: out(FORMATS_HELP),
} as const;
export type RunOptions = OptionsOf<typeof CURVE_OPTIONS>;

/** A curve to compute: one or two theories of one model over a sweep. */
export interface CurveTask extends StatisticsOptions {
  readonly theories: readonly CurveTheory[];
  readonly sweep: Sweep;
  /** The horizontal axis, and the parameters that tell the curves apart. */
  readonly x: SweptName;
  readonly series: readonly (SweptName | keyof CurveWords)[];
  /** References of its figure that were asked for. */
  readonly baselines?: readonly BaselineName[];
  readonly run: RunOptions;
}

/** What the library's `curve` is asked for. */
export const askedOfCurve = ({ sweep, statistics, ensemble }: CurveTask): CurveOptions => ({
  sweep,
  ...(statistics !== undefined && { statistics }),
  ...(ensemble && { ensemble }),
});

/**
 * Reads fields of a configuration and of the command line, which override them.
 *
 * @throws ParameterError that names what is unknown, missing or of the wrong kind
 */
export async function readCurveTask(given: Readonly<Record<string, unknown>>): Promise<CurveTask> {
  const { run: read, model } = await readOptions("curve", CURVE_OPTIONS, given);
  const run = { ...read, ...(read.quantity && { quantity: read.quantity.flatMap((names) => names.split(",")) }) };
  refuseIdle(run);
  const { theories, sweep } = readSweptModel(model);
  const axes = Object.keys(sweep) as SweptName[];
  const x = run.x === undefined ? longest(sweep) : axisNamed(run.x);
  if (axes.length > 0 && !axes.includes(x)) {
    throw new ParameterError("x", x, `one of the swept parameters: ${axes.join(", ")}`);
  }
  for (const { description } of theories) refuseWithoutTheory(run, description);
  const sized = theories.map((theory) => besideSimulation(theory as CurveTheory, run));
  const words = Object.keys(theories[0]!.words) as (keyof CurveWords)[];
  const series = [...words, ...axes.filter((name) => name !== x)];
  if (run.stacked === true) refuseBesideStacked(run, theories.length > 1 ? ["theory", ...series] : series);
  const implied = run.ensemble !== undefined || run.stacked === true || asksForStatistics(run.quantity);
  const statistics = run.statistics ?? implied;
  const asked = { ...(statistics && { statistics }), ...(run.ensemble && { ensemble: run.ensemble }) };
  const listed = run.baselines?.filter((name): name is BaselineName => name !== "none");
  const baselines = run.bayes === true ? [...new Set([...(listed ?? ["linear" as const]), "bayes" as const])] : listed;
  return { theories: sized, sweep, x, series, run, ...asked, ...(baselines && { baselines }) };
}

/** Quantities that theory or simulation has of other models only, refused before anything is computed. */
function refuseWithoutTheory(
  { quantity = [], simulate }: RunOptions,
  { loss = "square" }: { readonly loss?: unknown },
): void {
  for (const name of quantity) {
    if (name === "trainClassificationError" && loss === "square") {
      throw new ParameterError(
        "quantity",
        name,
        "left out of ridge regression: training error rates have no theory there",
      );
    }
    if (simulate !== undefined && /^ensembles\b.*\.classificationError$/.test(name)) {
      const simulated =
        "classificationError of one network, ensembleOfTwo.freshBoth.classificationError and their like of two";
      throw new ParameterError("quantity", name, `left out beside simulate, which has the error rates ${simulated}`);
    }
  }
}

/** What the step of a network cannot do; models of covariates, of several steps or directions say so in their rows. */
export function stepNoticesOf(
  { theories }: CurveTask,
  step: { readonly learningRate?: number; readonly stepSampleRatio?: number } = {},
): string[] {
  const { description } = theories[0]!;
  if (isMultiIndex(description)) return [];
  return isCovariateDescription(description) ? [] : noticesOf({ ...(description as AnyCurveDescription), ...step });
}

/** A theory of the size of the networks that are simulated beside it, unless it has one or another was asked for. */
function besideSimulation(theory: CurveTheory, run: RunOptions): CurveTheory {
  const { simulate, dimension, finiteSize = true } = run;
  const { description } = theory;
  if (simulate === undefined || dimension === undefined || !finiteSize) return theory;
  return { ...theory, description: ofOwnSize(description, dimension) };
}

function asksForStatistics(quantities: readonly string[] = []): boolean {
  return quantities.map(columnOf).some(isStatistic);
}

function refuseBesideStacked({ quantity, logY, baselines }: RunOptions, series: readonly string[]): void {
  const others = { quantity, logY: logY === true || undefined, baselines };
  for (const [name, value] of Object.entries(others)) {
    if (value !== undefined) throw new ParameterError(name, value, "left out with stacked");
  }
  if (series.length > 0) throw new ParameterError("stacked", true, `for one curve: ${series.join(", ")} make several`);
}

function axisNamed(name: string): SweptName {
  const known = SWEEP_PARAMETERS.find((parameter) => parameter === camel(name));
  if (known === undefined && stepParameter(name) === undefined) {
    throw new ParameterError("x", name, `one of ${SWEEP_PARAMETERS.join(", ")}, or steps[0].learningRate and the like`);
  }
  return known ?? (name as SweptName);
}

function longest(sweep: Lists): SweptName {
  const steps = Object.keys(sweep) as SweptName[];
  const preference: readonly SweptName[] = ["sampleRatio", "samples", ...SWEEP_PARAMETERS, ...steps];
  const length = (name: SweptName) => sweep[name]?.length ?? 0;
  return preference.reduce((best, name) => (length(name) > length(best) ? name : best));
}
