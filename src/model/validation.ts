import { ParameterError } from "../errors.ts";

/** Legal ranges, each in the words that the error repeats. The tests are written so that NaN fails them. */
export const RANGES = {
  positive: { legal: "a finite number > 0", test: (x: number) => x > 0 && x < Infinity },
  positiveOrInfinite: { legal: "a number > 0, or Infinity", test: (x: number) => x > 0 },
  nonNegative: { legal: "a finite number >= 0", test: (x: number) => x >= 0 && x < Infinity },
  // Beyond it, sums of squares overflow.
  variance: { legal: "a number from 0 to 1e200", test: (x: number) => x >= 0 && x <= 1e200 },
  nonNegativeOrInfinite: { legal: "a number >= 0, or Infinity", test: (x: number) => x >= 0 },
  finite: { legal: "a finite number", test: (x: number) => Number.isFinite(x) },
  cosine: { legal: "a number in [-1, 1]", test: (x: number) => x >= -1 && x <= 1 },
} as const;

export type Range = (typeof RANGES)[keyof typeof RANGES];

/** The value if it is a number in the range; otherwise a ParameterError that names the parameter. */
export function check(parameter: string, value: unknown, range: Range): number {
  if (typeof value !== "number" || !range.test(value)) throw new ParameterError(parameter, value, range.legal);
  return value;
}

/** A readout with finite support: values u_k and fractions π_k (theory §1). */
export interface Readout {
  readonly values: readonly number[];
  readonly fractions: readonly number[];
}

/**
 * Validates the readout support; default u = 1, equal fractions where only values are given.
 *
 * @throws ParameterError if a value is not finite, a fraction not positive, the lengths differ or Σπ ≠ 1
 */
export function checkReadout(values: unknown, fractions: unknown): Readout {
  const u = checkList("readoutValues", values ?? [1], RANGES.finite);
  const pi = checkList("readoutFractions", fractions ?? u.map(() => 1 / u.length), RANGES.positive);
  if (pi.length !== u.length) {
    throw new ParameterError("readoutFractions", fractions, `as many entries as readoutValues (${u.length})`);
  }
  const total = pi.reduce((sum, value) => sum + value, 0);
  if (!(Math.abs(total - 1) < 1e-9)) {
    throw new ParameterError("readoutFractions", fractions, `fractions that sum to 1 (they sum to ${total})`);
  }
  return { values: u, fractions: pi.map((value) => value / total) };
}

function checkList(parameter: string, value: unknown, range: Range): readonly number[] {
  if (!Array.isArray(value) || value.length === 0) throw new ParameterError(parameter, value, "a list of numbers");
  return value.map((entry, k) => check(`${parameter}[${k}]`, entry, range));
}
