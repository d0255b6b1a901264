import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from "node:fs";
import { version } from "../version.ts";
import { canonicalJson, requirePlainData } from "./canonical.ts";
import type { BackendName } from "./linearAlgebra.ts";
import type { SimulationSpecification } from "./specification.ts";
import type { TrialResult } from "./trial.ts";

/** A file of trials that cannot be read, does not belong to the run, or cannot be written. */
export class ResultFileError extends Error {
  override readonly name = "ResultFileError";
  constructor(
    readonly file: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: ${reason}`, options);
  }
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

/** What a file of trials holds. */
export interface StoredTrials {
  readonly trials: ReadonlyMap<number, TrialResult>;
  /** Length in bytes of its complete lines; what follows is a line torn by a crash. */
  readonly completeBytes: number;
}

/**
 * Reads the trials of a file and checks that they belong to the specification.
 *
 * @throws ResultFileError if a complete line is no trial, or is one of other parameters, another seed or another version.
 */
export function readTrials(file: string, specification: SimulationSpecification): StoredTrials {
  const bytes = attempt(file, "cannot be read", () => readFileSync(file));
  const completeBytes = bytes.lastIndexOf("\n") + 1;
  const trials = new Map<number, TrialResult>();
  const lines = bytes.toString("utf8", 0, completeBytes).split("\n").slice(0, -1);
  const expected = identity({ version, ...split(specification) });
  lines.forEach((line, index) => {
    const record = parseRecord(file, line, index + 1);
    const difference = differs(identity(record), expected);
    if (difference !== undefined) {
      throw new ResultFileError(file, `line ${index + 1} is a trial of another ${difference}; use another file`);
    }
    const { trial, points } = record;
    const known = trials.get(trial);
    if (known && canonicalJson(known) !== canonicalJson({ trial, points })) {
      throw new ResultFileError(file, `line ${index + 1} repeats trial ${trial} with other results`);
    }
    trials.set(trial, { trial, points });
  });
  return { trials, completeBytes };
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

function parseRecord(file: string, line: string, number: number): TrialRecord {
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
  if (!whole) throw new ResultFileError(file, `line ${number} is not a trial: ${line.slice(0, 80)}`);
  return record as TrialRecord;
}

/** Appends trials to a file, each on the disk before the next. */
export class TrialLog {
  /** Trials that the file held when it was opened. */
  readonly known: ReadonlyMap<number, TrialResult>;
  private readonly descriptor: number;
  private readonly regular: boolean;
  private length: number;

  /**
   * Opens or creates the file; a torn last line is cut off.
   *
   * @throws ResultFileError if it cannot be written, or holds trials of something else.
   * @throws ParameterError if student or target is a function.
   */
  constructor(
    private readonly file: string,
    private readonly specification: SimulationSpecification,
    private readonly backend: BackendName,
  ) {
    requirePlainData(specification, "written to a file");
    // A device or a pipe has nothing to resume from.
    this.regular = statSync(file, { throwIfNoEntry: false })?.isFile() ?? true;
    const stored = this.regular && existsSync(file) ? readTrials(file, specification) : undefined;
    this.known = stored?.trials ?? new Map<number, TrialResult>();
    this.length = stored?.completeBytes ?? 0;
    this.descriptor = attempt(file, "cannot be written", () => openSync(file, "a"));
    if (stored && fstatSync(this.descriptor).size > this.length) this.truncate();
  }

  /** @throws ResultFileError if the disk is full; the trials before stay whole. */
  append(result: TrialResult): void {
    const line = Buffer.from(formatRecord(this.specification, this.backend, result));
    try {
      for (let written = 0; written < line.length;) written += writeSync(this.descriptor, line, written);
      fsyncSync(this.descriptor);
    } catch (error) {
      this.truncate();
      throw failure(this.file, `trial ${result.trial} cannot be written, the trials before it are kept`, error);
    }
    this.length += line.length;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private truncate(): void {
    if (!this.regular) return;
    attempt(this.file, "a torn last line cannot be cut off", () => ftruncateSync(this.descriptor, this.length));
  }
}

function attempt<T>(file: string, doing: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw failure(file, doing, error);
  }
}

function failure(file: string, doing: string, error: unknown): ResultFileError {
  const detail = error instanceof Error ? error.message : String(error);
  return new ResultFileError(file, `${doing} (${detail})`, { cause: error });
}
