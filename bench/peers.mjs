// Processor time of published methods: a numpy script of one's own for each (numpyPeers.py) beside the library on the same task.
import { spawnSync } from "node:child_process";
import { curveRows, featureModel, ridgeSolver } from "replica-theory";
import { learningCurveFromData } from "replica-theory/data";

const even = (from, to, count) => Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
const ridges = even(-3, 1, 20).map((power) => 10 ** power);

function spiked() {
  const student = { student: "tanh", target: "tanh", spikeStrength: 0.651, bulkVariance: 1.077, alignment: 0.563 };
  const solver = ridgeSolver(featureModel({ model: "spikedRandomFeatures", ...student }));
  let last;
  for (let i = 0; i < 3000; i++)
    last = solver.solve({ sampleRatio: 0.2 + (2.8 * i) / 3000, widthRatio: 1, ridge: 0.01 });
  return last.overlaps.V2[0];
}

function covariates() {
  const eigenvalues = Array.from({ length: 10_000 }, (_, i) => (i + 1) ** -1.2);
  const model = { model: "gaussianCovariates", eigenvalues, signal: eigenvalues.map((x) => x * x), samples: 5000 };
  return [...curveRows(model, { sweep: { ridge: ridges } })].at(-1).testError;
}

function fromData() {
  const [rows, columns] = [1000, 600];
  const data = Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(i * i * 0.618 + i));
  const labels = Float64Array.from({ length: rows }, (_, i) => Math.sign(data[i * columns] - data[i * columns + 1]));
  const samples = Array.from({ length: 12 }, (_, i) => 50 + 65 * i);
  return learningCurveFromData({ features: { data, rows, columns }, labels, samples, ridges }).rows.at(-1).testError;
}

function trained() {
  const step = { learningRate: 1, stepSampleRatio: 0.5, target: "tanh" };
  const model = { model: "trainedNetwork", student: "tanh", ...step, widthRatio: 1, ridge: 0.01 };
  return [...curveRows(model, { sweep: { sampleRatio: even(0.2, 3, 7) } })].at(-1).testError;
}

/** Whether both have solved the same equations: samples of chance agree to their scatter alone. */
const TASKS = [
  ["saddle point of spiked random features, 3000 sample ratios", "spiked", spiked, 1e-6],
  ["Gaussian covariates, 10,000 eigenvalues, 20 ridges", "covariates", covariates, 1e-6],
  [
    "learning curve of 1000 × 600 data, 12 sizes × 20 ridges (numpy: 5 subsamples a size)",
    "retrained",
    fromData,
    undefined,
  ],
  ["network after a step, 7 sample ratios (numpy: d = 500, 5 trials)", "simulated", trained, 0.1],
];
const RUNS = 3;

export default function run() {
  const script = new URL("numpyPeers.py", import.meta.url).pathname;
  const one = { OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };
  const numpy = spawnSync("python3", [script], { encoding: "utf8", env: { ...process.env, ...one } });
  if (numpy.status !== 0) {
    console.log("python3 with numpy is not there: no comparison");
    return;
  }
  const peers = JSON.parse(numpy.stdout);
  for (const [title, name, task, tolerance] of TASKS) {
    const times = Array.from({ length: RUNS }, () => {
      const start = process.cpuUsage();
      const value = task();
      const { user, system } = process.cpuUsage(start);
      return { value, seconds: (user + system) / 1e6 };
    });
    const peer = peers[name];
    const own = Math.min(...times.map(({ seconds }) => seconds));
    if (tolerance !== undefined && !(Math.abs(times[0].value / peer.value - 1) <= tolerance)) {
      throw new Error(`${title}: ${times[0].value}, numpy ${peer.value}`);
    }
    const [first, ratio] = [times[0].seconds, peer.seconds / own];
    console.log(
      `${title}: numpy ${peer.seconds.toFixed(2)} s, here ${(1000 * own).toFixed(1)} ms (the first time ${(1000 * first).toFixed(0)} ms):`,
      `${ratio.toFixed(ratio < 10 ? 1 : 0)} × as fast`,
    );
  }
}
