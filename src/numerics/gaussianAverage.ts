import { adaptivePanels } from "./adaptivePanels.ts";
import { adaptiveTrapezoid } from "./adaptiveTrapezoid.ts";
import type { AdaptedRule, AverageOptions, Integrand } from "./gaussianRule.ts";

/**
 * A rule for E f(z), z ~ N(0,1), fine enough for f: the trapezoid rule, which converges exponentially for analytic f,
 * with its step halved until two steps agree; where f has break points, or the trapezoid does not get there,
 * Gauss–Legendre panels split at the break points and bisected.
 *
 * @throws QuadratureError if f is not finite somewhere, does not decay against the density, or is not resolved
 * @example
 * const absolute = (z, out) => (out[0] = Math.abs(z));
 * const rule = adaptGaussianRule(absolute, { dimension: 1, tolerance: 1e-13, name: "|z|", breakpoints: [0] });
 * rule.nodes.reduce((sum, z, i) => sum + rule.weights[i] * z * z, 0).toFixed(10); // "1.0000000000"
 */
export function adaptGaussianRule(integrand: Integrand, options: AverageOptions): AdaptedRule {
  if (!options.breakpoints?.length) {
    const rule = adaptiveTrapezoid(integrand, options);
    if (rule) return rule;
  }
  return adaptivePanels(integrand, options);
}

/**
 * E f(z) for z ~ N(0,1), component by component.
 *
 * @returns the averages and the estimated relative error of the worst
 * @throws QuadratureError as {@link adaptGaussianRule}
 * @example
 * const square = (z, out) => (out[0] = Math.tanh(z) ** 2);
 * gaussianAverage(square, { dimension: 1, tolerance: 1e-13, name: "tanh²" }).value[0].toFixed(10); // "0.3942944904"
 */
export function gaussianAverage(integrand: Integrand, options: AverageOptions): { value: Float64Array; error: number } {
  const rule = adaptGaussianRule(integrand, options);
  return { value: averages(rule, options.dimension), error: rule.error };
}

/** Σ_i w_i f_c(z_i) for every component. */
function averages(rule: AdaptedRule, dimension: number): Float64Array {
  const value = new Float64Array(dimension);
  for (let i = 0; i < rule.nodes.length; i++) {
    for (let c = 0; c < dimension; c++) value[c]! += rule.weights[i]! * rule.values[i * dimension + c]!;
  }
  return value;
}

/** E f(z) of one function, with break points. */
export function averageOf(
  f: (z: number) => number,
  name: string,
  breakpoints: readonly number[] = [],
  tolerance = 1e-14,
): number {
  const sample: Integrand = (z, out) => {
    out[0] = f(z);
  };
  return gaussianAverage(sample, { dimension: 1, breakpoints, tolerance, name }).value[0]!;
}
