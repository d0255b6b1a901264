import type { LossOverlaps } from "../convex/solution.ts";
import type { Model } from "../model/model.ts";
import { tabulateAt } from "../problem/table.ts";
import type { Overlaps } from "../ridge/solution.ts";

export type JsonOverlaps = Readonly<Record<string, number | readonly number[] | readonly (readonly number[])[]>>;

/** A mean channel whose function is only rounding error has no coefficient to speak of. */
const VANISHING = 1e-12;

/** Where a mean channel is looked for. */
const PLACES = Float64Array.of(-6, -4, -3, -2, -1.3, -0.7, -0.2, 0, 0.4, 1, 1.6, 2.5, 3.5, 5);
const visible = new WeakMap<Model, readonly boolean[]>();

/** The coefficients m of the mean channels that are there at all. */
export function visibleMeans(model: Model, { m }: Pick<Overlaps, "m">): number[] {
  let found = visible.get(model);
  if (!found) {
    const means = tabulateAt(model.problem, PLACES).channels.filter(({ kind }) => kind === "mean" || kind === "power");
    found = means.map(({ parts: [values] }) => values!.some((value) => Math.abs(value) > VANISHING));
    visible.set(model, found);
  }
  return m.filter((_, i) => found[i]);
}

/**
 * Overlaps in the shape of the JSON interface: lists over the groups and matrices, or, for a homogeneous readout that was
 * not written as a list, plain numbers (`m` is always a list; `q1`, `q2` repeat `Q1`, `Q2`).
 */
export function flattenOverlaps(overlaps: Overlaps, asLists: boolean): JsonOverlaps {
  const flat = flatten(overlaps, asLists);
  return asLists ? flat : { ...flat, q1: flat["Q1"]!, q2: flat["Q2"]! };
}

/** The same for the losses other than the square, whose `Q1` is without ψψᵀ; a single mean's `m` is a number, too. */
export function flattenLossOverlaps(overlaps: LossOverlaps, asLists: boolean): JsonOverlaps {
  const flat = flatten(overlaps, asLists);
  return asLists || overlaps.m.length !== 1 ? flat : { ...flat, m: overlaps.m[0]! };
}

function flatten({ m, theta, nu, psi, Q1, Q2, V1, V2 }: Overlaps | LossOverlaps, asLists: boolean): JsonOverlaps {
  if (asLists) return { m, theta, ...(nu.length > 0 && { nu }), psi, Q1, Q2, V1, V2 };
  return {
    m,
    theta: theta[0]!,
    ...(nu.length > 0 && { nu: nu[0]! }),
    psi: psi[0]!,
    Q1: Q1[0]![0]!,
    Q2: Q2[0]!,
    V1: V1[0]![0]!,
    V2: V2[0]!,
  };
}
