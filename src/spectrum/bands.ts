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
  const hidden: number[] = [];
  let first: number | undefined;
  samples.forEach((here, i) => {
    if (!isInside(here.point)) return;
    first ??= i;
    if (samples[i + 1] && isInside(samples[i + 1]!.point)) return;
    const { right, highest, count } = upperEnd(resolvent, samples, first, hidden);
    const lower = lowerEnd(resolvent, samples, i, atom, hidden);
    const inside = samples.slice(first, i + 1).map(({ point }) => point);
    bands.push({ right, highest, ...lower, mass: count - lower.countBelow, inside });
    first = undefined;
  });
  if (hidden.length === 0) return bands.reverse();
  if (known.length < MOST_HIDDEN) return bulkBands(resolvent, atom, [...known, ...hidden]);
  const detail = "eigenvalues beside an edge that no interval holds";
  throw new ConvergenceError("max-iterations", detail, NaN, { x: hidden[0]! });
}

/** The end above a sample inside: an edge, the place where a tail is lost before a gap, or none. */
function upperEnd(resolvent: FeatureResolvent, samples: readonly AxisSample[], first: number, hidden: number[]) {
  const [here, above] = [samples[first]!, samples[first - 1]];
  if (above?.point.branch === "gap") {
    const edge = checkedEdge(resolvent, above, here, hidden);
    return { right: edge, highest: edge, count: above.below };
  }
  const gap = samples.slice(0, first).findLast(({ point }) => point.branch === "gap");
  if (!above || !gap) return { right: Infinity, highest: (above ?? here).x, count: (above ?? here).below };
  const [end] = endOfTail(resolvent, here, above);
  return { right: end, highest: end, count: gap.below };
}

/** The end below a sample inside, likewise; a tail may reach down to zero. */
function lowerEnd(
  resolvent: FeatureResolvent,
  samples: readonly AxisSample[],
  last: number,
  atom: number,
  hidden: number[],
) {
  const [here, below] = [samples[last]!, samples[last + 1]];
  if (below?.point.branch === "gap") {
    const edge = checkedEdge(resolvent, below, here, hidden);
    return { left: edge, lowest: edge, countBelow: below.below, massBelow: 0 };
  }
  const gap = samples.slice(last).find(({ point }) => point.branch === "gap");
  const [lowest, known] = below ? endOfTail(resolvent, here, below) : [here.x, here.below];
  return { left: gap ? lowest : 0, lowest, countBelow: known, massBelow: known - (gap ? gap.below : atom) };
}

/** Counts differ by less in one gap. */
const SAME_COUNT = 1e-8;
/** Places beside edges at which other bands may be noticed. */
const MOST_HIDDEN = 60;

/** The edge; a place beside it is noted in `hidden` where another band lies between it and the sample outside. */
function checkedEdge(resolvent: FeatureResolvent, outside: AxisSample, inside: AxisSample, hidden: number[]): number {
  const edge = bandEdge(resolvent, outside.point, inside.point);
  const count = resolvent.massBelow(edge.outside);
  if (!(Math.abs(count - outside.below) <= SAME_COUNT)) hidden.push(edge.outside.z[0]);
  return edge.x;
}

/** On a logarithmic scale. */
const END_DISTANCE = 5e-4;

/** Where a density becomes negligible: it may fall by powers of ten between two points, almost as at an edge. */
function endOfTail(resolvent: FeatureResolvent, inside: AxisSample, outside: AxisSample): [x: number, below: number] {
  let [last, end] = [inside.point, outside.x];
  while (Math.abs(Math.log(last.z[0] / end)) > END_DISTANCE) {
    const point = attemptAt(resolvent, Math.sqrt(last.z[0] * end), last);
    if (point && isInside(point)) last = point;
    else end = Math.sqrt(last.z[0] * end);
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
