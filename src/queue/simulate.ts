import { type BackendChoice, resolveBackend } from "../simulation/backends/select.ts";
import { type SimulatedDescription, type SimulationGrid, specify } from "../simulation/specification.ts";
import type { Simulation } from "../simulation/summary.ts";
import { connect, type ConnectionOptions } from "./connection.ts";
import { submit } from "./submit.ts";
import { waitForRun, type WaitOptions } from "./wait.ts";

/** Options of {@link simulateOnQueue}. */
export interface QueueSimulationOptions extends SimulationGrid, ConnectionOptions, WaitOptions {
  readonly trials: number;
  /** Linear algebra of the workers; "auto" is what this machine has. */
  readonly backend?: BackendChoice;
}

/**
 * Simulates finite networks on the workers of a queue (theory §12). The trials are those that `simulate` of
 * `replica-theory/simulation` runs in this process, bit for bit with "wasm", and with "openblas" where build and processor are the same.
 *
 * @throws ParameterError before any work, for illegal parameters.
 * @throws QueueError if the server cannot be used, or trials failed.
 *
 * @example
 * ```ts
 * import { simulateOnQueue, startWorker } from "replica-theory/queue";
 * const worker = await startWorker({ backend: "wasm", concurrency: 1 });
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
 * const { trials } = await simulateOnQueue(model, { dimension: 20, trials: 3, testSamples: 50, seed: 1, backend: "wasm" });
 * console.log(trials.length); // 3
 * await worker.close();
 * ```
 */
export async function simulateOnQueue(
  description: SimulatedDescription,
  options: QueueSimulationOptions,
): Promise<Simulation> {
  const specification = specify(description, options);
  const backend = resolveBackend(options.backend);
  const connection = await connect(options);
  try {
    const submitted = await submit(connection, { specification, backend, trials: options.trials });
    return await waitForRun(connection, submitted, options);
  } finally {
    connection.close();
  }
}
