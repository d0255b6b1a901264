// 10,000 JSON cases over nine models: in any order they may take little longer than sorted by model and point.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const common = { student: "tanh", target: "sin", widthRatio: 0.8, ridge: 0.1 };
const spiked = { ...common, spikeStrength: 1, alignment: 0.5 };
const network = { ...common, model: "trainedNetwork", learningRate: 1, stepSampleRatio: 2 };
const inputs = { inputEigenvalues: [2, 1], inputMultiplicities: [50, 150], teacherPower: [0.5, 0.5] };
const models = [
  { ...common, model: "randomFeatures" },
  { ...spiked, model: "spikedRandomFeatures" },
  { ...spiked, model: "spikedRandomFeatures", student: "relu", readoutValues: [1, -0.5] },
  network,
  { ...network, theory: "srf" },
  { ...spiked, model: "smallRate" },
  { ...common, model: "powerChannels", alignment: 0.5, student: "x+He2(x)", powerChannels: [2] },
  { model: "gaussianCovariates", eigenvalues: [2, 1, 0.5], multiplicities: [20, 80, 100], signal: [0.3, 0.2, 0.1], unexplained: 0.1, ridge: 0.1 }, // prettier-ignore
  { model: "structuredRandomFeatures", ...inputs, student: "tanh", target: "sin", widths: [150], ridge: 0.1 },
];
const CASES = 10_000;
const POINTS = Math.ceil(CASES / models.length);
const isCovariates = ({ model }) => model === "gaussianCovariates" || model === "structuredRandomFeatures";
const sorted = models
  .flatMap((model) =>
    Array.from({ length: POINTS }, (_, i) => {
      const ratio = 0.3 * 20 ** (i / POINTS);
      return { ...model, ...(isCovariates(model) ? { samples: 200 * ratio } : { sampleRatio: ratio }) };
    }),
  )
  .slice(0, CASES);
// The same order in every run: the multiples of a number that has no divisor in common with theirs.
const shuffled = sorted.map((_, i) => sorted[(i * 3_779) % CASES]);

const text = (cases) => cases.map((item) => JSON.stringify(item)).join("\n");
const seconds = (input) => {
  const start = performance.now();
  const { status, stdout } = spawnSync(process.execPath, [main, "solve", "--json"], { input, maxBuffer: 2 ** 30 });
  const results = stdout.toString().trim().split("\n").length;
  if (status !== 0 || results !== CASES) throw new Error(`solve --json ended with ${status} after ${results} results`);
  return (performance.now() - start) / 1000;
};

export default function run(rounds = 3) {
  const best = [Infinity, Infinity];
  // In turn, so that what else the machine does meets both alike.
  for (let round = 0; round < rounds; round++) {
    [sorted, shuffled].forEach((cases, i) => (best[i] = Math.min(best[i], seconds(text(cases)))));
  }
  const [first, second] = best.map((time) => time.toFixed(2));
  console.log(
    `${CASES} cases over ${models.length} models: ${first} s sorted, ${second} s in any order: ${(best[1] / best[0]).toFixed(2)}, at most 1.3`,
  );
}
