/** What may be drawn against the axis: errors, or what `statistics` says of several networks. */
export const QUANTITIES = {
  errors: { title: "Test and training error", lines: {} },
  classificationError: {
    title: "Classification error",
    lines: { classificationError: "P(the sign is wrong)" },
  },
  decomposition: {
    title: "Test error, split",
    lines: {
      biasSquared: "bias²",
      varianceWeights: "variance: weights",
      varianceInputs: "variance: inputs",
      varianceInputsNoise: "variance: noise, inputs",
      varianceWeightsInputs: "variance: weights × inputs",
      varianceWeightsInputsNoise: "variance: weights × inputs × noise",
    },
  },
  ensembles: {
    title: "Mean of infinitely many networks",
    lines: {
      freshWeightsSameSamples: "fresh weights, same samples",
      sameWeightsFreshSamples: "same weights, fresh samples",
      freshBoth: "both fresh",
    },
  },
} as const;

export type QuantityName = keyof typeof QUANTITIES;
export const QUANTITY_NAMES = Object.keys(QUANTITIES) as readonly QuantityName[];
