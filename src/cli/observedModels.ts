import { withPoint } from "../json/description.ts";
import type { ModelDescription } from "../model/description.ts";
import { estimate, type Observation } from "../simulation/index.ts";
import { NETWORK_OPTIONS, requiredDimension, SIMULATION_OPTIONS } from "./engineOptions.ts";
import { runJob } from "./figureTrials.ts";
import type { Io } from "./io.ts";
import { progressBar } from "./progress.ts";
import type { OptionsOf } from "./runOptions.ts";
import { finiteModel, hasInfiniteBatch, INFINITE_BATCH } from "../compare/finiteModel.ts";
import type { KeyEntry } from "../plot/key.ts";
import type { NamedModel } from "./sweptModel.ts";

const { trials, seed, backend } = SIMULATION_OPTIONS;

/** Simulated networks beside an observable: the names of `curve`. */
export const SIMULATED_OPTIONS = { ...NETWORK_OPTIONS, trials, seed, backend } as const;
/** The options of {@link SIMULATED_OPTIONS}. */
export type SimulatedFields = OptionsOf<typeof SIMULATED_OPTIONS>;

/** Networks of a simulation, unless another number is asked for. */
const TRIALS = 10;

/** What was observed of every simulated network. */
export type Trials = readonly (readonly number[])[];

/**
 * What is observed in the trials of every model, a list of numbers for each; models that differ in the theory share them. None without
 * --simulate, for an infinite batch, and where the run was stopped.
 *
 * @throws ParameterError if no finite network has the parameters
 */
export async function observeModels(
  io: Io,
  models: readonly NamedModel[],
  run: SimulatedFields,
  observation: Observation,
): Promise<(Trials | undefined)[]> {
  if (run.simulate === undefined) return models.map(() => undefined);
  const { trials = TRIALS, seed = 0, backend } = run;
  const dimension = requiredDimension(run);
  const known = new Map<string, Trials>();
  const results: (Trials | undefined)[] = [];
  const bar = progressBar(io, "simulating", models.length * trials);
  const interrupt = io.holdInterrupt();
  try {
    for (const model of models) {
      const described = withPoint(model.description);
      if (hasInfiniteBatch(described) && run.simulate !== "srf") {
        io.log(INFINITE_BATCH);
        results.push(undefined);
        continue;
      }
      const description = finiteModel(described, run.simulate) as ModelDescription;
      const key = JSON.stringify({ ...description, theory: undefined });
      const values =
        known.get(key) ??
        (await runJob(
          { description, grid: { dimension, seed }, trials, observation },
          {
            ...(backend !== undefined && { backend }),
            signal: interrupt.signal,
            onTrial: () => bar.update(results.length * trials),
          },
        ));
      known.set(key, values);
      results.push(values);
    }
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    io.log("stopped: the simulation is incomplete");
  } finally {
    bar.stop();
    interrupt.release();
  }
  return models.map((_, i) => results[i]);
}

/** What lines and simulated values are, for the key of a figure. */
export function simulationKey(symbol: "cross" | "bar", { trials = TRIALS, dimension }: SimulatedFields): KeyEntry[] {
  const simulations = `${trials} simulations at d = ${dimension}`;
  const text = symbol === "cross" ? `${simulations}: mean; bars: standard error` : simulations;
  return [
    { symbol: "line", text: "theory" },
    { symbol, text },
  ];
}

/** Mean and standard error over the trials of the number at one place. */
export function estimateAt(
  trials: Trials,
  read: (values: readonly number[]) => number,
): { readonly mean: number; readonly standardError: number } {
  const { mean, standardError } = estimate(trials.map(read));
  return { mean, standardError };
}
