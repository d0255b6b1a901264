import type { RidgePoint } from "./limits.ts";
import type { RidgeSolution } from "./solution.ts";

/** Between these the equations neither over- nor underflow; the limits of theory §10 are reached long before either. */
const LEAST = 1e-140;
const MOST = 1e140;
/** Relative distance of α from the interpolation threshold within which a vanishing ridge has no limit. */
const THRESHOLD = 1e-12;

/** Whether a point has a ridge that vanishes beside everything at an interpolation threshold, where the error diverges. */
export const isPeak = ({ sampleRatio, ridge }: RidgePoint, rank: number): boolean =>
  ridge < LEAST && Math.abs(sampleRatio - rank) < THRESHOLD * rank;

/** The ridge at which to solve for that of a point: the same, or the nearest for which doubles have the range. */
export function representableRidge({ sampleRatio, ridge }: RidgePoint, rank: number): number {
  if (ridge > MOST) return MOST;
  // With as many samples as features the ridge vanishes beside the data; without a ridge the limit is solved as such.
  return ridge > 0 && ridge < LEAST && sampleRatio < rank ? LEAST : ridge;
}

/**
 * A solution at a representable ridge as that of a more extreme one, a factor `ratio` away: all numbers follow the leading
 * powers of λ. Below the threshold as λ → 0, V ∝ 1/λ, the training error ∝ λ² and the objective ∝ λ; as λ → ∞, V, θ, ψ, ν and
 * penalised means ∝ 1/λ and Q ∝ 1/λ².
 *
 * @param penalised whether the mean channels have a finite strength
 */
export function atExtremeRidge(solution: RidgeSolution, ratio: number, penalised: boolean): RidgeSolution {
  const { overlaps, trainError, objective } = solution;
  const scaled = (values: readonly number[], factor: number) => values.map((value) => value * factor);
  const V1 = overlaps.V1.map((row) => scaled(row, 1 / ratio));
  const V2 = scaled(overlaps.V2, 1 / ratio);
  if (ratio < 1) {
    const errors = { trainError: trainError * ratio * ratio, objective: objective * ratio };
    return { ...solution, ...errors, overlaps: { ...overlaps, V1, V2 } };
  }
  const [first, second] = [1 / ratio, 1 / ratio / ratio];
  const small = {
    m: penalised ? scaled(overlaps.m, first) : overlaps.m,
    theta: scaled(overlaps.theta, first),
    nu: scaled(overlaps.nu, first),
    psi: scaled(overlaps.psi, first),
    Q1: overlaps.Q1.map((row) => scaled(row, second)),
    Q2: scaled(overlaps.Q2, second),
  };
  return { ...solution, overlaps: { ...small, V1, V2 } };
}
