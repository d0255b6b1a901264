import type { CurveParameters } from "../curve/sweep.ts";
import { ConvergenceError } from "../errors.ts";
import type { Estimate } from "../numerics/stencil.ts";
import type { SweptName } from "../parameters/table.ts";
import type { Search } from "./axes.ts";
import type { Objective } from "./objective.ts";
import { type Place, valuesAt, withItem } from "./place.ts";
import { isLimit } from "./scales.ts";

/** A local minimum of the observable. */
export interface Minimum {
  readonly at: CurveParameters;
  readonly value: number;
  /** Relative error of the value. */
  readonly errorEstimate: number;
  /** Absolute error of each parameter; 0 at a legal end, the distance to the end where that is approached. */
  readonly placeError: CurveParameters;
  /**
   * Parameters at an end: a legal limit like λ → 0⁺ ("limit"), or where the search ends ("range"): at the end of a given range, else as near
   * to the end of the legal values as the observable falls, and what it may fall yet is part of its error.
   */
  readonly ends: Readonly<Partial<Record<SweptName, "limit" | "range">>>;
}

/** The global minimum, and all local ones that were found, the global one first. */
export interface Optimum extends Minimum {
  readonly status: "converged";
  readonly minima: readonly Minimum[];
  /** Points that were solved or refused, and the reason of the last refusal if there was one. */
  readonly evaluations: number;
  readonly refusal?: string;
}

/** A minimum with its place, to start another search from. */
export interface FoundMinimum extends Minimum {
  readonly place: Place;
}

/** The value with its absolute error. */
export function estimateOf({ value, errorEstimate }: Minimum): Estimate {
  return { value, error: errorEstimate * Math.abs(value) };
}

/** @param blur error of each coordinate that is not at an end */
export function minimumAt(
  search: Search,
  place: Place,
  { value, error }: Estimate,
  blur: readonly number[],
): FoundMinimum {
  const at = search.parametersAt(valuesAt(search, place));
  const placeError: Record<string, number> = Object.fromEntries(search.names.map((name) => [name, 0]));
  const ends: Partial<Record<SweptName, "limit" | "range">> = {};
  let next = 0;
  place.forEach((item, axis) => {
    const { name } = search.axes[axis]!;
    if (typeof item === "string") {
      ends[name] = isLimit(name, at[name]!) ? "limit" : "range";
      return;
    }
    const width = blur[next++]!;
    addDistance(placeError, at, search.parametersAt(valuesAt(search, withItem(place, axis, item + width))));
  });
  return { at, place, value, errorEstimate: value === 0 ? 0 : error / Math.abs(value), placeError, ends };
}

/** Adds how far parameters are from others, which may be infinite. */
export function addDistance(error: Record<string, number>, from: CurveParameters, to: CurveParameters): void {
  for (const name of Object.keys(error) as SweptName[]) {
    if (to[name] !== from[name]) error[name]! += Math.abs(to[name]! - from[name]!);
  }
}

/** Minima that are the same within the errors of their places are one; the lowest first. */
export function distinct<M extends FoundMinimum>(minima: readonly M[]): M[] {
  const kept: M[] = [];
  for (const minimum of [...minima].sort((a, b) => a.value - b.value)) {
    if (!kept.some((other) => samePlace(minimum, other))) kept.push(minimum);
  }
  return kept;
}

function samePlace(a: Minimum, b: Minimum): boolean {
  return (Object.keys(a.at) as SweptName[]).every((name) => {
    const [x, y] = [a.at[name]!, b.at[name]!];
    return x === y || Math.abs(x - y) <= 10 * (a.placeError[name]! + b.placeError[name]!) + 1e-6 * Math.abs(x);
  });
}

/** @throws ConvergenceError if there is no minimum at all */
export function result(search: Search, target: Objective, found: readonly FoundMinimum[]): Optimum {
  const minima = found.map(({ at, value, errorEstimate, placeError, ends }): Minimum => ({
    at,
    value,
    errorEstimate,
    placeError,
    ends,
  }));
  const [best] = minima;
  if (!best) {
    const detail = target.refusal ?? "no point of the search has a solution";
    throw new ConvergenceError("diverged", detail, NaN, { over: search.names });
  }
  const refusal = target.refusal;
  return {
    status: "converged",
    ...best,
    minima,
    evaluations: target.count,
    ...(refusal !== undefined && { refusal }),
  };
}
