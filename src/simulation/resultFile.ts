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
import { requirePlainData } from "./canonical.ts";
import type { BackendName } from "./linearAlgebra.ts";
import type { SimulationSpecification } from "./specification.ts";
import { type Stored, TrialRecordError } from "./records.ts";
import type { TrialResult } from "./trial.ts";
import { formatRecord, parseTrials, type StoredTrials } from "./trialRecord.ts";

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

/**
 * Reads a JSON Lines file of trials; a last line that a crash tore is left out.
 *
 * @throws ResultFileError if it cannot be read, or if it is not one of this specification's trials.
 *
 * @example
 * ```ts
 * import { readTrials, simulate } from "replica-theory/simulation";
 * const file = `${process.env["TMPDIR"] ?? "/tmp"}/trials-${process.pid}.jsonl`;
 * const { specification } = await simulate(
 *   { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 },
 *   { dimension: 20, trials: 3, testSamples: 50, seed: 1, file, workers: 0 },
 * );
 * console.log(readTrials(file, specification).trials.size); // 3
 * ```
 */
export function readTrials(file: string, specification: SimulationSpecification): StoredTrials {
  return readStored(file, { parse: (text) => parseTrials(text, specification) });
}

/** @throws ResultFileError if the file cannot be read. */
export function readRecords(file: string): string {
  return attempt(file, "cannot be read", () => readFileSync(file, "utf8"));
}

/** Runs a check of records; what it finds is an error of the file. */
export function ofFile<T>(file: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof TrialRecordError)) throw error;
    throw new ResultFileError(file, error.message, { cause: error });
  }
}

/** How what is kept of a trial becomes a line, and lines become that again. */
export interface RecordFormat<R> {
  readonly format: (result: R) => string;
  readonly parse: (text: string) => Stored<R>;
}

/** Appends what is kept of trials to a file, each on the disk before the next. */
export class RecordLog<R extends { readonly trial: number }> {
  /** What the file held when it was opened, by trial. */
  readonly known: ReadonlyMap<number, R>;
  private readonly descriptor: number;
  private readonly regular: boolean;
  private length: number;

  /**
   * Opens or creates the file; a torn last line is cut off.
   *
   * @throws ResultFileError if it cannot be written, or holds trials of something else.
   */
  constructor(
    private readonly file: string,
    private readonly records: RecordFormat<R>,
  ) {
    // A device or a pipe has nothing to resume from.
    this.regular = statSync(file, { throwIfNoEntry: false })?.isFile() ?? true;
    const stored = this.regular && existsSync(file) ? readStored(file, records) : undefined;
    this.known = stored?.trials ?? new Map<number, R>();
    this.length = stored?.completeBytes ?? 0;
    this.descriptor = attempt(file, "cannot be written", () => openSync(file, "a"));
    if (stored && fstatSync(this.descriptor).size > this.length) this.truncate();
  }

  /** @throws ResultFileError if the disk is full; the trials before stay whole. */
  append(result: R): void {
    const line = Buffer.from(this.records.format(result));
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

/** Appends trials to a file, each on the disk before the next. */
export class TrialLog extends RecordLog<TrialResult> {
  /**
   * Opens or creates the file; a torn last line is cut off.
   *
   * @throws ResultFileError if it cannot be written, or holds trials of something else.
   * @throws ParameterError if student or target is a function.
   */
  constructor(file: string, specification: SimulationSpecification, backend: BackendName) {
    requirePlainData(specification, "written to a file");
    super(file, {
      format: (result) => formatRecord(specification, backend, result),
      parse: (text) => parseTrials(text, specification),
    });
  }
}

function readStored<R>(file: string, { parse }: Pick<RecordFormat<R>, "parse">): Stored<R> {
  const text = readRecords(file);
  return ofFile(file, () => parse(text));
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
