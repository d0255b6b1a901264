// Simulates the trained networks of the study and writes the means to trainedNetwork.json beside this file.
//   npm run build && node docs/studies/trainedNetwork.simulate.mjs [folder for the trials]
// Interrupted, it goes on where it stopped: each run's trials are kept in a JSON Lines file in the folder.
import { mkdirSync, writeFileSync } from "node:fs";
import { simulate } from "../../dist/simulation/index.js";
import { cases, sampleRatios } from "./trainedNetwork.cases.mjs";

const folder = process.argv[2] ?? "trials";
mkdirSync(folder, { recursive: true });
const trials = 20;
const results = [];
const jobs = cases.flatMap(({ description, dimensions }, index) =>
  dimensions.map((dimension) => ({ description, dimension, index })),
);
jobs.sort((a, b) => a.dimension - b.dimension);
for (const { description, dimension, index } of jobs) {
  const { points } = await simulate(description, {
    dimension,
    sampleRatios,
    trials,
    seed: 1000 + index,
    testSamples: 2000,
    workers: Number(process.env.WORKERS ?? 2),
    file: `${folder}/network-${index}-${dimension}.jsonl`,
  });
  const numbers = ({ mean, standardError }) => [mean, standardError].map((x) => Number(x.toPrecision(8)));
  results.push({
    description,
    dimension,
    trials,
    seed: 1000 + index,
    points: points.map(({ sampleRatio, testError, trainError, overlaps }) => ({
      sampleRatio,
      testError: numbers(testError),
      trainError: numbers(trainError),
      theta: overlaps.theta.map(numbers),
      nu: overlaps.nu.map(numbers),
    })),
  });
  writeFileSync(new URL("trainedNetwork.json", import.meta.url), JSON.stringify(results, null, 1) + "\n");
  console.error(`case ${index} at d = ${dimension}: ${results.length} of ${jobs.length}`);
}
