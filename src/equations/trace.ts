import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import {
  along,
  correct,
  type Family,
  innerProduct,
  nullDirection,
  type Point,
  setPoint,
  type Tangent,
  tangentAt,
} from "./continuation.ts";
import type { FixedPointSystem } from "./fixedPointSystem.ts";
import { gridErrorsAt } from "./search.ts";
import type { SaddlePointSolution } from "./solution.ts";
import { solutionAt } from "./solutionAt.ts";

/** A point of a branch with its direction. */
export interface BranchPoint extends Tangent {
  readonly y: Point;
}

/** A special point of a branch. */
export interface SpecialPoint {
  readonly kind: "fold" | "bifurcation";
  readonly y: Point;
  readonly direction: Point;
}

/** A branch as it was traced. */
export interface Trace {
  readonly nodes: readonly BranchPoint[];
  readonly special: readonly SpecialPoint[];
  /** Why it ended: at the window's edge, at an end of a range, after as many points as are allowed, or where no step succeeded. */
  readonly ended: "window" | "range" | "length" | "stuck";
}

const FIRST_STEP = 0.005;
const LONGEST_STEP = 0.02;
/** Where an unknown is near an end of its range, and the branch is straight in its coordinate. */
const LONGEST_NEAR_END = 0.3;
const SHORTEST_STEP = 1e-9;
const MOST_POINTS = 4000;
/** Cosine of the angle between successive directions. */
const STRAIGHT = 0.985;
const TOO_CURVED = 0.9;
/** Distance from an end of a range, relative to the range or to 1, at which a branch has arrived. */
const ARRIVED = 1e-9;

/**
 * Follows a branch from a point of it by pseudo-arclength, through folds, until it leaves the window 0 ≤ p ≤ 1 or arrives at an
 * end of a range.
 *
 * @param visit told of every node when it is reached, while its averages are at hand
 */
export function trace(
  family: Family,
  start: Point,
  towards: Point,
  visit: (y: Point) => void = () => undefined,
): Trace {
  const first = tangentAt(family, start, towards);
  if (!first) return { nodes: [], special: [], ended: "stuck" };
  const nodes: BranchPoint[] = [{ y: start, ...first }];
  visit(start);
  const special: SpecialPoint[] = [];
  const n = family.fixed.size;
  let step = FIRST_STEP;
  while (nodes.length < MOST_POINTS) {
    const here = nodes.at(-1)!;
    const longest = nearEnd(family.fixed, here.y, 1e-3) ? LONGEST_NEAR_END : LONGEST_STEP;
    step = Math.min(step, longest);
    const next = advance(family, here, step);
    if (!next) {
      step /= 2;
      if (step < SHORTEST_STEP) return { nodes, special, ended: "stuck" };
      continue;
    }
    const outside = next.y[n]! < 0 || next.y[n]! > 1;
    const kept = outside ? atEdge(family, here, next) : next;
    if (kept) {
      visit(kept.y);
      nodes.push(kept);
    }
    special.push(...specialBetween(family, here, next).filter(({ y }) => y[n]! >= 0 && y[n]! <= 1));
    if (outside) return { nodes, special, ended: "window" };
    if (nearEnd(family.fixed, next.y, ARRIVED)) return { nodes, special, ended: "range" };
    if (innerProduct(here.direction, next.direction) > STRAIGHT) step *= 1.6;
  }
  return { nodes, special, ended: "length" };
}

function nearEnd(fixed: FixedPointSystem, y: Point, closeness: number): boolean {
  return fixed.coordinates.some((coordinate, i) => coordinate.nearEnd(y[i]!, closeness) !== undefined);
}

/** The next node, unless the branch bends too much on the way or Newton's method went elsewhere. */
function advance(family: Family, here: BranchPoint, step: number): BranchPoint | undefined {
  const guess = along(here.y, here.direction, step);
  const y = correct(family, guess, here.direction);
  if (!y) return undefined;
  const away = y.map((value, i) => value - guess[i]!);
  if (Math.sqrt(innerProduct(away, away)) > 0.5 * step) return undefined;
  const tangent = tangentAt(family, y, here.direction);
  if (!tangent || innerProduct(tangent.direction, here.direction) < TOO_CURVED) return undefined;
  return { y, ...tangent };
}

/** The point of the branch between two nodes at the edge of the window. */
function atEdge(family: Family, here: BranchPoint, next: BranchPoint): BranchPoint | undefined {
  const n = family.fixed.size;
  const edge = next.y[n]! < 0 ? 0 : 1;
  const share = (edge - here.y[n]!) / (next.y[n]! - here.y[n]!);
  const guess = here.y.map((value, i) => value + share * (next.y[i]! - value));
  guess[n] = edge;
  const across = new Float64Array(n + 1);
  across[n] = 1;
  const y = correct(family, guess, across);
  const tangent = y && tangentAt(family, y, here.direction);
  return y && tangent && { y, ...tangent };
}

/** Folds, where the parameter turns, and points where another branch crosses. */
function specialBetween(family: Family, here: BranchPoint, next: BranchPoint): SpecialPoint[] {
  const n = family.fixed.size;
  const turns = here.direction[n]! * next.direction[n]! < 0;
  const crosses = here.determinant * next.determinant < 0;
  if (!turns && !crosses) return [];
  const measure = (node: Tangent): number => (crosses ? node.determinant : node.direction[n]!);
  const away = next.y.map((value, i) => value - here.y[i]!);
  const length = innerProduct(away, here.direction);
  let found: BranchPoint | undefined;
  const at = (s: number): number => {
    if (s === 0) return measure(here);
    if (s === length) return measure(next);
    const there = pointAt(family, here, s);
    if (!there) return NaN;
    found = there;
    return measure(found);
  };
  if (crosses) {
    const first = (length * here.determinant) / (here.determinant - next.determinant);
    const special = crossingNear(family, here, first, length);
    if (special) return [special];
  }
  bracketedRoot(at, 0, length, 1e-13);
  return found ? [{ kind: crosses ? "bifurcation" : "fold", y: found.y, direction: found.direction }] : [];
}

/** The point of the branch at a length along the direction of another. */
function pointAt(family: Family, here: BranchPoint, s: number): BranchPoint | undefined {
  const y = correct(family, along(here.y, here.direction, s), here.direction);
  const tangent = y && tangentAt(family, y, here.direction);
  return y && tangent && { y, ...tangent };
}

/** Distances of samples around a crossing, in units that shrink with every round, relative to the step. */
const AROUND = [-3, -2, -1, 1, 2, 3];
const UNITS = [0.15, 0.05];

/**
 * Where another branch crosses, by interpolation between points on both sides: at the point itself Newton's matrix is singular,
 * so that none can be found near it.
 */
function crossingNear(family: Family, here: BranchPoint, first: number, length: number): SpecialPoint | undefined {
  let s = first;
  let special: SpecialPoint | undefined;
  for (const unit of UNITS) {
    const places = AROUND.map((k) => s + k * unit * length);
    const points = places.map((place) => pointAt(family, here, place));
    if (!points.every((point) => point !== undefined)) return special;
    const determinants = points.map(({ determinant }) => determinant);
    const determinant = (at: number): number => interpolated(places, determinants, at);
    const [low, high] = [places[0]!, places.at(-1)!];
    if (!(determinant(low) * determinant(high) < 0)) return special;
    s = bracketedRoot(determinant, low, high, 1e-14);
    const part = (read: (point: BranchPoint) => Point): Point =>
      here.y.map((_, i) => interpolated(places, points.map((point) => read(point)[i]!), s)); // prettier-ignore
    special = { kind: "bifurcation", y: part(({ y }) => y), direction: part(({ direction }) => direction) };
  }
  return special;
}

/** The polynomial through values at places, by Neville's scheme. */
function interpolated(places: readonly number[], values: readonly number[], at: number): number {
  const column = [...values];
  for (let width = 1; width < column.length; width++) {
    for (let i = 0; i + width < column.length; i++) {
      const [left, right] = [places[i]!, places[i + width]!];
      column[i] = ((at - right) * column[i]! + (left - at) * column[i + 1]!) / (left - right);
    }
  }
  return column[0]!;
}

/** Starts of the two halves of the branch that crosses at a point. */
export function crossingBranch(family: Family, at: SpecialPoint): { y: Point; direction: Point }[] {
  const across = nullDirection(family, at.y, at.direction);
  if (!across) return [];
  return [1, -1].flatMap((sign) => {
    const direction = across.map((value) => sign * value);
    for (const distance of [0.01, 0.003, 0.03]) {
      const y = correct(family, along(at.y, direction, distance), direction);
      if (y) return [{ y, direction }];
    }
    return [];
  });
}

/** The solution at a point of a branch. */
export function solutionOf(family: Family, y: Point): SaddlePointSolution {
  setPoint(family, y);
  const w = y.subarray(0, family.fixed.size);
  const gridErrors = gridErrorsAt(family.fixed, w);
  return solutionAt(family.fixed, w, gridErrors, new Map());
}
