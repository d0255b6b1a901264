import { Queue } from "bullmq";
import type { BackendName } from "../simulation/linearAlgebra.ts";
import { version } from "../version.ts";
import type { Connection } from "./connection.ts";
import { prefix, queueNames, queuesKey, resultsKey, runsKey } from "./names.ts";
import type { AggregateJob } from "./payload.ts";

/** Jobs of one version and backend. */
export interface QueueState {
  readonly version: string;
  readonly backend: string;
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
  /** Connected workers, which take these trials. */
  readonly workers: number;
}

/** How far a run is. */
export interface RunState {
  readonly run: string;
  readonly version: string;
  readonly backend: string;
  readonly trials: number;
  readonly completed: number;
  /** Failed trials and why; submitting the run again tries them again. */
  readonly failed: readonly { readonly job: string; readonly reason: string }[];
}

/** What {@link status} finds on a server. */
export interface QueueStatus {
  readonly queues: readonly QueueState[];
  readonly runs: readonly RunState[];
}

/**
 * Queues, runs and workers on a server.
 *
 * @example
 * ```ts
 * import { connect, status } from "replica-theory/queue";
 * const connection = await connect({});
 * const { queues, runs } = await status(connection);
 * console.log(Array.isArray(queues), Array.isArray(runs)); // true true
 * connection.close();
 * ```
 */
export async function status(connection: Connection): Promise<QueueStatus> {
  const { client } = connection;
  const queues: QueueState[] = [];
  const failures: { job: string; reason: string }[] = [];
  for (const entry of (await client.smembers(queuesKey)).sort()) {
    const [ofVersion, backend] = entry.split(" ") as [string, BackendName];
    const queue = trialQueue(connection, backend, ofVersion);
    try {
      const counts = await queue.getJobCounts("wait", "delayed", "active", "failed");
      const { wait = 0, delayed = 0, active = 0, failed = 0 } = counts;
      const workers = await queue.getWorkersCount();
      queues.push({ version: ofVersion, backend, waiting: wait + delayed, active, failed, workers });
      if (failed > 0) for (const failure of await failedJobs(queue)) failures.push(failure);
    } finally {
      await queue.close();
    }
  }
  const runs: RunState[] = [];
  for (const [run, json] of Object.entries(await client.hgetall(runsKey)).sort()) {
    const { version: ofVersion, backend, trials } = JSON.parse(json) as AggregateJob;
    const completed = Math.min(trials, await client.hlen(resultsKey(run)));
    const failed = failures.filter(({ job }) => job.startsWith(`${run}-`));
    runs.push({ run, version: ofVersion, backend, trials, completed, failed });
  }
  return { queues, runs };
}

/** Trials that wait for workers of another version or backend, in words. */
export async function otherQueues(connection: Connection, backend: BackendName): Promise<string[]> {
  const { queues } = await status(connection);
  return queues
    .filter((queue) => queue.waiting > 0 && !(queue.version === version && queue.backend === backend))
    .map(
      (queue) =>
        `refused: ${queue.waiting} trials of replica-theory ${queue.version} with ${queue.backend} wait for a worker of that ` +
        `version and backend; this one is ${version} with ${backend}, and its results could differ`,
    );
}

/** Failed trials of a run, with their reasons. */
export async function failedTrials(
  connection: Connection,
  run: string,
  backend: BackendName,
): Promise<RunState["failed"]> {
  const queue = trialQueue(connection, backend);
  try {
    return (await failedJobs(queue)).filter(({ job }) => job.startsWith(`${run}-`));
  } finally {
    await queue.close();
  }
}

async function failedJobs(queue: Queue): Promise<{ job: string; reason: string }[]> {
  return (await queue.getFailed()).map(({ id = "", failedReason: reason }) => ({ job: id, reason }));
}

function trialQueue({ client }: Connection, backend: BackendName, ofVersion = version): Queue {
  return new Queue(queueNames(backend, ofVersion).trials, { connection: client, prefix });
}
