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
  /** Whether a group has such directions. */
  readonly free: readonly boolean[];
}

export function featureRank({ groups, weights }: Table, widthRatio: number): FeatureRank {
  const powers = groups.map(
    ({ bulkVariance, mu1 }) => bulkVariance * mu1.reduce((sum, value, i) => sum + weights[i]! * value ** 2, 0),
  );
  return rankOf(groups, powers, widthRatio);
}

/**
 * A group with any nonlinear part counts in full, the linear ones up to d.
 *
 * @param powers E μ1²c of the groups
 */
export function rankOf(
  groups: readonly { readonly fraction: number; readonly mu2Squared: ArrayLike<number> }[],
  powers: readonly number[],
  widthRatio: number,
): FeatureRank {
  let [nonlinear, linear, power] = [0, 0, 0];
  const isLinear = groups.map(({ mu2Squared }) => !Array.from(mu2Squared).some((value) => value > 0));
  groups.forEach(({ fraction }, k) => {
    if (!isLinear[k]) nonlinear += fraction * widthRatio;
    else {
      linear += fraction * widthRatio;
      power += fraction * powers[k]!;
    }
  });
  const wide = linear > 1;
  const free = isLinear.map((itself) => wide && itself);
  return { rank: nonlinear + Math.min(linear, 1), nullPower: wide ? power : 0, free };
}

/**
 * What stands for λ → 0 in directions that no data resists, relative to the conjugates: the equations are smooth in it, and beside an
 * interpolation threshold vary over much smaller ridges than rounding.
 */
const VANISHING_RIDGE = 1e-30;

/** Traces g are infinite where λ stands for 0 in directions that no data resists. */
export function withFreeTraces<Solution extends { readonly overlaps: { readonly V2: number[] } }>(
  solution: Solution,
  { sampleRatio, ridge }: RidgePoint,
  { rank, free }: FeatureRank,
): Solution {
  const vanishes = sampleRatio === Infinity || (ridge === 0 && sampleRatio >= rank);
  if (!vanishes || !free.includes(true)) return solution;
  const { overlaps } = solution;
  return { ...solution, overlaps: { ...overlaps, V2: overlaps.V2.map((g, k) => (free[k] ? Infinity : g)) } };
}

/** Scales of the traces: as they are; times α for α = ∞; times λ for λ → 0⁺ below the interpolation threshold. */
export function scaledPoint(
  { sampleRatio, widthRatio, ridge }: RidgePoint,
  { rank, nullPower }: Pick<FeatureRank, "rank" | "nullPower">,
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
