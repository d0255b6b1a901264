import { hermiteNumbers } from "../../../src/activation/stepNumbers.ts";
import {
  activation,
  boundsOf,
  featureModel,
  learnedFunction,
  type ModelDescription,
  type RidgeResult,
  ridgeSolver,
} from "../../../src/index.ts";
import { type AuditCase, type AuditValues, literal, PLACES } from "./literal.ts";

export const descriptionOf = (item: AuditCase) => ({
  ...item,
  model: "spikedRandomFeatures" as const,
  student: item.student.formula,
  target: item.target.formula,
});

/** Relative differences of what the library says from the literal evaluation, by observable. */
export type Differences = Record<string, number>;

const flat = (values: readonly number[] | readonly (readonly number[])[]): number[] => values.flat();

/** The largest difference relative to the largest entry, or to a natural scale of what may vanish. */
export function difference(a: readonly number[], b: readonly number[], natural = 1e-300): number {
  const scale = Math.max(...b.map(Math.abs), natural);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) / scale;
}

export interface Audited {
  readonly result: RidgeResult;
  readonly differences: Differences;
  readonly expected?: AuditValues;
}

/** A model, in the library's words and as the equations take it. */
export function audit(description: ModelDescription, item: AuditCase): Audited {
  const statistics = featureModel(description);
  const result = ridgeSolver(statistics).solve(description);
  if (result.status !== "converged") return { result, differences: {} };
  const { overlaps } = result;
  const expected = literal(item, overlaps);
  const learned = learnedFunction(description).alongSpike(PLACES);
  const { lower, upper } = boundsOf(statistics);
  const size = Math.sqrt(hermiteNumbers(activation(description.target), "target").h2);
  const differences = {
    "test error": difference([result.testError], [expected.testError]),
    // An interpolating fit leaves none: what is far below the objective is compared with that.
    "training error": difference([result.trainError], [expected.trainError], 1e-6 * expected.objective),
    objective: difference([result.objective], [expected.objective]),
    V1: difference(flat(overlaps.V1), flat(expected.V1)),
    V2: difference(overlaps.V2, expected.V2),
    Q1: difference(flat(overlaps.Q1), flat(expected.Q1)),
    Q2: difference(overlaps.Q2, expected.Q2),
    ψ: difference(overlaps.psi, expected.psi, size),
    ...(item.readoutValues.length === 1 && {
      // As a part of the target: where features fit it, a bound is next to nothing.
      "bounds, one group": difference([lower.testError, upper.testError], [expected.lower, expected.upper], size ** 2),
    }),
    "learned function": difference(learned, expected.along, size),
  };
  return { result, differences, expected };
}
