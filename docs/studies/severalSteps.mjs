// Simulates the networks of the study to severalSteps.json beside this file, and prints, as Markdown, what theory says of them.
//   npm run build && node docs/studies/severalSteps.mjs [folder for the trials]
// Interrupted, it goes on where it stopped; with the JSON there it simulates nothing.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { solve } from "../../dist/index.js";
import { simulate } from "../../dist/simulation/index.js";
import { cases, grid } from "./severalSteps.cases.mjs";

const file = new URL("severalSteps.json", import.meta.url);
const results = existsSync(file)
  ? JSON.parse(readFileSync(file, "utf8"))
  : await simulated(process.argv[2] ?? "trials");

async function simulated(folder) {
  mkdirSync(folder, { recursive: true });
  const numbers = ({ mean, standardError }) => [mean, standardError].map((x) => Number(x.toPrecision(8)));
  const made = [];
  for (const [index, description] of cases.entries()) {
    const seed = 1000 + index;
    const { points } = await simulate(description, { ...grid, seed, file: `${folder}/steps-${index}.jsonl` });
    const { dimension, trials } = grid;
    const errors = points.map(({ sampleRatio, testError, trainError }) => {
      return { sampleRatio, testError: numbers(testError), trainError: numbers(trainError) };
    });
    made.push({ description, dimension, trials, seed, points: errors });
    console.error(`${made.length} of ${cases.length}`);
  }
  writeFileSync(file, JSON.stringify(made, null, 1) + "\n");
  return made;
}

/** Theory, or what refuses it: a network on three directions may need more points than there are. */
function testError(description) {
  try {
    return solve(description);
  } catch (error) {
    if (error.name === "QuadratureError") return undefined;
    throw error;
  }
}

const show = (value) => (value === undefined ? "refused" : value.toFixed(4));
console.log("| student / target | u | T, η̃_t, α_t, Δ | network | surrogate (sRF) | simulated ± s.e. | z |");
console.log("|---|---|---|---|---|---|---|");
for (const { description, points } of results) {
  const { student, target, labelNoise, steps, readoutValues, sampleRatio } = description;
  const [mean, error] = points.find((point) => point.sampleRatio === sampleRatio).testError;
  const network = testError(description)?.testError;
  const srf = testError({ ...description, theory: "srf" })?.testError;
  const rates = steps.map(({ learningRate }) => learningRate).join(", ");
  const cells = [
    `${student} / ${target}`,
    `(${readoutValues.join(", ")})`,
    `${steps.length}; ${rates}; ${steps[0].stepSampleRatio}; ${labelNoise}`,
    show(network),
    show(srf),
    `${mean.toFixed(4)} ± ${error.toFixed(4)}`,
    network === undefined ? "" : ((mean - network) / error).toFixed(1),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
