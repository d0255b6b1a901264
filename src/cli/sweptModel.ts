import { combinations, type CurveParameters, withSwept } from "../curve/sweep.ts";
import { ParameterError } from "../errors.ts";
import type { PartialDescription } from "../json/description.ts";
import { readTuned } from "../json/tuning.ts";
import { OPTIMAL } from "../tuning/tuner.ts";
import { refuseUnknown } from "../parameters/legal.ts";
import { MODELS } from "../parameters/models.ts";
import {
  nameInStep,
  parameter,
  parametersOf,
  POINT_PARAMETERS,
  type StepParameter,
  stepParameter,
  SWEEP_PARAMETERS,
  type SweepParameter,
  type SweptName,
  symbolOf,
} from "../parameters/table.ts";
import type { CurveWords } from "../plot/plottedRow.ts";
import { numerals } from "../plot/numerals.ts";
import { parseAxis, parseNumber, readText } from "./values.ts";

export type Lists = { readonly [P in SweepParameter]?: readonly number[] } & {
  readonly [step: StepParameter]: readonly number[];
};

/**
 * A model some of whose parameters have several values. Its description may be one of several steps or directions: calculations that know none
 * refuse its fields by name.
 */
export interface SweptModel {
  /** One or two theories of it, without the parameters that have several values. */
  readonly theories: readonly {
    readonly name?: "network" | "srf";
    /** Its student and target, where there are several. */
    readonly words: CurveWords;
    readonly description: PartialDescription;
  }[];
  readonly sweep: Lists;
}

/**
 * Reads a model whose axes may be lists or ranges.
 *
 * @throws ParameterError that names what is unknown, missing or of the wrong kind
 */
export function readSweptModel(fields: Readonly<Record<string, unknown>>): SweptModel {
  const { theory, ...others } = fields;
  const { sweep, model } = takeSweep(others);
  const theories = theory === "both" ? (["network", "srf"] as const) : [theory];
  return {
    theories: pairings(model).flatMap((words) =>
      theories.map((which) => {
        const named = which === undefined ? {} : { theory: which };
        const absent = [...POINT_PARAMETERS, "samples", ...Object.keys(sweep)];
        const fields = { model: "trainedNetwork", ...model, ...named, ...words };
        const description = readTuned(fields, absent) as PartialDescription;
        const { theory = "network" } = description as { readonly theory?: "network" | "srf" };
        const name = description.model === "trainedNetwork" ? { name: theory } : {};
        return { ...name, words, description };
      }),
    ),
    sweep,
  };
}

/** Every pairing of the students and targets of which several were given: as a list, or as text with semicolons. */
function pairings(fields: Readonly<Record<string, unknown>>): CurveWords[] {
  return (["student", "target"] as const).reduce<CurveWords[]>(
    (pairs, name) => {
      const text = fields[name];
      const given = typeof text === "string" && text.includes(";") ? text.split(";").map((word) => word.trim()) : text;
      if (!Array.isArray(given)) return pairs;
      if (given.length === 0) throw new ParameterError(name, given, "at least one");
      return pairs.flatMap((words) => given.map((word: unknown) => ({ ...words, [name]: word })));
    },
    [{}],
  );
}

/**
 * Takes the parameters with several values out of a model, and turns the text of the others into numbers. A list where
 * the model knows one (of bulk variances, one per readout value) is no sweep; a range is one.
 */
function takeSweep(fields: Readonly<Record<string, unknown>>): { sweep: Lists; model: Record<string, unknown> } {
  const sweep: Partial<Record<SweptName, readonly number[]>> = {};
  const model: Record<string, unknown> = {};
  const kindOf = MODELS.find((name) => name === fields["model"]) ?? "trainedNetwork";
  const order = (name: string) => (SWEEP_PARAMETERS as readonly string[]).indexOf(name);
  for (const [name, given] of Object.entries(fields).sort(([a], [b]) => order(a) - order(b))) {
    const swept = SWEEP_PARAMETERS.find((parameter) => parameter === name);
    const value =
      swept && typeof given === "string" && given !== OPTIMAL ? readText(name, given, { type: "text" }, true) : given;
    if (name === "steps" && Array.isArray(value)) {
      model[name] = takeStepSweeps(value, sweep);
      continue;
    }
    const isRange = typeof given === "string" && given.includes(":");
    const ownsLists = swept && parameter(swept, kindOf).kind.type === "either" && !isRange;
    // Rows of numbers are a matrix of the model's own.
    const rows = Array.isArray(value) && value.some((item) => Array.isArray(item));
    if (swept && Array.isArray(value) && !ownsLists && !rows) sweep[swept] = numbersOf(name, value);
    else model[name] = value;
  }
  const steps = Object.keys(sweep).filter((name) => stepParameter(name) !== undefined);
  refuseUnknown(sweep, [...parametersOf(kindOf), ...steps], `no field of model ${kindOf}`);
  return { sweep: sweep as Lists, model };
}

/** Of a step's numbers that are lists or ranges, the first value stays and all of them are swept. */
export function takeStepSweeps(
  steps: readonly unknown[],
  sweep: Partial<Record<SweptName, readonly number[]>>,
): unknown[] {
  return steps.map((step, t) => {
    if (typeof step !== "object" || step === null) return step;
    return Object.fromEntries(
      Object.entries(step).map(([field, given]: [string, unknown]) => {
        const name = nameInStep(t, field);
        if (stepParameter(name) === undefined) return [field, given];
        const value = typeof given === "string" && given.includes(":") ? parseAxis(name, given) : given;
        if (!Array.isArray(value)) return [field, value];
        const values = numbersOf(name, value);
        sweep[name as StepParameter] = values;
        return [field, values[0]];
      }),
    );
  });
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
  readonly at: CurveParameters & CurveWords;
  readonly theory?: "network" | "srf";
  /** The values, for a legend. */
  readonly name: string;
  readonly description: PartialDescription;
}

/** Every model of a sweep, one after the other. */
export function everyModel({ theories, sweep }: SweptModel): NamedModel[] {
  const axes = (Object.keys(sweep) as SweptName[]).map((name) => ({ name, values: sweep[name]! }));
  const labels = numerals(axes.flatMap(({ values }) => values));
  const both = new Set(theories.map(({ name }) => name)).size > 1;
  return theories.flatMap(({ name: theory, words, description }) =>
    [...combinations(axes)].map((at): NamedModel => {
      const values = [
        ...Object.values<string>({ ...words }),
        ...Object.values<number>(at).map((value) => labels.get(value)!),
      ];
      const parts = both && theory ? [theory, ...values] : values;
      return {
        at: { ...words, ...at },
        ...(theory && { theory }),
        name: parts.join(", "),
        description: withSwept(description, at) as PartialDescription,
      };
    }),
  );
}

/** The symbols of the swept parameters, for the title of a legend. */
export function symbolsOf({ theories, sweep }: SweptModel): string {
  return [...Object.keys(theories[0]!.words), ...Object.keys(sweep)]
    .map((name) => symbolOf(name as SweptName))
    .join(", ");
}
