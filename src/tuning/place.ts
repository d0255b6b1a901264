import { type EveryDescription, withSwept } from "../curve/sweep.ts";
import type { Estimate } from "../numerics/stencil.ts";
import type { Search } from "./axes.ts";
import { areLegal } from "./legalRange.ts";
import type { Objective } from "./objective.ts";

/** A place of the search: a coordinate on each axis, or one of its ends, or the last place before one of them. */
export type Place = readonly (number | "lower" | "lowest" | "highest" | "upper")[];

/** The place with another coordinate, or an end, on one axis. */
export function withItem(place: Place, axis: number, item: Place[number]): Place {
  return place.map((other, i) => (i === axis ? item : other));
}

export function valuesAt({ axes }: Search, place: Place): number[] {
  return place.map((item, i) => {
    const { valueAt, lowerEnd, upperEnd, ...scale } = axes[i]!.scale;
    if (item === "lower") return lowerEnd;
    return item === "upper" ? upperEnd : valueAt(typeof item === "number" ? item : scale[item]);
  });
}

/** The observable at a place; undefined where it is refused. */
export type Evaluate = (place: Place) => Estimate | undefined;

/** The search's observable as a function of the place. */
export function evaluation(description: object, search: Search, target: Objective): Evaluate {
  return (place) => {
    const values = search.parametersAt(valuesAt(search, place));
    const described = withSwept(description, values) as EveryDescription;
    // Limits that are legal one at a time may not be together, like α = β = ∞.
    const limits = place.filter((item) => typeof item === "string").length;
    return limits > 1 && !areLegal(values, described) ? undefined : target.evaluate(described);
  };
}
