import { batchesOf, simulateBatch } from "../compare/batches.ts";
import type { ComparedRow } from "../compare/rows.ts";
import type { CurveTask } from "./curveOptions.ts";
import { engineOptions, requiredDimension } from "./engineOptions.ts";
import type { Io } from "./io.ts";
import { progressBar } from "./progress.ts";

/**
 * Simulates finite networks at the rows' parameters and sets the results beside them. If a run is stopped, the rows it has not
 * reached are returned as they are.
 *
 * @throws ParameterError before any work if no finite network has the parameters
 */
export async function simulateRows(rows: readonly ComparedRow[], task: CurveTask, io: Io): Promise<ComparedRow[]> {
  const { run, theories, sweep } = task;
  const { statistics, ensemble } = task;
  const pairs = { ...(statistics !== undefined && { statistics }), ...(ensemble && { ensemble }) };
  const engine = { ...engineOptions(run), ...pairs, dimension: requiredDimension(run) };
  const batches = batchesOf({ rows, theories, sweep, simulate: run.simulate ?? "model", engine }, (text) =>
    io.log(text),
  );
  const bar = progressBar(io, "simulating", batches.length * engine.trials);
  const compared = new Map<ComparedRow, ComparedRow>();
  const interrupt = io.holdInterrupt();
  try {
    for (const [index, batch] of batches.entries()) {
      const simulated = await simulateBatch(batch, {
        onProgress: ({ completed }) => bar.update(index * engine.trials + completed),
        signal: interrupt.signal,
      });
      for (const [row, result] of simulated) compared.set(row, result);
    }
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    io.log("stopped: the simulation is incomplete");
  } finally {
    bar.stop();
    interrupt.release();
  }
  return rows.map((row) => compared.get(row) ?? row);
}
