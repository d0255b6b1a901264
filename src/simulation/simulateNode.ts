import { availableParallelism, totalmem } from "node:os";
import { ParameterError, requireFields, requireList } from "../errors.ts";
import { algebraOf, resolveBackend, type BackendChoice } from "./backends/select.ts";
import { isPlainData } from "./canonical.ts";
import { type Collection, collectTrials, type TrialCount, validateTrialCount } from "./collect.ts";
import type { BackendName } from "./linearAlgebra.ts";
import { TrialLog } from "./resultFile.ts";
import type { RunSignal } from "./runSignal.ts";
import { inThread, type Engine, type SimulationOptions } from "./simulate.ts";
import { type SimulatedDescription, specify, type SimulationSpecification } from "./specification.ts";
import { summarize, type Simulation } from "./summary.ts";
import type { TrialResult } from "./trial.ts";
import { hasWorkers, TrialPool } from "./trialPool.ts";
import { planTrial } from "./trialPlan.ts";

/** Options of {@link simulate} on Node. */
export interface NodeSimulationOptions extends SimulationOptions {
  /** Linear algebra; default "auto". */
  readonly backend?: BackendChoice;
  /**
   * Trials at a time, each in a thread of its own; 0 runs them in this thread, as functions for student or target need. Default: one
   * per processor, as far as the memory budget and the number of trials go.
   */
  readonly workers?: number;
  /** Bytes that all trials in flight may take together; default three quarters of the machine's memory. */
  readonly memoryBudget?: number;
  /**
   * JSON Lines file of trials. Those it holds are not run again, new ones are appended as they end; a run that was killed
   * goes on where it stopped.
   */
  readonly file?: string;
}

/**
 * Simulates finite networks: redraws weights, data and test set in every trial and reports the errors that theory predicts
 * (theory §12).
 *
 * Trial i is the same to the last bit for any number of workers, and to about 1e-12 for any backend.
 *
 * @param description Model of which the trials are finite-size samples; its `sampleRatio` and `ridge` are the defaults of the grid.
 * @returns Mean, standard error and bootstrap interval at every (α, λ), and every trial.
 * @throws ParameterError before any work, for illegal parameters, a forced backend that is not installed, or a trial that
 *   exceeds the memory budget.
 * @throws ResultFileError if the file cannot be written or belongs to other parameters.
 *
 * @example
 * ```ts
 * import { simulate } from "replica-theory/simulation";
 * const { points } = await simulate(
 *   { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 },
 *   { dimension: 50, trials: 4, testSamples: 500, seed: 1 },
 * );
 * console.log(points.length); // 1
 * ```
 */
export async function simulate(description: SimulatedDescription, options: NodeSimulationOptions): Promise<Simulation> {
  const specification = specify(description, options);
  validateTrialCount(options);
  const backend = resolveBackend(options.backend);
  const trials = await withEngine(specification, backend, options, (running) =>
    collectTrials({ ...options, ...running, loss: specification.loss, runTrial: running.run }),
  );
  return { specification, points: summarize(trials, options.ensemble), trials, backend };
}

/** Options of {@link runTrials}. */
export type TrialRunOptions = Pick<
  NodeSimulationOptions,
  "backend" | "workers" | "memoryBudget" | "file" | "onProgress" | "signal"
>;

/**
 * Runs the trials of a list that the file does not hold yet, and returns them all in the list's order.
 *
 * @throws ParameterError before any work, for a forced backend that is not installed, or a trial that exceeds the memory budget.
 * @throws ResultFileError if the file cannot be written or belongs to other parameters.
 *
 * @example
 * ```ts
 * import { runTrials, specify } from "replica-theory/simulation";
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
 * const specification = specify(model, { dimension: 20, testSamples: 50, seed: 1 });
 * const results = await runTrials(specification, [7, 3], { workers: 0 });
 * console.log(results.map(({ trial }) => trial)); // [ 7, 3 ]
 * ```
 */
export async function runTrials(
  specification: SimulationSpecification,
  list: readonly number[],
  options: TrialRunOptions,
): Promise<readonly TrialResult[]> {
  requireList("list", list, "a list of trials");
  requireFields("options", options, [], "an object with the backend");
  const backend = resolveBackend(options.backend);
  const trials = list.length;
  if (trials === 0) return [];
  return withEngine(specification, backend, { ...options, trials }, ({ run, known, ...running }) => {
    const inList = list.flatMap((trial, index) => {
      const result = known.get(trial);
      return result ? [[index, result] as const] : [];
    });
    const runTrial = (index: number): Promise<TrialResult> => run(list[index]!);
    return collectTrials({ ...options, ...running, trials, known: new Map(inList), runTrial });
  });
}

interface Running extends Pick<Collection, "known" | "onResult" | "concurrency"> {
  readonly run: Engine["run"];
}

/** Opens the file and starts the threads; ends both. */
async function withEngine<T>(
  specification: SimulationSpecification,
  backend: BackendName,
  options: TrialRunOptions & TrialCount,
  work: (running: Running) => Promise<T>,
): Promise<T> {
  const workers = workerCount(specification, options);
  const log = options.file === undefined ? undefined : new TrialLog(options.file, specification, backend);
  try {
    const engine =
      workers > 0
        ? await pooled(specification, backend, workers, options.signal)
        : await inThread(specification, algebraOf(backend));
    try {
      return await work({
        run: engine.run,
        concurrency: Math.max(workers, 1),
        known: log?.known ?? new Map<number, TrialResult>(),
        onResult: (result) => log?.append(result),
      });
    } finally {
      await engine.close();
    }
  } finally {
    log?.close();
  }
}

async function pooled(
  specification: SimulationSpecification,
  backend: BackendName,
  workers: number,
  signal: RunSignal | undefined,
): Promise<Engine> {
  const pool = await TrialPool.create({ specification, backend }, workers);
  return { run: (trial) => pool.run(trial, signal), close: () => pool.close() };
}

/** Trials in flight that processors, memory and the number of trials allow; 0 for this thread. */
function workerCount(specification: SimulationSpecification, options: TrialRunOptions & TrialCount): number {
  const { workers, memoryBudget = 0.75 * totalmem(), trials, maximalTrials = 1000, standardError } = options;
  if (workers !== undefined && !(Number.isSafeInteger(workers) && workers >= 0)) {
    throw new ParameterError("workers", workers, "an integer ≥ 0");
  }
  const { bytes } = planTrial(specification);
  if (!(memoryBudget >= bytes)) {
    throw new ParameterError("memoryBudget", memoryBudget, `at least ${bytes} bytes, which one trial takes`);
  }
  if (workers !== undefined && workers > 0 && !hasWorkers()) {
    throw new ParameterError("workers", workers, "0 where the library's worker.js is not beside its module");
  }
  if (workers === 0 || (workers === undefined && !(isPlainData(specification) && hasWorkers()))) return 0;
  const most = standardError === undefined ? trials : maximalTrials;
  return Math.min(workers ?? availableParallelism(), Math.floor(memoryBudget / bytes), most);
}
