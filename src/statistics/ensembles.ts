/** Means of M predictors, of which every two share the same (statistics §3): E(y − f̄)² = R/M + (1 − 1/M) R₁₂. */
import { ParameterError } from "../errors.ts";
import { list, number } from "../parameters/kinds.ts";
import { checkValue } from "../parameters/legal.ts";

/** The members of an ensemble, by what every two of them have in common or anew. */
export type EnsembleKind = "sameWeightsFreshSamples" | "freshWeightsSameSamples" | "freshBoth";
export const ENSEMBLES: readonly EnsembleKind[] = ["sameWeightsFreshSamples", "freshWeightsSameSamples", "freshBoth"];

/** The mean of M predictors. */
export interface EnsembleErrors {
  /** E(y − f̄)² */
  readonly testError: number;
  /** P(y f̄ < 0) */
  readonly classificationError: number;
}

/** The same with its M, for every kind. */
export type Ensembles = Readonly<Record<EnsembleKind, readonly (EnsembleErrors & { readonly members: number })[]>>;

/** How many members an ensemble may have: a list of M. */
export const MEMBERS = list(number("members"), "a list of whole numbers >= 1, or Infinity");

/** @throws ParameterError for a number of members that is none */
export function checkMembers(given: unknown): readonly number[] {
  const members = checkValue("ensemble", given, MEMBERS) as readonly number[];
  if (new Set(members).size < members.length) throw new ParameterError("ensemble", given, "every number once");
  return members;
}

/** x/M + (1 − 1/M) cross, entry by entry: norms or errors of the mean of M from those of one and of two. */
export function ofEnsemble(own: number, cross: number, members: number): number {
  return own / members + (1 - 1 / members) * cross;
}
