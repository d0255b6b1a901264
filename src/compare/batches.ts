import { flatRow } from "../curve/csv.ts";
import { type Sweep, withSwept } from "../curve/sweep.ts";
import type { SweptName } from "../parameters/table.ts";
import { simulatedQuantities, type SimulatedQuantity } from "../simulation/quantities.ts";
import { type NodeSimulationOptions, simulate } from "../simulation/simulateNode.ts";
import { type SimulatedDescription, specify } from "../simulation/specification.ts";
import { type Estimate, zScore } from "../simulation/statistics.ts";
import type { SimulationPoint } from "../simulation/summary.ts";
import type { CurveWords } from "../plot/plottedRow.ts";
import { finiteModel, type FiniteModel, hasInfiniteBatch, INFINITE_BATCH } from "./finiteModel.ts";
import type { ComparedRow, ComparedValue, CurveTheory, RowSimulation } from "./rows.ts";
import { gridPoints, samplesName, sizesOf, type TrialSizes } from "./trialSizes.ts";

/** Rows of theory, how they came about, and the networks to simulate beside them. */
export interface ComparisonTask {
  readonly rows: readonly ComparedRow[];
  readonly theories: readonly CurveTheory[];
  readonly sweep: Sweep;
  readonly simulate: FiniteModel;
  readonly engine: Omit<
    NodeSimulationOptions,
    "file" | "onProgress" | "signal" | "sampleRatios" | "samples" | "ridges"
  >;
}

/** Rows that one run of trials serves. */
export interface Batch {
  readonly description: SimulatedDescription;
  readonly options: NodeSimulationOptions & TrialSizes;
  readonly rows: readonly ComparedRow[];
}

/**
 * Rows that differ only in α and λ, or in the theory, share their trials. All specifications are checked here, before the first trial.
 *
 * @param onNotice told of rows that no finite network has
 * @throws ParameterError if no finite network has the parameters
 */
export function batchesOf(task: ComparisonTask, onNotice: (text: string) => void): Batch[] {
  const { rows, sweep, theories, engine } = task;
  return grouped(rows, (row) => keyOf(row, sweep)).flatMap((alike): Batch[] => {
    const names = Object.keys(sweep) as SweptName[];
    const swept = Object.fromEntries(names.map((name) => [name, alike[0]![name]!]));
    const base = { ...theories[0]!.description, ...wordsOf(alike[0]!) };
    const network = withSwept(base, swept) as SimulatedDescription;
    const name = samplesName(network);
    const finite = (values: (number | undefined)[]) =>
      [...new Set(values)].filter((x): x is number => Number.isFinite(x));
    const samples = finite(alike.map(({ [name]: value }) => value));
    const options = { ...engine, ...sizesOf(name, samples, finite(alike.map(({ ridge }) => ridge))) };
    if (hasInfiniteBatch(network) && task.simulate !== "srf") {
      onNotice(INFINITE_BATCH);
      return [];
    }
    const description = finiteModel(network, task.simulate);
    specify(description, options);
    return [{ description, options, rows: alike }];
  });
}

/** Simulates the networks of a batch: each of its rows that has a point, with what was simulated there. */
export async function simulateBatch(
  { description, options, rows }: Batch,
  running: Pick<NodeSimulationOptions, "onProgress" | "signal">,
): Promise<Map<ComparedRow, ComparedRow>> {
  const { points, backend } = await simulate(description, { ...options, ...running });
  const name = samplesName(description);
  const places = gridPoints(options);
  const compared = new Map<ComparedRow, ComparedRow>();
  for (const row of rows) {
    const point = points[places.findIndex(({ samples, ridge }) => samples === row[name] && ridge === row.ridge)];
    if (point) compared.set(row, { ...row, simulation: simulationOf(row, point, description, options, backend) });
  }
  return compared;
}

function simulationOf(
  row: ComparedRow,
  point: SimulationPoint,
  description: SimulatedDescription,
  { dimension, trials, seed = 0 }: NodeSimulationOptions,
  backend: string,
): RowSimulation {
  const value = (simulated: Estimate, theory: number): ComparedValue => {
    return { mean: simulated.mean, standardError: simulated.standardError, z: zScore(simulated, theory) };
  };
  const theory = row.status === "converged" ? flatRow(row) : {};
  const compared = Object.entries(simulatedQuantities(point, description)).map(([name, simulated]) => {
    return [name, value(simulated, (theory[name] as number | undefined) ?? NaN)];
  });
  const quantities = Object.fromEntries(compared) as { readonly [Q in SimulatedQuantity]?: ComparedValue };
  return { dimension, trials, seed, ...quantities, backend };
}

function grouped<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return [...groups.values()];
}

const wordsOf = ({ student, target }: ComparedRow): CurveWords => ({
  ...(student !== undefined && { student }),
  ...(target !== undefined && { target }),
});

/** Everything but α, λ and the theory. */
function keyOf(row: ComparedRow, sweep: Sweep): string {
  const names = (Object.keys(sweep) as SweptName[]).filter(
    (name) => !["sampleRatio", "samples", "ridge"].includes(name),
  );
  return JSON.stringify([wordsOf(row), ...names.map((name) => String(row[name]))]);
}
