import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { Job } from "../figures/figure.ts";
import type { ModelDescription } from "../model/description.ts";
import {
  algebraOf,
  type BackendChoice,
  createObserver,
  type Observation,
  resolveBackend,
  runTrials,
  type SimulationGrid,
  type SimulationSpecification,
  specify,
} from "../simulation/index.ts";
import { version } from "../version.ts";
import { FileError, reasonOf } from "./io.ts";

export interface JobOptions {
  readonly backend?: BackendChoice;
  readonly workers?: number;
  /** JSON Lines file that keeps the trials. */
  readonly file?: string;
  readonly signal: AbortSignal;
  readonly onTrial: () => void;
}

/** The results of all trials of a job; those in the file are not run again. */
export async function runJob(job: Job, options: JobOptions): Promise<number[][]> {
  const { description, grid, observation, trials } = job;
  const { onTrial, ...shared } = options;
  if (observation.kind !== "errors") {
    const specification = specify(description, { ...grid, ...roomFor(observation, description) });
    return observeTrials(specification, observation, trials, options);
  }
  const list = Array.from({ length: trials }, (_, trial) => trial);
  const results = await runTrials(specify(description, grid), list, { ...shared, onProgress: onTrial });
  return results.map(({ points }) => points.map(({ testError }) => testError));
}

/** What of a grid makes room for the eigenvectors that an observation needs. */
function roomFor({ kind }: Observation, { widthRatio }: ModelDescription): Partial<SimulationGrid> {
  if (kind === "function") return {};
  return { ridges: [0], ...(kind === "weights" && { sampleRatios: [Math.min(1, widthRatio)] }) };
}

/** Observations in this thread: events get in between two trials. */
async function observeTrials(
  specification: SimulationSpecification,
  observation: Observation,
  trials: number,
  { backend, file, signal, onTrial }: JobOptions,
): Promise<number[][]> {
  const identity = JSON.stringify({ version, specification, observation });
  const known = file === undefined ? new Map<number, number[]>() : readObserved(file, identity);
  const missing = Array.from({ length: trials }, (_, trial) => trial).filter((trial) => !known.has(trial));
  if (missing.length > 0) {
    const observer = await createObserver(specification, observation, algebraOf(resolveBackend(backend)));
    for (const trial of missing) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal.throwIfAborted();
      const values = observer.observe(trial);
      known.set(trial, values);
      if (file !== undefined) append(file, `${JSON.stringify({ identity, trial, values })}\n`);
      onTrial();
    }
  }
  return Array.from({ length: trials }, (_, trial) => known.get(trial)!);
}

/** Complete lines of the file; a last one torn by a crash is none. */
function readObserved(file: string, identity: string): Map<number, number[]> {
  const known = new Map<number, number[]>();
  if (!existsSync(file)) return known;
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  for (const line of lines) {
    let record: { identity?: unknown; trial?: unknown; values?: unknown } | null;
    try {
      record = JSON.parse(line) as typeof record;
    } catch {
      continue;
    }
    if (record?.identity !== identity) throw new FileError("restart", file, "it holds trials of something else");
    const { trial, values } = record;
    if (typeof trial === "number" && isNumbers(values)) known.set(trial, values);
  }
  return known;
}

function isNumbers(values: unknown): values is number[] {
  return Array.isArray(values) && values.every((value) => Number.isFinite(value));
}

function append(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (error) {
    throw new FileError("restart", file, reasonOf(error));
  }
}
