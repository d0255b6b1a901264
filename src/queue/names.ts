import type { BackendName } from "../simulation/linearAlgebra.ts";
import { version } from "../version.ts";

/** Every key of the library in Redis begins with it. */
export const prefix = "replica-theory";

/** Set of the queues that exist: "version backend". */
export const queuesKey = `${prefix}:queues`;

/** Hash of the runs that were submitted: name → JSON. */
export const runsKey = `${prefix}:runs`;

/** Hash of a run's results: trial → line of JSON. The first writer of a trial is the only one. */
export function resultsKey(run: string): string {
  return `${prefix}:results:${run}`;
}

/**
 * Queues are apart by version and backend, so that a worker never takes, and cannot spoil, a trial whose result would be
 * different bits on it.
 */
export function queueNames(backend: BackendName, ofVersion = version): { trials: string; aggregates: string } {
  const suffix = `${ofVersion}-${backend}`;
  return { trials: `trials-${suffix}`, aggregates: `aggregates-${suffix}` };
}

/** Deterministic ids: a trial has one job, however often it is submitted. */
export function trialJobId(run: string, trial: number): string {
  return `${run}-trial-${trial}`;
}

export function aggregateJobId(run: string, trials: number): string {
  return `${run}-aggregate-${trials}`;
}
