import { canonicalJson } from "./canonical.ts";
import type { BackendName } from "./linearAlgebra.ts";
import { isFiniteThroughout, type Observation, type Observed } from "./observe.ts";
import {
  damaged,
  formatLine,
  parseLines,
  type RecordHead,
  runCheck,
  type Stored,
  storedTrials,
  TrialRecordError,
} from "./records.ts";
import type { SimulationSpecification } from "./specification.ts";

/** What was observed of one trial. */
export interface ObservedTrial<O extends Observation = Observation> {
  readonly trial: number;
  readonly observed: Observed<O>;
}

interface ObservationRecord<O extends Observation> extends RecordHead, ObservedTrial<O> {
  readonly observation: O;
}

/** The line of an observed trial, with its line end. */
export function formatObservation<O extends Observation>(
  specification: SimulationSpecification,
  backend: BackendName,
  observation: O,
  result: ObservedTrial<O>,
): string {
  return formatLine(specification, backend, { observation, ...result } as ObservedTrial<O>);
}

/**
 * Reads the observed trials of a JSON Lines text.
 *
 * @throws TrialRecordError for a line of another run or another observation, or whose results are not whole
 */
export function parseObservations<O extends Observation>(
  text: string,
  specification: SimulationSpecification,
  observation: O,
): Stored<ObservedTrial<O>> {
  const isOfRun = runCheck(specification);
  const expected = canonicalJson(observation);
  const lines = parseLines<ObservationRecord<O>>(
    text,
    ({ observed }) => typeof observed === "object" && (observed as unknown) !== null,
  );
  return storedTrials(
    text,
    lines,
    (line) => {
      isOfRun(line);
      const { number, record } = line;
      if (canonicalJson(record.observation) !== expected) {
        throw new TrialRecordError(`line ${number} is another observation; use another file`);
      }
      if (!isFiniteThroughout(record.observed)) throw damaged(number);
    },
    ({ trial, observed }) => ({ trial, observed }),
  );
}
