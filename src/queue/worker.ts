import { type Job, UnrecoverableError, Worker } from "bullmq";
import { existsSync } from "node:fs";
import { availableParallelism, hostname, totalmem } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { ParameterError } from "../errors.ts";
import { type BackendChoice, resolveBackend } from "../simulation/backends/select.ts";
import type { BackendName } from "../simulation/linearAlgebra.ts";
import type { SimulationPoint } from "../simulation/summary.ts";
import type { TrialResult } from "../simulation/trial.ts";
import { hasWorkers } from "../simulation/trialPool.ts";
import { connect, type Connection, type ConnectionOptions, fullReason, isFull, QueueError } from "./connection.ts";
import { prefix, queueNames } from "./names.ts";
import { JobRefusedError, readAggregateJob, readTrialJob } from "./payload.ts";
import { hasResult, readResults, storeResult } from "./results.ts";
import { otherQueues } from "./status.ts";
import { TrialThreads } from "./trialThreads.ts";

/** Options of {@link startWorker}. */
export interface QueueWorkerOptions extends ConnectionOptions {
  /** Trials at a time, each in a thread of its own; default one per processor. */
  readonly concurrency?: number;
  /** Linear algebra; the worker takes only trials that were submitted for it. Default "auto". */
  readonly backend?: BackendChoice;
  /** A worker that is silent for so long is taken for dead and its trials are given to others; default 30. */
  readonly lockSeconds?: number;
  /** Bytes that all trials in flight may take together; default three quarters of the machine's memory. */
  readonly memoryBudget?: number;
}

/** A running worker. */
export interface QueueWorker {
  readonly backend: BackendName;
  /** Trials that this worker has finished. */
  readonly completed: number;
  /** Takes no new trial, finishes those that run, and disconnects. */
  close(): Promise<void>;
}

const summaryFile = fileURLToPath(new URL("./summaryThread.js", import.meta.url));

/**
 * Runs trials from a queue until it is closed; a server that cannot be reached is waited for, unless `wait` is false. A trial may run twice when a worker dies or loses its connection; its result
 * is stored once.
 *
 * @throws ParameterError for illegal options, before any work.
 * @throws QueueError if the server cannot be used.
 *
 * @example
 * ```ts
 * import { startWorker } from "replica-theory/queue";
 * const worker = await startWorker({ backend: "wasm", concurrency: 1 });
 * console.log(worker.completed); // 0
 * await worker.close();
 * ```
 */
export async function startWorker(options: QueueWorkerOptions = {}): Promise<QueueWorker> {
  const { concurrency = availableParallelism(), lockSeconds = 30, log = () => undefined } = options;
  if (!(Number.isSafeInteger(concurrency) && concurrency >= 1)) {
    throw new ParameterError("concurrency", concurrency, "an integer ≥ 1");
  }
  if (!(lockSeconds >= 0.1 && lockSeconds <= 86_400)) {
    throw new ParameterError("lockSeconds", lockSeconds, "a number of seconds from 0.1 to 86400");
  }
  const backend = resolveBackend(options.backend);
  const connection = await connect({ wait: true, ...options });
  if (!hasWorkers() || !existsSync(summaryFile)) {
    connection.close();
    throw new QueueError(connection.shown, "the library's worker threads are not beside its modules: run it unbundled");
  }
  const memoryBudget = options.memoryBudget ?? 0.75 * totalmem();
  const context: Context = {
    connection,
    log,
    threads: new TrialThreads(concurrency, memoryBudget),
    summaries: new Piscina<TrialResult[], readonly SimulationPoint[]>({
      filename: summaryFile,
      minThreads: 0,
      maxThreads: 1,
    }),
    stopping: new AbortController(),
  };
  for (const line of await otherQueues(connection, backend)) log(line);
  return run(context, { concurrency, backend, lockSeconds });
}

interface Context {
  readonly connection: Connection;
  readonly log: (line: string) => void;
  readonly threads: TrialThreads;
  readonly summaries: Piscina<TrialResult[], readonly SimulationPoint[]>;
  readonly stopping: AbortController;
}

function run(
  context: Context,
  { concurrency, backend, lockSeconds }: { concurrency: number; backend: BackendName; lockSeconds: number },
): QueueWorker {
  const { connection } = context;
  const milliseconds = Math.round(lockSeconds * 1000);
  const settings = {
    connection: connection.client,
    prefix,
    name: `${hostname()}-${process.pid}`,
    lockDuration: milliseconds,
    stalledInterval: milliseconds,
    // Machines that are taken away kill many workers; a trial that kills every worker ends among the failed.
    maxStalledCount: 10,
    runRetryDelay: 1000,
  };
  const names = queueNames(backend);
  let completed = 0;
  const trials = new Worker(names.trials, (job) => refusable(() => runTrial(context, job)), {
    ...settings,
    concurrency,
  });
  const aggregates = new Worker(names.aggregates, (job) => refusable(() => aggregate(context, job)), settings);
  trials.on("completed", () => completed++);
  for (const worker of [trials, aggregates]) report(worker, context);
  return {
    backend,
    get completed() {
      return completed;
    },
    async close() {
      context.stopping.abort();
      await Promise.all([trials.close(), aggregates.close()]);
      await Promise.all([context.threads.close(), context.summaries.destroy()]);
      connection.close();
    },
  };
}

async function runTrial(context: Context, job: Job): Promise<void> {
  const { connection, threads, log, stopping } = context;
  const task = readTrialJob(job.data);
  if (await hasResult(connection, task)) return;
  const result = await threads.run(task);
  await storeResult(connection, task, result, { log, signal: stopping.signal });
}

async function aggregate({ connection, summaries }: Context, job: Job): Promise<readonly SimulationPoint[]> {
  const { run, trials } = readAggregateJob(job.data);
  return summaries.run(await readResults(connection, run, trials));
}

/** A refused job is not tried again. */
async function refusable<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof JobRefusedError ? new UnrecoverableError(error.message) : error;
  }
}

/** Says what goes wrong, each thing once until something else does. */
function report(worker: Worker, { connection: { shown }, log }: Context): void {
  let last = "";
  const once = (line: string): void => {
    if (line !== last) log(line);
    last = line;
  };
  worker.on("failed", (job, error) => once(`${job?.id ?? "a job"} failed: ${error.message}`));
  worker.on("stalled", (id) => once(`${id} is run again: its worker is silent`));
  worker.on("error", (error) => {
    // A lost connection is reported by the connection itself.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined || error.message === "Connection is closed.") return;
    once(`queue ${shown}: ${isFull(error) ? fullReason : error.message}`);
  });
}
