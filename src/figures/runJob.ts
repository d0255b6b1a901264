import { type ObservationOptions, observeTrials, roomFor } from "../simulation/observeTrials.ts";
import { runTrials, type TrialRunOptions } from "../simulation/simulateNode.ts";
import { specify } from "../simulation/specification.ts";
import { statisticsOfPairs } from "../simulation/trialStatistics.ts";
import type { TrialPoint } from "../simulation/trial.ts";
import type { Job, JobResult } from "./figure.ts";

/** How a job's trials run; what observes trials runs in this thread. */
export type JobOptions = ObservationOptions & Pick<TrialRunOptions, "workers">;

/** The results of all trials of a job; those in the file are not run again. */
export async function runJob(
  { description, grid, observation, trials }: Job,
  { onTrial, ...shared }: JobOptions,
): Promise<JobResult[]> {
  const pairs = observation.kind === "statistics";
  if (observation.kind !== "errors" && !pairs) {
    const specification = specify(description, { ...grid, ...roomFor(observation, description) });
    return observeTrials(specification, observation, trials, { ...shared, ...(onTrial && { onTrial }) });
  }
  const list = Array.from({ length: trials }, (_, trial) => trial);
  const options = { ...shared, ...(onTrial && { onProgress: onTrial }) };
  const results = await runTrials(specify(description, { ...grid, statistics: pairs }), list, options);
  if (pairs) return results.map(({ points }) => ({ statistics: points.map(statisticsOfPoint) }));
  return results.map(({ points }) => ({ testErrors: points.map(({ testError }) => testError) }));
}

/** With the test error that the parts add up to, a mean over the networks of the trial. */
function statisticsOfPoint({ statistics }: TrialPoint) {
  return { ...statisticsOfPairs(statistics!, []), testError: statistics!.testError };
}
