/** Readouts of the validation study of convex losses: λ = .1 and 1e-3 on the same trials. */
export const ridges = [0.1, 1e-3];

const spiked = { model: "spikedRandomFeatures", widthRatio: 1 };
const tanh = { ...spiked, student: "tanh", spikeStrength: 1.5, bulkVariance: 1.3, alignment: 0.9, sampleRatio: 2 };
const relu = {
  ...spiked,
  student: "relu",
  spikeStrength: 1,
  bulkVariance: 1,
  alignment: 0.8,
  sampleRatio: 4,
  widthRatio: 0.5,
};
const signs = { target: "sign" };
const flipped = { target: "sign", labelFlips: 0.1 };
const wave = { target: "sin(2*x)", labelNoise: 0.3, alignment: 0.8 };
const twoGroups = { readoutValues: [1, -0.5], readoutFractions: [0.6, 0.4], bulkVariance: [1.3, 0.8] };
const trained = { model: "trainedNetwork", widthRatio: 1, sampleRatio: 2, learningRate: 2, stepSampleRatio: 2 };

export const cases = [
  { ...tanh, ...signs, loss: "logistic" },
  { ...tanh, ...signs, loss: "hinge" },
  { ...tanh, ...signs, loss: "squaredHinge" },
  { ...tanh, ...wave, sampleRatio: 1.5, loss: { huber: 0.5 } },
  { ...relu, ...flipped, loss: "logistic" },
  { ...relu, ...flipped, loss: "hinge" },
  { ...relu, ...flipped, loss: "squaredHinge" },
  { ...relu, ...wave, sampleRatio: 3, loss: { huber: 0.5 } },
  { ...relu, ...flipped, rows: "gaussian", loss: "hinge" },
  { ...tanh, ...signs, ...twoGroups, loss: "logistic" },
  { ...tanh, ...flipped, ...twoGroups, loss: "hinge" },
  { ...tanh, ...wave, ...twoGroups, loss: { huber: 0.5 } },
  { ...trained, student: "tanh", target: "sign", loss: "logistic" },
  { ...trained, student: "tanh", target: "sign", labelFlips: 0.1, loss: "squaredHinge" },
  { ...trained, student: "relu", target: "x+(x^2-1)/2", labelNoise: 0.1, learningRate: 1, loss: { huber: 0.5 } },
  {
    model: "randomFeatures",
    student: "softplus",
    target: "sign",
    labelNoise: 0.2,
    sampleRatio: 3,
    widthRatio: 1,
    loss: "logistic",
  },
  {
    model: "smallRate",
    student: "tanh",
    target: "sign",
    spikeStrength: 2,
    alignment: 0.7,
    sampleRatio: 2,
    widthRatio: 1,
    loss: "logistic",
  },
].map((description) => ({ ...description, ridge: ridges[0] }));
