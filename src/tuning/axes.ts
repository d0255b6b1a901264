import { checkSwept, type CurveParameters, withoutSwept } from "../curve/sweep.ts";
import {
  isModelParameter,
  nameInStep,
  SWEEP_PARAMETERS,
  type SweepParameter,
  type SweptName,
  sweptParameter,
} from "../parameters/table.ts";
import { ParameterError } from "../errors.ts";
import { legalRange } from "./legalRange.ts";
import { type Range, type Scale, scaleOf, SHARE } from "./scales.ts";
import { unitOf } from "./units.ts";

/** A fixed total Σ_i cost_i x_i of some ratios, which the optimum divides among them. */
export interface Budget {
  readonly total: number;
  /** Cost of a unit of each ratio; default 1 of α₀ and α, or of the samples of every step and α. */
  readonly of?: Readonly<Partial<Record<SweptName, number>>>;
}

/** Parameters to tune; as an object, each with the range to look in, or null for all of its natural one. */
export type Over = readonly SweptName[] | Readonly<Partial<Record<SweptName, Range | null>>>;

/** A direction of the search: a parameter, or the share of a budget. */
export interface SearchAxis {
  /** The parameter that its ends and errors are reported under. */
  readonly name: SweptName;
  readonly scale: Scale;
}

/** Directions of a search, and the parameters at a place of it. */
export interface Search {
  /** Those that change the model first: a scan has them vary slowest. */
  readonly axes: readonly SearchAxis[];
  readonly names: readonly SweptName[];
  readonly parametersAt: (values: readonly number[]) => CurveParameters;
}

const MOST_AXES = 4;

/**
 * @throws ParameterError for a parameter that cannot be tuned, named twice, or without room
 */
export function searchOver(description: object, over: Over, budget?: number | Budget): Search {
  const ranges = rangesOf(description, over);
  const shared = budget === undefined ? undefined : readBudget(description, budget, [...ranges.keys()]);
  const members = shared ? shared.members : [];
  // All but the last of a budget have a share of what the ones before them left; the last has the rest.
  const shares = members.slice(0, -1).map((name): SearchAxis => ({ name, scale: shareScale(name) }));
  const others = [...ranges].filter(([name]) => !members.includes(name));
  for (const name of members) {
    const range = ranges.get(name);
    if (range) throw new ParameterError(`over.${name}`, range, "left out for what has a share of the budget");
  }
  // Units do not hang on what is to be found.
  const given = withoutSwept(description, [...ranges.keys()]);
  const own = others.map(([name, range]): SearchAxis => {
    return { name, scale: scaleOf(name, legalRange(name, given), range ?? undefined, unitOf(name, given)) };
  });
  const unsorted = [...own, ...shares];
  const ofModel = ({ name }: SearchAxis): boolean => isModelParameter(name);
  const axes = [...unsorted.filter(ofModel), ...unsorted.filter((axis) => !ofModel(axis))];
  if (axes.length < 1 || axes.length > MOST_AXES) {
    throw new ParameterError(
      "over",
      [...ranges.keys()],
      `one to ${MOST_AXES} parameters of ${SWEEP_PARAMETERS.join(", ")}`,
    );
  }
  return {
    axes,
    names: [...own.map(({ name }) => name), ...members],
    parametersAt: (values) => {
      const valueOn = (axis: SearchAxis): number => values[axes.indexOf(axis)]!;
      const parameters: Record<string, number> = {};
      for (const axis of own) parameters[axis.name] = valueOn(axis);
      let left = shared?.total ?? 0;
      members.forEach((name, i) => {
        const share = shares[i];
        const part = share ? left * valueOn(share) : left;
        parameters[name] = part / shared!.costs[i]!;
        left -= part;
      });
      return parameters;
    },
  };
}

function rangesOf(description: object, over: Over): Map<SweptName, Range | null | undefined> {
  const legal = `parameters that a curve may run over: ${SWEEP_PARAMETERS.join(", ")}`;
  const given: unknown = over;
  if (typeof given !== "object" || given === null) throw new ParameterError("over", over, legal);
  const entries = Array.isArray(over)
    ? over.map((name: SweptName) => [name, undefined] as const)
    : Object.entries(over);
  const ranges = new Map<SweptName, Range | null | undefined>();
  for (const [name, range] of entries as [SweptName, Range | null | undefined][]) {
    checkSwept("over", name, description);
    if (ranges.has(name)) throw new ParameterError("over", name, "parameters named once each");
    ranges.set(name, range);
  }
  return ranges;
}

/** Only steps may be left with nothing. */
function shareScale(name: SweptName): Scale {
  return sweptParameter(name) === "stepSampleRatio" ? SHARE : { ...SHARE, lowerEnd: SHARE.valueAt(SHARE.from) };
}

interface ReadBudget {
  readonly total: number;
  readonly members: readonly SweptName[];
  readonly costs: readonly number[];
}

const RATIOS: readonly SweepParameter[] = ["stepSampleRatio", "sampleRatio", "widthRatio"];
const orderOf = (name: SweptName): number => RATIOS.indexOf(sweptParameter(name));

/** A budget of α₀ + α, or of the samples of all steps and α. */
export function costOfSamples({ steps }: { readonly steps?: unknown }): NonNullable<Budget["of"]> {
  const ofSteps = Array.isArray(steps)
    ? Object.fromEntries(steps.map((_, t) => [nameInStep(t, "stepSampleRatio"), 1]))
    : { stepSampleRatio: 1 };
  return { ...ofSteps, sampleRatio: 1 };
}

function readBudget(description: object, budget: number | Budget, over: readonly SweptName[]): ReadBudget {
  const given: unknown = budget;
  const { total, of = costOfSamples(description) }: Partial<Budget> =
    typeof given === "object" && given !== null ? given : { total: given as number };
  if (!(typeof total === "number" && total > 0 && total < Infinity)) {
    throw new ParameterError("budget", budget, "a finite total > 0 of α₀ + α, or { total, of }");
  }
  const named = Object.keys(of) as SweptName[];
  const members = named.filter((name) => orderOf(name) >= 0).sort((a, b) => orderOf(a) - orderOf(b));
  const costs = members.map((name) => of[name]!);
  if (members.length < named.length || members.length < 2 || costs.some((cost) => !(cost > 0 && cost < Infinity))) {
    throw new ParameterError("budget.of", of, `costs > 0 of two or more of ${RATIOS.join(", ")}`);
  }
  if (!members.some((name) => over.includes(name))) {
    throw new ParameterError("over", over, `with a budget, one of ${members.join(", ")} among them`);
  }
  for (const name of members) checkSwept("budget.of", name, description);
  return { total, members, costs };
}
