import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";

/**
 * Part of 1 + V(κ), on the nodes, that is not known: with a small ridge below the interpolation threshold g is large, and
 * V hangs on how fast μ2² vanishes where features freeze. Undefined where it is everywhere known.
 *
 * @param g g_k, in the units of V
 */
export function unknownSusceptibility(
  { groups, nodes }: ConditionalFeatureStatistics,
  g: Float64Array,
  damping: Float64Array,
): Float64Array | undefined {
  // Features without any nonlinear part are linear, and do not freeze.
  const uncertain = groups.flatMap(({ mu2Squared, mu2SquaredError }, k) =>
    mu2SquaredError && g[k]! > 0 && mu2Squared.some((value) => value > 0) ? [{ g: g[k]!, error: mu2SquaredError }] : [],
  );
  if (uncertain.length === 0) return undefined;
  return nodes.map((_, i) => {
    const unknown = uncertain.reduce((sum, { g, error }) => sum + g * error[i]!, 0);
    return Math.min(1, unknown * damping[i]!);
  });
}

/** Σ w |f| e / Σ w |f|: relative error of an average of f with a relative error e. */
export function relativeError(weights: Float64Array, values: Float64Array, errors: Float64Array): number {
  let [error, scale] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    const term = weights[i]! * Math.abs(values[i]!);
    error += term * errors[i]!;
    scale += term;
  }
  return scale > 0 ? error / scale : 0;
}
