/** Two-layer networks on white inputs: the models of conditional feature statistics. */
const NETWORK_KINDS = {
  randomFeatures: "vanilla random features, no spike",
  spikedRandomFeatures: "spiked random features F = r u vᵀ + W",
  trainedNetwork: "a network after one large gradient step",
  smallRate: "a network after one step of rate Θ(1): a spike that acts linearly",
  powerChannels: "a step of intermediate rate: spikes along powers of κ",
} as const;

/** Models of features or inputs of any covariance. */
const COVARIATE_KINDS = {
  gaussianCovariates: "features of any covariance",
  structuredRandomFeatures: "random features of one or more layers on inputs of any covariance",
  structuredGradientStep: "a network after one gradient step on inputs of any covariance",
} as const;

/** Every kind of model, and in a few words what it is. */
export const MODEL_KINDS = { ...NETWORK_KINDS, ...COVARIATE_KINDS } as const;

/** The name of a network on white inputs. */
export type NetworkName = keyof typeof NETWORK_KINDS;
/** Their names. */
export const NETWORKS = Object.keys(NETWORK_KINDS) as readonly NetworkName[];
/** The name of a model of any covariance. */
export type CovariateName = keyof typeof COVARIATE_KINDS;

/** The name of a model. */
export type ModelName = keyof typeof MODEL_KINDS;

/** The names of all models, as in the JSON interface. */
export const MODELS = Object.keys(MODEL_KINDS) as readonly ModelName[];

/** Whether a model is one of any covariance. */
export function isCovariateName(name: unknown): name is CovariateName {
  return typeof name === "string" && Object.hasOwn(COVARIATE_KINDS, name);
}
