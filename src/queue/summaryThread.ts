import { summarize, type SimulationPoint } from "../simulation/summary.ts";
import type { TrialResult } from "../simulation/trial.ts";

/** Statistics of a run's trials, in a thread: bootstrap intervals of many trials take longer than a lock lasts. */
export default function summary(trials: readonly TrialResult[]): readonly SimulationPoint[] {
  return summarize(trials);
}
