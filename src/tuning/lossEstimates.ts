import type { Estimate } from "../numerics/stencil.ts";
import { type Derivative, numbersOf, type PointDerivatives } from "./numbersOf.ts";

/** Derivatives by one set of rules. */
interface Change {
  readonly numbers: object;
  /** Errors of numbers that are differences along the response of the state, absolute. */
  readonly differenced: Readonly<Record<string, number | undefined>>;
  /** Rounding of sums, absolute. */
  readonly rounding: Readonly<Record<string, number | undefined>>;
  /** Change of the logarithms of the state. */
  readonly rate: number;
  /** Relative error of the response. */
  readonly error: number;
}

/** What nodes of κ between others may leave beside the difference of the two. */
const LEFT = 2;
/** Rounding of the response, relative to a number and its change with the state. */
const ROUNDING = 1e-13;

/**
 * Derivatives of a solution of another loss than the square from those on one set of nodes or two: their mean, with what they differ
 * by as its error, rounding, and the truncation of differences along the response.
 *
 * @param values the numbers of the solution
 * @param unresolved relative error of the state where there is one set of nodes alone
 */
export function lossEstimates(
  changes: readonly Change[],
  values: ReadonlyMap<string, Estimate>,
  unresolved: number,
): PointDerivatives {
  const [first, second = first] = changes.map(({ numbers }) => numbersOf(numbers));
  const result: Record<string, Derivative> = {};
  for (const [name, { value: size }] of values) {
    const [one, other] = [first!.get(name)?.value, second!.get(name)?.value];
    if (one === undefined || other === undefined) continue;
    const errors = changes.map((change) => errorOf(change, name, one, size, unresolved));
    const differenced = changes.some((change) => name in change.differenced);
    result[name] = {
      value: 0.5 * (one + other),
      error: LEFT * Math.abs(one - other) + Math.max(...errors),
      method: differenced ? "response" : "implicit",
    };
  }
  return result;
}

function errorOf(
  { rate, error, rounding, differenced }: Change,
  name: string,
  value: number,
  size: number,
  unresolved: number,
): number {
  const relative = ROUNDING + error + unresolved;
  const own = (rounding[name] ?? 0) + (differenced[name] ?? 0);
  return own + relative * (Math.abs(value) + rate * Math.abs(size));
}
