/** Networks after two and three steps, on targets of two and three directions: α = 1 and 2 on the same trials, d = 1000. */
const network = { model: "trainedNetwork", widthRatio: 0.5, ridge: 0.1, sampleRatio: 2 };
const STAIRS = "tanh(2*x1)*(1+tanh(2*x2))";

const list = [
  // student, target, Δ, η̃_t, α_t of every step, u_k
  ["tanh", "x1+x1*x2", 0, [1, 1], 1, [1]],
  ["tanh", "x1+(x1^2-1)*x2/2", 0.1, [1.5, 1.5], 4, [1]],
  ["tanh", "x1+x2/2+x2*x3/2", 0, [1, 1], 2, [1]],
  ["tanh", "tanh(2*x1)*(1+x2/2)", 0, [1, 1, 1], 2, [1]],
  ["relu", STAIRS, 0, [2, 3], 4, [1, -0.5]],
  ["relu", STAIRS, 0, [1, 1], 1, [1, -0.5]],
  ["relu", "sin(x1)+x1*x2/2", 0.1, [1, 1, 1], 2, [1]],
  ["softplus", "x1+x1*x2/2", 0, [2, 1.5], 4, [1, -1]],
  ["erf", "x1+x1*x2/2+tanh(x2*x3)", 0, [1, 1], 2, [1, 0.5]],
  ["tanh", "tanh(2*x1)+x1*x2/2+x2*x3/2", 0, [1, 1, 1], 2, [1, -0.5]],
  ["relu", "x1+x1*x2/2+x1*x3/2", 0.1, [1, 0.5, 0.5], 2, [1, -1]],
  ["softplus", "tanh(x1)+x2*x3/2", 0, [1, 1, 1], 2, [1]],
  ["gelu", "x1+abs(x2)/2", 0, [1, 1], 2, [1, -0.5]],
  ["tanh", "x1+x1*x2", 0, [1, 1], 6, [1]],
  ["erf", "x1+x1*x2/2+x3/2", 0, [1, 1], 3, [1]],
  ["relu", "tanh(x1)+x1*x2/2", 0, [1, 1.5], 8, [1, -1]],
];

export const cases = list.map(([student, target, labelNoise, rates, stepSampleRatio, readoutValues]) => ({
  ...network,
  student,
  target,
  labelNoise,
  steps: rates.map((learningRate) => ({ learningRate, stepSampleRatio })),
  readoutValues,
}));
export const grid = { dimension: 1000, sampleRatios: [1, 2], trials: 20, testSamples: 2000 };
