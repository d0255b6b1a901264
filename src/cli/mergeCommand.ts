import { Command } from "commander";
import { ParameterError } from "../errors.ts";
import { formatRanges, type MergedTrials, mergeTrials, runTrials, summarize } from "../simulation/index.ts";
import type { Io } from "./io.ts";
import { checkOutputs } from "./outputs.ts";
import { requireTrials } from "../simulation/collect.ts";
import { progressBar } from "./progress.ts";
import { writePoints } from "./simulationRows.ts";
import { parseNumber } from "./values.ts";

const EXAMPLES = `
Examples:
  Join the shards of a job array; trials that no file has are named:
    replica-theory merge shard-*.jsonl --trials 200 --file all.jsonl
  Run those that are missing here, into the joined file:
    replica-theory merge shard-*.jsonl --trials 200 --file all.jsonl --resume

Exit code: 0 every trial is there, 1 some are missing, 2 the files could not be used.`;

interface MergeOptions {
  readonly trials: string;
  readonly file?: string;
  readonly resume?: true;
  readonly workers?: string;
  readonly out?: string[];
}

/** `merge`: joins files of trials, names or runs those that are missing, and summarises. */
export function mergeCommand(io: Io, exit: (code: number) => void): Command {
  return new Command("merge")
    .argument("<files...>", "JSON Lines files of trials")
    .requiredOption("--trials <count>", "trials of the whole run")
    .option("--file <file>", "JSON Lines file for the joined trials")
    .option("--resume", "run the missing trials here, into --file")
    .option("--workers <count>", "with --resume: trials at a time (default one per processor)")
    .option("--out <file...>", "tables to write: .csv, .json (default CSV on standard output)")
    .addHelpText("after", EXAMPLES)
    .action(async (files: string[], options: MergeOptions) => exit(await merge(io, files, options)));
}

async function merge(io: Io, files: readonly string[], options: MergeOptions): Promise<number> {
  const trials = parseNumber("trials", options.trials, "a whole number");
  requireTrials("trials", trials);
  const { file, resume, out = [] } = options;
  if (resume && file === undefined) throw new ParameterError("file", file, "required with --resume");
  const outputs = await checkOutputs(out, [".csv", ".json"]);
  const merged = mergeTrials(files, trials, file);
  reportMerge(merged, trials, io);
  const { specification, missing } = merged;
  if (missing.length > 0 && !resume) return 1;
  const results = new Map(merged.records.map((record) => [record.trial, record]));
  const complete =
    file !== undefined && missing.length > 0
      ? await runMissing(io, merged, trials, file, options)
      : Array.from({ length: trials }, (_, trial) => results.get(trial)!);
  await writePoints(
    summarize(complete),
    { ...specification, trials, backend: merged.backends.join(" and ") },
    outputs,
    io,
  );
  return 0;
}

function reportMerge({ records, missing, duplicates, backends }: MergedTrials, trials: number, io: Io): void {
  const within = records.filter(({ trial }) => trial < trials).length;
  io.log(`${within} of ${trials} trials are there`);
  if (within < records.length) io.log(`${records.length - within} trials beyond them are left out of the summary`);
  if (duplicates.length > 0) io.log(`there more than once, with equal results: ${formatRanges(duplicates)}`);
  if (backends.length > 1) io.log(`made with ${backends.join(" and ")}, whose results agree to rounding only`);
  if (missing.length > 0) io.log(`missing trials: ${formatRanges(missing)}`);
}

async function runMissing(
  io: Io,
  { specification, missing, backends }: MergedTrials,
  trials: number,
  file: string,
  { workers }: MergeOptions,
): Promise<Awaited<ReturnType<typeof runTrials>>> {
  const bar = progressBar(io, "simulating", missing.length);
  const interrupt = io.holdInterrupt();
  const all = Array.from({ length: trials }, (_, trial) => trial);
  try {
    return await runTrials(specification, all, {
      file,
      backend: backends[0]!,
      signal: interrupt.signal,
      ...(workers !== undefined && { workers: parseNumber("workers", workers, "a whole number") }),
      onProgress: ({ completed }) => bar.update(completed - (trials - missing.length)),
    });
  } finally {
    interrupt.release();
    bar.stop();
  }
}
