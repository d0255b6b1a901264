import { toCsv } from "../curve/csv.ts";
import type { SimulationPoint } from "../simulation/index.ts";
import { type Io } from "./io.ts";
import { type Output, writeTables } from "./outputs.ts";

/** Of which trials points are the means. */
interface TrialSet {
  readonly dimension: number;
  readonly trials: number;
  readonly seed: number;
  /** The linear algebra: the same seed gives the same digits with the same one. */
  readonly backend: string;
  /** n of each row of the grid, of a model that has `samples`. */
  readonly samples?: readonly number[];
}

/** n of a grid, where it has them. */
export const samplesOf = ({ samples }: { readonly samples?: readonly number[] }) => ({ ...(samples && { samples }) });

/** Writes simulated points to tables, or as CSV to standard output where there is none. */
export async function writePoints(
  points: readonly SimulationPoint[],
  { dimension, trials, seed, backend, samples }: TrialSet,
  outputs: readonly Output[],
  io: Io,
): Promise<void> {
  const rows = points.map(({ sampleRatio, ridge, overlaps, losses, statistics, ...errors }, i) => {
    const size =
      samples === undefined ? { sampleRatio } : { samples: samples[Math.floor((i * samples.length) / points.length)] };
    const channels = overlaps.m.length > 0 && overlaps;
    return { ...size, ridge, dimension, trials, seed, ...errors, ...losses, ...statistics, ...channels, backend };
  });
  if (outputs.length === 0) return io.write(toCsv(rows));
  await writeTables(outputs, rows);
  for (const { path } of outputs) io.log(`wrote ${path}`);
}
