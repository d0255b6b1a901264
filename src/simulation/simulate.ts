import type { ModelDescription } from "../model/description.ts";
import { wasmAlgebra } from "./backends/wasm.ts";
import { collectTrials, validateTrialCount, type SimulationProgress, type TrialCount } from "./collect.ts";
import type { LinearAlgebra } from "./linearAlgebra.ts";
import { specify, type SimulationGrid } from "./specification.ts";
import { summarize, type Simulation } from "./summary.ts";
import { createTrialRunner } from "./trial.ts";
import type { Kernels } from "./workspace.ts";

/** Options of a simulation that every platform has. */
export interface SimulationOptions extends SimulationGrid, TrialCount {
  readonly onProgress?: (progress: SimulationProgress) => void;
  /** Stops the run; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Simulates finite networks in this thread with the WASM backend, in browsers too; the event loop runs between trials.
 * Use it in a Web Worker, or at small d.
 *
 * @throws ParameterError before any work, for illegal parameters.
 */
export async function simulateInThread(
  description: ModelDescription,
  options: SimulationOptions,
  algebra: (kernels: Kernels) => LinearAlgebra = wasmAlgebra,
): Promise<Simulation> {
  const specification = specify(description, options);
  validateTrialCount(options);
  const runner = await createTrialRunner(specification, algebra);
  const trials = await collectTrials({
    ...options,
    concurrency: 1,
    known: new Map(),
    runTrial: async (trial) => {
      await nextMacrotask();
      return runner.run(trial);
    },
  });
  return { specification, points: summarize(trials), trials, backend: runner.backend };
}

/** Lets events in, an abort among them. */
export function nextMacrotask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
