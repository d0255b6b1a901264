import type { Estimate } from "./stencil.ts";

/** Points of a sweep after which a value is looked at again in any case. */
const MOST_POINTS = 4;
/** Times the change so far at which a value may come down unseen. */
const CAUTION = 4;

/** Where a sweep is: how far along, and the lowest value there. */
export interface Progress {
  readonly along: number;
  readonly lowest: Estimate;
}

/** A value beside the lowest one, when it was last looked at; undefined where there was none. */
interface Entry {
  readonly along: number;
  readonly above: number | undefined;
  readonly error: number;
  /** Change of `above` along the sweep; infinite where it is not known. */
  readonly rate: number;
  readonly points: number;
}

/** Values along a sweep that are looked at again where, changing several times as fast as before, they might be the lowest. */
export class Remembered {
  private entries = new Map<number, Entry>();
  private points = 0;

  forget(): void {
    this.entries.clear();
  }

  /** To be called once at each point of the sweep. */
  advance(): void {
    this.points++;
  }

  /** The value as it would be if it has changed as before; undefined if that is not known well enough. */
  expected(key: number, now: Progress, matters = true): { readonly estimate: Estimate | undefined } | undefined {
    const known = this.entries.get(key);
    if (!known || this.points - known.points >= MOST_POINTS) return undefined;
    const { above, along, rate, error } = known;
    if (above === undefined) return { estimate: undefined };
    const change = rate * (now.along - along);
    const mayBeLowest = !(above - CAUTION * Math.abs(change) > error + now.lowest.error);
    if (Number.isNaN(change) || Math.abs(change) === Infinity || (matters && mayBeLowest)) return undefined;
    return { estimate: { value: now.lowest.value + above + change, error } };
  }

  /** A value that was looked at. */
  keep(key: number, now: Progress, value: Estimate | undefined): void {
    const above = value && value.value - now.lowest.value;
    const rate = rateOf(this.entries.get(key), now, above);
    this.entries.set(key, { along: now.along, above, error: value?.error ?? 0, rate, points: this.points });
  }
}

function rateOf(known: Entry | undefined, { along }: Progress, above: number | undefined): number {
  if (known?.above === undefined || above === undefined) return Infinity;
  return along > known.along ? (above - known.above) / (along - known.along) : known.rate;
}
