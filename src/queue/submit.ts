import { type FlowJob, FlowProducer, Queue } from "bullmq";
import { canonicalJson } from "../simulation/canonical.ts";
import { requireTrials } from "../simulation/collect.ts";
import type { BackendName } from "../simulation/linearAlgebra.ts";
import type { SimulationSpecification } from "../simulation/specification.ts";
import { version } from "../version.ts";
import { type Connection, fullReason, isFull, QueueError } from "./connection.ts";
import { aggregateJobId, prefix, queueNames, queuesKey, resultsKey, runsKey, trialJobId } from "./names.ts";
import { type AggregateJob, readAggregateJob, readTrialJob, runName, type TrialJob } from "./payload.ts";

/** Trials to run on the queue. */
export interface Submission {
  readonly specification: SimulationSpecification;
  /** Workers of this backend take the trials. "wasm" gives the same bits on every machine. */
  readonly backend: BackendName;
  /** Trials 0 … trials − 1. */
  readonly trials: number;
}

/** A run that was submitted. */
export interface SubmittedRun extends Submission {
  /** The same for the same parameters, seed, backend and library version. */
  readonly run: string;
}

/**
 * Puts the trials that have no result yet on the queue, and a job that summarises the run once they have. Doing so again is
 * safe at any time: trials that wait or run are left alone, those that failed are tried again.
 *
 * @throws ParameterError for a number of trials that is none, or a student or target that is a function.
 * @throws QueueError if the server is full; what was queued before stays.
 *
 * @example
 * ```ts
 * import { connect, submit } from "replica-theory/queue";
 * import { specify } from "replica-theory/simulation";
 * const connection = await connect({});
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
 * const specification = specify(model, { dimension: 20, testSamples: 50, seed: 2 });
 * const { run } = await submit(connection, { specification, backend: "wasm", trials: 3 });
 * console.log(run.length); // 16
 * connection.close();
 * ```
 */
export async function submit(connection: Connection, submission: Submission): Promise<SubmittedRun> {
  const { specification, backend, trials } = submission;
  requireTrials("trials", trials);
  const run = runName(submission);
  const common = { version, run, backend, specification };
  const { client, shown } = connection;
  const aggregate: AggregateJob = readAggregateJob({ ...common, trials });
  try {
    const missing = await missingTrials(connection, run, trials);
    await client.sadd(queuesKey, `${version} ${backend}`);
    await client.hset(runsKey, run, canonicalJson(aggregate));
    await retryFailed(connection, aggregate, missing);
    const jobs = missing.map((trial): TrialJob => readTrialJob({ ...common, trial }));
    await addFlow(connection, aggregate, jobs);
    await verifyQueued(connection, aggregate, missing);
  } catch (error) {
    throw isFull(error) ? new QueueError(shown, fullReason) : error;
  }
  return { ...submission, run };
}

/** Trials of 0 … count − 1 without a result. */
export async function missingTrials({ client }: Connection, run: string, count: number): Promise<number[]> {
  const known = new Set((await client.hkeys(resultsKey(run))).map(Number));
  return Array.from({ length: count }, (_, trial) => trial).filter((trial) => !known.has(trial));
}

/** All or nothing, where memory lasts; jobs that exist already stay as they are. */
async function addFlow({ client }: Connection, aggregate: AggregateJob, jobs: readonly TrialJob[]): Promise<void> {
  const { run, trials, backend } = aggregate;
  const names = queueNames(backend);
  // Threads die for reasons of the machine: two more attempts. Results are kept apart from the jobs, which need not stay.
  const opts = { attempts: 3, backoff: { type: "exponential", delay: 1000 }, removeOnComplete: true };
  const flow: FlowJob = {
    name: "aggregate",
    queueName: names.aggregates,
    data: aggregate,
    opts: { jobId: aggregateJobId(run, trials) },
    children: jobs.map((data) => {
      return { name: "trial", queueName: names.trials, data, opts: { ...opts, jobId: trialJobId(run, data.trial) } };
    }),
  };
  const producer = new FlowProducer({ connection: client, prefix });
  try {
    await producer.add(flow);
  } finally {
    await producer.close();
  }
}

/** Failed trials go back to the queue; a summary that failed, or is of trials that were lost since, is made anew. */
async function retryFailed(
  { client }: Connection,
  { run, trials, backend }: AggregateJob,
  missing: readonly number[],
): Promise<void> {
  const names = queueNames(backend);
  const [queue, aggregates] = [names.trials, names.aggregates].map(
    (name) => new Queue(name, { connection: client, prefix }),
  );
  try {
    const failed = new Set(missing.map((trial) => trialJobId(run, trial)));
    for (const job of await queue!.getFailed()) if (failed.has(job.id!)) await job.retry("failed");
    const summary = await aggregates!.getJob(aggregateJobId(run, trials));
    const state = await summary?.getState();
    if (state === "failed" || (state === "completed" && missing.length > 0))
      await summary!.remove({ removeChildren: false });
  } finally {
    await queue!.close();
    await aggregates!.close();
  }
}

/** A server that fills up half way takes some of the jobs and is silent about the others. */
async function verifyQueued(
  connection: Connection,
  aggregate: AggregateJob,
  expected: readonly number[],
): Promise<void> {
  const { run, trials, backend } = aggregate;
  const pipeline = connection.client.pipeline();
  const names = queueNames(backend);
  for (const trial of expected) pipeline.exists(`${prefix}:${names.trials}:${trialJobId(run, trial)}`);
  const replies = (await pipeline.exec()) ?? [];
  const absent = expected.filter((_, index) => replies[index]?.[1] !== 1);
  // A job that has ended meanwhile has left its result.
  const missing = new Set(await missingTrials(connection, run, trials));
  const lost = absent.filter((trial) => missing.has(trial));
  if (lost.length > 0) {
    throw new QueueError(
      connection.shown,
      `${lost.length} of ${expected.length} trials could not be queued: ${fullReason}`,
    );
  }
}
