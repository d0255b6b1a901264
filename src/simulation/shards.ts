import { ParameterError } from "../errors.ts";
import { requireTrials } from "./collect.ts";
import { runTrials, type TrialRunOptions } from "./simulateNode.ts";
import { type SimulatedDescription, type SimulationGrid, specify } from "./specification.ts";
import type { TrialResult } from "./trial.ts";

/** Part `index` of `count` of a run's trials, from 1 as a job array counts. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Options of {@link simulateShard}. */
export interface ShardOptions extends SimulationGrid, TrialRunOptions {
  /** Trials of the whole run. */
  readonly trials: number;
  readonly shard: Shard;
  /** JSON Lines file of this shard's trials; what it holds is not run again. */
  readonly file: string;
}

const largestCount = 1_000_000;

/**
 * Trials of a shard: those with trial mod count = index − 1. A run that grows leaves every trial in its shard.
 *
 * @throws ParameterError unless 1 ≤ index ≤ count.
 *
 * @example
 * ```ts
 * import { shardTrials } from "replica-theory/simulation";
 * console.log(shardTrials({ index: 2, count: 4 }, 10)); // [ 1, 5, 9 ]
 * ```
 */
export function shardTrials({ index, count }: Shard, trials: number): number[] {
  const isWhole = Number.isSafeInteger(index) && Number.isSafeInteger(count);
  if (!(isWhole && index >= 1 && index <= count && count <= largestCount)) {
    throw new ParameterError("shard", `${index}/${count}`, `i/N with whole numbers 1 ≤ i ≤ N ≤ ${largestCount}`);
  }
  return Array.from({ length: Math.ceil((trials - index + 1) / count) }, (_, i) => index - 1 + i * count);
}

/**
 * Runs a shard of the trials that {@link simulate} would run, to its own file.
 *
 * @returns The shard's trials, by index.
 * @throws ParameterError for illegal parameters, before any work.
 * @throws ResultFileError if the file cannot be written or belongs to other parameters.
 *
 * @example
 * ```ts
 * import { mergeTrials, simulateShard } from "replica-theory/simulation";
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
 * const base = `${process.env["TMPDIR"] ?? "/tmp"}/shard-${process.pid}`;
 * const files = [1, 2].map((index) => `${base}-${index}.jsonl`);
 * for (const [i, file] of files.entries()) {
 *   const options = { dimension: 20, trials: 5, testSamples: 50, seed: 1, workers: 0 };
 *   await simulateShard(model, { ...options, shard: { index: i + 1, count: 2 }, file });
 * }
 * console.log(mergeTrials(files, 5).records.map(({ trial }) => trial)); // [ 0, 1, 2, 3, 4 ]
 * ```
 */
export async function simulateShard(
  description: SimulatedDescription,
  options: ShardOptions,
): Promise<readonly TrialResult[]> {
  const specification = specify(description, options);
  requireTrials("trials", options.trials);
  return runTrials(specification, shardTrials(options.shard, options.trials), options);
}
