import { version } from "../version.ts";
import { canonicalJson } from "./canonical.ts";
import type { BackendName } from "./linearAlgebra.ts";
import type { SimulationSpecification } from "./specification.ts";

/** A line that is no trial, or a trial of something else. */
export class TrialRecordError extends Error {
  override readonly name = "TrialRecordError";
}

/** By itself every line of a JSON Lines file says of which trial of which run it is, whatever it has of the trial. */
export interface RecordHead {
  readonly version: string;
  /** The specification without its seed. */
  readonly parameters: Omit<SimulationSpecification, "seed">;
  readonly seed: number;
  readonly backend: BackendName;
  readonly trial: number;
}

/** Results by trial that a text of records holds. */
export interface Stored<R> {
  readonly trials: ReadonlyMap<number, R>;
  /** Bytes of its complete lines; what follows is a line torn by a crash. */
  readonly completeBytes: number;
}

/** A complete line of records. */
export interface StoredLine<R extends RecordHead> {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly record: R;
}

/** The line of a trial with what is kept of it, with its line end: canonical JSON, the same bytes for the same trial. */
export function formatLine(
  specification: SimulationSpecification,
  backend: BackendName,
  contents: { readonly trial: number },
): string {
  return `${canonicalJson({ version, ...split(specification), backend, ...contents })}\n`;
}

/**
 * Complete lines of a JSON Lines text, of whatever run.
 *
 * @param hasContents whether a record has what is kept of a trial
 * @throws TrialRecordError if one is no record
 */
export function parseLines<R extends RecordHead>(
  text: string,
  hasContents: (record: Partial<R>) => boolean,
): StoredLine<R>[] {
  const lines = completeLines(text).split("\n").slice(0, -1);
  return lines.map((line, index) => ({
    number: index + 1,
    text: line,
    record: parseRecord(line, index + 1, hasContents),
  }));
}

/**
 * What the lines of a text have of each trial. A last line without its end is left out.
 *
 * @param check of a line's run and contents
 * @param contents what is kept of a record
 * @throws TrialRecordError if a line contradicts an earlier one
 */
export function storedTrials<R extends RecordHead, T>(
  text: string,
  lines: readonly StoredLine<R>[],
  check: (line: StoredLine<R>) => void,
  contents: (record: R) => T,
): Stored<T> {
  const trials = new Map<number, T>();
  for (const line of lines) {
    check(line);
    const { trial } = line.record;
    const [known, found] = [trials.get(trial), contents(line.record)];
    if (known !== undefined && canonicalJson(known) !== canonicalJson(found)) {
      throw new TrialRecordError(`line ${line.number} repeats trial ${trial} with other results`);
    }
    trials.set(trial, found);
  }
  return { trials, completeBytes: new TextEncoder().encode(completeLines(text)).length };
}

/** A check that a line is of a trial of the specification: it throws a TrialRecordError that says what differs. */
export function runCheck(specification: SimulationSpecification): (line: StoredLine<RecordHead>) => void {
  const expected = identity({ version, ...split(specification) });
  return ({ number, record }) => {
    const difference = differs(identityOf(record, number), expected);
    if (difference !== undefined) {
      throw new TrialRecordError(`line ${number} is a trial of another ${difference}; use another file`);
    }
  };
}

/** An error of a line whose results are not the finite numbers that they should be. */
export function damaged(number: number): TrialRecordError {
  return new TrialRecordError(`line ${number} is damaged: its results are not whole`);
}

function completeLines(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

type Identity = Readonly<Record<"version" | "parameters" | "seed", string>>;

function split({ seed, ...parameters }: SimulationSpecification): Pick<RecordHead, "seed" | "parameters"> {
  return { seed, parameters };
}

function identity(record: Pick<RecordHead, "version" | "parameters" | "seed">): Identity {
  return {
    version: record.version,
    parameters: canonicalJson(record.parameters),
    seed: String(record.seed),
  };
}

/** Parameters can be data that is nested too deeply to be written. */
function identityOf(record: RecordHead, number: number): Identity {
  try {
    return identity(record);
  } catch {
    throw new TrialRecordError(`line ${number} is not a trial: its parameters cannot be read`);
  }
}

function differs(found: Identity, expected: Identity): string | undefined {
  const names = { version: "library version", parameters: "set of parameters", seed: "seed" } as const;
  for (const [key, words] of Object.entries(names)) {
    const name = key as keyof Identity;
    if (found[name] !== expected[name]) return `${words} (${found[name]} instead of ${expected[name]})`;
  }
  return undefined;
}

function parseRecord<R extends RecordHead>(
  line: string,
  number: number,
  hasContents: (record: Partial<R>) => boolean,
): R {
  let record: Partial<R> | null | undefined;
  try {
    record = JSON.parse(line) as Partial<R> | null;
  } catch {
    record = undefined;
  }
  const whole =
    typeof record?.version === "string" &&
    typeof record.parameters === "object" &&
    (record.parameters as unknown) !== null &&
    typeof record.seed === "number" &&
    Number.isSafeInteger(record.trial) &&
    record.trial! >= 0 &&
    hasContents(record);
  if (!whole) throw new TrialRecordError(`line ${number} is not a trial: ${line.slice(0, 80)}`);
  return record as R;
}
