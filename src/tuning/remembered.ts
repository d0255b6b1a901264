import type { Estimate } from "../numerics/stencil.ts";

/** A value is looked at again in any case when the sweep has moved by this factor. */
const FARTHEST = Math.log(1.6);
/** Times what is known of a change, a distance or a curvature: so far may values be lower than that tells. */
export const CAUTION = 2;

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
  /** Change of `above` along the sweep, where it is known. */
  readonly rate: number | undefined;
}

/** What a value is expected to be, and by how much it may be lower. */
export interface Expected {
  readonly estimate: Estimate | undefined;
  readonly slack: number;
}

/** Values along a sweep that are looked at again where, changing several times as fast as before, they might be the lowest. */
export class Remembered {
  private readonly entries = new Map<number, Entry>();

  forget(): void {
    this.entries.clear();
  }

  /** The value as it would be if it has changed as before; undefined if that is not known well enough. */
  expected(key: number, now: Progress, matters = true): Expected | undefined {
    const known = this.entries.get(key);
    if (!known || now.along - known.along > FARTHEST) return undefined;
    const { above, along, rate, error } = known;
    if (above === undefined) return { estimate: undefined, slack: 0 };
    if (rate === undefined) return undefined;
    const change = rate * (now.along - along);
    const [expected, slack] = [above + change, CAUTION * Math.abs(change)];
    if (matters && !(expected - slack > error + now.lowest.error)) return undefined;
    // Neighbours on a plateau do not change alike to their last digits.
    return { estimate: { value: now.lowest.value + expected, error: error + Math.abs(change) }, slack };
  }

  /** A value that was looked at. */
  keep(key: number, now: Progress, value: Estimate | undefined): void {
    const above = value && value.value - now.lowest.value;
    const rate = rateOf(this.entries.get(key), now, above);
    this.entries.set(key, { along: now.along, above, error: value?.error ?? 0, rate });
  }
}

function rateOf(known: Entry | undefined, { along }: Progress, above: number | undefined): number | undefined {
  if (known?.above === undefined || above === undefined) return undefined;
  return along > known.along ? (above - known.above) / (along - known.along) : known.rate;
}
