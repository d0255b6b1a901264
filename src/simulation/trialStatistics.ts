import { type Decomposition, decomposition, type PairErrors, PARTS } from "../statistics/decomposition.ts";
import { type EnsembleKind, ENSEMBLES, ofEnsemble } from "../statistics/ensembles.ts";
import { FRESH_DIRECTIONS, type PairEstimates, PAIR_NUMBERS } from "./pairMembers.ts";

type ErrorOfTwo = `ensembleOfTwo.${EnsembleKind}.testError`;
type EnsembleError = `ensembles.${EnsembleKind}[${number}].testError`;

/** What pairs of networks say beside the test error, under the names that theory's columns have. */
export const SIMULATED_STATISTICS = [
  "variance",
  ...PARTS,
  ...PAIR_NUMBERS.filter((name) => name !== "testError" && name !== "biasSquared"),
  ...FRESH_DIRECTIONS,
  ...ENSEMBLES.map((kind): ErrorOfTwo => `ensembleOfTwo.${kind}.testError`),
] as const satisfies readonly (keyof (PairErrors & Decomposition & PairEstimates) | ErrorOfTwo)[];
/** One of {@link SIMULATED_STATISTICS}. */
export type SimulatedStatistic = (typeof SIMULATED_STATISTICS)[number];

/** Numbers by the names of {@link SIMULATED_STATISTICS}, and square errors of the means of M networks, at the place of M in a list. */
export type NamedStatistics<T> = { readonly [N in SimulatedStatistic]?: T } & { readonly [N in EnsembleError]?: T };

/**
 * What is linear in the numbers of a trial's pairs: the parts of its test error, and square errors of means of M networks (statistics
 * §3).
 */
export function statisticsOfPairs(pairs: PairEstimates, members: readonly number[]): NamedStatistics<number> {
  const { testError, ...named } = pairs;
  const errors = ENSEMBLES.flatMap((kind): [string, number][] => [
    [`ensembleOfTwo.${kind}.testError`, ofEnsemble(testError, pairs[kind], 2)],
    ...members.map((M, i): [string, number] => [
      `ensembles.${kind}[${i}].testError`,
      ofEnsemble(testError, pairs[kind], M),
    ]),
  ]);
  const noise = pairs.freshBoth - pairs.biasSquared;
  return { ...decomposition(pairs, noise), ...named, ...Object.fromEntries(errors) };
}
