import type { Command } from "commander";
import type { TrialSizes } from "../compare/trialSizes.ts";
import { ParameterError } from "../errors.ts";
import { either, FLAG, TEXT } from "../parameters/kinds.ts";
import {
  type NodeSimulationOptions,
  type Shard,
  shardTrials,
  type SimulatedDescription,
  type SimulationGrid,
} from "../simulation/index.ts";
import { engineOptions, NETWORK_OPTIONS, requiredDimension, SIMULATION_OPTIONS, trialGrid } from "./engineOptions.ts";
import { addModelOptions, addOptions, option } from "./modelOptions.ts";
import { STATISTICS_OPTIONS } from "./statisticsOptions.ts";
import { type OptionsOf, out, readOptions } from "./runOptions.ts";
import { readSweptModel } from "./sweptModel.ts";

const OPTIONS = {
  dimension: NETWORK_OPTIONS.dimension,
  ...SIMULATION_OPTIONS,
  ...STATISTICS_OPTIONS,
  file: option(TEXT, "path", "JSON Lines file of trials; those it holds are not run again"),
  shard: option(TEXT, "i/N", "run only the i-th of N parts of the trials, to --file; `merge` joins them"),
  queue: option(
    either(TEXT, FLAG),
    "url",
    "run the trials on the workers of a queue: redis:// or rediss:// (or REPLICA_THEORY_QUEUE)",
  ),
  detach: option(FLAG, "", "with --queue: submit and do not wait"),
  out: out(".csv, .json (default CSV on standard output)"),
} as const;
type Run = OptionsOf<typeof OPTIONS>;

/** Where and how much to simulate. */
export interface SimulateTask {
  readonly description: SimulatedDescription;
  readonly grid: SimulationGrid & TrialSizes;
  readonly engine: Omit<NodeSimulationOptions, "dimension">;
  readonly file?: string;
  readonly shard?: Shard;
  readonly queue?: string | boolean;
  readonly detach: boolean;
  readonly out: readonly string[];
}

export function addSimulateOptions(command: Command): Command {
  return addOptions(addModelOptions(command), OPTIONS).option(
    "--config <file>",
    "JSON file with the names of these options; options override it",
  );
}

/**
 * Reads the fields of a configuration file and the options, which override them.
 *
 * @throws ParameterError that names what is unknown, missing, contradictory or of the wrong kind
 */
export async function readSimulateTask(given: Readonly<Record<string, unknown>>): Promise<SimulateTask> {
  const { run, model } = await readOptions("simulate", OPTIONS, given);
  const { description, grid } = trialGrid(readSweptModel(model));
  refuseContradictions(run);
  const { testSamples, seed = 0, statistics, ensemble, shard, file, queue, detach = false, out = [] } = run;
  return {
    description,
    grid: {
      ...grid,
      dimension: requiredDimension(run),
      ...(testSamples !== undefined && { testSamples }),
      seed,
      ...(statistics !== undefined && { statistics }),
      ...(ensemble !== undefined && { ensemble }),
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
