import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import type { Feature } from "../loss/convexLoss.ts";

/** Step at which the residual is looked at for thresholds that it crosses. */
const LOOK = 0.25;
/** Looks at a panel of a fast target. */
const LOOKS = 6;
/** Deviations of the residual within which a threshold that is not crossed still counts. */
const NEAR = 6;
/** Part of its width to which a crossing is placed. */
const PLACED = 1e-2;
/** Width of a crossing, in deviations of ζ, that no rule for real labels needs to know of. */
const SMOOTH = 4 * LOOK;

/** σ* between two of its breaks, at ascending places of ζ. */
export interface Looks {
  readonly places: Float64Array;
  readonly values: Float64Array;
}

/** Looks at a target between two breaks, several on every panel of a fast one. */
export function looksBetween(
  left: number,
  right: number,
  target: (zeta: number) => number,
  limit?: (zeta: number) => number,
): Looks {
  const looks = [left];
  let z = left;
  while (z < right) {
    const panel = limit ? Math.min(limit(z), right - z) : right - z;
    const count = Math.max(limit ? LOOKS : 1, Math.ceil(panel / LOOK));
    const end = panel === right - z ? right : z + panel;
    for (let k = 1; k < count; k++) looks.push(z + (k / count) * panel);
    looks.push(end);
    z = end;
  }
  // A target may jump at the ends; its value belongs to the open interval.
  const last = looks.length - 1;
  looks[0]! += 1e-9 * (looks[1]! - left);
  looks[last]! -= 1e-9 * (right - looks[last - 1]!);
  const places = Float64Array.from(looks);
  return { places, values: places.map(target) };
}

/** The largest |Δσ⋆|/Δζ. */
export function steepestOf({ places, values }: Looks): number {
  let steepest = 0;
  for (let k = 1; k < places.length; k++) {
    const slope = Math.abs(values[k]! - values[k - 1]!) / (places[k]! - places[k - 1]!);
    if (!(slope <= steepest)) steepest = slope;
  }
  return steepest;
}

/** Whether a residual of this slope at most may cross a threshold faster than its deviation smoothes it. */
export const mayCross = (slope: number, deviation: number): boolean => !(2 * deviation > SMOOTH * slope);

/** The residual y − ω on looks: σ* − M − Lζ beside a noise of some deviation. */
export interface Residual {
  readonly M: number;
  readonly L: number;
  readonly deviation: number;
  /** σ* */
  readonly target: (zeta: number) => number;
}

/**
 * Adds the places between looks where the residual passes a threshold, with the width that the noise gives them.
 *
 * @param fast whether looks are on panels, which resolve what is as wide as they
 */
export function addCrossings(
  { places, values }: Looks,
  { M, L, deviation, target }: Residual,
  thresholds: readonly number[],
  fast: boolean,
  features: Feature[],
): void {
  let before = values[0]! - M - L * places[0]!;
  for (let k = 1; k < places.length; k++) {
    const [from, to] = [places[k - 1]!, places[k]!];
    const length = to - from;
    const after = values[k]! - M - L * to;
    const width = (2 * deviation * length) / Math.abs(after - before);
    // Where the residual is steep, and the panels of a fast target are not as short as that.
    if (width <= SMOOTH && !(fast && width >= LOOKS * length)) {
      for (const b of thresholds) {
        const crosses = before > b !== after > b;
        const near = Math.min(Math.abs(before - b), Math.abs(after - b)) < NEAR * deviation;
        if (!(crosses || near)) continue;
        const closer = Math.abs(before - b) < Math.abs(after - b) ? from : to;
        const root = (z: number) => target(z) - M - L * z - b;
        const tolerance = (PLACED * width) / Math.max(Math.abs(from), Math.abs(to));
        features.push({ at: crosses ? bracketedRoot(root, from, to, tolerance) : closer, width });
      }
    }
    before = after;
  }
}
