import { derivativeSmoothness } from "../numerics/smoothness.ts";
import type { Activation } from "./activationType.ts";
import { conditionalMoments } from "./conditionalMoments.ts";
import { merge } from "./formula/breakPoints.ts";

/** Hermite numbers of an activation (theory §1). */
export interface HermiteNumbers {
  /** h0 = E σ */
  readonly h0: number;
  /** h1 = E[zσ] */
  readonly h1: number;
  /** h2 = E σ² */
  readonly h2: number;
}

/** Numbers of named activations and formulas, which no swept parameter changes. */
const knownHermite = new WeakMap<Activation, HermiteNumbers>();
const knownSteps = new WeakMap<Activation, StepNumbers>();

/**
 * h0 = E σ(z), h1 = E[zσ(z)], h2 = E σ(z)² over the standard normal (theory §1).
 *
 * @throws QuadratureError if a moment is not finite
 */
export function hermiteNumbers(f: Activation, name: string): HermiteNumbers {
  let numbers = knownHermite.get(f);
  if (!numbers) {
    const { mean, first, square } = conditionalMoments(f, 0, 1, name);
    knownHermite.set(f, (numbers = { h0: mean, h1: first, h2: square }));
  }
  return numbers;
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
  let numbers = knownSteps.get(f);
  if (!numbers) {
    const slope = conditionalMoments(derivativeOf(f), 0, 1, `derivative of ${name}`);
    // Var σ′ = (E zσ′)² + what is left of σ′ beside its affine part.
    const slopeVariance = slope.first ** 2 + slope.residual;
    knownSteps.set(f, (numbers = { ...hermiteNumbers(f, name), slopeVariance, curvature: slope.first }));
  }
  return numbers;
}

/** σ′ as an activation of its own. */
export function derivativeOf(f: Activation & { derivative: (x: number) => number }): Activation {
  const { name, derivative, kinks, jumps, smoothness, scale } = f;
  return {
    name: `derivative of ${name}`,
    value: derivative,
    kinks: [],
    jumps: merge([...kinks, ...jumps]),
    ...(scale !== undefined && { scale }),
    ...(smoothness && { smoothness: derivativeSmoothness(smoothness) }),
  };
}
