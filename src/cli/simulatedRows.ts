import { type EveryRow, withSwept } from "../curve/sweep.ts";
import { isMultiIndex, type SteppedNetwork } from "../multiIndex/description.ts";
import { stepSurrogate } from "../multiIndex/surrogate.ts";
import type { SweepParameter } from "../parameters/table.ts";
import { ParameterError } from "../errors.ts";
import { activation } from "../activation/activation.ts";
import type { LossParameters, SpikedRandomFeatures, TrainedNetwork } from "../model/description.ts";
import { gradientStepMap } from "../model/gradientStep.ts";
import { checkReadout } from "../model/validation.ts";
import {
  type Estimate,
  type NodeSimulationOptions,
  simulate,
  type SimulatedDescription,
  simulatedQuantities,
  type SimulatedQuantity,
  type SimulationPoint,
  specify,
  zScore,
} from "../simulation/index.ts";
import type { CurveWords } from "../plot/plottedRow.ts";
import type { CurveTask } from "./curveOptions.ts";
import type { Io } from "./io.ts";
import { progressBar } from "./progress.ts";
import {
  engineOptions,
  gridPoints,
  requiredDimension,
  samplesName,
  sizesOf,
  type TrialSizes,
} from "./engineOptions.ts";

/** Mean and standard error over the trials, and the distance from theory in standard errors. */
export interface ComparedValue {
  readonly mean: number;
  readonly standardError: number;
  readonly z: number;
}

/** What was simulated at the parameters of a row. */
export type RowSimulation = {
  readonly dimension: number;
  readonly trials: number;
  readonly seed: number;
  /** The linear algebra: the same seed gives the same digits with the same one. */
  readonly backend: string;
} & {
  readonly [Q in SimulatedQuantity]?: ComparedValue;
};

export type ComparedRow = EveryRow &
  CurveWords & {
    readonly theory?: string;
    readonly finiteDimension?: number;
    readonly simulation?: RowSimulation;
  };

interface Batch {
  readonly description: SimulatedDescription;
  readonly options: NodeSimulationOptions & TrialSizes;
  readonly rows: ComparedRow[];
}

/**
 * Simulates finite networks at the rows' parameters and sets the results beside them. Rows that differ only in α and λ, or
 * in the theory, share their trials. If a run is stopped, the rows it has not reached are returned as they are.
 *
 * @throws ParameterError before any work if no finite network has the parameters
 */
export async function simulateRows(rows: readonly ComparedRow[], task: CurveTask, io: Io): Promise<ComparedRow[]> {
  const batches = batchesOf(rows, task, io);
  const trials = batches.reduce((sum, { options }) => sum + options.trials, 0);
  const bar = progressBar(io, "simulating", trials);
  const compared = new Map<ComparedRow, ComparedRow>();
  const interrupt = io.holdInterrupt();
  let finished = 0;
  try {
    for (const { description, options, rows: alike } of batches) {
      const { points, backend } = await simulate(description, {
        ...options,
        onProgress: ({ completed }) => bar.update(finished + completed),
        signal: interrupt.signal,
      });
      finished += options.trials;
      for (const row of alike) {
        const name = samplesName(description);
        const index = gridPoints(options).findIndex(
          ({ samples, ridge }) => samples === row[name] && ridge === row.ridge,
        );
        const point = points[index];
        if (point) compared.set(row, { ...row, simulation: compare(row, point, options, backend) });
      }
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

function compare(
  row: ComparedRow,
  point: SimulationPoint,
  options: NodeSimulationOptions,
  backend: string,
): RowSimulation {
  const value = (simulated: Estimate, theory: number): ComparedValue => {
    return { mean: simulated.mean, standardError: simulated.standardError, z: zScore(simulated, theory) };
  };
  const theory: { readonly [Q in SimulatedQuantity]?: number } = row.status === "converged" ? row : {};
  const compared = Object.entries(simulatedQuantities(point)).map(([name, simulated]) => {
    return [name, value(simulated, theory[name as SimulatedQuantity] ?? NaN)];
  });
  return {
    dimension: options.dimension,
    trials: options.trials,
    seed: options.seed ?? 0,
    ...(Object.fromEntries(compared) as { readonly [Q in SimulatedQuantity]?: ComparedValue }),
    backend,
  };
}

/** Rows that one run of trials serves. All specifications are checked before the first trial. */
function batchesOf(rows: readonly ComparedRow[], task: CurveTask, io: Io): Batch[] {
  const { run, sweep, theories } = task;
  const engine = { ...engineOptions(run), dimension: requiredDimension(run) };
  return grouped(rows, (row) => keyOf(row, task)).flatMap((alike): Batch[] => {
    const swept = Object.fromEntries((Object.keys(sweep) as SweepParameter[]).map((name) => [name, alike[0]![name]]));
    const base = { ...theories[0]!.description, ...wordsOf(alike[0]!) };
    const network = withSwept(base, swept) as SimulatedDescription;
    const name = samplesName(network);
    const finite = (values: (number | undefined)[]) =>
      [...new Set(values)].filter((x): x is number => Number.isFinite(x));
    const samples = finite(alike.map(({ [name]: value }) => value));
    const options = { ...engine, ...sizesOf(name, samples, finite(alike.map(({ ridge }) => ridge))) };
    if (hasInfiniteBatch(network) && run.simulate !== "srf") {
      io.log(INFINITE_BATCH);
      return [];
    }
    const description = finiteModel(network, run.simulate);
    specify(description, options);
    return [{ description, options, rows: alike }];
  });
}

export const INFINITE_BATCH = "stepSampleRatio = inf is not simulated: an infinite batch cannot be drawn";

/** Whether a step of a network has a batch that cannot be drawn. */
export function hasInfiniteBatch(network: SimulatedDescription): boolean {
  const { steps = [], stepSampleRatio } = network as Partial<SteppedNetwork>;
  return [{ stepSampleRatio }, ...steps].some((step) => step.stepSampleRatio === Infinity);
}

function grouped<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return [...groups.values()];
}

const wordsOf = ({ student, target }: ComparedRow): CurveWords => ({
  ...(student !== undefined && { student }),
  ...(target !== undefined && { target }),
});

/** Everything but α, λ and the theory. */
function keyOf(row: ComparedRow, { sweep }: CurveTask): string {
  const names = (Object.keys(sweep) as SweepParameter[]).filter(
    (name) => !["sampleRatio", "samples", "ridge"].includes(name),
  );
  return JSON.stringify([wordsOf(row), ...names.map((name) => String(row[name]))]);
}

/** The model whose finite instances are drawn: itself, the trained network, or the latter's isotropic surrogate. */
export function finiteModel(
  description: SimulatedDescription,
  simulated: CurveTask["run"]["simulate"],
): SimulatedDescription {
  const { model } = description;
  if (simulated === "network" && model !== "trainedNetwork") {
    throw new ParameterError("simulate", simulated, `"srf" or "model" for the model ${model}`);
  }
  if (simulated !== "srf" || description.model !== "trainedNetwork") return description;
  if (isMultiIndex(description)) return stepSurrogate(description);
  const { loss, labelFlips } = description as LossParameters;
  const readout = { ...(loss !== undefined && { loss }), ...(labelFlips !== undefined && { labelFlips }) };
  return { ...surrogate(description), ...readout };
}

/** The spiked random features of theory §2. */
function surrogate(network: Omit<TrainedNetwork, "loss">): SpikedRandomFeatures {
  const { student, target, labelNoise = 0, sampleRatio, widthRatio, ridge } = network;
  const { values, fractions } = checkReadout(network.readoutValues, network.readoutFractions);
  const { readoutSign, ...spike } = gradientStepMap({
    student: activation(student, "student"),
    target: activation(target, "target"),
    labelNoise,
    learningRate: network.learningRate,
    stepSampleRatio: network.stepSampleRatio,
    readoutValues: values,
  });
  const readout = { readoutValues: values.map((u) => readoutSign * u), readoutFractions: fractions };
  const common = { student, target, labelNoise, sampleRatio, widthRatio, ridge };
  return { model: "spikedRandomFeatures", ...common, ...spike, ...readout };
}
