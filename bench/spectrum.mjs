// Milliseconds for the density of the features' spectrum on 400 grid points, from the model's description to the outliers.
import { featureSpectrum } from "replica-theory";

const model = { model: "spikedRandomFeatures", student: "tanh", spikeStrength: 1.5, widthRatio: 1 };
const cases = {
  "K = 1": { ...model, sampleRatio: 1.5 },
  "K = 3": { ...model, sampleRatio: 3, readoutValues: [1, 0.3, -2] },
};

export default function run(runs = 7) {
  for (const [name, parameters] of Object.entries(cases)) {
    let best = Infinity;
    for (let i = 0; i < runs; i++) {
      const start = performance.now();
      featureSpectrum(parameters, { points: 400 });
      best = Math.min(best, performance.now() - start);
    }
    console.log(`density on 400 points, ${name}: ${best.toFixed(0)} ms`);
  }
}
