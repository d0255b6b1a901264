// Milliseconds for spectra, from the model's description to the outliers: 400 points of the features' density, those of a trained
// network's features and weights, and edges without a density.
import { featureSpectrum, featureSupport, trainedWeightSpectrum, trainedWeightSupport } from "replica-theory";

const spiked = { model: "spikedRandomFeatures", student: "tanh", spikeStrength: 1.5, widthRatio: 1 };
const network = { model: "trainedNetwork", target: "sin", learningRate: 2, stepSampleRatio: 2, widthRatio: 0.8 };
const three = { readoutValues: [1, 0.3, -2] };
const points = { points: 400 };
const cases = {
  "spiked features, K = 1": () => featureSpectrum({ ...spiked, sampleRatio: 1.5 }, points),
  "spiked features, K = 3": () => featureSpectrum({ ...spiked, ...three, sampleRatio: 3 }, points),
  "random features, K = 1, β = 10": () =>
    featureSpectrum({ model: "randomFeatures", student: "tanh", sampleRatio: 40, widthRatio: 10 }, points),
  "edges of spiked features, K = 1": () => featureSupport({ ...spiked, sampleRatio: 1.5 }),
  ...Object.fromEntries(
    ["tanh", "relu"].flatMap((student) =>
      [
        [
          `features of a trained ${student} network, K = 1`,
          () => featureSpectrum({ ...network, student, sampleRatio: 2 }, points),
        ],
        [`its weights, K = 1`, () => trainedWeightSpectrum({ ...network, student }, points)],
        [`edges of its features, K = 1`, () => featureSupport({ ...network, student, sampleRatio: 2 })],
        [`edges of its weights, K = 1`, () => trainedWeightSupport({ ...network, student })],
      ].map(([name, run]) => [name.startsWith("features") ? name : `${student}: ${name}`, run]),
    ),
  ),
  "features of a trained relu network, K = 3": () =>
    featureSpectrum({ ...network, ...three, learningRate: 1, student: "relu", sampleRatio: 2 }, points),
  "relu: its weights, K = 3": () =>
    trainedWeightSpectrum({ ...network, ...three, learningRate: 1, student: "relu" }, points),
};

export default function run(runs = 3) {
  for (const [name, task] of Object.entries(cases)) {
    let best = Infinity;
    for (let i = 0; i < runs; i++) {
      const start = performance.now();
      task();
      best = Math.min(best, performance.now() - start);
    }
    console.log(`${name}: ${best.toFixed(0)} ms`);
  }
}
