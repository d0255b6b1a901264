import type { Table } from "../problem/table.ts";

/** Where a curve is solved: α, β, λ. */
export interface RidgePoint {
  readonly sampleRatio: number;
  readonly widthRatio: number;
  readonly ridge: number;
}

/**
 * A point (α, β, λ) in the form that has its exact limits (theory §4): with x = (V1, g) in units in which it stays finite,
 * the susceptibility enters as δ + τV, the conjugates carry α = `samples`, the resolvent λ = `ridge`.
 */
export interface ScaledPoint {
  readonly samples: number;
  /** δ: 1, or 0 where nothing stands beside V. */
  readonly delta: number;
  /** τ: 1, or 0 where V is nothing beside 1. */
  readonly susceptibility: number;
  readonly ridge: number;
  readonly widthRatio: number;
}

/** What the limits of α and λ need to know of a model at one width. */
export interface FeatureRank {
  /** Limit of rank/d of the feature matrix: the interpolation threshold in α. */
  readonly rank: number;
  /** E μ1²c of linear neurons, if there are more of them than d; they then leave directions that only λ resists. */
  readonly nullPower: number;
}

export function featureRank({ groups, weights }: Table, widthRatio: number): FeatureRank {
  let [nonlinear, linear, linearPower] = [0, 0, 0];
  for (const { fraction, mu1, mu2Squared, bulkVariance } of groups) {
    if (mu2Squared.some((value) => value > 0)) nonlinear += fraction * widthRatio;
    else {
      linear += fraction * widthRatio;
      linearPower += fraction * bulkVariance * mu1.reduce((sum, value, i) => sum + weights[i]! * value ** 2, 0);
    }
  }
  // A group with any nonlinear part counts in full, the linear ones up to d.
  return { rank: nonlinear + Math.min(linear, 1), nullPower: linear > 1 ? linearPower : 0 };
}

/** What stands for λ → 0 in directions that no data resists, relative to the conjugates: at rounding level. */
const VANISHING_RIDGE = 1e-14;

/** Scales of the traces: as they are; times α for α = ∞; times λ for λ → 0⁺ below the interpolation threshold. */
export function scaledPoint(
  { sampleRatio, widthRatio, ridge }: RidgePoint,
  { rank, nullPower }: FeatureRank,
): ScaledPoint {
  if (ridge === 0 && sampleRatio < rank) {
    return { samples: sampleRatio, delta: 0, susceptibility: 1, ridge: 1, widthRatio };
  }
  const infinite = sampleRatio === Infinity;
  const samples = infinite ? 1 : sampleRatio;
  const least = (VANISHING_RIDGE * samples * nullPower) / widthRatio;
  const effective = infinite || ridge === 0 ? least : ridge;
  return { samples, delta: 1, susceptibility: infinite ? 0 : 1, ridge: effective, widthRatio };
}
