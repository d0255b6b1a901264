import { algebraOf, type BackendChoice, resolveBackend } from "./backends/select.ts";
import { requirePlainData } from "./canonical.ts";
import { formatObservation, type ObservedTrial, parseObservations } from "./observationRecord.ts";
import { createObserver, type Observation, type Observed } from "./observe.ts";
import { RecordLog } from "./resultFile.ts";
import type { RunSignal } from "./runSignal.ts";
import type { SimulatedDescription, SimulationGrid, SimulationSpecification } from "./specification.ts";

/** Options of {@link observeTrials}. */
export interface ObservationOptions {
  /** Linear algebra; default "auto". */
  readonly backend?: BackendChoice;
  /** JSON Lines file that keeps what is observed; trials that it holds are not run again. */
  readonly file?: string;
  /** Stops the run; the promise is then rejected with the signal's reason. */
  readonly signal?: RunSignal;
  /** Told of every trial that ends. */
  readonly onTrial?: () => void;
}

/** What of a grid makes room for the eigenvectors that an observation needs. */
export function roomFor({ kind }: Observation, description: SimulatedDescription): Partial<SimulationGrid> {
  if (kind === "function" || kind === "spikes") return {};
  const { widthRatio = 1 } = description as { readonly widthRatio?: number };
  return { ridges: [0], ...(kind === "weights" && { sampleRatios: [Math.min(1, widthRatio)] }) };
}

/**
 * What is observed of trials 0, 1, …, in this thread: events get in between two trials.
 *
 * @throws ParameterError for a backend that is not installed, or a specification without room for what is observed
 * @throws ResultFileError if the file cannot be written or belongs to other trials
 */
export async function observeTrials<O extends Observation>(
  specification: SimulationSpecification,
  observation: O,
  trials: number,
  { backend: choice, file, signal, onTrial }: ObservationOptions,
): Promise<Observed<O>[]> {
  const backend = resolveBackend(choice);
  const log = file === undefined ? undefined : openLog(file, specification, backend, observation);
  try {
    const results = new Map(log?.known);
    const missing = Array.from({ length: trials }, (_, trial) => trial).filter((trial) => !results.has(trial));
    if (missing.length > 0) {
      const observer = await createObserver(specification, observation, algebraOf(backend));
      for (const trial of missing) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        signal?.throwIfAborted();
        const result = { trial, observed: observer.observe(trial) };
        log?.append(result);
        results.set(trial, result);
        onTrial?.();
      }
    }
    return Array.from({ length: trials }, (_, trial) => results.get(trial)!.observed);
  } finally {
    log?.close();
  }
}

function openLog<O extends Observation>(
  file: string,
  specification: SimulationSpecification,
  backend: ReturnType<typeof resolveBackend>,
  observation: O,
): RecordLog<ObservedTrial<O>> {
  requirePlainData(specification, "written to a file");
  return new RecordLog(file, {
    format: (result) => formatObservation(specification, backend, observation, result),
    parse: (text) => parseObservations(text, specification, observation),
  });
}
