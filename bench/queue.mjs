// Throughput of a queue against the number of worker processes, and what the queue costs per trial.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect, submit, waitForRun } from "replica-theory/queue";
import { simulate, specify } from "replica-theory/simulation";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const description = {
  model: "trainedNetwork",
  student: "tanh",
  target: "tanh(2*x)",
  sampleRatio: 2,
  widthRatio: 1,
  ridge: 0.01,
  learningRate: 1,
  stepSampleRatio: 1,
};
const backend = "wasm";

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Redis on loopback, with every write on the disk before its answer, as a queue should have it. */
async function startRedis() {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "redis-"));
  const settings = ["--save", "", "--appendonly", "yes", "--appendfsync", "always"];
  const server = spawn("redis-server", ["--port", port, "--bind", "127.0.0.1", "--dir", directory, ...settings]);
  await new Promise((resolve) => server.stdout.on("data", (text) => String(text).includes("Ready") && resolve()));
  const stop = async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGKILL");
    await ended;
    rmSync(directory, { recursive: true });
  };
  return { queue: `redis://127.0.0.1:${port}`, stop };
}

async function startWorker(queue, concurrency) {
  const worker = spawn(process.execPath, [
    main,
    "worker",
    "--queue",
    queue,
    "--backend",
    backend,
    "--concurrency",
    concurrency,
  ]);
  await new Promise((resolve) => worker.stderr.on("data", (text) => String(text).includes("ready") && resolve()));
  return async () => {
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.kill("SIGTERM");
    await ended;
  };
}

/** Seconds from submission to the last result and the summary. */
async function seconds(connection, grid, trials) {
  const specification = specify(description, grid);
  const start = performance.now();
  await waitForRun(connection, await submit(connection, { specification, backend, trials }));
  return (performance.now() - start) / 1000;
}

async function measure(connection, queue, workers, grid, trials) {
  const stops = [];
  for (let i = 0; i < workers; i++) stops.push(await startWorker(queue, 1));
  try {
    // Threads start, and kernels are compiled, outside the measurement.
    await seconds(connection, { ...grid, seed: 1000 + workers }, 2 * workers);
    // A run ends between two looks at it.
    return await seconds(connection, { ...grid, seed: workers }, trials);
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}

/** The benchmark: prints its tables. */
export default async function benchmark() {
  if (spawnSync("redis-server", ["--version"]).status !== 0) {
    console.log("redis-server is not installed (apt-get install redis-server)");
    return;
  }
  const { queue, stop } = await startRedis();
  const connection = await connect({ queue });
  try {
    const tiny = { dimension: 10, testSamples: 10 };
    const count = 2000;
    const start = performance.now();
    await simulate(description, { ...tiny, trials: count, workers: 1, backend });
    const inProcess = (performance.now() - start) / 1000;
    const onQueue = await measure(connection, queue, 1, tiny, count);
    const [here, there] = [inProcess, onQueue].map((total) => (1000 * total) / count);
    console.log(
      `d = 10, one worker: ${there.toFixed(2)} ms a trial on the queue, ${here.toFixed(2)} in a pool of one thread`,
    );
    console.log(
      `queue overhead: ${(there - here).toFixed(2)} ms a trial, submission and summary of ${count} trials included`,
    );

    const grid = { dimension: 300, testSamples: 5000 };
    const trials = 60;
    console.log(`\nd = 300, processes of one thread on ${availableParallelism()} processors`);
    for (const workers of [1, 2, 4]) {
      const rate = trials / (await measure(connection, queue, workers, grid, trials));
      console.log(`${workers} workers`.padEnd(12), `${rate.toFixed(1).padStart(8)} trials/s`);
    }
  } finally {
    connection.close();
    await stop();
  }
}
