import type { Command } from "commander";
import { z } from "zod";
import { ParameterError } from "../errors.ts";
import { parse } from "../json/description.ts";
import type { ModelDescription } from "../model/description.ts";
import { type BackendChoice, type Shard, shardTrials, type SimulationGrid } from "../simulation/index.ts";
import { addModelOptions, fieldsOf } from "./modelOptions.ts";
import { readJsonFile } from "./io.ts";
import { trialGrid } from "./engineOptions.ts";
import { readSweptModel } from "./sweptModel.ts";
import { parseNumber } from "./values.ts";

const count = z.int({ error: "a whole number" });
const text = z.string({ error: "text" });

const runSchema = z.strictObject({
  dimension: count,
  trials: count.default(10),
  seed: count.exactOptional(),
  testSamples: count.exactOptional(),
  backend: text.exactOptional(),
  workers: count.exactOptional(),
  standardError: z.number({ error: "a number" }).exactOptional(),
  file: text.exactOptional(),
  shard: text.exactOptional(),
  queue: z.union([text, z.literal(true)], { error: "a URL" }).exactOptional(),
  detach: z.boolean({ error: "true or false" }).exactOptional(),
  out: z.array(text, { error: "a list of file names" }).exactOptional(),
});

/** Where and how much to simulate. */
export interface SimulateTask {
  readonly description: ModelDescription;
  readonly grid: SimulationGrid;
  readonly run: Omit<z.infer<typeof runSchema>, "shard" | "backend"> & {
    readonly shard?: Shard;
    readonly backend?: BackendChoice;
  };
}

const COUNTS = ["dimension", "trials", "seed", "testSamples", "workers"] as const;
const OTHERS = ["backend", "file", "shard", "queue", "detach", "out"] as const;

export function addSimulateOptions(command: Command): Command {
  return addModelOptions(command)
    .option("--config <file>", "JSON file with the names of these options; options override it")
    .option("--dimension <d>", "input dimension (required)")
    .option("--trials <count>", "networks (default 10)")
    .option("--seed <seed>", "seed (default 0)")
    .option("--test-samples <count>", "test samples of each trial (default 5000)")
    .option("--backend <name>", "linear algebra: auto (default), openblas, wasm or ml-matrix")
    .option("--workers <count>", "trials at a time (default one per processor)")
    .option("--standard-error <s>", "add trials until the standard error of the test error is at most this")
    .option("--file <file>", "JSON Lines file of trials; those it holds are not run again")
    .option("--shard <i/N>", "run only the i-th of N parts of the trials, to --file; `merge` joins them")
    .option(
      "--queue [url]",
      "run the trials on the workers of a queue: redis:// or rediss:// (or REPLICA_THEORY_QUEUE)",
    )
    .option("--detach", "with --queue: submit and do not wait")
    .option("--out <file...>", "tables to write: .csv, .json (default CSV on standard output)");
}

/**
 * Reads the fields of a configuration file and the options, which override them.
 *
 * @throws ParameterError that names what is unknown, missing, contradictory or of the wrong kind
 */
export async function readSimulateTask(options: Readonly<Record<string, unknown>>): Promise<SimulateTask> {
  const { config } = options;
  const fields = {
    ...(typeof config === "string" && (await readJsonFile("config", config))),
    ...fieldsOf(options, "text"),
  };
  for (const name of COUNTS) {
    if (options[name] !== undefined) fields[name] = parseNumber(name, options[name] as string, "a whole number");
  }
  if (options["standardError"] !== undefined) {
    fields["standardError"] = parseNumber("standardError", options["standardError"] as string);
  }
  for (const name of OTHERS) if (options[name] !== undefined) fields[name] = options[name];
  return taskOf(fields);
}

function taskOf(fields: Readonly<Record<string, unknown>>): SimulateTask {
  const entries = Object.entries(fields);
  const isRunField = ([name]: [string, unknown]): boolean => Object.hasOwn(runSchema.shape, name);
  const parsed = parse<z.infer<typeof runSchema>>(
    runSchema,
    Object.fromEntries(entries.filter(isRunField)),
    "no option of simulate",
  );
  const model = Object.fromEntries(entries.filter((entry) => !isRunField(entry)));
  const { description, sampleRatios, ridges } = trialGrid(readSweptModel(model));
  const { dimension, testSamples, seed, shard, backend, ...run } = parsed;
  refuseContradictions(parsed);
  return {
    description,
    grid: {
      sampleRatios,
      ridges,
      dimension,
      ...(testSamples !== undefined && { testSamples }),
      ...(seed !== undefined && { seed }),
    },
    run: {
      ...run,
      dimension,
      ...(shard !== undefined && { shard: parseShard(shard) }),
      ...(backend !== undefined && { backend: backend as BackendChoice }),
    },
  };
}

function refuseContradictions(run: z.infer<typeof runSchema>): void {
  const { shard, queue, file, standardError, detach } = run;
  if (shard !== undefined && queue !== undefined) {
    throw new ParameterError("shard", shard, "without --queue: a queue shares out the trials itself");
  }
  if (shard !== undefined && file === undefined) throw new ParameterError("file", file, "required with --shard");
  if (standardError !== undefined && (shard !== undefined || queue !== undefined)) {
    throw new ParameterError(
      "standardError",
      standardError,
      "without --shard and --queue: they take a fixed number of trials",
    );
  }
  if (detach !== undefined && queue === undefined) throw new ParameterError("detach", detach, "with --queue");
}

/** @throws ParameterError unless the text is i/N. */
function parseShard(value: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(value.trim()) ?? [];
  if (index === undefined) throw new ParameterError("shard", value, "i/N, such as 3/8");
  const shard = { index: Number(index), count: Number(count) };
  shardTrials(shard, 0);
  return shard;
}
