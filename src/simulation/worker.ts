import { workerData } from "node:worker_threads";
import { algebraOf } from "./backends/select.ts";
import type { WorkerTask } from "./trialPool.ts";
import { createTrialRunner, type TrialResult, type TrialRunner } from "./trial.ts";

let runner: Promise<TrialRunner> | undefined;

/** Runs a trial in a worker thread; piscina calls it with the trial's index. */
export default async function work(trial: number): Promise<TrialResult> {
  const { specification, backend } = workerData as WorkerTask;
  runner ??= createTrialRunner(specification, algebraOf(backend));
  return (await runner).run(trial);
}
