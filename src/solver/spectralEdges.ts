import { ConvergenceError } from "../errors.ts";
import { solveInPlace } from "../numerics/linearAlgebra.ts";
import type { ComplexTraceMap } from "./complexTraceMap.ts";
import type { FeatureResolvent, ResolventPoint } from "./featureResolvent.ts";

/** One interval of the bulk, with a point of the resolvent inside. */
export interface BulkInterval {
  /** 0 for a bulk that reaches down to zero. */
  readonly left: number;
  /** Infinity for a bulk without upper edge. */
  readonly right: number;
  readonly inside: ResolventPoint;
  /** Where the density is to be integrated from and to: the edges, or where a tail without edge has next to no mass. */
  readonly lowest: number;
  readonly highest: number;
  /** Mass below `lowest`. */
  readonly below: number;
}

/** Ratio of neighbouring x in the scan: fine over the first decades below the top, then coarse. */
const FINE_RATIO = 1.15;
const COARSE_RATIO = 1.6;
const FINE_DECADES = 3;
/** Outside the bulk the scan ends at this fraction of the top, */
const BOTTOM = 1e-14;
/** inside where the mass below is this, if the density goes on as a power, or where squares are about to underflow. */
const [LITTLE_MASS, SMALLEST] = [1e-7, 1e-140];
/** Mass that a tail may have where it cannot be followed any farther. */
const MISSING = 1e-2;
/** Far down, where the density is close to a power, the logarithm of x grows by this part from point to point. */
const GROWTH = 0.05;

/**
 * Intervals of the bulk on the positive axis, ascending: a scan of real z tells inside from outside, and an edge is where
 * the real solution outside has dx/ds = 0 (Silverstein & Choi 1995). Where the features' variance given κ comes arbitrarily
 * near zero, or grows without bound, a bulk may have tails instead, down to zero or up to infinity.
 *
 * @param refinement divides the logarithm of the scan's ratios
 * @param known points found inside or outside by others, to be used as well
 */
export function bulkIntervals(
  resolvent: FeatureResolvent,
  refinement = 1,
  known: readonly ResolventPoint[] = [],
): BulkInterval[] {
  const samples = [...scan(resolvent, refinement), ...known].sort((a, b) => b.z[0] - a.z[0]);
  const first = samples.findIndex(isInside);
  // Few samples of a wide network make a bulk that is narrower than the steps of the scan.
  if (first < 0) return refinement < FINEST ? bulkIntervals(resolvent, 4 * refinement, known) : [];
  const last = samples.findLastIndex(isInside);
  const intervals: BulkInterval[] = [];
  let upper: { right: number; highest: number } | undefined;
  let inside: ResolventPoint | undefined;
  for (let i = first; i <= last; i++) {
    const [above, here, below] = [samples[i - 1], samples[i]!, samples[i + 1]];
    if (here.branch === "gap") continue;
    if (isInside(here)) inside ??= here;
    if (!upper && above) {
      const edge = above.branch === "gap" ? edgeBetween(resolvent, above, here) : undefined;
      upper = { right: edge ?? Infinity, highest: edge ?? above.z[0] };
    }
    if (below?.branch === "gap") {
      const left = edgeBetween(resolvent, below, here);
      intervals.push({ ...upper!, left, lowest: left, inside: inside!, below: 0 });
      upper = inside = undefined;
    }
  }
  if (upper) {
    const [lowest, below] = [samples[last]!, samples[last + 1]];
    const end = below ? { lowest: endOfTail(resolvent, lowest, below), below: 0 } : undefined;
    const power = { lowest: lowest.z[0], below: powerLawMass(lowest) };
    intervals.push({ ...upper, left: 0, inside: inside!, ...(end ?? power) });
  }
  return intervals.reverse();
}

/** Finest scan for a bulk of which the coarser ones met nothing. */
const FINEST = 1000;

/** Mass in a factor e of x below which a tail is cut. */
const TAIL_MASS = 1e-9;
const isInside = ({ branch, z, stieltjes }: ResolventPoint) =>
  branch === "bulk" && z[0] * stieltjes[1] > TAIL_MASS * Math.PI;

const END_RATIO = 1.0005;

/** Where a density becomes negligible: it may fall by powers of ten between two points, almost as at an edge. */
function endOfTail(resolvent: FeatureResolvent, inside: ResolventPoint, outside: ResolventPoint): number {
  let [last, end] = [inside, outside.z[0]];
  while (last.z[0] > END_RATIO * end) {
    const middle = Math.sqrt(last.z[0] * end);
    const point = pointNearEdge(resolvent, middle, last, Infinity);
    if (point && isInside(point)) last = point;
    else end = middle;
  }
  return last.z[0];
}

/** ∫_0^x ρ for a density that goes on below x as the power that it has there. */
function powerLawMass({ z, stieltjes, slope }: ResolventPoint): number {
  const exponent = (z[0] * slope[1]) / stieltjes[1];
  return (z[0] * stieltjes[1]) / Math.PI / Math.max(0.001, 1 + exponent);
}

/** Points from above the bulk down to (almost) zero. */
function scan(resolvent: FeatureResolvent, refinement: number): ResolventPoint[] {
  let x = 4 * resolvent.firstMoment;
  let point = resolvent.at([x, 0]);
  while (!aboveAll(resolvent, point)) {
    x *= 2;
    point = resolvent.at([x, 0]);
  }
  const top = x;
  const samples = [point];
  const goesOn = () => {
    if (x > resolvent.firstMoment) return true;
    if (point.branch === "gap") return x > BOTTOM * top;
    return point.branch === "bulk" && x > SMALLEST * top && powerLawMass(point) > LITTLE_MASS;
  };
  while (goesOn()) {
    const coarse = Math.max(COARSE_RATIO, (top / x) ** GROWTH);
    const next = stepDown(resolvent, point, (x > 10 ** -FINE_DECADES * top ? FINE_RATIO : coarse) ** (1 / refinement));
    if (!next) break;
    point = next;
    x = point.z[0];
    samples.push(point);
  }
  return samples;
}

/** Where a tail can still be followed, steps of this ratio can. */
const LEAST_RATIO = 1.05;

/** The next point down the axis, nearer where a long step fails; none where a tail with little mass cannot be followed. */
function stepDown(resolvent: FeatureResolvent, from: ResolventPoint, ratio: number): ResolventPoint | undefined {
  for (let step = ratio; ; step = Math.sqrt(step)) {
    try {
      return resolvent.at([from.z[0] / step, 0], from);
    } catch (error) {
      if (!(error instanceof ConvergenceError)) throw error;
      if (step > LEAST_RATIO) continue;
      if (from.branch === "bulk" && powerLawMass(from) < MISSING) return undefined;
      throw error;
    }
  }
}

/** Outside, with no eigenvalue above: then g < 0 for all groups and 1 + V > 0 for all samples. Or far out in a tail. */
function aboveAll(resolvent: FeatureResolvent, point: ResolventPoint): boolean {
  if (point.branch !== "gap") return point.branch === "tail";
  const { traces } = point;
  const K = resolvent.groups;
  for (let k = 1; k <= K; k++) if (!(traces[traces.length - 2 * k]! < 0)) return false;
  return resolvent.damping(point).every((value) => value > 0);
}

const MOST_BISECTIONS = 80;

/** The edge between a point outside and one inside. */
function edgeBetween(resolvent: FeatureResolvent, outside: ResolventPoint, inside: ResolventPoint): number {
  let [gap, bulk] = [outside, inside];
  for (let step = 0; step < MOST_BISECTIONS; step++) {
    const [a, b] = [gap.z[0], bulk.z[0]];
    if (Math.abs(a - b) <= 0.05 * Math.max(a, b)) {
      const edge = polishEdge(resolvent.last, gap, bulk);
      if (edge !== undefined && (edge - a) * (edge - b) <= 0) return edge;
    }
    const middle = 0.5 * (a + b);
    if (middle === a || middle === b) return middle;
    const point = pointNearEdge(resolvent, middle, bulk, Math.abs(a - b));
    if (!point) return middle;
    if (point.branch === "gap") gap = point;
    else bulk = point;
  }
  return 0.5 * (gap.z[0] + bulk.z[0]);
}

/** Width, relative to x, of a bracket of the edge in which a point may have no solution: at the edge itself it is not analytic. */
const AT_EDGE = 1e-6;

function pointNearEdge(
  resolvent: FeatureResolvent,
  x: number,
  start: ResolventPoint,
  width: number,
): ResolventPoint | undefined {
  try {
    return resolvent.at([x, 0], start);
  } catch (error) {
    if (error instanceof ConvergenceError && width <= AT_EDGE * x) return undefined;
    throw error;
  }
}

const MOST_SECANTS = 40;

/** Secant on dx/ds = 0 along the real solution, which goes through the edge smoothly when followed in s. */
function polishEdge(map: ComplexTraceMap, gap: ResolventPoint, bulk: ResolventPoint): number | undefined {
  const m = gap.traces.length / 2;
  const u = Float64Array.from({ length: m }, (_, a) => gap.traces[2 * a]!);
  let state = { s: gap.stieltjes[0], x: gap.z[0], rise: 1 / gap.slope[0] };
  let next: typeof state | undefined = follow(map, u, state.x, bulk.stieltjes[0]);
  for (let step = 0; next && step < MOST_SECANTS; step++) {
    const change = (-next.rise * (next.s - state.s)) / (next.rise - state.rise);
    if (!Number.isFinite(change) || Math.abs(change) <= 1e-9 * Math.abs(next.s)) return next.x;
    state = next;
    next = follow(map, u, state.x, state.s + change);
  }
  return undefined;
}

/** Solves for the real traces and x at a given s = Σg; u is the start and becomes the traces. */
function follow(
  map: ComplexTraceMap,
  u: Float64Array,
  start: number,
  s: number,
): { s: number; x: number; rise: number } | undefined {
  const m = u.length;
  const n = m + 1;
  const K = map.bulk.groups;
  const complexTraces = new Float64Array(2 * m);
  const matrix = new Float64Array(n * n);
  const columns = new Float64Array(2 * n);
  let x = start;
  for (let step = 0; step < 25; step++) {
    for (let a = 0; a < m; a++) complexTraces[2 * a] = u[a]!;
    if (map.evaluate([x, 0], complexTraces) !== undefined) return undefined;
    let sum = 0;
    matrix.fill(0);
    for (let a = 0; a < m; a++) {
      for (let b = 0; b < m; b++) matrix[a * n + b] = map.jacobian[2 * (a * m + b)]!;
      matrix[a * n + m] = -map.drive[2 * a]!;
      columns[2 * a] = map.residual[2 * a]!;
      columns[2 * a + 1] = 0;
      if (a >= m - K) {
        matrix[m * n + a] = 1;
        sum += u[a]!;
      }
    }
    columns[2 * m] = s - sum;
    columns[2 * m + 1] = 1;
    if (!solveInPlace(matrix, columns, n, 2)) return undefined;
    let size = Math.abs(columns[2 * m]!) / Math.abs(x);
    for (let a = 0; a < m; a++) {
      u[a]! += columns[2 * a]!;
      if (a >= m - K) size = Math.max(size, Math.abs(columns[2 * a]! / u[a]!));
    }
    x += columns[2 * m]!;
    if (!Number.isFinite(size)) return undefined;
    if (size <= 1e-13 || (size <= 1e-11 && step > 8)) return { s, x, rise: columns[2 * m + 1]! };
  }
  return undefined;
}
