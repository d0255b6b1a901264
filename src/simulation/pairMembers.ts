import { type PairName, PAIRS } from "../statistics/decomposition.ts";
import { type EnsembleKind, ENSEMBLES } from "../statistics/ensembles.ts";
import type { SimulationSpecification } from "./specification.ts";

/** Names of what two networks with fresh directions of the spike have, as far as a model has them (statistics §4, §5). */
export const FRESH_DIRECTIONS = ["freshSpike", "freshSpikeSameSamples", "freshStep", "freshStepSameSamples"] as const;
type FreshDirection = (typeof FRESH_DIRECTIONS)[number];

/** Names of error rates of the mean of two networks. */
export const RATES_OF_TWO = ENSEMBLES.map((kind) => rateOfTwo(kind));
type RateOfTwo = `ensembleOfTwo.${EnsembleKind}.classificationError`;

/** What every model has of them. */
export const PAIR_NUMBERS = [
  ...(Object.keys(PAIRS) as PairName[]),
  ...(["biasSquared", "classificationError"] as const),
  ...RATES_OF_TWO,
] as const;

/**
 * What a trial's networks say of E[(y − f)(y − f′)] and of error rates, every number an unbiased mean over the pairs that it is about;
 * `testError` and `classificationError` are means over all networks.
 */
export type PairEstimates = Readonly<
  Record<(typeof PAIR_NUMBERS)[number], number> & Partial<Record<FreshDirection, number>>
>;

/** What a network is made of, by the number of the draw; two networks share what has the same number. */
export interface Member {
  readonly weights: number;
  readonly spike: number;
  readonly inputs: number;
  readonly noise: number;
}

/** Training sets: the trial's own and fresh samples, each with its labels drawn twice. */
export const DATA = [
  { inputs: 0, noise: 0 },
  { inputs: 0, noise: 1 },
  { inputs: 1, noise: 2 },
  { inputs: 1, noise: 3 },
] as const;
const LAYERS = [
  { weights: 0, spike: 0, data: DATA },
  { weights: 1, spike: 0, data: DATA },
] as const;
/** Fresh directions come with a third layer, and with the training sets that their two pairs need. */
const TURNED = { weights: 2, spike: 1, data: [DATA[0], DATA[2]] } as const;

/** The layers of a trial's networks; of several groups only those that share the directions of their spikes. */
export function layersOf({ groups, weights }: Pick<SimulationSpecification, "groups" | "weights">) {
  return groups.values.length > 1 || !hasDirection(weights) ? LAYERS : [...LAYERS, TURNED];
}

function hasDirection(weights: SimulationSpecification["weights"]): boolean {
  if (weights.kind === "trained") return weights.stepSamples > 0;
  return "alignment" in weights && weights.spikeStrength !== 0 && Math.abs(weights.alignment) < 1;
}

/** How many networks a trial has. */
export function memberCount(specification: SimulationSpecification): number {
  return layersOf(specification).reduce((sum, { data }) => sum + data.length, 0);
}

/** Two members and the names of what they are a pair of. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly names: readonly (PairName | FreshDirection)[];
}

/** All pairs of members, each with itself among them. */
export function pairsOf(members: readonly Member[], { groups, weights }: SimulationSpecification): Pair[] {
  const turned = groups.values.length > 1 || hasDirection(weights);
  const direction = weights.kind === "trained" ? "freshStep" : "freshSpike";
  return members.flatMap((one, a) =>
    members.slice(a).flatMap((other, offset): Pair[] => {
      // Means over all labels that are drawn are over the same networks, so that the parts of noise vanish without it.
      if (one.spike > 0) return [];
      const same = (what: keyof Member) => one[what] === other[what];
      const own = Object.entries(PAIRS).find(
        ([, pair]) =>
          pair.weights === same("weights") && pair.inputs === same("inputs") && pair.noise === same("noise"),
      )?.[0] as PairName;
      const fresh = { freshBoth: direction, freshWeightsSameSamples: `${direction}SameSamples` } as const;
      const freshName = own === "freshBoth" || own === "freshWeightsSameSamples" ? [fresh[own]] : [];
      // Without a direction, fresh weights are all there is to be fresh.
      const names = same("spike") ? [own, ...(turned ? [] : freshName)] : freshName;
      return [{ a, b: a + offset, names }];
    }),
  );
}

/** The name of the error rate of the mean of two. */
export function rateOfTwo(kind: EnsembleKind): RateOfTwo {
  return `ensembleOfTwo.${kind}.classificationError`;
}
