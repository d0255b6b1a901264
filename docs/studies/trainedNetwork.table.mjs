// Prints, as Markdown, the theory of the trained network, its surrogate and the simulations of trainedNetwork.json.
//   npm run build && node docs/studies/trainedNetwork.table.mjs
import { readFileSync } from "node:fs";
import { solve } from "replica-theory";

const results = JSON.parse(readFileSync(new URL("trainedNetwork.json", import.meta.url), "utf8"));
const show = (value) => value.toFixed(4);
/** Three standard errors and the finite-size allowance of 2 % at d = 1000. */
const allowed = (theory, error, dimension) => 3 * error + 0.02 * (1000 / dimension) * theory;

console.log("| student / target | u | η̃, α₀, Δ | d | α | network theory | simulated ± s.e. | z | surrogate (sRF) |");
console.log("|---|---|---|---|---|---|---|---|---|");
const outside = [];
let [network, surrogate, count] = [0, 0, 0];
for (const { description, dimension, points } of results) {
  const { student, target, learningRate, stepSampleRatio, labelNoise, readoutValues = [1] } = description;
  for (const { sampleRatio, testError } of points) {
    const [mean, error] = testError;
    const at = (theory) => solve({ ...description, sampleRatio, theory }).testError;
    const [exact, srf] = [at("network"), at("srf")];
    const inside = Math.abs(mean - exact) <= allowed(exact, error, dimension);
    const cells = [
      `${student} / ${target}`,
      `(${readoutValues.join(", ")})`,
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
