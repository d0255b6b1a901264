/** Quantities of a row that a curve can show. */
export const QUANTITIES = {
  testError: "test error",
  excessRisk: "excess risk",
  trainError: "training error",
  objective: "objective per sample",
  testLoss: "test loss",
  trainLoss: "training loss",
  testClassificationError: "test classification error",
  trainClassificationError: "training classification error",
} as const;
/** Columns of bias, variance and ensembles (statistics §3), in words. */
const STATISTICS: Readonly<Record<string, string>> = {
  biasSquared: "squared bias",
  variance: "variance",
  varianceWeights: "variance: weights",
  varianceInputs: "variance: inputs",
  varianceInputsNoise: "variance: inputs, noise",
  varianceWeightsInputs: "variance: weights, inputs",
  varianceWeightsInputsNoise: "variance: weights, inputs, noise",
  sameWeightsFreshNoise: "mean over label noise",
  sameWeightsFreshSamples: "mean over samples",
  freshWeightsSameSamples: "mean over weights",
  freshWeightsFreshNoise: "mean over weights, noise",
  freshBoth: "mean over weights, samples",
  classificationError: "classification error",
  "ensembleOfTwo.sameWeightsFreshSamples.testError": "mean of two: fresh samples",
  "ensembleOfTwo.freshWeightsSameSamples.testError": "mean of two: fresh weights",
  "ensembleOfTwo.freshBoth.testError": "mean of two: fresh weights, samples",
};

/** A quantity in words; a column without some keeps its name. */
export function titleOf(quantity: string): string {
  return (QUANTITIES as Readonly<Record<string, string>>)[quantity] ?? STATISTICS[quantity] ?? quantity;
}

/** Names of {@link QUANTITIES}. */
export type Quantity = keyof typeof QUANTITIES;
