import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import type { LossOverlaps } from "../loss/lossSolution.ts";
import type { Overlaps } from "../solver/deterministicEquivalent.ts";

export type JsonOverlaps = Readonly<Record<string, number | readonly number[] | readonly (readonly number[])[]>>;

/** A mean channel whose function is only rounding error has no coefficient to speak of. */
const VANISHING = 1e-12;

/** The coefficients m of the mean channels that are there at all. */
export function visibleMeans(statistics: ConditionalFeatureStatistics, { m }: Pick<Overlaps, "m">): number[] {
  const channels = statistics.channels.filter(({ kind }) => kind === "mean" || kind === "power");
  return m.filter((_, i) => channels[i]!.values.some((value) => Math.abs(value) > VANISHING));
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
