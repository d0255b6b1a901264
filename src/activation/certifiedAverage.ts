import { type Box } from "../numerics/box.ts";
import { plannedRule, planRule } from "../numerics/certifiedRule.ts";
import { adaptGaussianRule } from "../numerics/gaussianAverage.ts";
import { type AverageOptions, BODY, type Integrand } from "../numerics/gaussianRule.ts";
import type { Activation } from "./activationType.ts";
import { scanResolution } from "./scan.ts";

/** Averages of functions of z and of σ(scale·z), z ~ N(0,1). */
export interface AverageOfFunction extends AverageOptions {
  /** σ; without bounds of it the rule is adapted to the integrand's values. */
  readonly of: Activation;
  readonly scale: number;
  /** sup of the components in units of their sizes, where σ is in `image` and z in `z`. */
  readonly bound: (image: Box, z: Box) => number;
}

/** A rule with what it gives for the integrand. */
export interface AverageRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * A rule for the averages: with a bounded error where bounds of σ are known and lead to one, otherwise adapted.
 *
 * @throws QuadratureError as adaptGaussianRule does
 */
export function ruleForFunction(integrand: Integrand, options: AverageOfFunction): AverageRule {
  const { of, scale, bound, tolerance } = options;
  const { smoothness } = of;
  const plan = smoothness && planRule({ smoothness, shifts: [0, 0], scale, bound, tolerance });
  if (plan) return plannedRule(plan, 0, scale);
  return adaptGaussianRule(integrand, { ...options, resolution: scanResolution(of, 0, scale, BODY) });
}

/** E of every component by {@link ruleForFunction}. */
export function averagesOfFunction(integrand: Integrand, options: AverageOfFunction): Float64Array {
  const { nodes, weights } = ruleForFunction(integrand, options);
  const sums = new Float64Array(options.dimension);
  const row = new Float64Array(options.dimension);
  for (let i = 0; i < nodes.length; i++) {
    integrand(nodes[i]!, row);
    for (let c = 0; c < row.length; c++) sums[c]! += weights[i]! * row[c]!;
  }
  return sums;
}
