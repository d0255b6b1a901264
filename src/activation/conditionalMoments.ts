import { adaptGaussianRule, averageOf, type Integrand } from "../numerics/gaussianAverage.ts";
import type { Activation } from "./activation.ts";

/** Moments of σ(shift + scale·z), z ~ N(0,1). */
export interface ConditionalMoments {
  /** E σ */
  readonly mean: number;
  /** E[zσ] */
  readonly first: number;
  /** E[z²σ] */
  readonly second: number;
  /** E σ² */
  readonly square: number;
  /** E(σ − E σ − zE[zσ])², summed as squares so that it keeps its digits where σ is nearly affine. */
  readonly residual: number;
  /** Relative error estimate of the worst. */
  readonly error: number;
}

export const MOMENT_TOLERANCE = 1e-14;

/** Where σ or σ' jumps, in the variable z of σ(shift + scale·z); at no scale there is nothing to split. */
export function breakpointsOf(f: Activation, shift: number, scale: number): number[] {
  if (scale === 0) return [];
  return [...f.kinks, ...f.jumps].map((x) => (x - shift) / scale);
}

/**
 * E σ, E[zσ], E[z²σ] and E σ² of σ(shift + scale·z) for z ~ N(0,1) (theory §3).
 *
 * @throws QuadratureError naming the activation and the argument where σ is not finite
 */
export function conditionalMoments(f: Activation, shift: number, scale: number, name: string): ConditionalMoments {
  if (scale === 0) {
    const value = f.value(shift);
    return { mean: value, first: 0, second: value, square: value * value, residual: 0, error: 0 };
  }
  const integrand: Integrand = (z, out) => {
    const value = f.value(shift + scale * z);
    out[0] = value;
    out[1] = z * value;
    out[2] = z * z * value;
    out[3] = value * value;
  };
  const breakpoints = breakpointsOf(f, shift, scale);
  const { nodes, weights, values, error } = adaptGaussianRule(integrand, {
    dimension: 4,
    breakpoints,
    tolerance: MOMENT_TOLERANCE,
    name,
  });
  let [mean, first, second, square, residual] = [0, 0, 0, 0, 0];
  for (let i = 0; i < nodes.length; i++) {
    mean += weights[i]! * values[4 * i]!;
    first += weights[i]! * values[4 * i + 1]!;
    second += weights[i]! * values[4 * i + 2]!;
    square += weights[i]! * values[4 * i + 3]!;
  }
  for (let i = 0; i < nodes.length; i++) residual += weights[i]! * (values[4 * i]! - mean - first * nodes[i]!) ** 2;
  return { mean, first, second, square, residual, error };
}

/** Hermite numbers of an activation (theory §1). */
export interface HermiteNumbers {
  /** h0 = E σ */
  readonly h0: number;
  /** h1 = E[zσ] */
  readonly h1: number;
  /** h2 = E σ² */
  readonly h2: number;
}

/**
 * h0 = E σ(z), h1 = E[zσ(z)], h2 = E σ(z)² over the standard normal (theory §1).
 *
 * @throws QuadratureError if a moment is not finite
 */
export function hermiteNumbers(f: Activation, name: string): HermiteNumbers {
  const { mean, first, square } = conditionalMoments(f, 0, 1, name);
  return { h0: mean, h1: first, h2: square };
}

/** The further numbers of σ that the gradient step sees (theory §1, §9). */
export interface StepNumbers extends HermiteNumbers {
  /** ȟ = Var σ'(z) */
  readonly slopeVariance: number;
  /** ς = E[zσ'(z)] */
  readonly curvature: number;
}

/**
 * h0, h1, h2, ȟ = Var σ' and ς = E[zσ'] of a student that has a derivative.
 *
 * @throws QuadratureError if a moment is not finite
 */
export function stepNumbers(f: Activation & { derivative: (x: number) => number }, name: string): StepNumbers {
  const breakpoints = [...f.kinks, ...f.jumps];
  const slope = averageOf(f.derivative, `derivative of ${name}`, breakpoints);
  const slopeVariance = averageOf((z) => (f.derivative(z) - slope) ** 2, `derivative of ${name}`, breakpoints);
  const curvature = averageOf((z) => z * f.derivative(z), `derivative of ${name}`, breakpoints);
  return { ...hermiteNumbers(f, name), slopeVariance, curvature };
}
