/** Trained networks of the validation study: α = .75, 1.5 and 3 on the same trials, λ = .05, β = 1 unless it is said. */
const network = { model: "trainedNetwork", widthRatio: 1, ridge: 0.05, sampleRatio: 1.5 };
const he = "x+(x^2-1)/2";

const single = [
  // student, target, η̃, α₀, Δ
  ["tanh", "tanh", 1, 0.5, 0],
  ["tanh", "sin", 1, 2, 0],
  ["tanh", he, 1, 4, 0.1],
  ["tanh", "tanh", 2, 1, 0],
  ["tanh", "sin", 2, 0.5, 0],
  ["tanh", "tanh", 3, 0.5, 0],
  ["tanh", he, 3, 2, 0.1],
  ["tanh", "sin", 6, 1, 0],
  ["tanh", "tanh", 6, 4, 0],
  ["relu", "tanh", 1, 1, 0],
  ["relu", "sin", 2, 2, 0],
  ["relu", he, 1, 0.5, 0.1],
  ["relu", he, 2, 4, 0],
  ["relu", "tanh", 3, 0.5, 0],
  ["relu", "sin", 6, 4, 0],
  ["softplus", "tanh", 1, 4, 0],
  ["softplus", "sin", 2, 1, 0],
  ["softplus", he, 3, 2, 0.1],
  ["softplus", he, 6, 0.5, 0.1],
];

const several = [
  ["tanh", "sin", 3, 0.5, 0, [1, -0.5], [0.5, 0.5]],
  ["relu", he, 1, 2, 0.1, [1, 2], [0.4, 0.6]],
  ["tanh", "sin", 3, 0.5, 0, [2, -1, 0], [0.3, 0.5, 0.2]],
  ["softplus", "tanh", 2, 1, 0.1, [1.5, -1, 0.5], [0.3, 0.3, 0.4]],
];

/** Positions that are simulated at d = 2000, too. */
const large = new Set([3, 5, 7, 9, 12, 14, 17, 19, 21]);

export const sampleRatios = [0.75, 1.5, 3];
export const cases = [...single, ...several].map(
  ([student, target, learningRate, stepSampleRatio, labelNoise, readoutValues, readoutFractions], index) => ({
    description: {
      ...network,
      student,
      target,
      learningRate,
      stepSampleRatio,
      labelNoise,
      ...(readoutValues && { readoutValues, readoutFractions }),
    },
    dimensions: large.has(index) ? [1000, 2000] : [1000],
  }),
);
