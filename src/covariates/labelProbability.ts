import { normalCdf } from "../numerics/normal.ts";
import type { Feature } from "../loss/convexLoss.ts";

/** P(y = +1 | ζ) of labels ±1 for the standard normal ζ = ν/√ρ_ν of the teacher's field, flips included. */
export interface LabelProbability {
  readonly value: (zeta: number) => number;
  /** Where it jumps. */
  readonly jumps: readonly number[];
  /** Where it is steep. */
  readonly features: readonly Feature[];
}

/** Labels with P(y = 1 | ζ) = ε + (1 − 2ε)Φ((ζ + s)/√Δ); a step for Δ = 0. */
export function probitLabels(shift: number, labelNoise: number, flips: number): LabelProbability {
  const deviation = Math.sqrt(labelNoise);
  const certain = 1 - 2 * flips;
  if (deviation === 0) {
    return { value: (zeta) => flips + (zeta > -shift ? certain : 0), jumps: [-shift], features: [] };
  }
  const value = (zeta: number): number => flips + certain * normalCdf((zeta + shift) / deviation);
  return { value, jumps: [], features: [{ at: -shift, width: 2 * deviation }] };
}

/** Labels with P(y = 1 | ζ) = ε + (1 − 2ε)/(1 + e^{−k(ζ + s)}). */
export function logisticLabels(shift: number, scale: number, flips: number): LabelProbability {
  const certain = 1 - 2 * flips;
  const value = (zeta: number): number => flips + certain / (1 + Math.exp(-scale * (zeta + shift)));
  // The poles nearest to the real axis.
  return { value, jumps: [], features: [{ at: -shift, width: Math.PI / scale }] };
}
