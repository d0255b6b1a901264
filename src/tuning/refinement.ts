import type { Search } from "./axes.ts";
import { localMinimum } from "./localMinimum.ts";
import { distinct, estimateOf, type FoundMinimum, minimumAt } from "./minimum.ts";
import { type Evaluate, type Place, withItem } from "./place.ts";
import { covers, FEWEST_PLACES, lowPlaces, type Scanned } from "./searchScan.ts";

const BEFORE = { lower: "lowest", upper: "highest" } as const;

/** How far from an end a way down into the range is looked for, and what of the value inside is no way down. */
const [INWARD, ROUNDING] = [[0, 0.006, 0.06, 0.6], 1e-12];
/** How often a minimum at an end may turn out to be none. */
const MOST_RELEASED = 8;

/**
 * The minima that a scan shows, the lowest first.
 *
 * @param known a place that is refined whatever the scan shows
 */
export function localMinima(search: Search, at: Evaluate, whole: Scanned, known?: Place): FoundMinimum[] {
  const low = lowPlaces(whole);
  const starts = known ? [known, ...low.filter((place) => !covers(known, place, whole.scan))] : low;
  return distinct(starts.flatMap((place) => settled(search, at, place) ?? []));
}

/** The minimum near a place of the scan, from whose ends no way leads down again. */
function settled(search: Search, at: Evaluate, place: Place): FoundMinimum | undefined {
  let found = refined(search, at, place);
  for (let k = 0; found && k < MOST_RELEASED; k++) {
    const inward = wayInward(search, at, found);
    if (!inward) return found;
    const isInside = typeof inward.place[inward.axis] === "number";
    const next = refined(search, at, inward.place, isInside ? inward.axis : undefined);
    if (!next || next.value >= found.value) return found;
    found = next;
  }
  return found;
}

/** Rounding of values of zero on an axis, beside the size of those in its middle. */
export function roundingAt({ axes }: Search, at: Evaluate, place: Place, axis: number): number {
  const { from, to } = axes[axis]!.scale;
  return ROUNDING * Math.abs(at(withItem(place, axis, 0.5 * (from + to)))?.value ?? 0);
}

/** The lowest place next to an end of a minimum that is lower than it by more than both errors. */
function wayInward(search: Search, at: Evaluate, found: FoundMinimum) {
  const { place } = found;
  const { value, error } = estimateOf(found);
  let lowest: { readonly place: Place; readonly axis: number; readonly value: number } | undefined;
  place.forEach((item, axis) => {
    if (typeof item === "number") return;
    const { scale } = search.axes[axis]!;
    const low = item === "lower" || item === "lowest";
    const tried = INWARD.map((step) => {
      const [u, last] = low ? [scale.lowest + step, "lowest" as const] : [scale.highest - step, "highest" as const];
      const inside = withItem(place, axis, step === 0 ? last : u);
      return { place: inside, axis, estimate: at(inside) };
    });
    const rounding = roundingAt(search, at, place, axis);
    for (const { estimate, ...inside } of tried) {
      const blur = (estimate?.error ?? 0) + error + rounding;
      if (estimate && estimate.value < Math.min(value - blur, lowest?.value ?? Infinity)) {
        lowest = { ...inside, value: estimate.value };
      }
    }
  });
  return lowest;
}

/**
 * The minimum near a place of the scan, with those axes held that are at an end.
 *
 * @param kept the axis that is not to be left through an end
 */
export function refined(search: Search, at: Evaluate, place: Place, kept?: number): FoundMinimum | undefined {
  const free = place.flatMap((item, axis) => (typeof item === "number" ? [axis] : []));
  if (free.length === 0) return minimumAt(search, place, at(place)!, []);
  const withFree = (u: readonly number[]): Place =>
    place.map((item, axis) => (typeof item === "number" ? u[free.indexOf(axis)]! : item));
  const start = free.map((axis) => place[axis] as number);
  const box = free.map((axis): [number, number] => [search.axes[axis]!.scale.lowest, search.axes[axis]!.scale.highest]);
  const found = localMinimum((u) => at(withFree(u)), start, box, kept === undefined ? undefined : free.indexOf(kept));
  if (found?.status === "minimum") return minimumAt(search, withFree(found.place), found.value, found.placeError);
  if (found?.status === "outside") {
    const axis = free[found.axis]!;
    const [end, last] = [withItem(place, axis, found.end), withItem(place, axis, BEFORE[found.end])];
    const [there, before] = [at(end), at(last)];
    // The last place before an end that has no solution, is not legal beside the others, or is higher, as η = 0 is than η → 0.
    const isHigher =
      there && before && there.value - before.value > there.error + before.error + roundingAt(search, at, place, axis);
    if (there && !isHigher) return refined(search, at, end, kept);
    return before && refined(search, at, last, kept);
  }
  // Where differences tell no better, the lowest place that was reached, or that of the scan, with an error that says so.
  const rough = free.map((axis) => (box[free.indexOf(axis)]![1] - box[free.indexOf(axis)]![0]) / FEWEST_PLACES);
  return found
    ? minimumAt(search, withFree(found.place), found.value, rough)
    : minimumAt(search, place, at(place)!, rough);
}
