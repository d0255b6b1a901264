import { legendreRule } from "../numerics/gaussLegendre.ts";
import type { Band } from "./bands.ts";
import type { FeatureResolvent, ResolventPoint } from "./featureResolvent.ts";

/** The density on a grid that integrates over one band. */
export interface BandDensity {
  /** Ascending. */
  readonly points: readonly ResolventPoint[];
  readonly weights: readonly number[];
  /** Σ w ρ less the mass that the band has by counting. */
  readonly error: number;
}

/** Ratio of the ends from which on the grid is uniform in log x rather than in x, but for the crowding at the ends. */
const WIDE = 16;

/** x(θ) and dx/dθ on (0, π): a + (b − a) sin²(θ/2), which keeps its digits at the left end, in x or in log x. */
function substitution({ lowest, highest }: Band): (theta: number) => { x: number; speed: number } {
  const logarithmic = highest > WIDE * lowest;
  const [a, b] = logarithmic ? [Math.log(lowest), Math.log(highest)] : [lowest, highest];
  return (theta) => {
    const y = a + (b - a) * Math.sin(theta / 2) ** 2;
    const speed = 0.5 * (b - a) * Math.sin(theta);
    return logarithmic ? { x: Math.exp(y), speed: Math.exp(y) * speed } : { x: y, speed };
  };
}

/** Solutions at descending x, each from the one before or from the nearest that is known. */
function follower(resolvent: FeatureResolvent, band: Band): (x: number) => ResolventPoint {
  let last: ResolventPoint | undefined;
  return (x) => {
    const known = nearest(band.inside, x);
    const starts = last ? [nearest([last, known], x), last, known] : [known];
    return (last = resolvent.at([x, 0], ...new Set(starts)));
  };
}

/** The point next to x on a logarithmic scale. */
export function nearest(points: readonly ResolventPoint[], x: number): ResolventPoint {
  const distance = (point: ResolventPoint) => Math.abs(Math.log(point.z[0] / x));
  return points.reduce((best, point) => (distance(point) < distance(best) ? point : best));
}

const massOf = (points: readonly ResolventPoint[], weights: readonly number[]) =>
  points.reduce((sum, { stieltjes }, i) => sum + (weights[i]! * stieltjes[1]) / Math.PI, 0);

/**
 * The midpoint rule in θ: edges, where the density goes like a root, become smooth and periodic, and it converges exponentially.
 */
export function midpointDensity(resolvent: FeatureResolvent, band: Band, count: number): BandDensity {
  const place = substitution(band);
  const solve = follower(resolvent, band);
  const points: ResolventPoint[] = [];
  const weights: number[] = [];
  for (let j = count - 1; j >= 0; j--) {
    const { x, speed } = place((Math.PI * (j + 0.5)) / count);
    points.push(solve(x));
    weights.push((Math.PI / count) * speed);
  }
  return { points: points.reverse(), weights: weights.reverse(), error: massOf(points, weights) - band.mass };
}

const NODES = 12;
const SHORTEST = 1e-9;

/**
 * Gauss–Legendre panels in θ, halved until each holds the mass that lies between its ends by counting.
 *
 * @param tolerance of the mass of a panel
 */
export function panelDensity(resolvent: FeatureResolvent, band: Band, tolerance: number): BandDensity {
  const place = substitution(band);
  const solve = follower(resolvent, band);
  const rule = legendreRule(NODES);
  const points: ResolventPoint[] = [];
  const weights: number[] = [];
  const countAt = (theta: number) => resolvent.massBelow(solve(place(theta).x));

  /** Fills the panel from its right end down. */
  function fill(left: number, right: number, low: number, high: number): void {
    const half = 0.5 * (right - left);
    const panel = Array.from({ length: NODES }, (_, i) => {
      const { x, speed } = place(left + half * (1 + rule.nodes[NODES - 1 - i]!));
      return { point: solve(x), weight: half * rule.weights[NODES - 1 - i]! * speed };
    });
    const mass = panel.reduce((sum, { point, weight }) => sum + (weight * point.stieltjes[1]) / Math.PI, 0);
    if (Math.abs(mass - (high - low)) <= tolerance || right - left < SHORTEST) {
      points.push(...panel.map(({ point }) => point));
      weights.push(...panel.map(({ weight }) => weight));
      return;
    }
    const middle = 0.5 * (left + right);
    const count = countAt(middle);
    fill(middle, right, count, high);
    fill(left, middle, low, count);
  }
  fill(0, Math.PI, band.countBelow, band.countBelow + band.mass);
  return { points: points.reverse(), weights: weights.reverse(), error: massOf(points, weights) - band.mass };
}
