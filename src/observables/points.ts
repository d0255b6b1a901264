import { ParameterError } from "../errors.ts";
import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";

/** The functions of a model at any κ, in the order given: its tables on a grid of these points, with no weights. */
export function onPoints(
  statistics: ConditionalFeatureStatistics,
  kappa: readonly number[],
): ConditionalFeatureStatistics {
  for (const value of kappa) {
    if (!Number.isFinite(value)) throw new ParameterError("kappa", value, "finite numbers");
  }
  const nodes = Float64Array.from(kappa);
  return statistics.onGrid({ nodes, weights: new Float64Array(nodes.length), errorOf: () => 0 });
}
