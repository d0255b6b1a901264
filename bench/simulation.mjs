// Kernels of every backend, elementary functions, trials per second against workers, and the published simulation of theory §13.
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { algebraOf, matrix, resolveBackend, simulate, Workspace } from "replica-theory/simulation";

/** Best of several runs, in seconds. */
function fastest(runs, action) {
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    action();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

async function algebra() {
  const backends = [...new Set([resolveBackend(), "wasm", "ml-matrix"])];
  console.log(
    "GFlop/s, one thread".padEnd(24),
    ["gemm", "syrk", "cholesky", "solve", "eigenvalues"].map((name) => name.padStart(12)).join(""),
  );
  for (const name of backends) {
    const n = name === "ml-matrix" ? 250 : 1000;
    const workspace = await Workspace.create(8 * (4 * n * n + 3 * n));
    const { kernels } = workspace;
    const on = algebraOf(name)(kernels);
    const square = () => matrix(workspace.allocate(n * n), n, n);
    const [a, b, c, gram] = [square(), square(), square(), square()];
    const [x, values, work] = [workspace.allocate(n), workspace.allocate(n), workspace.allocate(n)];
    for (const { data } of [a, b]) kernels.fill(data.byteOffset, data.length, 0.5);
    for (let i = 0; i < a.data.length; i++) a.data[i] = Math.sin(i * i);
    const diagonal = () => {
      for (let i = 0; i < n; i++) gram.data[i * (n + 1)] = n;
    };
    const restore = () => {
      gram.data.fill(0);
      on.rowGram(gram, 1 / n, a);
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) gram.data[i * n + j] = gram.data[j * n + i];
      diagonal();
    };
    const runs = name === "ml-matrix" ? 1 : 3;
    const cubic = n ** 3 / 1e9;
    const rates = [
      (2 * cubic) / fastest(runs, () => on.multiplyTransposed(c, 1, a, b, 0)),
      cubic / fastest(runs, () => on.columnGram(c, 1, a, 0)),
    ];
    restore();
    rates.push(cubic / 3 / fastest(1, () => on.cholesky(gram)));
    rates.push((2 * n * n) / 1e9 / fastest(runs, () => on.solveCholesky(gram, x)));
    restore();
    rates.push(((4 / 3) * cubic) / fastest(1, () => on.symmetricEigen(gram, values, work, false)));
    console.log(`${name}, n = ${n}`.padEnd(24), rates.map((rate) => rate.toFixed(2).padStart(12)).join(""));
  }
}

async function functions() {
  const n = 2 ** 16;
  const workspace = await Workspace.create(8 * (n + 8));
  const { kernels } = workspace;
  const [state, values] = [workspace.allocate(4), workspace.allocate(n)];
  kernels.seedState(state.byteOffset, 1, 0);
  const nanoseconds = (action) => ((fastest(20, action) / n) * 1e9).toFixed(2);
  const rows = [["normals", nanoseconds(() => kernels.fillNormals(state.byteOffset, values.byteOffset, n, 1))]];
  for (const name of ["tanh", "erf", "exp", "sin", "gelu", "softplus", "relu"]) {
    kernels.fillNormals(state.byteOffset, values.byteOffset, n, 1);
    rows.push([name, nanoseconds(() => kernels[name](values.byteOffset, values.byteOffset, n))]);
  }
  const plain = Float64Array.from(values, (_, i) => Math.sin(i));
  rows.push(["Math.tanh", nanoseconds(() => plain.forEach((x, i) => (plain[i] = Math.tanh(x))))]);
  console.log("ns per entry:", rows.map(([name, time]) => `${name} ${time}`).join(", "));
}

const published = {
  model: "trainedNetwork",
  student: "tanh",
  target: "tanh",
  sampleRatio: 1,
  widthRatio: 1,
  ridge: 0.01,
  learningRate: 1,
  stepSampleRatio: 0.5,
};
const sampleRatios = Array.from({ length: 7 }, (_, i) => 0.2 + (2.8 * i) / 6);

async function throughput() {
  for (let workers = 1; workers <= availableParallelism(); workers *= 2) {
    const trials = 24 * workers;
    const start = performance.now();
    await simulate(published, { sampleRatios, dimension: 300, testSamples: 1000, trials, workers });
    const rate = (trials / (performance.now() - start)) * 1000;
    console.log(
      `${workers} worker${workers > 1 ? "s" : ""}: ${rate.toFixed(1)} trials/s (d = p = 300, seven α, start-up included)`,
    );
  }
}

async function whole() {
  console.log("published simulation: d = p = 2000, tanh/tanh, α₀ = .5, seven α, three trials, 5,000 test points");
  const seconds = {};
  for (const backend of new Set([resolveBackend(), "wasm"])) {
    const start = performance.now();
    const { points } = await simulate(published, { sampleRatios, dimension: 2000, trials: 3, seed: 1, backend });
    seconds[backend] = (performance.now() - start) / 1000;
    const curve = points.map(({ testError }) => `${testError.mean.toFixed(4)}±${testError.standardError.toFixed(4)}`);
    console.log(`${backend}: ${seconds[backend].toFixed(1)} s, test error ${curve.join(" ")}`);
  }
  try {
    const script = fileURLToPath(new URL("numpyBaseline.py", import.meta.url));
    const numpy = Number(execFileSync("python3", [script], { encoding: "utf8" }));
    const ratios = Object.entries(seconds).map(([backend, time]) => `${backend} ${(numpy / time).toFixed(1)}×`);
    console.log(`plain numpy: ${numpy.toFixed(1)} s; faster by ${ratios.join(", ")}`);
  } catch {
    console.log("no baseline: python3 with numpy is not installed");
  }
}

export default async function run() {
  await algebra();
  await functions();
  await throughput();
  await whole();
}
