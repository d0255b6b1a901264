import { ParameterError } from "../errors.ts";

/** Legal ranges, each in the words that the error repeats. The tests are written so that NaN fails them. */
export const RANGES = {
  positive: { legal: "a finite number > 0", test: (x: number) => x > 0 && x < Infinity },
  positiveOrInfinite: { legal: "a number > 0, or Infinity", test: (x: number) => x > 0 },
  nonNegative: { legal: "a finite number >= 0", test: (x: number) => x >= 0 && x < Infinity },
  // Beyond it, sums of squares overflow.
  variance: { legal: "a number from 0 to 1e200", test: (x: number) => x >= 0 && x <= 1e200 },
  nonNegativeOrInfinite: { legal: "a number >= 0, or Infinity", test: (x: number) => x >= 0 },
  members: {
    legal: "a whole number >= 1, or Infinity",
    test: (x: number) => x >= 1 && (Number.isInteger(x) || x === Infinity),
  },
  finite: { legal: "a finite number", test: (x: number) => Number.isFinite(x) },
  cosine: { legal: "a number in [-1, 1]", test: (x: number) => x >= -1 && x <= 1 },
  lessThanHalf: { legal: "a number in [0, 1/2)", test: (x: number) => x >= 0 && x < 0.5 },
  share: { legal: "a number in [0, 1)", test: (x: number) => x >= 0 && x < 1 },
} as const;

/** A legal range and its words. */
export interface Range {
  readonly legal: string;
  readonly test: (x: number) => boolean;
}

/** The value if it is a number in the range; otherwise a ParameterError that names the parameter. */
export function check(parameter: string, value: unknown, range: Range): number {
  if (typeof value !== "number" || !range.test(value)) throw new ParameterError(parameter, value, range.legal);
  return value;
}
