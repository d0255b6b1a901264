import { ConvergenceError } from "../errors.ts";
import { type AxisSample, sampleAxis } from "./axisSamples.ts";
import { bandEdge } from "./bandEdge.ts";
import type { FeatureResolvent, ResolventPoint } from "./featureResolvent.ts";

/** One interval of the bulk. */
export interface Band {
  /** 0 for a bulk that reaches down to zero. */
  readonly left: number;
  /** Infinity for a bulk without upper edge. */
  readonly right: number;
  /** Where the density is to be integrated from and to: the edges, or where a tail without edge has next to no mass. */
  readonly lowest: number;
  readonly highest: number;
  /** Share of the eigenvalues between `lowest` and `highest`, by counting them. */
  readonly mass: number;
  /** Share of the eigenvalues below `lowest`, zero included, */
  readonly countBelow: number;
  /** and without zero, if the band goes on there. */
  readonly massBelow: number;
  /** Solutions inside, descending. */
  readonly inside: readonly ResolventPoint[];
}

/** A part of the mass in a factor e of x below which a tail is cut. */
const TAIL_MASS = 1e-9;
const isInside = ({ branch, z, stieltjes }: ResolventPoint) =>
  branch === "bulk" && z[0] * stieltjes[1] > TAIL_MASS * Math.PI;

/**
 * Intervals of the bulk on the positive axis, ascending. Where the features' variance given κ comes arbitrarily near zero, or grows
 * without bound, a bulk may have tails instead of edges, down to zero or up to infinity.
 *
 * @param atom mass at zero
 * @param known places where others found a gap
 */
export function bulkBands(resolvent: FeatureResolvent, atom: number, known: readonly number[] = []): Band[] {
  const samples = sampleAxis(resolvent, atom, known);
  const bands: Band[] = [];
  let open: { right: number; highest: number; above: number; inside: ResolventPoint[] } | undefined;
  samples.forEach((here, i) => {
    const [above, below] = [samples[i - 1], samples[i + 1]];
    if (!isInside(here.point)) return;
    open ??= { ...upperEnd(resolvent, above, here), inside: [] };
    open.inside.push(here.point);
    if (below && isInside(below.point)) return;
    bands.push({ ...open, ...lowerEnd(resolvent, open.above, here, below, atom) });
    open = undefined;
  });
  return bands.reverse();
}

function upperEnd(resolvent: FeatureResolvent, above: AxisSample | undefined, here: AxisSample) {
  if (!above) return { right: Infinity, highest: here.x, above: here.below };
  if (above.point.branch !== "gap") return { right: Infinity, highest: above.x, above: above.below };
  const edge = checkedEdge(resolvent, above, here);
  return { right: edge, highest: edge, above: above.below };
}

function lowerEnd(
  resolvent: FeatureResolvent,
  above: number,
  here: AxisSample,
  below: AxisSample | undefined,
  atom: number,
) {
  if (below?.point.branch === "gap") {
    const edge = checkedEdge(resolvent, below, here);
    return { left: edge, lowest: edge, mass: above - below.below, countBelow: below.below, massBelow: 0 };
  }
  const [lowest, known] = below ? endOfTail(resolvent, here, below) : [here.x, here.below];
  return { left: 0, lowest, mass: above - known, countBelow: known, massBelow: known - atom };
}

/** Counts differ by less in one gap. */
const SAME_COUNT = 1e-8;

function checkedEdge(resolvent: FeatureResolvent, outside: AxisSample, inside: AxisSample): number {
  const edge = bandEdge(resolvent, outside.point, inside.point);
  const count = resolvent.massBelow(edge.outside);
  if (!(Math.abs(count - outside.below) <= SAME_COUNT)) {
    const detail = `eigenvalues between the edge ${edge.x} and ${outside.x} that no interval holds`;
    throw new ConvergenceError("max-iterations", detail, Math.abs(count - outside.below), { x: edge.x });
  }
  return edge.x;
}

const END_RATIO = 1.0005;

/** Where a density becomes negligible: it may fall by powers of ten between two points, almost as at an edge. */
function endOfTail(resolvent: FeatureResolvent, inside: AxisSample, outside: AxisSample): [x: number, below: number] {
  let [last, end] = [inside.point, outside.x];
  while (last.z[0] > END_RATIO * end) {
    const middle = Math.sqrt(last.z[0] * end);
    const point = attemptAt(resolvent, middle, last);
    if (point && isInside(point)) last = point;
    else end = middle;
  }
  return [last.z[0], resolvent.massBelow(last)];
}

function attemptAt(resolvent: FeatureResolvent, x: number, start: ResolventPoint): ResolventPoint | undefined {
  try {
    return resolvent.at([x, 0], start);
  } catch (error) {
    if (error instanceof ConvergenceError) return undefined;
    throw error;
  }
}
