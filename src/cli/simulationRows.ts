import { toCsv } from "../curve/csv.ts";
import type { SimulationPoint } from "../simulation/index.ts";
import { type Io } from "./io.ts";
import { type Output, writeTables } from "./outputs.ts";

/** Writes simulated points to tables, or as CSV to standard output where there is none. */
export async function writePoints(
  points: readonly SimulationPoint[],
  { dimension, trials, seed }: { readonly dimension: number; readonly trials: number; readonly seed: number },
  outputs: readonly Output[],
  io: Io,
): Promise<void> {
  const rows = points.map(({ sampleRatio, ridge, overlaps, losses, ...errors }) => {
    return { sampleRatio, ridge, dimension, trials, seed, ...errors, ...losses, ...overlaps };
  });
  if (outputs.length === 0) return io.write(toCsv(rows));
  await writeTables(outputs, rows);
  for (const { path } of outputs) io.log(`wrote ${path}`);
}
