import type { ClassErrors, ObservedClasses } from "./stepLabels.ts";

/**
 * The local potential (convexLosses §3): given κ, with ω = M + Lζ + sξ,
 *
 *   P(M, L, s², V) = E[ min_z (z − ω)²/2V + ℓ(y, z) ],
 *
 * over the label, ζ and ξ. Everything the saddle point averages over κ is one of its derivatives:
 * P_M = −E g, P_L = −E[ζg], P_{s²} = ½E D, P_V = −½E g², with g = −ℓ′(y, z) and D = −dg/dω.
 */
export interface LocalPotential {
  /** Writes the derivatives, and what `Moments` lists, for one κ. */
  evaluate(kappa: number, M: number, L: number, s2: number, V: number, out: Float64Array): void;
  /** Writes the losses given κ. */
  observe(kappa: number, M: number, L: number, s2: number, V: number, out: ObservedLosses): void;
  /** How often its rules have been made finer: averages over κ are not to mix them. */
  readonly refinements?: () => number;
  /** They may change with κ faster than the losses do. */
  readonly classes: ClassErrors;
  /** The variance of what smoothes the losses beside the spread of the output. */
  readonly blur: number;
}

/** Averages over κ by one rule: once more from the start where the rule has been made finer on the way. */
export function averageByOneRule({ refinements }: Pick<LocalPotential, "refinements">, average: () => void): void {
  let before: number | undefined;
  do {
    before = refinements?.();
    average();
  } while (refinements?.() !== before);
}

/** Variables of the local potential. */
export const MEAN = 0;
export const SLOPE = 1;
export const VARIANCE = 2;
export const SUSCEPTIBILITY = 3;
/** Number of derivatives: four first, ten second. */
export const DERIVATIVES = 14;

/** Position of the second derivative by i and j. */
export function second(i: number, j: number): number {
  const [low, high] = i <= j ? [i, j] : [j, i];
  return 4 + 4 * low - (low * (low - 1)) / 2 + (high - low);
}

/** Averages that make the observables. */
export interface ObservedLosses {
  testLoss: number;
  trainLoss: number;
  /** Square errors; those of margin losses may be NaN. */
  testSquare: number;
  trainSquare: number;
}

/** What makes the observables. */
export type Observed = ObservedLosses & ObservedClasses;
