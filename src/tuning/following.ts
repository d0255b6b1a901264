import type { Search } from "./axes.ts";
import { closerWhereLow } from "./closerScan.ts";
import { distanceBetween } from "../numerics/distance.ts";
import { lowestNear } from "./lineMinimum.ts";
import { distinct, estimateOf, type FoundMinimum, minimumAt } from "./minimum.ts";
import { type Evaluate, type Place, withItem } from "./place.ts";
import { localMinima, refined } from "./refinement.ts";
import { type Scan, scanned, scanOf, SPACING } from "./searchScan.ts";
import { Watch } from "./watch.ts";

/** Scans between neighbouring points of a sweep, on the natural scale by the number of tuned parameters. */
const FOLLOWING = [2, 4.6, 5, 6];
/** Beyond this factor between two points the later one takes over nothing but the place where it looks first. */
const FARTHEST = Math.log(2);
/** Places by which the next one is predicted. */
const LONGEST_TRAIL = 3;

/** A place that was lowest, and how far along the sweep. */
interface Step {
  readonly along: number;
  readonly place: Place;
}

/**
 * Lowest minima of one description after another: each near the place that those before it predict, with a coarse scan for
 * others that may have become lower. Of the scan, only what could have come down that far is looked at again.
 */
export class Follower {
  private readonly scan: Scan;
  private readonly watch: Watch;
  private trail: readonly Step[] = [];
  private last: object | undefined;
  private along = 0;

  constructor(private readonly search: Search) {
    this.scan = scanOf(search, FOLLOWING, false);
    this.watch = new Watch(search, this.scan);
  }

  /** The lowest first; of the others, those that might have been it. */
  next(description: object, at: Evaluate): readonly FoundMinimum[] {
    const moved = this.last ? distanceBetween(this.last, description) : Infinity;
    this.last = description;
    const found = this.follow(moved, at) ?? this.startAnew(at);
    const [best] = found;
    const before = this.trail.filter(({ along }) => along < this.along);
    if (best) this.trail = [...before, { along: this.along, place: best.place }].slice(-LONGEST_TRAIL);
    return found;
  }

  private startAnew(at: Evaluate): readonly FoundMinimum[] {
    const { search } = this;
    const known = this.trail.at(-1)?.place;
    this.trail = [];
    this.along = 0;
    const isLine = search.axes.length === 1;
    const coarse = scanned(known ? this.scan : scanOf(search, isLine ? FOLLOWING : SPACING, true), at);
    const whole = isLine ? closerWhereLow(coarse, search.axes[0]!.scale, SPACING[0]!, at) : coarse;
    const minima = localMinima(search, at, whole, known);
    const [best] = minima;
    if (best) this.watch.startAt(best.place, { along: 0, lowest: estimateOf(best) }, whole);
    return minima;
  }

  private follow(moved: number, at: Evaluate): readonly FoundMinimum[] | undefined {
    if (!(moved <= FARTHEST)) return undefined;
    const along = (this.along += moved);
    const { search } = this;
    const place = predicted(this.trail, along);
    const known = place && (followed(search, at, place) ?? refined(search, at, place));
    if (!known) return undefined;
    const minima = distinct([known, ...this.watch.others(known.place, { along, lowest: estimateOf(known) }, at)]);
    if (minima[0] !== known) this.trail = [];
    return minima;
  }
}

/** The place where the polynomial through the latest ones leads, or the last of them where one is at an end. */
function predicted(trail: readonly Step[], along: number): Place | undefined {
  const last = trail.at(-1);
  return last?.place.map((item, axis) => {
    const points = trail.map(({ along: x, place }) => [x, place[axis]!] as const);
    const inside = points.every((point): point is readonly [number, number] => typeof point[1] === "number");
    return inside ? extrapolated(points, along) : item;
  });
}

/** Lagrange's polynomial through points (x_i, y_i), no two at one place, at x. */
function extrapolated(points: readonly (readonly [x: number, y: number])[], x: number): number {
  let sum = 0;
  for (const [own, y] of points) {
    let weight = 1;
    for (const [other] of points) if (other !== own) weight *= (x - other) / (own - other);
    sum += weight * y;
  }
  return sum;
}

/** The minimum along the only axis that is not at an end, close to a place; undefined where values there do not show it. */
function followed(search: Search, at: Evaluate, place: Place): FoundMinimum | undefined {
  const axis = place.findIndex((item) => typeof item === "number");
  if (axis < 0 || place.filter((item) => typeof item === "number").length > 1) return undefined;
  const placeAt = (u: number): Place => withItem(place, axis, u);
  const { lowest, highest } = search.axes[axis]!.scale;
  const found = lowestNear((u) => (u >= lowest && u <= highest ? at(placeAt(u)) : undefined), place[axis] as number);
  return found && minimumAt(search, placeAt(found.at), found.value, [found.error]);
}
