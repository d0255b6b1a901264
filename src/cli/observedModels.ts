import { withPoint } from "../json/description.ts";
import { finiteModel, hasInfiniteBatch, INFINITE_BATCH } from "../compare/finiteModel.ts";
import type { Trials } from "../compare/histogram.ts";
import { observe, OBSERVED_TRIALS } from "../compare/observe.ts";
import type { Observation, Observed } from "../simulation/index.ts";
import { NETWORK_OPTIONS, requiredDimension, SIMULATION_OPTIONS } from "./engineOptions.ts";
import type { Io } from "./io.ts";
import { progressBar } from "./progress.ts";
import type { OptionsOf } from "./runOptions.ts";
import type { NamedModel } from "./sweptModel.ts";

const { trials, seed, backend } = SIMULATION_OPTIONS;

/** Simulated networks beside an observable: the names of `curve`. */
export const SIMULATED_OPTIONS = { ...NETWORK_OPTIONS, trials, seed, backend } as const;
/** The options of {@link SIMULATED_OPTIONS}. */
export type SimulatedFields = OptionsOf<typeof SIMULATED_OPTIONS>;

/**
 * What is observed in the trials of every model; models that differ in the theory share them. None without
 * --simulate, for an infinite batch, and where the run was stopped.
 *
 * @throws ParameterError if no finite network has the parameters
 */
export async function observeModels<O extends Observation>(
  io: Io,
  models: readonly NamedModel[],
  run: SimulatedFields,
  observation: O,
): Promise<(readonly Observed<O>[] | undefined)[]> {
  if (run.simulate === undefined) return models.map(() => undefined);
  const { trials = OBSERVED_TRIALS, seed = 0, backend } = run;
  const dimension = requiredDimension(run);
  const known = new Map<string, readonly Observed<O>[]>();
  const results: (readonly Observed<O>[] | undefined)[] = [];
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
      const description = finiteModel(described, run.simulate);
      const key = JSON.stringify({ ...description, theory: undefined });
      const values =
        known.get(key) ??
        (await observe(description, observation, {
          ...{ dimension, trials, seed },
          ...(backend !== undefined && { backend }),
          signal: interrupt.signal,
          onTrial: () => bar.update(results.length * trials),
        }));
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

/** One list of what was observed of each network; what models share they still do. */
export function valuesOf<T>(
  simulated: readonly (readonly T[] | undefined)[],
  read: (observed: T) => readonly number[],
): (Trials | undefined)[] {
  const own = new Map(simulated.map((trials) => [trials, trials?.map(read)]));
  return simulated.map((trials) => own.get(trials));
}
