import { hostname } from "node:os";
import { activation } from "../activation/activation.ts";
import { multiIndexTarget } from "../target/multiIndexTarget.ts";
import type { SimulationSpecification } from "../simulation/specification.ts";
import type { TrialResult } from "../simulation/trial.ts";
import { planTrial } from "../simulation/trialPlan.ts";
import { TrialPool } from "../simulation/trialPool.ts";
import { JobRefusedError, type TrialJob } from "./payload.ts";

interface RunningPool {
  readonly pool: TrialPool;
  inFlight: number;
}

/**
 * Threads that run trials of any run, so that this thread is free to renew locks however long a factorisation takes. A run
 * keeps its threads and their memory until another one needs them.
 */
export class TrialThreads {
  private readonly pools = new Map<string, RunningPool>();

  constructor(
    private readonly threads: number,
    private readonly memoryBudget: number,
  ) {}

  /** @throws JobRefusedError for a formula that is none, or a trial that does not fit the memory. */
  async run({ run, specification, backend, trial }: TrialJob): Promise<TrialResult> {
    let running = this.pools.get(run);
    if (!running) {
      const threads = this.threadsFor(specification);
      await this.closeIdle();
      const pool = this.pools.get(run)?.pool ?? (await TrialPool.create({ specification, backend }, threads));
      running = this.pools.get(run) ?? { pool, inFlight: 0 };
      // Another trial of the run was first.
      if (running.pool !== pool) await pool.close();
      this.pools.set(run, running);
    }
    running.inFlight++;
    try {
      return await running.pool.run(trial);
    } finally {
      running.inFlight--;
    }
  }

  /** Ends all threads, and the trials they run. */
  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map(({ pool }) => pool.close()));
    this.pools.clear();
  }

  private async closeIdle(): Promise<void> {
    const idle = [...this.pools].filter(([, { inFlight }]) => inFlight === 0);
    for (const [run] of idle) this.pools.delete(run);
    await Promise.all(idle.map(([, { pool }]) => pool.close()));
  }

  /** As many threads as memory allows; trials beyond them wait here. */
  private threadsFor(specification: SimulationSpecification): number {
    const bytes = bytesOf(specification);
    if (bytes > this.memoryBudget) {
      throw new JobRefusedError(
        `a trial takes ${bytes} bytes, and the worker on ${hostname()} has ${this.memoryBudget}`,
      );
    }
    return Math.min(this.threads, Math.floor(this.memoryBudget / bytes));
  }
}

/** @throws JobRefusedError for a formula that is none, or a trial that no machine has room for. */
function bytesOf(specification: SimulationSpecification): number {
  try {
    activation(specification.student, "student");
    multiIndexTarget(specification.target);
    return planTrial(specification).bytes;
  } catch (error) {
    throw new JobRefusedError(`the job is malformed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
