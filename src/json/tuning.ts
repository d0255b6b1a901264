import { ParameterError } from "../errors.ts";
import { fromJson } from "../parameters/json.ts";
import { list, number } from "../parameters/kinds.ts";
import { stepParameter, type SweptName } from "../parameters/table.ts";
import { type Budget, costOfSamples, type Over, searchOver } from "../tuning/axes.ts";
import { type BoundaryName } from "../tuning/boundaries.ts";
import { derivatives } from "../tuning/derivatives.ts";
import { map, type MapAxis } from "../tuning/map.ts";
import { optimum, type OptimumOptions } from "../tuning/optimum.ts";
import { OPTIMAL, tunedNames } from "../tuning/tuner.ts";
import type { EveryCurveDescription } from "../curve/sweep.ts";
import type { Case } from "./cases.ts";
import { completeDescription, readPartial } from "./description.ts";
import { type Fields, forCase, type JsonResult } from "./results.ts";

/** Numbers of which some may be "inf". */
const NUMBERS = list(number("finite"));

/**
 * Optima, case by case: a description with `over: [names]`, or `over: {name: [from, to] | null}`, and optional `minimise`
 * and `budget`. Of the parameters that are tuned the description may have values; they are not needed.
 */
export function* optimumCases(cases: Iterable<Case>, onProgress?: OptimumOptions["onProgress"]): Generator<JsonResult> {
  for (const item of cases) {
    yield forCase(item, (fields) => {
      const { over, minimise, budget, ...model } = fields;
      // What is to be tuned first: a misspelt name is not a missing field.
      searchOver({ ...model }, rangesFromJson(over) as Over, budget as number | Budget | undefined);
      const tuned = [...namesOf(over), ...budgetNames(budget, model)];
      const description = readTuned(model, tuned);
      const found = optimum(description, {
        over: rangesFromJson(over) as Over,
        ...(minimise !== undefined && { minimise: textOf("minimise", minimise) }),
        ...(budget !== undefined && { budget: budget as number | Budget }),
        ...(onProgress && { onProgress }),
      });
      return { ...found };
    });
  }
}

/** Derivatives, case by case: a description with `by: [names]`. */
export function* derivativeCases(cases: Iterable<Case>): Generator<JsonResult> {
  for (const item of cases) {
    yield forCase(item, (fields) => {
      const { by, ...model } = fields;
      if (!Array.isArray(by) || by.length === 0) throw new ParameterError("by", by, "a list of names of parameters");
      const description = completeDescription(readPartial(model));
      return { status: "converged", derivatives: derivatives(description, by as SweptName[]) };
    });
  }
}

/**
 * Maps, case by case: a description with `x: {name: [values]}`, `y: {name: [values]}` and optional `quantity`, `minus` (what
 * differs in the description that is subtracted), `levels`, `boundaries`. What is to be tuned at each point is "optimal".
 */
export function* mapCases(cases: Iterable<Case>): Generator<JsonResult> {
  for (const item of cases) {
    yield forCase(item, (fields) => {
      const { x, y, quantity, minus, levels, boundaries, ...model } = fields;
      const free = [...namesOf(x), ...namesOf(y)];
      const description = readTuned(model, free);
      const {
        x: xAxis,
        y: yAxis,
        cells,
        lines,
      } = map(description, {
        x: axisFromJson(x) as MapAxis,
        y: axisFromJson(y) as MapAxis,
        ...(quantity !== undefined && { quantity: textOf("quantity", quantity) }),
        ...(minus !== undefined && { minus: readTuned({ ...model, ...objectOf("minus", minus) }, free) }),
        ...(levels !== undefined && { levels: levels as number[] }),
        ...(boundaries !== undefined && { boundaries: boundaries as BoundaryName[] }),
      });
      return {
        status: "converged",
        x: { [xAxis.name]: xAxis.values },
        y: { [yAxis.name]: yAxis.values },
        values: cells.map((row) => row.map((cell) => (cell.status === "converged" ? cell.value : null))),
        errorEstimates: cells.map((row) =>
          row.map((cell) => (cell.status === "converged" ? cell.errorEstimate : null)),
        ),
        lines,
      };
    });
  }
}

/** A description some of whose numbers, or of the numbers of its steps, are "optimal". */
export function readTuned(fields: Fields, absent: readonly string[]): EveryCurveDescription {
  const tuned = tunedNames(fields);
  const own = tuned.filter((name) => !stepParameter(name));
  const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => !(own as string[]).includes(name)));
  const left = { ...rest, ...("steps" in rest && { steps: withStandIns(rest["steps"], absent) }) };
  const read = { ...readPartial(left, [...absent, ...own]), ...Object.fromEntries(own.map((name) => [name, OPTIMAL])) };
  return withTunedSteps(read, fields["steps"]) as EveryCurveDescription;
}

/** Steps with a number in place of each that is left to be tuned, or that may be missing. */
function withStandIns(steps: unknown, absent: readonly string[]): unknown {
  if (!Array.isArray(steps)) return steps;
  return steps.map((step: unknown, t) => {
    if (typeof step !== "object" || step === null) return step;
    const own = absent.flatMap((name) => {
      const of = stepParameter(name);
      return of?.step === t ? [[of.field, 1] as const] : [];
    });
    const given = Object.entries(step).map(([field, value]: [string, unknown]): [string, unknown] => [
      field,
      value === OPTIMAL ? 1 : value,
    ]);
    const stepFields: Record<string, unknown> = { ...Object.fromEntries(own), ...Object.fromEntries(given) };
    return stepFields;
  });
}

/** Legal steps with "optimal" where it was given. */
function withTunedSteps(read: object, given: unknown): object {
  const { steps } = read as { readonly steps?: readonly object[] };
  if (!steps || !Array.isArray(given)) return read;
  const tuned = steps.map((step, t) => {
    const own = Object.entries(given[t] as object).filter(([, value]) => value === OPTIMAL);
    return own.length === 0 ? step : { ...step, ...Object.fromEntries(own) };
  });
  return { ...read, steps: tuned };
}

function namesOf(named: unknown): string[] {
  if (Array.isArray(named)) return named.map(String);
  return typeof named === "object" && named !== null ? Object.keys(named) : [];
}

function budgetNames(budget: unknown, model: Fields): readonly string[] {
  if (budget === undefined) return [];
  const of = typeof budget === "object" && budget !== null && "of" in budget ? budget.of : undefined;
  return namesOf(of ?? costOfSamples(model));
}

function rangesFromJson(over: unknown): unknown {
  return Array.isArray(over) || typeof over !== "object" || over === null ? over : axisFromJson(over);
}

function axisFromJson(axis: unknown): unknown {
  if (typeof axis !== "object" || axis === null || Array.isArray(axis)) return axis;
  return Object.fromEntries(Object.entries(axis).map(([name, values]) => [name, fromJson(values, NUMBERS)]));
}

function textOf(name: string, value: unknown): string {
  if (typeof value !== "string") throw new ParameterError(name, value, "the name of an observable");
  return value;
}

function objectOf(name: string, value: unknown): object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ParameterError(name, value, "an object with the fields that differ");
  }
  return value;
}
