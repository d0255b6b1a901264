import { version } from "../version.ts";
import { canonicalJson } from "./canonical.ts";
import type { BackendName } from "./linearAlgebra.ts";
import type { SimulationSpecification } from "./specification.ts";
import type { TrialResult } from "./trial.ts";

/** A line that is no trial, or a trial of something else. */
export class TrialRecordError extends Error {
  override readonly name = "TrialRecordError";
}

/** One line of a JSON Lines file of trials; every line says by itself what it is. */
export interface TrialRecord extends TrialResult {
  readonly version: string;
  /** The specification without its seed. */
  readonly parameters: Omit<SimulationSpecification, "seed">;
  readonly seed: number;
  readonly backend: BackendName;
}

/** The line of a trial, with its line end. */
export function formatRecord(
  specification: SimulationSpecification,
  backend: BackendName,
  result: TrialResult,
): string {
  const { seed, ...parameters } = specification;
  const record: TrialRecord = { version, parameters, seed, backend, ...result };
  return `${canonicalJson(record)}\n`;
}

/** What a text of records holds. */
export interface StoredTrials {
  readonly trials: ReadonlyMap<number, TrialResult>;
  /** Bytes of its complete lines; what follows is a line torn by a crash. */
  readonly completeBytes: number;
}

/**
 * Reads the trials of a JSON Lines text and checks that they belong to the specification; a last line without its end is left out.
 *
 * @throws TrialRecordError if a complete line is no trial, or is one of other parameters, another seed or another version, or
 *   contradicts an earlier line.
 */
export function parseTrials(text: string, specification: SimulationSpecification): StoredTrials {
  const complete = text.slice(0, text.lastIndexOf("\n") + 1);
  const lines = complete.split("\n").slice(0, -1);
  const expected = identity({ version, ...split(specification) });
  const trials = new Map<number, TrialResult>();
  lines.forEach((line, index) => {
    const record = parseRecord(line, index + 1);
    const difference = differs(identity(record), expected);
    if (difference !== undefined) {
      throw new TrialRecordError(`line ${index + 1} is a trial of another ${difference}; use another file`);
    }
    const { trial, points } = record;
    const known = trials.get(trial);
    if (known && canonicalJson(known) !== canonicalJson({ trial, points })) {
      throw new TrialRecordError(`line ${index + 1} repeats trial ${trial} with other results`);
    }
    trials.set(trial, { trial, points });
  });
  return { trials, completeBytes: new TextEncoder().encode(complete).length };
}

type Identity = Readonly<Record<"version" | "parameters" | "seed", string>>;

function split({ seed, ...parameters }: SimulationSpecification): Pick<TrialRecord, "seed" | "parameters"> {
  return { seed, parameters };
}

function identity(record: Pick<TrialRecord, "version" | "parameters" | "seed">): Identity {
  return {
    version: record.version,
    parameters: canonicalJson(record.parameters),
    seed: String(record.seed),
  };
}

function differs(found: Identity, expected: Identity): string | undefined {
  const names = { version: "library version", parameters: "set of parameters", seed: "seed" } as const;
  for (const [key, words] of Object.entries(names)) {
    const name = key as keyof Identity;
    if (found[name] !== expected[name]) return `${words} (${found[name]} instead of ${expected[name]})`;
  }
  return undefined;
}

function parseRecord(line: string, number: number): TrialRecord {
  let record: Partial<TrialRecord> | undefined;
  try {
    record = JSON.parse(line) as Partial<TrialRecord>;
  } catch {
    record = undefined;
  }
  const whole =
    typeof record?.version === "string" &&
    typeof record.parameters === "object" &&
    typeof record.seed === "number" &&
    Number.isSafeInteger(record.trial) &&
    Array.isArray(record.points);
  if (!whole) throw new TrialRecordError(`line ${number} is not a trial: ${line.slice(0, 80)}`);
  return record as TrialRecord;
}
