import type { Estimate } from "../numerics/stencil.ts";
import type { Search } from "./axes.ts";
import { Distances } from "./distances.ts";
import type { FoundMinimum } from "./minimum.ts";
import type { Evaluate, Place } from "./place.ts";
import { refined } from "./refinement.ts";
import { CAUTION, type Expected, type Progress, Remembered } from "./remembered.ts";
import { around, covers, type Inward, inward, lowPlaces, nearestOn, type Scan, type Scanned } from "./searchScan.ts";

/** The value of a place: looked at now, or expected. */
interface Known extends Expected {
  readonly isLooked: boolean;
}

/**
 * A coarse scan along a sweep for minima that may have become lower than the known one. Only what could have come down that far is looked
 * at: neither what has been far above and has not changed fast, nor what was close to a place that is still far above.
 */
export class Watch {
  private readonly places = new Remembered();
  private readonly distances = new Distances();
  private readonly minima = new Remembered();

  constructor(
    private readonly search: Search,
    private readonly scan: Scan,
  ) {}

  /** Starts again, from a scan that has been looked at, some of whose places may be the own ones. */
  startAt(known: Place, now: Progress, { scan, values }: Scanned): void {
    this.places.forget();
    this.distances.forget();
    this.minima.forget();
    const seen = this.scan.places.map((place): Known | undefined => {
      const index = scan.places.findIndex((other) => place.every((item, axis) => item === other[axis]));
      return index < 0 ? undefined : looked(values[index]);
    });
    seen.forEach((value, i) => value && this.places.keep(i, now, value.estimate));
    this.keepDistances(inward(this.scan, known), now, seen);
  }

  /** The minima away from the known one that might be the lowest. */
  others(known: Place, now: Progress, at: Evaluate): FoundMinimum[] {
    return this.lowBeside(known, now, at).flatMap((index) => {
      const found = refined(this.search, at, this.scan.places[index]!);
      this.minima.keep(index, now, found && { value: found.value, error: 0 });
      return found ?? [];
    });
  }

  /** Indices of low places away from the known one, which are looked at with their neighbours. */
  private lowBeside(known: Place, now: Progress, at: Evaluate): readonly number[] {
    const { scan } = this;
    const look = (index: number): Known => {
      const value = at(scan.places[index]!);
      this.places.keep(index, now, value);
      return looked(value);
    };
    const order = inward(scan, known);
    const seen: Known[] = [];
    for (const place of order) seen[place.index] = this.expected(place, seen, known, now) ?? look(place.index);
    for (;;) {
      const low = this.lowOf(seen, known, now);
      const expected = low.flatMap((index) => around(scan, index)).filter((index) => !seen[index]!.isLooked);
      if (expected.length === 0) {
        this.keepDistances(order, now, seen);
        return low;
      }
      for (const index of new Set(expected)) seen[index] = look(index);
    }
  }

  private lowOf(seen: readonly Known[], known: Place, now: Progress): number[] {
    const { scan, minima } = this;
    const values = seen.map(({ estimate }) => estimate);
    const away = lowPlaces({ scan, values }).filter((place) => !covers(known, place, scan));
    return away
      .map((place) => scan.places.indexOf(place))
      .filter((index) => !minima.expected(index, now) && !isShallow({ scan, values }, index, now.lowest));
  }

  private expected({ index, nearer }: Inward, seen: readonly Known[], known: Place, now: Progress): Known | undefined {
    const { scan, places, distances } = this;
    const place = scan.places[index]!;
    if (isBesideEnd(place, known, scan)) return undefined;
    let expected = places.expected(index, now, !covers(known, place, scan));
    for (const other of nearer) expected ??= distances.expected(index, other, seen[other]!, now);
    return expected && { ...expected, isLooked: false };
  }

  private keepDistances(order: readonly Inward[], now: Progress, seen: readonly (Known | undefined)[]): void {
    const lookedAt = (index: number) => (seen[index]?.isLooked ? seen[index].estimate : undefined);
    for (const { index, nearer } of order) {
      const own = lookedAt(index);
      for (const other of own ? nearer : []) {
        const from = lookedAt(other);
        if (from) this.distances.keep(index, other, now, own!, from);
      }
    }
  }
}

function looked(estimate: Estimate | undefined): Known {
  return { estimate, isLooked: true, slack: 0 };
}

/** Whether the values around a low place differ by so little beside how far they are above the lowest that none between them is as low. */
function isShallow({ scan, values }: Scanned, index: number, lowest: Estimate): boolean {
  const own = values[index]!;
  const depth = around(scan, index).map((i) => {
    const other = values[i];
    return other ? Math.abs(other.value - own.value) + other.error : Infinity;
  });
  return own.value - CAUTION * Math.max(...depth) > lowest.value + lowest.error;
}

/** Whether a place of the scan is next to one at an end, from which a minimum may come inside. */
function isBesideEnd(place: Place, known: Place, { axes }: Scan): boolean {
  if (!known.some((item) => typeof item === "string")) return false;
  return known.every((item, axis) => {
    const own = axes[axis]!;
    return typeof item === "number" || Math.abs(own.indexOf(place[axis]!) - nearestOn(own, item)) <= 1;
  });
}
