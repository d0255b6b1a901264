import type { Estimate } from "../numerics/stencil.ts";
import { CAUTION, type Expected, type Progress } from "./remembered.ts";

/** Two values that were looked at together are a measure of their distance till the sweep has moved by this factor. */
const FARTHEST = Math.log(2.5);

/** How far a value was above another when both were looked at. */
interface Apart {
  readonly along: number;
  readonly apart: Estimate;
}

/** Distances of values along a sweep, by which one is known from another without being looked at. */
export class Distances {
  private readonly entries = new Map<string, Apart>();

  forget(): void {
    this.entries.clear();
  }

  /** The first of two values as far from the other as it was; undefined if it might be the lowest. */
  expected(own: number, other: number, { estimate, slack }: Expected, now: Progress): Expected | undefined {
    const known = this.entries.get(pair(own, other));
    if (!known || !estimate || now.along - known.along > FARTHEST) return undefined;
    const { lowest } = now;
    const distance = Math.abs(known.apart.value);
    const [value, lower] = [estimate.value + known.apart.value, slack + CAUTION * distance];
    const error = known.apart.error + estimate.error + distance;
    return value - lower > lowest.value + lowest.error + error
      ? { estimate: { value, error }, slack: lower }
      : undefined;
  }

  /** Two values that were looked at. */
  keep(own: number, other: number, { along }: Progress, value: Estimate, from: Estimate): void {
    const apart = { value: value.value - from.value, error: value.error + from.error };
    this.entries.set(pair(own, other), { along, apart });
  }
}

function pair(own: number, other: number): string {
  return `${own},${other}`;
}
