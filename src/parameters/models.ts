/** Every kind of model, and in a few words what it is. */
export const MODEL_KINDS = {
  randomFeatures: "vanilla random features, no spike",
  spikedRandomFeatures: "spiked random features F = r u vᵀ + W",
  trainedNetwork: "a network after one large gradient step",
  smallRate: "a network after one step of rate Θ(1): a spike that acts linearly",
  powerChannels: "a step of intermediate rate: spikes along powers of κ",
} as const;

/** The name of a model. */
export type ModelName = keyof typeof MODEL_KINDS;

/** The names of all models, as in the JSON interface. */
export const MODELS = Object.keys(MODEL_KINDS) as readonly ModelName[];
