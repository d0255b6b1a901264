import { requireList } from "../errors.ts";
import type { Estimate } from "./statistics.ts";

/** Limit d → ∞ of a simulated quantity, from several sizes. */
export interface Extrapolation {
  readonly mean: number;
  readonly standardError: number;
  /** Degrees of freedom behind the standard error (Welch and Satterthwaite). */
  readonly degreesOfFreedom: number;
}

/** A size and what was simulated there. */
export interface SizedEstimate {
  readonly dimension: number;
  readonly trials: number;
  readonly estimate: Estimate;
}

/**
 * Intercept A of the weighted least-squares line A + B/d, with weights 1/standardError²: finite-size corrections are O(1/d)
 * (theory §12).
 *
 * @param sizes Two or more dimensions, with two or more trials each.
 *
 * @example
 * ```ts
 * import { estimate, extrapolate } from "replica-theory/simulation";
 * const { mean, degreesOfFreedom } = extrapolate([
 *   { dimension: 100, trials: 3, estimate: estimate([1.09, 1.1, 1.11]) },
 *   { dimension: 200, trials: 3, estimate: estimate([1.04, 1.05, 1.06]) },
 * ]);
 * console.log(mean.toFixed(9), degreesOfFreedom.toFixed(2)); // 1.000000000 2.94
 * ```
 */
export function extrapolate(sizes: readonly SizedEstimate[]): Extrapolation {
  requireList("sizes", sizes, "a list of {dimension, mean, standardError}");
  const weights = sizes.map(({ estimate }) => 1 / estimate.standardError ** 2);
  const moment = (power: number): number =>
    sizes.reduce((sum, { dimension }, i) => sum + weights[i]! * dimension ** -power, 0);
  const [s0, s1, s2] = [moment(0), moment(1), moment(2)];
  const determinant = s0 * s2 - s1 * s1;
  // The intercept is a linear combination of the means, with these coefficients.
  const coefficients = sizes.map(({ dimension }, i) => (weights[i]! * (s2 - s1 / dimension)) / determinant);
  const parts = sizes.map(({ estimate }, i) => (coefficients[i]! * estimate.standardError) ** 2);
  const variance = parts.reduce((sum, part) => sum + part, 0);
  const spread = parts.reduce((sum, part, i) => sum + (part * part) / (sizes[i]!.trials - 1), 0);
  return {
    mean: sizes.reduce((sum, { estimate }, i) => sum + coefficients[i]! * estimate.mean, 0),
    standardError: Math.sqrt(variance),
    degreesOfFreedom: (variance * variance) / spread,
  };
}

/**
 * The standard normal score with the tail probability of Student's t: few trials estimate their standard error badly, and t is larger
 * by chance (Wallace, Ann. Math. Stat. 30:1124, 1959; error below 0.02 for ν ≥ 3 and |t| ≤ 6).
 *
 * @example
 * ```ts
 * import { normalScore } from "replica-theory/simulation";
 * // The 97.5 % quantile of Student's t with ten degrees of freedom is that of the normal at 1.96.
 * console.log(normalScore(2.228, 10).toFixed(2)); // 1.96
 * ```
 */
export function normalScore(t: number, degreesOfFreedom: number): number {
  const nu = degreesOfFreedom;
  return Math.sign(t) * ((8 * nu + 1) / (8 * nu + 3)) * Math.sqrt(nu * Math.log1p((t * t) / nu));
}
