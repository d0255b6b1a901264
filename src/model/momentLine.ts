import type { ConditionalMoments } from "../activation/conditionalMoments.ts";
import type { FeatureMoments } from "../activation/featureMoments.ts";

type Moments = ConditionalMoments & Partial<FeatureMoments>;
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Numbers of the moments at one place. */
const SIZE = 7;

/** Moments at the places of a line, as far as they are known. */
export class MomentLine {
  private readonly isKnown: Uint8Array;
  private readonly numbers: Float64Array;
  private readonly last: Writable<FeatureMoments> = {
    ...{ mean: 0, first: 0, second: 0, square: 0, residual: 0, error: 0, residualError: 0 },
  };

  constructor(count: number) {
    this.isKnown = new Uint8Array(count);
    this.numbers = new Float64Array(SIZE * count);
  }

  /** How many of them are known. */
  get known(): number {
    return this.isKnown.reduce((sum, one) => sum + one, 0);
  }

  has(i: number): boolean {
    return this.isKnown[i] === 1;
  }

  set(i: number, moments: Moments): void {
    const { numbers } = this;
    const at = SIZE * i;
    numbers[at] = moments.mean;
    numbers[at + 1] = moments.first;
    numbers[at + 2] = moments.second;
    numbers[at + 3] = moments.square;
    numbers[at + 4] = moments.residual;
    numbers[at + 5] = moments.error;
    numbers[at + 6] = moments.residualError ?? 0;
    this.isKnown[i] = 1;
  }

  /** Those at a place, until another is asked for. */
  at(i: number): FeatureMoments | undefined {
    if (!this.has(i)) return undefined;
    const { numbers, last } = this;
    const at = SIZE * i;
    last.mean = numbers[at]!;
    last.first = numbers[at + 1]!;
    last.second = numbers[at + 2]!;
    last.square = numbers[at + 3]!;
    last.residual = numbers[at + 4]!;
    last.error = numbers[at + 5]!;
    last.residualError = numbers[at + 6]!;
    return last;
  }
}

/**
 * Moments at every place, as far as they are known, with what a line of them gives where those are less than half.
 *
 * @param known moments at a place, until it is asked for those at another
 */
export function momentLine(
  places: readonly number[],
  known: (place: number) => Moments | undefined,
  line: () => readonly (Moments | undefined)[],
): MomentLine {
  const moments = new MomentLine(places.length);
  places.forEach((place, i) => {
    const one = known(place);
    if (one) moments.set(i, one);
  });
  if (2 * moments.known > places.length) return moments;
  line().forEach((one, i) => {
    if (one && !moments.has(i)) moments.set(i, one);
  });
  return moments;
}
