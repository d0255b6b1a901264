import { centralStencil, type Estimate, forwardStencil, leastError } from "./stencil.ts";

/** Steps, beside the length. */
const STEPS = [0.04, 0.013, 0.004];
/** One-sided steps beside central ones. */
const ONE_SIDED = 0.1;

/** A line along which functions vary. */
export interface Line {
  /** Over which they vary by themselves. */
  readonly length: number;
  /** Whether they are known on the side of positive numbers alone. */
  readonly oneSided: boolean;
}

/**
 * Derivatives at 0 of several functions of a line, by central differences of sixth order, one-sided ones of fourth, with the
 * error that truncation and rounding leave.
 *
 * @param at the functions at s times the length
 * @param noise absolute errors of them
 */
export function lineDerivatives(
  at: (s: number) => ArrayLike<number>,
  noise: ArrayLike<number>,
  { length, oneSided }: Line,
): Estimate[] {
  const known = new Map<number, ArrayLike<number>>();
  const valuesAt = (s: number): ArrayLike<number> => {
    const values = known.get(s) ?? at(s);
    known.set(s, values);
    return values;
  };
  return Array.from(noise, (error, i) => {
    const read = (s: number): Estimate => ({ value: valuesAt(s)[i]!, error });
    const { value, error: left } = leastError(
      STEPS.map((h) => {
        const { first, firstError } = (oneSided ? forwardStencil(read, 0, ONE_SIDED * h) : centralStencil(read, 0, h))!;
        return { value: first, error: firstError };
      }),
    );
    return { value: value / length, error: left / length };
  });
}
