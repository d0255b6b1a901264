// Prints, as Markdown, the theory of the trained network, its surrogate and the simulations of trainedNetwork.json.
//   npm run build && node docs/studies/trainedNetwork.table.mjs
import { readFileSync } from "node:fs";
import { solve } from "replica-theory";

const results = JSON.parse(readFileSync(new URL("trainedNetwork.json", import.meta.url), "utf8"));
const show = (value) => value.toFixed(4);
/** Three standard errors and the finite-size allowance of 2 % at d = 1000. */
const allowed = (theory, error, dimension) => 3 * error + 0.02 * (1000 / dimension) * theory;

console.log("| student / target | u | η̃, α₀, Δ | d | α | network theory | simulated ± s.e. | z | surrogate (srf) |");
console.log("|---|---|---|---|---|---|---|---|---|");
/** The values of the first-layer readout, with their fractions where these are not equal. */
function readout({ readoutValues = [1], readoutFractions = [] }) {
  const equal = readoutFractions.every((fraction) => fraction === readoutFractions[0]);
  const fractions = readoutFractions.map((fraction) => String(fraction).replace(/^0/, ""));
  return `(${readoutValues.join(", ")})${equal ? "" : `, π = (${fractions.join(", ")})`}`;
}

const outside = [];
let [network, surrogate, count] = [0, 0, 0];
for (const { description, dimension, points } of results) {
  const { student, target, learningRate, stepSampleRatio, labelNoise } = description;
  for (const { sampleRatio, testError } of points) {
    const [mean, error] = testError;
    const at = (theory) => solve({ ...description, sampleRatio, theory }).testError;
    const [exact, srf] = [at("network"), at("srf")];
    const inside = Math.abs(mean - exact) <= allowed(exact, error, dimension);
    const cells = [
      `${student} / ${target}`,
      readout(description),
      `${learningRate}, ${stepSampleRatio}, ${labelNoise}`,
      dimension,
      sampleRatio,
      show(exact),
      `${show(mean)} ± ${show(error)}`,
      `${((mean - exact) / error).toFixed(1)}${inside ? "" : " *"}`,
      show(srf),
    ];
    console.log(`| ${cells.join(" | ")} |`);
    if (!inside) outside.push(cells);
    network += Math.abs(mean / exact - 1);
    surrogate += Math.abs(mean / srf - 1);
    count++;
  }
}
console.log(
  `\n${count} points, ${outside.length} outside 3 s.e. + 2 %·(1000/d) (marked *). Mean deviation of the simulation from the ` +
    `network theory ${((100 * network) / count).toFixed(2)} %, from the surrogate ${((100 * surrogate) / count).toFixed(2)} %.`,
);

const numbers = (values) => values.map((value) => value.toFixed(3)).join(", ");
const measured = (values) => values.map(([mean, error]) => `${mean.toFixed(3)} ± ${error.toFixed(3)}`).join(", ");
/** Every simulated overlap in standard errors from its theory at the same finite dimension. */
const scores = (theory, simulated) =>
  theory.map((value, k) => ((simulated[k][0] - value) / simulated[k][1]).toFixed(1)).join(", ");

console.log("\n| student / target | u | η̃, α₀ | d | θ | simulated | z | ν | simulated | z |");
console.log("|---|---|---|---|---|---|---|---|---|---|");
for (const { description, dimension, points } of results) {
  const { student, target, learningRate, stepSampleRatio, readoutValues = [1] } = description;
  if (!results.some((other) => other.dimension === 2000 && other.seed === seedOf(description))) continue;
  const { theta, nu } = points.find(({ sampleRatio }) => sampleRatio === 1.5);
  const { overlaps } = solve({ ...description, theory: "network", finiteDimension: dimension });
  // Neurons with u = 0 have rows of fixed norm: theory has no channel there.
  const moving = nu.filter((_, k) => readoutValues[k] !== 0);
  const cells = [
    `${student} / ${target}`,
    readout(description),
    `${learningRate}, ${stepSampleRatio}`,
    dimension,
    numbers(overlaps.theta),
    measured(theta),
    scores(overlaps.theta, theta),
    numbers(overlaps.nu),
    measured(moving),
    scores(overlaps.nu, moving),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

function seedOf(description) {
  return results.find((other) => JSON.stringify(other.description) === JSON.stringify(description)).seed;
}
