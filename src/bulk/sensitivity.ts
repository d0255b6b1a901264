import { differencedSensitivity } from "./differencedSensitivity.ts";
import { isotropicSensitivity } from "./isotropicSensitivity.ts";
import { identityBasis } from "./linearBasis.ts";
import type { BulkSensitivity, ResolventArgument, ResolventSolution, WeightResolvent } from "./weightResolvent.ts";

/** How the solution of a bulk changes with its argument to second order; undefined where that is not known. */
export function bulkSensitivity(
  bulk: WeightResolvent,
  at: ResolventArgument,
  solution: ResolventSolution,
): BulkSensitivity | undefined {
  const { rows } = bulk;
  if (!rows) return undefined;
  if (rows.kind === "correlated") return differencedSensitivity(bulk, rows.groups, at, solution);
  return isotropicSensitivity(rows.groups, at.basis ?? identityBasis(rows.groups.length), at, solution);
}
