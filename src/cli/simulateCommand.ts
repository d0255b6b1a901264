import { Command } from "commander";
import { formatRanges, shardTrials, simulate, simulateShard } from "../simulation/index.ts";
import type { Io } from "./io.ts";
import { checkOutputs } from "./outputs.ts";
import { progressBar } from "./progress.ts";
import { simulateOnQueue } from "./queueCommands.ts";
import { addSimulateOptions, readSimulateTask, type SimulateTask } from "./simulateOptions.ts";
import { samplesOf, writePoints } from "./simulationRows.ts";

const EXAMPLES = `
Examples:
  In this process, restartable, two sample ratios from the same networks:
    replica-theory simulate --student tanh --target tanh --learning-rate 1 --step-sample-ratio 1 \\
      --sample-ratio 1,2 --width-ratio 1 --ridge 0.01 --dimension 500 --trials 20 --file trials.jsonl
  The third of eight parts of the trials, for a job array; merge joins the parts:
    replica-theory simulate --config run.json --shard 3/8 --file shard-3.jsonl
  On the workers of a queue:
    replica-theory simulate --config run.json --queue redis://host:6379

Exit code: 0 done, 1 trials failed or the run was stopped, 2 the input could not be used.`;

/** `simulate`: trials of finite networks, in this process, in shards, or on a queue. */
export function simulateCommand(io: Io, exit: (code: number) => void): Command {
  return addSimulateOptions(new Command("simulate"))
    .addHelpText("after", EXAMPLES)
    .action(async (options: Record<string, unknown>) => {
      const task = await readSimulateTask(options);
      if (task.queue !== undefined) exit(await simulateOnQueue(io, task));
      else exit(await simulateHere(io, task));
    });
}

async function simulateHere(io: Io, task: SimulateTask): Promise<number> {
  const { description, grid, engine, shard, file } = task;
  const { trials } = engine;
  const outputs = await checkOutputs(task.out, [".csv", ".json"]);
  const bar = progressBar(io, "simulating", shard ? shardTrials(shard, trials).length : trials);
  const interrupt = io.holdInterrupt();
  const { signal } = interrupt;
  const options = {
    ...grid,
    ...engine,
    ...(file !== undefined && { file }),
    signal,
    onProgress: ({ completed }: { completed: number }) => bar.update(completed),
  };
  try {
    if (shard && file !== undefined) {
      const done = await simulateShard(description, { ...options, shard, file });
      io.log(
        `shard ${shard.index}/${shard.count}: trials ${formatRanges(done.map(({ trial }) => trial))} are in ${file}`,
      );
      return 0;
    }
    const { points, trials: done, specification, backend } = await simulate(description, options);
    bar.stop();
    await writePoints(points, { ...specification, ...samplesOf(grid), trials: done.length, backend }, outputs, io);
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    io.log(file === undefined ? "stopped" : `stopped: the trials that had ended are in ${file}`);
    return 1;
  } finally {
    interrupt.release();
    bar.stop();
  }
}
