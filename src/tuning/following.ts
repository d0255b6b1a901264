import type { Search } from "./axes.ts";
import { distanceBetween } from "../numerics/distance.ts";
import { lowestNear } from "./lineMinimum.ts";
import { distinct, estimateOf, type FoundMinimum, minimumAt } from "./minimum.ts";
import { type Evaluate, type Place, withItem } from "./place.ts";
import { localMinima, refined } from "./refinement.ts";
import { covers, lowPlaces, type Scan, scanOf, SPACING } from "./searchScan.ts";
import type { Estimate } from "../numerics/stencil.ts";
import { type Progress, Remembered } from "./remembered.ts";

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
  private readonly scanned = new Remembered();
  private readonly others = new Remembered();
  private trail: readonly Step[] = [];
  private last: object | undefined;
  private along = 0;

  constructor(private readonly search: Search) {
    this.scan = scanOf(search, FOLLOWING, false);
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
    const known = this.trail.at(-1)?.place;
    this.trail = [];
    this.along = 0;
    this.scanned.forget();
    this.others.forget();
    return localMinima(this.search, at, known ? FOLLOWING : SPACING, known);
  }

  private follow(moved: number, at: Evaluate): readonly FoundMinimum[] | undefined {
    if (!(moved <= FARTHEST)) return undefined;
    const along = (this.along += moved);
    const { search } = this;
    const place = predicted(this.trail, along);
    const known = place && (followed(search, at, place) ?? refined(search, at, place));
    if (!known) return undefined;
    const now = { along, lowest: estimateOf(known) };
    const found = this.lowBeside(known.place, now, at).flatMap((other) => this.refinedOther(other, now, at) ?? []);
    const minima = distinct([known, ...found]);
    if (minima[0] !== known) this.trail = [];
    return minima;
  }

  /** Low places of the scan away from the known one: what of it is expected is looked at where it shows any. */
  private lowBeside(known: Place, now: Progress, at: Evaluate): readonly Place[] {
    const { scan, scanned } = this;
    const values = scan.places.map((place, i) => {
      const matters = !covers(known, place, scan);
      return isBesideEnd(place, known, scan) ? undefined : scanned.expected(i, now, matters);
    });
    const look = (i: number): Estimate | undefined => {
      const value = at(scan.places[i]!);
      scanned.keep(i, now, value);
      values[i] = { estimate: value };
      return value;
    };
    const isExpected = values.map((value) => value !== undefined);
    const low = () =>
      lowPlaces(
        scan,
        values.map((value, i) => (value ? value.estimate : look(i))),
      ).filter((place) => !covers(known, place, scan));
    const first = low();
    if (first.length === 0 || !isExpected.includes(true)) return first;
    isExpected.forEach((expected, i) => expected && look(i));
    return low();
  }

  /** The minimum near a place of the scan, if it might be the lowest. */
  private refinedOther(place: Place, now: Progress, at: Evaluate): FoundMinimum | undefined {
    const { search, scan, others } = this;
    const key = scan.places.indexOf(place);
    if (others.expected(key, now)) return undefined;
    const found = refined(search, at, place);
    others.keep(key, now, found && { value: found.value, error: 0 });
    return found;
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

/** Whether a place of the scan is next to one at an end, from which a minimum may come inside. */
function isBesideEnd(place: Place, known: Place, { axes }: Scan): boolean {
  if (!known.some((item) => typeof item === "string")) return false;
  return known.every((item, axis) => {
    const own = axes[axis]!;
    const index = own.indexOf(item);
    return typeof item === "number" || (index >= 0 && Math.abs(own.indexOf(place[axis]!) - index) <= 1);
  });
}
