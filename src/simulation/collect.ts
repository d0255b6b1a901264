import { ParameterError } from "../errors.ts";
import type { LossInput } from "../model/description.ts";
import { mainError } from "./quantities.ts";
import type { RunSignal } from "./runSignal.ts";
import { standardErrorOf } from "./statistics.ts";
import type { TrialPoint, TrialResult } from "./trial.ts";
import { trialFailure } from "./trialError.ts";

/** How far a run is. */
export interface SimulationProgress {
  readonly completed: number;
  /** Trials asked for; grows while an adaptive run goes on. */
  readonly total: number;
  readonly elapsedSeconds: number;
  /** Trials of this run per second; 0 before the first. */
  readonly trialsPerSecond: number;
  /** NaN before the first trial. */
  readonly remainingSeconds: number;
}

/** How many trials a run takes. */
export interface TrialCount {
  /** Number of trials; the least number if `standardError` is given. */
  readonly trials: number;
  /** Adds trials until the standard error of the test error, for losses of margins of its classification error, is at most this. */
  readonly standardError?: number;
  /** Limit on the trials that `standardError` may ask for; default 1000. */
  readonly maximalTrials?: number;
}

export interface Collection extends TrialCount {
  readonly runTrial: (trial: number) => Promise<TrialResult>;
  /** Whose error `standardError` is about. */
  readonly loss?: LossInput | undefined;
  /** Trials in flight at once. */
  readonly concurrency: number;
  /** Trials known already. */
  readonly known: ReadonlyMap<number, TrialResult>;
  /** Called for every new trial, in order of completion. */
  readonly onResult?: (result: TrialResult) => void;
  readonly onProgress?: (progress: SimulationProgress) => void;
  readonly signal?: RunSignal;
}

/**
 * Runs trials 0, 1, … that are not known yet. The number of trials kept depends on their results only, not on how many were
 * in flight: it is the smallest that meets the standard error.
 */
export async function collectTrials(collection: Collection): Promise<readonly TrialResult[]> {
  const { runTrial, concurrency, onResult, signal } = collection;
  const results = new Map(collection.known);
  const wanted = stoppingRule(collection, results);
  const report = progressReporter(results, wanted, collection);
  const inFlight = new Set<Promise<void>>();
  const start = async (trial: number): Promise<void> => {
    const result = await runTrial(trial).catch((error: unknown) => {
      throw trialFailure(trial, error);
    });
    signal?.throwIfAborted();
    onResult?.(result);
    results.set(trial, result);
    report(trial);
  };

  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  report();
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (failure) throw failure.error;
      const horizon = wanted() + lookahead(collection, results, wanted());
      for (; inFlight.size < concurrency && next < horizon; next++) {
        if (results.has(next)) continue;
        // A failure is kept, not thrown: a race that another trial wins would lose it.
        const running: Promise<void> = start(next)
          .catch((error: unknown) => void (failure ??= { error }))
          .finally(() => inFlight.delete(running));
        inFlight.add(running);
      }
      if (inFlight.size === 0) break;
      await Promise.race(inFlight);
    }
  } finally {
    await Promise.all(inFlight);
  }
  return Array.from({ length: wanted() }, (_, trial) => results.get(trial)!);
}

/** Trials that an adaptive run starts beyond those it knows to need, so that no worker waits for the verdict on the last one. */
function lookahead(
  { standardError, concurrency }: Collection,
  results: ReadonlyMap<number, TrialResult>,
  wanted: number,
): number {
  return standardError === undefined || isComplete(results, wanted) ? 0 : concurrency - 1;
}

function progressReporter(
  results: ReadonlyMap<number, TrialResult>,
  wanted: () => number,
  { known, onProgress }: Collection,
): (trial?: number) => void {
  const started = performance.now();
  // A count of all results after every trial would take a time quadratic in their number.
  let [completed, counted] = [0, 0];
  return (trial) => {
    const total = wanted();
    if (total !== counted) completed = [...results.keys()].filter((key) => key < total).length;
    else if (trial !== undefined && trial < total) completed++;
    counted = total;
    const fresh = results.size - known.size;
    const elapsedSeconds = (performance.now() - started) / 1000;
    const trialsPerSecond = fresh / elapsedSeconds;
    const remainingSeconds = fresh > 0 ? (total - completed) / trialsPerSecond : NaN;
    onProgress?.({ completed, total, elapsedSeconds, trialsPerSecond, remainingSeconds });
  };
}

/** The number of trials wanted, given the results so far. */
function stoppingRule(count: Collection, results: ReadonlyMap<number, TrialResult>): () => number {
  const { trials, standardError, maximalTrials = 1000, loss } = count;
  if (standardError === undefined) return () => trials;
  const isPrecise = precision(standardError, mainError(loss));
  let total = Math.max(trials, 2);
  return () => {
    while (total < maximalTrials && isComplete(results, total) && !isPrecise(results, total)) total++;
    return total;
  };
}

function isComplete(results: ReadonlyMap<number, TrialResult>, count: number): boolean {
  for (let trial = 0; trial < count; trial++) if (!results.has(trial)) return false;
  return true;
}

/** Whether an error has a standard error that is small enough at every point. */
function precision(standardError: number, error: (point: TrialPoint) => number) {
  return (results: ReadonlyMap<number, TrialResult>, count: number): boolean => {
    const trials = Array.from({ length: count }, (_, trial) => results.get(trial)!);
    return trials[0]!.points.every((_, index) => {
      const values = trials.map(({ points }) => error(points[index]!));
      return standardErrorOf(values) <= standardError;
    });
  };
}

/** Results of this many trials are held at once, and their list must fit the memory. */
const mostTrials = 1e7;

/** @throws ParameterError unless there are from 1 to 10⁷. */
export function requireTrials(name: string, trials: number): void {
  if (!(Number.isSafeInteger(trials) && trials >= 1 && trials <= mostTrials)) {
    throw new ParameterError(name, trials, `an integer from 1 to ${mostTrials}`);
  }
}

/** @throws ParameterError for counts that are no integers from 1 to 10⁷, or a standard error that is not positive. */
export function validateTrialCount({ trials, standardError, maximalTrials = 1000 }: TrialCount): void {
  requireTrials("trials", trials);
  requireTrials("maximalTrials", maximalTrials);
  if (standardError !== undefined && !(standardError > 0)) {
    throw new ParameterError("standardError", standardError, "a positive number");
  }
}
