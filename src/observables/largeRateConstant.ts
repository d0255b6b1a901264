import { activation, type ActivationInput } from "../activation/activation.ts";
import { breakpointsOf, conditionalMoments } from "../activation/conditionalMoments.ts";
import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import { adaptGaussianRule } from "../numerics/gaussianAverage.ts";

/** τ* of Ba22 with its minimiser. */
export interface LargeRateConstant {
  /** τ* = inf_κ̄ E_{ξ1}[(σ*(ξ1) − E_{ξ2} σ(κ̄ξ1 + ξ2))²] ≥ 0 */
  readonly value: number;
  /** κ̄; at most 1000 in size, where an infimum at infinity is cut off. */
  readonly minimiser: number;
  /** Whether the infimum is approached at the end of the search, |κ̄| → ∞. */
  readonly atInfinity: boolean;
}

const LARGEST = 1e3;
const SCAN_POINTS = 40;
/** Accuracy of the averages in the scan, and of the result. */
const [COARSE, FINE] = [1e-7, 1e-12];

/**
 * The constant of Ba22's large-rate bound R ≤ 10τ* + O(√τ* √(d/n) + d/n): how well the best single neuron, smoothed by
 * its random part, can be the target (theory §6).
 *
 * @throws ExpressionError, ParameterError for illegal activations
 * @throws QuadratureError if a moment is not finite
 * @example
 * largeRateConstant("erf", "erf").minimiser.toFixed(6); // "1.732051"
 */
export function largeRateConstant(student: ActivationInput, target: ActivationInput): LargeRateConstant {
  const sigma = activation(student, "student");
  const star = activation(target, "target");
  /** τ(κ̄) and half its derivative: ∂/∂κ̄ E_{ξ2} σ(κ̄ξ1 + ξ2) = ξ1 E[ξ2 σ(κ̄ξ1 + ξ2)]. */
  const tau = (kappaBar: number, tolerance: number) => {
    // Where the student's average changes on a scale 1/κ̄, panels must not step over it.
    const scales = Math.abs(kappaBar) > 8 ? [1, 4, 16].flatMap((k) => [-k / kappaBar, k / kappaBar]) : [];
    const breakpoints = [...breakpointsOf(star, 0, 1), ...scales];
    // The grid resolves the two functions; their distance may be nothing but rounding.
    const rule = adaptGaussianRule(
      (xi, out) => {
        const { mean, first } = conditionalMoments(sigma, kappaBar * xi, 1, "student");
        const wanted = star.value(xi);
        out.set([mean, wanted, xi * first, mean * mean, wanted * wanted]);
      },
      { dimension: 5, breakpoints, tolerance, name: "student and target" },
    );
    let [value, slope] = [0, 0];
    rule.weights.forEach((weight, i) => {
      const distance = rule.values[5 * i]! - rule.values[5 * i + 1]!;
      value += weight * distance * distance;
      slope += weight * distance * rule.values[5 * i + 2]!;
    });
    return { value, slope };
  };
  // In s = asinh κ̄ small and large values are resolved alike.
  const end = Math.asinh(LARGEST);
  const grid = Array.from({ length: SCAN_POINTS + 1 }, (_, i) => end * (2 * (i / SCAN_POINTS) - 1));
  const scanned = grid.map((s) => tau(Math.sinh(s), COARSE));
  const candidates = [-LARGEST, LARGEST];
  for (let i = 0; i < SCAN_POINTS; i++) {
    const slope = (s: number) => tau(Math.sinh(s), FINE).slope;
    const [left, right] = [grid[i]!, grid[i + 1]!];
    if (scanned[i]!.slope < 0 && scanned[i + 1]!.slope >= 0 && slope(left) < 0 && slope(right) >= 0) {
      candidates.push(Math.sinh(bracketedRoot(slope, left, right, 1e-11)));
    }
  }
  const values = candidates.map((kappaBar) => tau(kappaBar, FINE).value);
  const best = values.indexOf(Math.min(...values));
  return { value: values[best]!, minimiser: candidates[best]!, atInfinity: best < 2 };
}
