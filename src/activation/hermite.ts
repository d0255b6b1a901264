import { ParameterError } from "../errors.ts";
import { modulus } from "../numerics/box.ts";
import { activation, type ActivationInput } from "./activation.ts";
import type { Activation } from "./activationType.ts";
import { averagesOfFunction } from "./certifiedAverage.ts";
import { conditionalMoments } from "./conditionalMoments.ts";
import { hermiteEnclosure, logFactorial } from "./enclosure/functions.ts";

/** Relative to the average of |σ He_k|. */
const TOLERANCE = 1e-13;

/**
 * Coefficients c_k = E[σ(z) He_k(z)]/k!, z ~ N(0,1), of σ = Σ_k c_k He_k, for k = 0 … degree (theory §1 has
 * h0 = c_0, h1 = c_1 and ς = 2 c_2).
 *
 * @param sigma a name, a formula, a function or an activation.
 * @param degree the last k, an integer from 0 to 60.
 * @throws QuadratureError if an average does not exist or is not resolved to 1e-13 of E|σ He_k|.
 *
 * @example
 * ```ts
 * import { hermiteCoefficients } from "replica-theory";
 * console.log([...hermiteCoefficients("x^2 + x", 2)].map((c) => c.toFixed(10)).join(" "));
 * // 1.0000000000 1.0000000000 1.0000000000
 * ```
 */
export function hermiteCoefficients(sigma: ActivationInput, degree: number): Float64Array {
  if (!(Number.isInteger(degree) && degree >= 0 && degree <= 60)) {
    throw new ParameterError("degree", degree, "an integer from 0 to 60");
  }
  return scaledHermiteCoefficients(activation(sigma, "sigma"), degree, 1);
}

/** E[σ(scale·z) He_k(z)]/k! for k = 0 … degree. */
export function scaledHermiteCoefficients(sigma: Activation, degree: number, scale: number): Float64Array {
  const integrand = (z: number, out: Float64Array): void => {
    let previous = 0;
    let current = sigma.value(scale * z);
    for (let k = 0; k <= degree; k++) {
      // σ He_k/k! itself, by the recurrence divided by k!, so that high degrees keep the size of σ.
      out[k] = current;
      const next = (z * current - previous) / (k + 1);
      previous = current;
      current = next;
    }
  };
  const breakpoints = [...sigma.kinks, ...sigma.jumps].map((x) => x / scale);
  const { square } = conditionalMoments(sigma, 0, scale, sigma.name);
  const size = Math.sqrt(square) || 1;
  const polynomial = hermiteEnclosure(degree);
  const norm = Math.exp(-0.5 * logFactorial(degree));
  return averagesOfFunction(integrand, {
    dimension: degree + 1,
    breakpoints,
    tolerance: TOLERANCE,
    name: sigma.name,
    of: sigma,
    scale,
    // Of σ He_k/√(k!); between the first polynomial and the last they are bounded by either.
    bound: (image, z) => Math.max(1, modulus(image) / size) * (1 + norm * modulus(polynomial(z)!)),
  });
}
