import { wasmAlgebra } from "./backends/wasm.ts";
import { collectTrials, validateTrialCount, type SimulationProgress, type TrialCount } from "./collect.ts";
import type { LinearAlgebra } from "./linearAlgebra.ts";
import type { RunSignal } from "./runSignal.ts";
import {
  type SimulatedDescription,
  specify,
  type SimulationGrid,
  type SimulationSpecification,
} from "./specification.ts";
import { summarize, type Simulation } from "./summary.ts";
import { createTrialRunner, type TrialResult } from "./trial.ts";
import type { Kernels } from "./workspace.ts";

/** Options of a simulation that every platform has. */
export interface SimulationOptions extends SimulationGrid, TrialCount {
  readonly onProgress?: (progress: SimulationProgress) => void;
  /** Stops the run; the promise is then rejected with the signal's reason. */
  readonly signal?: RunSignal;
}

/**
 * Simulates finite networks in this thread with the WASM backend, in browsers too; the event loop runs between trials.
 * Use it in a Web Worker, or at small d.
 *
 * @throws ParameterError before any work, for illegal parameters.
 *
 * @example
 * ```ts
 * const { points } = await simulateInThread(
 *   { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 },
 *   { dimension: 20, trials: 4, testSamples: 50, seed: 1 },
 * );
 * console.log(points[0].testError.mean.toFixed(12)); // 0.184327504719
 * ```
 */
export async function simulateInThread(
  description: SimulatedDescription,
  options: SimulationOptions,
): Promise<Simulation> {
  const specification = specify(description, options);
  validateTrialCount(options);
  const { run } = await inThread(specification, wasmAlgebra);
  const { loss } = specification;
  const trials = await collectTrials({ ...options, loss, concurrency: 1, known: new Map(), runTrial: run });
  return { specification, points: summarize(trials, options.ensemble), trials, backend: "wasm" };
}

/** Where trials run. */
export interface Engine {
  readonly run: (trial: number) => Promise<TrialResult>;
  readonly close: () => Promise<void>;
}

/** Trials in this thread; events, an abort among them, get in between two trials. */
export async function inThread(
  specification: SimulationSpecification,
  algebra: (kernels: Kernels) => LinearAlgebra,
): Promise<Engine> {
  const runner = await createTrialRunner(specification, algebra);
  const run = async (trial: number): Promise<TrialResult> => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    return runner.run(trial);
  };
  return { run, close: () => Promise.resolve() };
}
