/** Pairs of predictors and the split of the test error that is made of them (statistics §3), in theory and in simulation. */
/** What two predictors have in common beside the spike's direction. */
export interface Shared {
  readonly weights: boolean;
  readonly inputs: boolean;
  readonly noise: boolean;
}

const shared = (weights: boolean, inputs: boolean, noise: boolean): Shared => ({ weights, inputs, noise });

/** The pairs of statistics §3, by the name of E[(y − f)(y − f′)]; a predictor makes the first pair with itself. */
export const PAIRS = {
  testError: shared(true, true, true),
  sameWeightsFreshNoise: shared(true, true, false),
  sameWeightsFreshSamples: shared(true, false, false),
  freshWeightsSameSamples: shared(false, true, true),
  freshWeightsFreshNoise: shared(false, true, false),
  freshBoth: shared(false, false, false),
} as const;

/** The name of a pair. */
export type PairName = keyof typeof PAIRS;

/** E[(y − f)(y − f′)] of two predictors, noise of the fresh label included (statistics §3). */
export interface PairErrors extends Readonly<Record<Exclude<PairName, "testError">, number>> {}

/** The split of the test error (Adlam & Pennington 2020; statistics §3): its parts and E n add up to it. */
export interface Decomposition {
  /** R_0 − E n: squared bias of the predictor averaged over everything. */
  readonly biasSquared: number;
  /** R − R_0, the sum of the five that follow. */
  readonly variance: number;
  /** R_W − R_0 */
  readonly varianceWeights: number;
  /** R_X − R_0 */
  readonly varianceInputs: number;
  /** R_S − R_X */
  readonly varianceInputsNoise: number;
  /** R_WX − R_W − R_X + R_0 */
  readonly varianceWeightsInputs: number;
  /** R − R_WX − R_S + R_X */
  readonly varianceWeightsInputsNoise: number;
}

/** Names of the parts, from the bias on. */
export const PARTS = [
  ...(["biasSquared", "varianceWeights", "varianceInputs", "varianceInputsNoise"] as const),
  ...(["varianceWeightsInputs", "varianceWeightsInputsNoise"] as const),
] as const satisfies readonly (keyof Decomposition)[];

/** The split of a test error into its parts. @param noise E n, the noise of the fresh label */
export function decomposition(R: Readonly<Record<PairName, number>>, noise: number): Decomposition {
  const { sameWeightsFreshNoise: WX, sameWeightsFreshSamples: W, freshWeightsSameSamples: S } = R;
  const { freshWeightsFreshNoise: X, freshBoth: none, testError } = R;
  return {
    biasSquared: none - noise,
    variance: testError - none,
    varianceWeights: W - none,
    varianceInputs: X - none,
    varianceInputsNoise: S - X,
    varianceWeightsInputs: WX - W - X + none,
    varianceWeightsInputsNoise: testError - WX - S + X,
  };
}
