import type { Command } from "commander";
import { z } from "zod";
import { ParameterError } from "../errors.ts";
import { flag } from "../json/fields.ts";
import type { AnyDescription } from "../model/description.ts";
import { type NodeSimulationOptions, type Shard, shardTrials, type SimulationGrid } from "../simulation/index.ts";
import { files, splitFields, text } from "./curveOptions.ts";
import { engineOptions, requiredDimension, SIMULATION_OPTIONS, simulationFields, trialGrid } from "./engineOptions.ts";
import { addModelOptions, addOptions, type CliOption, option } from "./modelOptions.ts";
import { configuredFields, readSweptModel } from "./sweptModel.ts";

const runSchema = z.strictObject({
  dimension: z.int({ error: "a whole number" }).exactOptional(),
  ...simulationFields,
  file: text.exactOptional(),
  shard: text.exactOptional(),
  queue: z.union([text, z.literal(true)], { error: "a URL" }).exactOptional(),
  detach: flag.exactOptional(),
  out: files.exactOptional(),
});
type Run = z.infer<typeof runSchema>;

/** Where and how much to simulate. */
export interface SimulateTask {
  readonly description: AnyDescription;
  readonly grid: SimulationGrid;
  readonly engine: Omit<NodeSimulationOptions, "dimension">;
  readonly file?: string;
  readonly shard?: Shard;
  readonly queue?: string | true;
  readonly detach: boolean;
  readonly out: readonly string[];
}

const OPTIONS: readonly CliOption[] = [
  option("dimension", "number", "d", "input dimension (required)"),
  ...SIMULATION_OPTIONS,
  option("file", "text", "path", "JSON Lines file of trials; those it holds are not run again"),
  option("shard", "text", "i/N", "run only the i-th of N parts of the trials, to --file; `merge` joins them"),
];

export function addSimulateOptions(command: Command): Command {
  return addOptions(addModelOptions(command), OPTIONS)
    .option("--config <file>", "JSON file with the names of these options; options override it")
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
export async function readSimulateTask(given: Readonly<Record<string, unknown>>): Promise<SimulateTask> {
  const fields = await configuredFields(given, OPTIONS, ["queue", "detach", "out"]);
  const { run, model } = splitFields(runSchema, fields, "simulate");
  const { description, sampleRatios, ridges } = trialGrid(readSweptModel(model));
  refuseContradictions(run);
  const { testSamples, seed = 0, shard, file, queue, detach = false, out = [] } = run;
  return {
    description,
    grid: {
      sampleRatios,
      ridges,
      dimension: requiredDimension(run),
      ...(testSamples !== undefined && { testSamples }),
      seed,
    },
    engine: engineOptions(run),
    ...(file !== undefined && { file }),
    ...(shard !== undefined && { shard: parseShard(shard) }),
    ...(queue !== undefined && { queue }),
    detach,
    out,
  };
}

function refuseContradictions(run: Run): void {
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
