/** Derivatives of the averages that make the observables, by differences along a response. */
import { type Line, lineDerivatives } from "../numerics/lineDerivative.ts";
import type { Estimate } from "../numerics/stencil.ts";
import type { Observed } from "./localPotential.ts";

/** Rounding of an average by a rule, and of classification errors. */
const [AVERAGED, CLASSIFIED] = [1e-14, 1e-12];

/**
 * @param at the averages from a state that has gone some way along its response
 * @param rate of the response, beside the state
 * @param labels where they move with it
 */
export function observedAlong(
  at: (way: number) => Observed,
  rate: number,
  labels: Line | undefined,
): Record<keyof Observed, Estimate> {
  const length = Math.min(rate > 0 ? 1 / rate : 1, labels?.length ?? Infinity);
  const here = at(0);
  const names = Object.keys(here) as (keyof Observed)[];
  const noise = names.map((name) => (name.endsWith("Classification") ? CLASSIFIED : AVERAGED) * Math.abs(here[name]));
  const valuesAt = (s: number) => {
    const observed = s === 0 ? here : at(s * length);
    return names.map((name) => observed[name]);
  };
  const estimates = lineDerivatives(valuesAt, noise, { length, oneSided: labels?.oneSided ?? false });
  return Object.fromEntries(names.map((name, i) => [name, estimates[i]!])) as Record<keyof Observed, Estimate>;
}
