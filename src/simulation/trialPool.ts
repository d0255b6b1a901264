import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Piscina } from "piscina";
import { needed } from "../packages.ts";
import { requirePlainData } from "./canonical.ts";
import type { BackendName } from "./linearAlgebra.ts";
import type { SimulationSpecification } from "./specification.ts";
import type { TrialResult } from "./trial.ts";

/** What a worker thread must know before its first trial. */
export interface WorkerTask {
  readonly specification: SimulationSpecification;
  readonly backend: BackendName;
}

/** Where the build puts it, seen from the chunk that this module becomes. */
const WORKER = "simulation/worker.js";
const workerFile = fileURLToPath(new URL(WORKER, import.meta.url));

/** Whether the worker's file is where the build puts it: not in the sources, nor where a bundler made one file of the library. */
export function hasWorkers(): boolean {
  return existsSync(workerFile);
}

/** Worker threads that run trials of one specification, each with its own workspace and one BLAS thread. */
export class TrialPool {
  private constructor(private readonly pool: Piscina<number, TrialResult>) {
    // A thread that dies rejects its trial with the same error; without a listener it would end the process, too.
    this.pool.on("error", () => undefined);
  }

  /**
   * Starts the threads.
   *
   * @throws ParameterError if student or target is a function
   * @throws MissingPackageError without the package of the threads
   */
  static async create(task: WorkerTask, workers: number): Promise<TrialPool> {
    requirePlainData(task.specification, "sent to a worker; use workers: 0");
    const { Piscina } = await needed("threads (workers other than 0)", ["piscina@5.3.2"], () => import("piscina"));
    const threads = { minThreads: workers, maxThreads: workers };
    return new TrialPool(new Piscina<number, TrialResult>({ filename: workerFile, ...threads, workerData: task }));
  }

  /** Runs one trial; an abort ends its thread at once and rejects with the signal's reason. */
  async run(trial: number, signal?: AbortSignal): Promise<TrialResult> {
    signal?.throwIfAborted();
    try {
      return await this.pool.run(trial, { signal: signal ?? null });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }
}
