import { z } from "zod";
import type { AnyCurveDescription, Sweep } from "../curve/sweep.ts";
import { ParameterError } from "../errors.ts";
import { parse } from "../json/parse.ts";
import { choice, flag } from "../json/fields.ts";
import { SWEEP_PARAMETERS, type SweepParameter } from "../parameters/table.ts";
import { QUANTITIES, type Quantity } from "../plot/learningCurve.ts";
import { type CliOption, option } from "./modelOptions.ts";
import { NETWORK_OPTIONS, networkFields, SIMULATION_OPTIONS, simulationFields } from "./engineOptions.ts";
import { type Lists, readSweptModel } from "./sweptModel.ts";

export const files = z
  .union([z.string(), z.array(z.string())], { error: "a file name or a list of them" })
  .transform((paths) => (typeof paths === "string" ? [paths] : paths));
export const text = z.string({ error: "text" });

/** What a curve needs besides the model: simulation, outputs, look. The same names on the command line and in a file. */
const runSchema = z.strictObject({
  ...networkFields,
  ...simulationFields,
  out: files.exactOptional(),
  x: choice(...SWEEP_PARAMETERS).exactOptional(),
  quantity: choice(...(Object.keys(QUANTITIES) as Quantity[])).exactOptional(),
  logX: flag.exactOptional(),
  logY: flag.exactOptional(),
  title: text.exactOptional(),
});
export type RunOptions = z.infer<typeof runSchema>;

/** The options of `curve` with arguments, besides those of the model. */
export const CURVE_OPTIONS: readonly CliOption[] = [
  ...NETWORK_OPTIONS,
  ...SIMULATION_OPTIONS,
  option("x", "text", "name", "the parameter on the horizontal axis"),
  option(
    "quantity",
    "text",
    "name",
    "what a figure shows: testError (default), excessRisk, trainError, objective; testLoss, trainLoss of another loss; testClassificationError (default), trainClassificationError of one of margins",
  ),
  option("title", "text", "text", "title of the figure"),
];

/** A curve to compute: one or two theories of one model over a sweep. */
export interface CurveTask {
  readonly theories: readonly { readonly name?: "network" | "srf"; readonly description: AnyCurveDescription }[];
  readonly sweep: Sweep;
  /** The horizontal axis, and the parameters that tell the curves apart. */
  readonly x: SweepParameter;
  readonly series: readonly SweepParameter[];
  readonly run: RunOptions;
}

/** Fields of a command's own schema apart from those of the model. */
export function splitFields<T>(
  schema: z.ZodType<T> & { shape: object },
  fields: Readonly<Record<string, unknown>>,
  command: string,
): { run: T; model: Record<string, unknown> } {
  const isRunOption = ([name]: [string, unknown]) => Object.hasOwn(schema.shape, name);
  const entries = Object.entries(fields);
  const run = parse<T>(schema, Object.fromEntries(entries.filter(isRunOption)), `no option of ${command}`);
  return { run, model: Object.fromEntries(entries.filter((entry) => !isRunOption(entry))) };
}

/**
 * Reads fields of a configuration and of the command line, which override them.
 *
 * @throws ParameterError that names what is unknown, missing or of the wrong kind
 */
export function readCurveTask(fields: Readonly<Record<string, unknown>>): CurveTask {
  const { run, model } = splitFields(runSchema, fields, "curve");
  const { theories, sweep } = readSweptModel(model);
  const axes = Object.keys(sweep) as SweepParameter[];
  if (axes.length === 0) throw new ParameterError("sweep", {}, "at least one parameter with a list or range of values");
  const x = run.x ?? longest(sweep);
  if (!axes.includes(x)) throw new ParameterError("x", x, `one of the swept parameters: ${axes.join(", ")}`);
  return { theories, sweep, x, series: axes.filter((name) => name !== x), run };
}

function longest(sweep: Lists): SweepParameter {
  const preference: readonly SweepParameter[] = ["sampleRatio", ...SWEEP_PARAMETERS];
  const length = (name: SweepParameter) => sweep[name]?.length ?? 0;
  return preference.reduce((best, name) => (length(name) > length(best) ? name : best));
}
