import { requireList } from "../errors.ts";
import type { Group } from "../problem/problem.ts";
import { groupTraces } from "./groupTraces.ts";
import { IsotropicSolution } from "./isotropicSolution.ts";
import { identityBasis } from "./linearBasis.ts";
import type { ResolventArgument, ResolventSolution, WeightResolvent } from "./weightResolvent.ts";

/**
 * Bulk with independent rows of variance c_k/d: the Marchenko–Pastur traces and their linear response (theory §4).
 *
 * @example
 * const bulk = isotropicBulk([{ fraction: 1, bulkVariance: 1 }]);
 * const { traces } = bulk.solve({ widthRatio: 1, ridge: 1, conjugates: Float64Array.of(0, 1), traces: new Float64Array(2) });
 * [...traces]; // [0.5, 0.5]
 */
export function isotropicBulk(groups: readonly Group[]): WeightResolvent {
  requireList("groups", groups, "a list of groups {fraction, bulkVariance}");
  const identity = identityBasis(groups.length);
  const rows = { kind: "independent", groups } as const;
  if (groups.length === 1) return { solve: (at) => scalarTraces(groups[0]!.bulkVariance, at), rows };
  return { anyBasis: true, solve: (at) => groupTraces(groups, at.basis ?? identity, at), rows };
}

/** K = 1 in closed, division-free form: regular at V̂1 → 0, no cancellation as λ → 0 (theory §4). */
function scalarTraces(c: number, { widthRatio, ridge, conjugates }: ResolventArgument): ResolventSolution | string {
  const V1hat = conjugates[0]!;
  const D = ridge + conjugates[1]!;
  const A = c * widthRatio * V1hat;
  const B = D + c * V1hat * (1 - widthRatio);
  const root = Math.sqrt(B * B + 4 * A * D);
  const g = B > 0 ? 2 / (B + root) : (root - B) / (2 * A * D);
  if (!(g > 0 && g < Infinity)) return `trace g = ${g} is not positive and finite`;
  const shrink = 1 / (1 + A * g);
  const V1 = c * g * shrink;
  const T0 = (g * (1 + A * g)) / root;
  const T1 = c * T0 * shrink * shrink;
  const T2 = c * T1 * shrink * shrink + widthRatio * V1 * V1;
  return new IsotropicSolution(Float64Array.of(V1, g), Float64Array.of(T2, T1, T1, T0), 1, widthRatio);
}
