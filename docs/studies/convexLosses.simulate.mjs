// Simulates the readouts of the study and writes the means to convexLosses.json beside this file.
//   npm run build && node docs/studies/convexLosses.simulate.mjs [folder for the trials]
// Interrupted, it goes on where it stopped: each case's trials are kept in a JSON Lines file in the folder.
import { mkdirSync, writeFileSync } from "node:fs";
import { simulate } from "../../dist/simulation/index.js";
import { cases, ridges } from "./convexLosses.cases.mjs";

const folder = process.argv[2] ?? "trials";
mkdirSync(folder, { recursive: true });
const [dimension, trials] = [1000, 20];
const numbers = ({ mean, standardError }) => [mean, standardError].map((x) => Number(x.toPrecision(8)));
const results = [];
for (const [index, description] of cases.entries()) {
  const seed = 2000 + index;
  const { points } = await simulate(description, {
    dimension,
    ridges,
    trials,
    seed,
    testSamples: 10_000,
    workers: Number(process.env.WORKERS ?? 2),
    file: `${folder}/loss-${index}.jsonl`,
  });
  results.push({
    description,
    dimension,
    trials,
    seed,
    points: points.map(({ ridge, testError, trainError, objective, losses, overlaps }) => ({
      ridge,
      ...Object.fromEntries(Object.entries(losses).map(([name, value]) => [name, numbers(value)])),
      ...(typeof description.loss === "object" && { testError: numbers(testError), trainError: numbers(trainError) }),
      objective: numbers(objective),
      Q2: overlaps.Q2.map(numbers),
    })),
  });
  writeFileSync(new URL("convexLosses.json", import.meta.url), JSON.stringify(results, null, 1) + "\n");
  console.error(`case ${index + 1} of ${cases.length}`);
}
