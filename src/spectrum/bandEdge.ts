import { ConvergenceError } from "../errors.ts";
import type { FeatureResolvent, ResolventPoint } from "./featureResolvent.ts";

const MOST_STEPS = 100;
/** Relative distance of a solution outside from the edge at which the edge is known to rounding: its error is of order 3/2. */
const CLOSE = 1e-9;
/** Width, relative to x, of a bracket in which a point may have no solution: at the edge itself it is not analytic. */
const AT_EDGE = 1e-6;
/** Part of the distance to the edge that is left by a step. */
const APPROACH = 0.05;

/** The edge of a band, and the last solution outside, next to it. */
export interface BandEdge {
  readonly x: number;
  readonly outside: ResolventPoint;
}

/**
 * The edge between a point outside the bulk and one inside. Outside, s is real and dx/ds vanishes at the edge like the root of the
 * distance (Silverstein & Choi 1995): (dx/ds)² is extrapolated to zero from solutions that come nearer and nearer.
 */
export function bandEdge(resolvent: FeatureResolvent, outside: ResolventPoint, inside: ResolventPoint): BandEdge {
  let [gap, bulk] = [outside, inside];
  let previous: ResolventPoint | undefined;
  for (let step = 0; step < MOST_STEPS; step++) {
    const [a, b] = [gap.z[0], bulk.z[0]];
    const edge = previous && extrapolate(previous, gap);
    const bracketed = edge !== undefined && (edge - a) * (edge - b) <= 0;
    if (bracketed && Math.abs(edge - a) <= CLOSE * edge) return { x: edge, outside: gap };
    const x = bracketed ? edge + APPROACH * (a - edge) : 0.5 * (a + b);
    if (x === a || x === b) return { x, outside: gap };
    const point = nearEdge(resolvent, x, [bulk, gap], Math.abs(a - b));
    if (!point) return { x, outside: gap };
    if (point.branch === "bulk") bulk = point;
    else [previous, gap] = [gap, point];
  }
  return { x: 0.5 * (gap.z[0] + bulk.z[0]), outside: gap };
}

function extrapolate(far: ResolventPoint, near: ResolventPoint): number {
  const [first, second] = [far, near].map(({ slope }) => 1 / slope[0] ** 2) as [number, number];
  return near.z[0] - (second * (near.z[0] - far.z[0])) / (second - first);
}

function nearEdge(
  resolvent: FeatureResolvent,
  x: number,
  starts: readonly ResolventPoint[],
  width: number,
): ResolventPoint | undefined {
  try {
    return resolvent.at([x, 0], ...starts);
  } catch (error) {
    if (error instanceof ConvergenceError && width <= AT_EDGE * x) return undefined;
    throw error;
  }
}
