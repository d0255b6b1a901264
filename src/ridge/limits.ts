import type { Table } from "../problem/table.ts";
import { mapped } from "../numerics/mapped.ts";

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
  const powerOf = (k: number) => {
    const { bulkVariance, mu1 } = groups[k]!;
    return bulkVariance * mu1.reduce((sum, value, i) => sum + weights[i]! * value ** 2, 0);
  };
  return rankOf(groups, powerOf, widthRatio);
}

/**
 * A group with any nonlinear part counts in full, the linear ones up to d.
 *
 * @param powerOf E μ1²c of a group, asked of linear ones alone
 */
export function rankOf(
  groups: readonly { readonly fraction: number; readonly mu2Squared: Float64Array | readonly number[] }[],
  powerOf: (group: number) => number,
  widthRatio: number,
): FeatureRank {
  let [nonlinear, linear, power] = [0, 0, 0];
  const isLinear = mapped(groups, ({ mu2Squared }) => !mu2Squared.some((value) => value > 0));
  groups.forEach(({ fraction }, k) => {
    if (!isLinear[k]) nonlinear += fraction * widthRatio;
    else {
      linear += fraction * widthRatio;
      power += fraction * powerOf(k);
    }
  });
  const wide = linear > 1;
  const free = mapped(isLinear, (itself) => wide && itself);
  return { rank: nonlinear + Math.min(linear, 1), nullPower: wide ? power : 0, free };
}

/**
 * What stands for λ → 0 in directions that no data resists, relative to the conjugates: the equations are smooth in it, and beside an
 * interpolation threshold vary over much smaller ridges than rounding.
 */
const VANISHING_RIDGE = 1e-30;

/** Whether λ is none where the data leave directions free. */
const vanishes = ({ sampleRatio, ridge }: Pick<RidgePoint, "sampleRatio" | "ridge">, rank: number): boolean =>
  sampleRatio === Infinity || (ridge === 0 && sampleRatio >= rank);

/** Traces g are infinite where λ stands for 0 in directions that no data resists. */
export function withFreeTraces<Solution extends { readonly overlaps: { readonly V2: number[] } }>(
  solution: Solution,
  point: RidgePoint,
  { rank, free }: FeatureRank,
): Solution {
  if (!vanishes(point, rank) || !free.includes(true)) return solution;
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
  const effective = vanishes({ sampleRatio, ridge }, rank) ? least : ridge;
  return { samples, delta: 1, susceptibility: infinite ? 0 : 1, ridge: effective, widthRatio };
}
