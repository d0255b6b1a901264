import { requireList } from "../errors.ts";
import { renameSync, writeFileSync } from "node:fs";
import process from "node:process";
import { version } from "../version.ts";
import type { BackendName } from "./linearAlgebra.ts";
import { ofFile, readRecords, ResultFileError } from "./resultFile.ts";
import type { SimulationSpecification } from "./specification.ts";
import { firstIssue, specificationSchema } from "./specificationSchema.ts";
import { TrialRecordError, type StoredLine } from "./records.ts";
import { haveEqualResults, recordCheck, trialLines, type TrialRecord } from "./trialRecord.ts";

/** Trials of several files, joined. */
export interface MergedTrials {
  readonly specification: SimulationSpecification;
  /** By trial; those of one backend on one kind of machine are the bits of an undivided run. */
  readonly records: readonly TrialRecord[];
  readonly backends: readonly BackendName[];
  /** Trials of 0 … trials − 1 that no file has. */
  readonly missing: readonly number[];
  /** Trials that are there more than once, always with equal results. */
  readonly duplicates: readonly number[];
}

/**
 * Joins files of trials, such as those of shards, and writes the joined file if it has a name: the same lines, by trial.
 *
 * @param trials Number of trials of the whole run.
 * @throws ResultFileError if a file cannot be read, files are of different runs, or two results of a trial differ.
 *
 * @example
 * ```ts
 * import { mergeTrials, simulate } from "replica-theory/simulation";
 * const file = `${process.env["TMPDIR"] ?? "/tmp"}/merge-${process.pid}.jsonl`;
 * await simulate(
 *   { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 },
 *   { dimension: 20, trials: 3, testSamples: 50, seed: 1, file, workers: 0 },
 * );
 * const { records, missing } = mergeTrials([file], 5);
 * console.log(records.length, missing); // 3 [ 3, 4 ]
 * ```
 */
export function mergeTrials(files: readonly string[], trials: number, output?: string): MergedTrials {
  requireList("files", files, "a list of files");
  const lines = new Map<number, StoredLine<TrialRecord> & { readonly file: string }>();
  const duplicates = new Set<number>();
  let specification: SimulationSpecification | undefined;
  const add = (file: string, line: StoredLine<TrialRecord>): void => {
    const { trial } = line.record;
    const known = lines.get(trial);
    if (!known) lines.set(trial, { ...line, file });
    else if (haveEqualResults(known.record, line.record)) duplicates.add(trial);
    else throw new TrialRecordError(`line ${line.number} has other results of trial ${trial} than ${known.file}`);
  };
  for (const file of files) {
    const text = readRecords(file);
    ofFile(file, () => {
      const found = trialLines(text);
      if (found.length === 0) return;
      specification ??= specificationOf(found[0]!);
      const check = recordCheck(specification);
      for (const line of found) {
        check(line);
        add(file, line);
      }
    });
  }
  if (!specification) throw new ResultFileError(files.join(", "), "holds no trial");
  const sorted = [...lines.values()].sort((a, b) => a.record.trial - b.record.trial);
  if (output !== undefined) writeLines(output, sorted);
  const records = sorted.map(({ record }) => record);
  return {
    specification,
    records,
    backends: [...new Set(records.map(({ backend }) => backend))],
    missing: Array.from({ length: trials }, (_, trial) => trial).filter((trial) => !lines.has(trial)),
    duplicates: [...duplicates].sort((a, b) => a - b),
  };
}

function specificationOf({ number, record }: StoredLine<TrialRecord>): SimulationSpecification {
  const { parameters, seed } = record;
  if (record.version !== version) {
    throw new TrialRecordError(`line ${number} is of replica-theory ${record.version}, and this is ${version}`);
  }
  const parsed = specificationSchema.safeParse({ ...parameters, seed });
  if (parsed.success) return parsed.data;
  throw new TrialRecordError(`line ${number} is no trial of this version: ${firstIssue(parsed.error)}`);
}

/** The file is there whole or not at all; it may be one of those that were read. */
function writeLines(output: string, lines: readonly StoredLine<TrialRecord>[]): void {
  const part = `${output}.${process.pid}.part`;
  try {
    writeFileSync(part, lines.map(({ text }) => `${text}\n`).join(""));
    renameSync(part, output);
  } catch (error) {
    throw new ResultFileError(output, `cannot be written (${(error as Error).message})`, { cause: error });
  }
}

/**
 * Ascending numbers for a message, progressions as first-last:step, which is how a job array writes them.
 *
 * @example
 * ```ts
 * import { formatRanges } from "replica-theory/simulation";
 * console.log(formatRanges([0, 1, 2, 7, 9])); // 0-2, 7, 9
 * console.log(formatRanges([3, 11, 19, 27])); // 3-27:8
 * ```
 */
export function formatRanges(ascending: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < ascending.length;) {
    const first = ascending[i]!;
    const step = (ascending[i + 1] ?? first) - first;
    let length = 1;
    while (ascending[i + length] === first + length * step && step > 0) length++;
    const isRange = length > 2;
    parts.push(isRange ? `${first}-${first + (length - 1) * step}${step > 1 ? `:${step}` : ""}` : String(first));
    i += isRange ? length : 1;
  }
  return parts.join(", ");
}
