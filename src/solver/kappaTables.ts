import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { gaussianDensity } from "../numerics/gaussianRule.ts";
import { susceptibilityBasis } from "./traceMap.ts";

/** What the bulk needs of a model on one grid of κ. */
export interface KappaTable {
  readonly weights: Float64Array;
  /** φ_a(κ), in the packed order of `Bulk`. */
  readonly basis: readonly Float64Array[];
  readonly statistics: ConditionalFeatureStatistics;
}

/** Grids of κ that are halved where a complex z needs it: the resolvent has poles in complex κ near the real line. */
export interface KappaTables {
  /** Trapezoid rule of step 2^−level/4. */
  table(level: number): KappaTable;
  /** Whether nothing depends on κ: one node is then exact. */
  readonly constant: boolean;
  readonly unbounded: boolean;
  /** E Σ_k π_k (c_k μ1_k² + μ2_k²) */
  readonly meanVariance: number;
}

const FIRST_STEP = 0.25;
/** P(|κ| > 8.5) = 2e-17. */
const REACH = 8.5;
/** Where the variance grows without bound, samples beyond this have a variance of their own each: not a bulk. */
const UNBOUNDED_REACH = 4.5;
/** Growth of the variance between |κ| = 6 and the end of the grid that counts as unbounded. */
const GROWTH = 1.2;

export function kappaTables(statistics: ConditionalFeatureStatistics): KappaTables {
  const tables: KappaTable[] = [];
  const wide = table(0, REACH);
  const variance = wide.statistics.nodes.map((_, i) =>
    wide.statistics.groups.reduce(
      (sum, group) => sum + group.fraction * (group.bulkVariance * group.mu1[i]! ** 2 + group.mu2Squared[i]!),
      0,
    ),
  );
  const constant = wide.basis.every((phi) => phi.every((value) => value === phi[0]));
  const nearest = Math.round((REACH - 6) / FIRST_STEP);
  const last = variance.length - 1;
  const body = Math.max(...variance.slice(nearest, last + 1 - nearest));
  const unbounded = Math.max(variance[0]!, variance[last]!) > GROWTH * body;
  const meanVariance = variance.reduce((sum, value, i) => sum + wide.weights[i]! * value, 0);
  const single = constant ? onNodes(Float64Array.of(0), Float64Array.of(1)) : undefined;
  return {
    constant,
    unbounded,
    meanVariance,
    table: (level) => single ?? (tables[level] ??= table(level, unbounded ? UNBOUNDED_REACH : REACH)),
  };

  function table(level: number, reach: number): KappaTable {
    const step = FIRST_STEP / 2 ** level;
    const half = Math.round(reach / step);
    const nodes = Float64Array.from({ length: 2 * half + 1 }, (_, i) => (i - half) * step);
    return onNodes(
      nodes,
      nodes.map((kappa) => step * gaussianDensity(kappa)),
    );
  }

  function onNodes(nodes: Float64Array, weights: Float64Array): KappaTable {
    const on = statistics.onGrid({ nodes, weights, errorOf: () => 0 });
    return { weights, basis: susceptibilityBasis(on), statistics: on };
  }
}
