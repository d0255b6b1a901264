import { Queue } from "bullmq";
import { setTimeout as delay } from "node:timers/promises";
import type { SimulationProgress } from "../simulation/collect.ts";
import type { Simulation, SimulationPoint } from "../simulation/summary.ts";
import { version } from "../version.ts";
import { type Connection, QueueError } from "./connection.ts";
import { aggregateJobId, prefix, queueNames, resultsKey } from "./names.ts";
import { readResults, readSummary } from "./results.ts";
import { failedTrials, type RunState } from "./status.ts";
import { missingTrials, submit, type SubmittedRun } from "./submit.ts";

/** How {@link waitForRun} waits. */
export interface WaitOptions {
  readonly onProgress?: (progress: SimulationProgress) => void;
  readonly log?: (line: string) => void;
  /** Stops waiting; the run goes on. */
  readonly signal?: AbortSignal;
}

const pollMilliseconds = 250;
const noticeSeconds = 30;

/**
 * Waits until every trial of a run has its result and its summary is made. Jobs that the server has lost are submitted again.
 *
 * @throws QueueError that names the trials that failed, once no other is left to wait for.
 *
 * @example
 * ```ts
 * import { connect, startWorker, submit, waitForRun } from "replica-theory/queue";
 * import { specify } from "replica-theory/simulation";
 * const [connection, worker] = [await connect({}), await startWorker({ backend: "wasm", concurrency: 1 })];
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
 * const specification = specify(model, { dimension: 20, testSamples: 50, seed: 3 });
 * const run = await submit(connection, { specification, backend: "wasm", trials: 3 });
 * const { points } = await waitForRun(connection, run);
 * console.log(points.length); // 1
 * await worker.close();
 * connection.close();
 * ```
 */
export async function waitForRun(
  connection: Connection,
  submitted: SubmittedRun,
  options: WaitOptions = {},
): Promise<Simulation> {
  const { run, specification, backend, trials } = submitted;
  const { signal } = options;
  const names = queueNames(backend);
  const aggregates = new Queue(names.aggregates, { connection: connection.client, prefix });
  const notice = noWorkerNotice(connection, submitted, options);
  const report = progressReporter(trials, options);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const completed = Math.min(trials, await connection.client.hlen(resultsKey(run)));
      report(completed);
      const job = await aggregates.getJob(aggregateJobId(run, trials));
      const state = await job?.getState();
      if (state === "completed") {
        const points: readonly SimulationPoint[] = readSummary(job!.returnvalue);
        return { specification, points, trials: await readResults(connection, run, trials), backend };
      }
      if (state === "failed") await explainFailure(connection, submitted, job!.failedReason);
      if (state === "failed" || state === undefined || state === "unknown") await submit(connection, submitted);
      const failed = await failedTrials(connection, run, backend);
      if (failed.length > 0 && completed + failed.length >= trials) throw failure(connection, submitted, failed);
      await notice();
      await delay(pollMilliseconds, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
    }
  } finally {
    await aggregates.close();
  }
}

/** A summary fails for want of results, which are then computed again, or for a reason of its own. */
async function explainFailure(connection: Connection, { run, trials }: SubmittedRun, reason: string): Promise<void> {
  if ((await missingTrials(connection, run, trials)).length > 0) return;
  throw new QueueError(connection.shown, `the trials are there, their summary failed: ${reason}`);
}

function failure({ shown }: Connection, { run, trials }: SubmittedRun, failed: RunState["failed"]): QueueError {
  const some = failed
    .slice(0, 3)
    .map(({ job, reason }) => `${job.replace(`${run}-`, "").replace("-", " ")}: ${reason}`);
  const more = failed.length > some.length ? `; and ${failed.length - some.length} more` : "";
  return new QueueError(
    shown,
    `${failed.length} of ${trials} trials failed (${some.join("; ")}${more}); the others are kept: submit the run again to ` +
      "try these again",
  );
}

/** Says now and then that nobody works. */
function noWorkerNotice(connection: Connection, { backend }: SubmittedRun, { log }: WaitOptions): () => Promise<void> {
  let next = performance.now() + 2000;
  return async () => {
    if (!log || performance.now() < next) return;
    next = performance.now() + noticeSeconds * 1000;
    const queue = new Queue(queueNames(backend).trials, { connection: connection.client, prefix });
    try {
      if ((await queue.getWorkersCount()) > 0) return;
      log(`queue ${connection.shown}: no worker of version ${version} with backend ${backend} is connected; waiting`);
    } finally {
      await queue.close();
    }
  };
}

function progressReporter(total: number, { onProgress }: WaitOptions): (completed: number) => void {
  const started = performance.now();
  let [first, last] = [-1, -1];
  return (completed) => {
    if (first < 0) first = completed;
    if (completed === last) return;
    last = completed;
    const elapsedSeconds = (performance.now() - started) / 1000;
    const trialsPerSecond = (completed - first) / elapsedSeconds;
    const remainingSeconds = completed > first ? (total - completed) / trialsPerSecond : NaN;
    onProgress?.({ completed, total, elapsedSeconds, trialsPerSecond, remainingSeconds });
  };
}
