import { Command } from "commander";
import { resolveBackend, specify, summarize, type BackendChoice } from "../simulation/index.ts";
import type { Io } from "./io.ts";
import { checkOutputs } from "./outputs.ts";
import { progressBar } from "./progress.ts";
import type { SimulateTask } from "./simulateOptions.ts";
import { samplesOf, writePoints } from "./simulationRows.ts";
import { needed } from "../packages.ts";
import { parseNumber } from "./values.ts";
import { TrialLog } from "../simulation/resultFile.ts";

type Queue = typeof import("../queue/index.ts");

const ADDRESS = `
The address is redis://[user[:password]@]host[:port][/database], or rediss:// for TLS. It may be given as REPLICA_THEORY_QUEUE,
and the credentials as REPLICA_THEORY_QUEUE_USERNAME and REPLICA_THEORY_QUEUE_PASSWORD, which no other user can see.`;

/** Loads the queue, which the other commands do without, and reports its errors. */
async function withQueue(io: Io, use: (queue: Queue) => Promise<number>): Promise<number> {
  const queue = await needed("a queue", ["bullmq@6.7.0", "ioredis@6.0.0"], () => import("../queue/index.ts"));
  try {
    return await use(queue);
  } catch (error) {
    if (!(error instanceof queue.QueueError)) throw error;
    io.log(`error: ${error.message}`);
    return 1;
  }
}

/** `simulate --queue`: submits trials and waits for them. */
export async function simulateOnQueue(io: Io, task: SimulateTask): Promise<number> {
  const { description, grid, engine, file, queue: url } = task;
  const { trials } = engine;
  const outputs = await checkOutputs(task.out, [".csv", ".json"]);
  const specification = specify(description, grid);
  const backend = resolveBackend(engine.backend);
  const log = (line: string): void => io.log(line);
  return withQueue(io, async (queue) => {
    const connection = await queue.connect({ ...(typeof url === "string" && { queue: url }), log });
    const results = file === undefined ? undefined : new TrialLog(file, specification, backend);
    const bar = progressBar(io, "simulating", trials);
    const interrupt = io.holdInterrupt();
    const { signal } = interrupt;
    try {
      const submitted = await queue.submit(connection, { specification, backend, trials });
      io.log(`run ${submitted.run}: ${trials} trials on ${connection.shown}`);
      if (task.detach) return 0;
      const onProgress = ({ completed }: { completed: number }): void => bar.update(completed);
      const simulation = await queue.waitForRun(connection, submitted, { onProgress, log, signal });
      bar.stop();
      for (const result of simulation.trials) if (results && !results.known.has(result.trial)) results.append(result);
      const points = summarize(simulation.trials, grid.ensemble);
      await writePoints(points, { ...specification, ...samplesOf(grid), trials, backend }, outputs, io);
      return 0;
    } catch (error) {
      if (!signal.aborted) throw error;
      io.log("stopped waiting: the run goes on, the same command waits for it again");
      return 1;
    } finally {
      interrupt.release();
      bar.stop();
      results?.close();
      connection.close();
    }
  });
}

interface WorkerCommandOptions {
  readonly queue?: string;
  readonly concurrency?: string;
  readonly backend?: string;
  readonly lockSeconds?: string;
}

/** `worker`: runs trials from a queue until it is stopped. */
export function workerCommand(io: Io, exit: (code: number) => void): Command {
  return new Command("worker")
    .option("--queue <url>", "redis:// or rediss:// URL (default REPLICA_THEORY_QUEUE)")
    .option("--concurrency <count>", "trials at a time (default one per processor)")
    .option("--backend <name>", "take trials of this backend: auto (default), openblas, wasm or ml-matrix")
    .option("--lock-seconds <s>", "a worker silent for so long is taken for dead (default 30)")
    .addHelpText("after", ADDRESS)
    .action(async (options: WorkerCommandOptions) => exit(await work(io, options)));
}

function work(io: Io, { queue: url, concurrency, backend, lockSeconds }: WorkerCommandOptions): Promise<number> {
  return withQueue(io, async (queue) => {
    const interrupt = io.holdInterrupt();
    try {
      const worker = await queue.startWorker({
        ...(url !== undefined && { queue: url }),
        ...(concurrency !== undefined && { concurrency: parseNumber("concurrency", concurrency, "a whole number") }),
        ...(backend !== undefined && { backend: backend as BackendChoice }),
        ...(lockSeconds !== undefined && { lockSeconds: parseNumber("lockSeconds", lockSeconds) }),
        log: (line) => io.log(line),
        signal: interrupt.signal,
      });
      io.log(`worker with ${worker.backend} is ready`);
      await aborted(interrupt.signal);
      io.log("finishing the trials that run; stop again to give them up");
      await worker.close();
      io.log(`worker stopped after ${worker.completed} trials`);
      return 0;
    } finally {
      interrupt.release();
    }
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** `status`: queues, workers and runs. */
export function statusCommand(io: Io, exit: (code: number) => void): Command {
  return new Command("status")
    .option("--queue <url>", "redis:// or rediss:// URL (default REPLICA_THEORY_QUEUE)")
    .option("--json", "write the status as JSON")
    .addHelpText("after", ADDRESS)
    .action(async ({ queue: url, json }: { queue?: string; json?: true }) => {
      exit(
        await withQueue(io, async (queue) => {
          const connection = await queue.connect(url === undefined ? {} : { queue: url });
          try {
            const status = await queue.status(connection);
            await io.write(json ? `${JSON.stringify(status, null, 2)}\n` : statusReport(status));
            return 0;
          } finally {
            connection.close();
          }
        }),
      );
    });
}

function statusReport({ queues, runs }: Awaited<ReturnType<Queue["status"]>>): string {
  const lines = queues.map(
    ({ version, backend, workers, waiting, active, failed }) =>
      `queue ${version} ${backend}: ${workers} workers, ${waiting} trials waiting, ${active} running, ${failed} failed`,
  );
  for (const { run, version, backend, trials, completed, failed } of runs) {
    lines.push(`run ${run} (${version} ${backend}): ${completed} of ${trials} trials`);
    for (const { job, reason } of failed.slice(0, 10)) lines.push(`  failed ${job}: ${reason}`);
    if (failed.length > 10) lines.push(`  and ${failed.length - 10} more`);
  }
  return lines.length === 0 ? "no run was submitted\n" : `${lines.join("\n")}\n`;
}
