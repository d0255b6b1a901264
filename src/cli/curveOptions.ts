import { z } from "zod";
import { type CurveDescription, type Sweep, SWEEP_PARAMETERS, type SweepParameter } from "../curve/sweep.ts";
import { ParameterError } from "../errors.ts";
import { type PartialDescription, parse, readDescription } from "../json/description.ts";
import { choice, flag } from "../json/fields.ts";
import { QUANTITIES, type Quantity } from "../plot/learningCurve.ts";
import { parseAxis, parseNumber } from "./values.ts";

const count = z.int({ error: "a whole number" });

/** What a curve needs besides the model: simulation, outputs, look. The same names on the command line and in a file. */
const runSchema = z.strictObject({
  simulate: choice("network", "srf", "model").exactOptional(),
  dimension: count.exactOptional(),
  trials: count.exactOptional(),
  seed: count.exactOptional(),
  testSamples: count.exactOptional(),
  backend: z.string({ error: "the name of a backend" }).exactOptional(),
  workers: count.exactOptional(),
  out: z
    .union([z.string(), z.array(z.string())], { error: "a file name or a list of them" })
    .transform((paths) => (typeof paths === "string" ? [paths] : paths))
    .exactOptional(),
  x: choice(...SWEEP_PARAMETERS).exactOptional(),
  quantity: choice(...(Object.keys(QUANTITIES) as Quantity[])).exactOptional(),
  logX: flag.exactOptional(),
  logY: flag.exactOptional(),
  title: z.string({ error: "text" }).exactOptional(),
});
export type RunOptions = z.infer<typeof runSchema>;

/** A curve to compute: one or two theories of one model over a sweep. */
export interface CurveTask {
  readonly theories: readonly { readonly name?: "network" | "srf"; readonly description: CurveDescription }[];
  readonly sweep: Sweep;
  /** The horizontal axis, and the parameters that tell the curves apart. */
  readonly x: SweepParameter;
  readonly series: readonly SweepParameter[];
  readonly run: RunOptions;
}

/**
 * Reads fields of a configuration and of the command line, which override them.
 *
 * @throws ParameterError that names what is unknown, missing or of the wrong kind
 */
export function readCurveTask(fields: Readonly<Record<string, unknown>>): CurveTask {
  const isRunOption = ([name]: [string, unknown]) => Object.hasOwn(runSchema.shape, name);
  const entries = Object.entries(fields);
  const run = parse<RunOptions>(runSchema, Object.fromEntries(entries.filter(isRunOption)), "no option of curve");
  const { theory, ...model } = Object.fromEntries(entries.filter((entry) => !isRunOption(entry)));
  const sweep = takeSweep(model);
  const axes = Object.keys(sweep) as SweepParameter[];
  if (axes.length === 0) throw new ParameterError("sweep", {}, "at least one parameter with a list or range of values");
  const x = run.x ?? longest(sweep);
  if (!axes.includes(x)) throw new ParameterError("x", x, `one of the swept parameters: ${axes.join(", ")}`);
  const first = Object.fromEntries(axes.map((name) => [name, sweep[name]![0]]));
  const read = (which: unknown): PartialDescription =>
    readDescription({ model: "trainedNetwork", ...model, ...first, ...(which !== undefined && { theory: which }) });
  const theories = theory === "both" ? (["network", "srf"] as const) : [theory];
  return {
    theories: theories.map((which) => {
      const description = read(which);
      const name = description.model === "trainedNetwork" ? { name: description.theory ?? "network" } : {};
      return { ...name, description };
    }),
    sweep,
    x,
    series: axes.filter((name) => name !== x),
    run,
  };
}

type Lists = { readonly [P in SweepParameter]?: readonly number[] };

/**
 * Takes the parameters with several values out of a model, and turns the text of the others into numbers. A list of bulk
 * variances is one per readout value and no sweep; a range of them is one.
 */
function takeSweep(model: Record<string, unknown>): Lists {
  const sweep: Partial<Record<SweepParameter, readonly number[]>> = {};
  for (const name of SWEEP_PARAMETERS) {
    const given = model[name];
    const value = typeof given === "string" ? parseAxis(name, given) : given;
    const isRange = typeof given === "string" && given.includes(":");
    if (Array.isArray(value) && (name !== "bulkVariance" || isRange)) sweep[name] = numbersOf(name, value);
    else if (value !== undefined) model[name] = value;
  }
  return sweep;
}

function numbersOf(name: string, values: readonly unknown[]): number[] {
  if (values.length === 0) throw new ParameterError(name, values, "at least one value");
  return values.map((item) => {
    const value = typeof item === "string" ? parseNumber(name, item) : item;
    if (typeof value !== "number") throw new ParameterError(name, values, "a list of numbers");
    return value;
  });
}

function longest(sweep: Lists): SweepParameter {
  const preference: readonly SweepParameter[] = ["sampleRatio", ...SWEEP_PARAMETERS];
  const length = (name: SweepParameter) => sweep[name]?.length ?? 0;
  return preference.reduce((best, name) => (length(name) > length(best) ? name : best));
}
