import type { SpikeProblem } from "./spikeProblem.ts";
import { inner } from "./tracePoint.ts";

/** What any readout can reach (theory §5), and the best linear predictor. */
export interface SpikeBounds {
  /** Over all channels: no readout does better. */
  readonly lower: number;
  /** Over the mean channels alone. */
  readonly upper: number;
  /** Var g − Σ_i E[y s_i]² + Δ */
  readonly linearBaseline: number;
}

/** A column that differs from the span of others by less than this part is one of them. */
const DEPENDENT = 1e-10;

/** Least squares without stiffness over (X, Y_b), with weights of κ. */
export function spikeBounds(problem: SpikeProblem): SpikeBounds {
  const { rule, mu0, rest, h, slopes, square, labelNoise, toTarget } = problem;
  // Row norms that the solution leaves out are no channels.
  const sources = problem.sources.filter(({ axis }) => problem.leading !== false || axis !== undefined);
  const { weights, coordinates } = rule;
  const roots = weights.map(Math.sqrt);
  const count = weights.length;
  const stacked = (parts: readonly (Float64Array | undefined)[]) => {
    const out = new Float64Array(count * (1 + rest));
    parts.forEach((part, p) => {
      if (part) for (let i = 0; i < count; i++) out[p * count + i] = roots[i]! * part[i]!;
    });
    return out;
  };
  const means = mu0.map((column) => stacked([column]));
  const directions = sources.map(({ X, Y }) => stacked([X, ...Y]));
  const label = stacked([h, ...slopes]);
  const total = inner(weights, square);
  const mean = inner(weights, h);
  const along = [
    ...coordinates.map((kappa) => weights.reduce((sum, w, i) => sum + w * h[i]! * kappa[i]!, 0)),
    ...slopes.map((slope) => inner(weights, slope)),
  ];
  const linear = toTarget.map((row) => row.reduce((sum, r, a) => sum + r * along[a]!, 0));
  return {
    lower: total - explained([...means, ...directions], label),
    upper: total - explained(means, label),
    linearBaseline: total - labelNoise - mean * mean - linear.reduce((sum, c) => sum + c * c, 0) + labelNoise,
  };
}

/** |projection of y on the columns|², by modified Gram–Schmidt with pivots. */
function explained(columns: readonly Float64Array[], y: Float64Array): number {
  const sizes = columns.map((column) => Math.sqrt(inner(column, column)));
  const left = new Map(columns.map((column, j) => [j, Float64Array.from(column)]));
  let sum = 0;
  for (;;) {
    let [best, most] = [-1, DEPENDENT];
    for (const [j, column] of left) {
      const part = sizes[j]! > 0 ? Math.sqrt(inner(column, column)) / sizes[j]! : 0;
      if (part > most) [best, most] = [j, part];
    }
    if (best < 0) return sum;
    const pivot = left.get(best)!;
    left.delete(best);
    const norm = Math.sqrt(inner(pivot, pivot));
    const unit = pivot.map((value) => value / norm);
    sum += inner(unit, y) ** 2;
    for (const column of left.values()) {
      for (let pass = 0; pass < 2; pass++) {
        const overlap = inner(column, unit);
        for (let i = 0; i < column.length; i++) column[i]! -= overlap * unit[i]!;
      }
    }
  }
}
