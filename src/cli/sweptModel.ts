import { combinations, type CurveParameters } from "../curve/sweep.ts";
import { ParameterError } from "../errors.ts";
import { type PartialDescription, readDescription } from "../json/description.ts";
import { MODELS } from "../parameters/models.ts";
import { parameter, PARAMETERS, POINT_PARAMETERS, SWEEP_PARAMETERS, type SweepParameter } from "../parameters/table.ts";
import { readJsonFile } from "./io.ts";
import { type CliOption, fieldsOf } from "./modelOptions.ts";
import { parseAxis, parseNumber } from "./values.ts";

export type Lists = { readonly [P in SweepParameter]?: readonly number[] };

/** A model some of whose parameters have several values. */
export interface SweptModel {
  /** One or two theories of it, without the parameters that have several values. */
  readonly theories: readonly { readonly name?: "network" | "srf"; readonly description: PartialDescription }[];
  readonly sweep: Lists;
}

/**
 * The fields of a configuration file, overridden by the options of the command line.
 *
 * @param more options of the command besides the model's
 */
export async function configuredFields(
  given: Readonly<Record<string, unknown>>,
  more: readonly CliOption[],
  others: readonly string[],
): Promise<Record<string, unknown>> {
  const { config } = given;
  const fields: Record<string, unknown> = {
    ...(typeof config === "string" && (await readJsonFile("config", config))),
    ...fieldsOf(given, "text"),
    ...fieldsOf(given, "parsed", more),
  };
  for (const name of others) if (given[name] !== undefined) fields[name] = given[name];
  return fields;
}

/**
 * Reads a model whose axes may be lists or ranges.
 *
 * @throws ParameterError that names what is unknown, missing or of the wrong kind
 */
export function readSweptModel(fields: Readonly<Record<string, unknown>>): SweptModel {
  const { theory, ...model } = fields;
  const sweep = takeSweep(model);
  const theories = theory === "both" ? (["network", "srf"] as const) : [theory];
  return {
    theories: theories.map((which) => {
      const named = which === undefined ? {} : { theory: which };
      const absent = [...POINT_PARAMETERS, ...Object.keys(sweep)];
      const description = readDescription({ model: "trainedNetwork", ...model, ...named }, absent);
      const name = description.model === "trainedNetwork" ? { name: description.theory ?? "network" } : {};
      return { ...name, description };
    }),
    sweep,
  };
}

/**
 * Takes the parameters with several values out of a model, and turns the text of the others into numbers. A list where
 * the model knows one (of bulk variances, one per readout value) is no sweep; a range is one.
 */
function takeSweep(model: Record<string, unknown>): Lists {
  const sweep: Partial<Record<SweepParameter, readonly number[]>> = {};
  const kindOf = MODELS.find((name) => name === model["model"]) ?? "trainedNetwork";
  for (const name of SWEEP_PARAMETERS) {
    const ownsLists = parameter(name, kindOf).kind.type === "either";
    const given = model[name];
    const value = typeof given === "string" ? parseAxis(name, given) : given;
    const isRange = typeof given === "string" && given.includes(":");
    if (Array.isArray(value) && (!ownsLists || isRange)) sweep[name] = numbersOf(name, value);
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

/** One of the models of a sweep. */
export interface NamedModel {
  /** Values of the swept parameters. */
  readonly at: CurveParameters;
  readonly theory?: "network" | "srf";
  /** The values, for a legend. */
  readonly name: string;
  readonly description: PartialDescription;
}

/** Every model of a sweep, one after the other. */
export function everyModel({ theories, sweep }: SweptModel): NamedModel[] {
  const axes = (Object.keys(sweep) as SweepParameter[]).map((name) => ({ name, values: sweep[name]! }));
  return theories.flatMap(({ name: theory, description }) =>
    [...combinations(axes)].map((at): NamedModel => {
      const values = Object.values(at).map((value) => (value === Infinity ? "∞" : String(value)));
      const parts = theories.length > 1 && theory ? [theory, ...values] : values;
      return { at, ...(theory && { theory }), name: parts.join(", "), description: { ...description, ...at } };
    }),
  );
}

/** The symbols of the swept parameters, for the title of a legend. */
export function symbolsOf({ sweep }: SweptModel): string {
  return (Object.keys(sweep) as SweepParameter[]).map((name) => PARAMETERS[name].symbol).join(", ");
}
