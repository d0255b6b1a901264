import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Piscina } from "piscina";
import { needed } from "../packages.ts";
import { requirePlainData } from "./canonical.ts";
import type { BackendName } from "./linearAlgebra.ts";
import type { RunSignal } from "./runSignal.ts";
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

  /** Runs one trial; an abort rejects at once with the signal's reason, while its thread finishes the trial. */
  async run(trial: number, signal?: RunSignal): Promise<TrialResult> {
    signal?.throwIfAborted();
    const result = this.pool.run(trial);
    if (!signal) return result;
    let stop: () => void = () => undefined;
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
    });
    // What comes after an abort is for nobody.
    result.catch(() => undefined);
    try {
      return await Promise.race([result, aborted]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Ends the threads when their trials end: one that is stopped within a call of native code can take the process with it. */
  async close(): Promise<void> {
    await this.pool.close({ force: true });
  }
}
