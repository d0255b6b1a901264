import { FINITE_MODELS } from "../compare/finiteModel.ts";
import { samplesName, sizesOf, type TrialSizes } from "../compare/trialSizes.ts";
import type { NodeSimulationOptions, SimulatedDescription } from "../simulation/index.ts";
import { withSwept } from "../curve/sweep.ts";
import { ParameterError } from "../errors.ts";
import { withAnyPoint } from "../json/description.ts";
import { choice, FLAG, type Kind } from "../parameters/kinds.ts";
import { SIMULATION_PARAMETERS, type SimulationParameter } from "../parameters/simulation.ts";
import { type CommandOption, option } from "./modelOptions.ts";
import type { OptionsOf } from "./runOptions.ts";
import type { SweptModel } from "./sweptModel.ts";
import { wordsOf } from "./values.ts";

type Table = typeof SIMULATION_PARAMETERS;

/** A parameter of the simulation as an option. */
function simulated<N extends keyof Table>(name: N): CommandOption<Table[N]["kind"]> {
  const { symbol, meaning, kind, optional }: SimulationParameter = SIMULATION_PARAMETERS[name];
  const help = `${meaning}: ${wordsOf(kind)}${optional === undefined ? "" : ` (default ${optional})`}`;
  return option<Kind>(kind, symbol, help) as CommandOption<Table[N]["kind"]>;
}

/** Which finite networks stand beside the theory. */
export const NETWORK_OPTIONS = {
  simulate: option(choice(...FINITE_MODELS), "what", "network (trained), srf (its surrogate), or model (as described)"),
  dimension: simulated("dimension"),
} as const;

/** How finite networks are simulated. */
export const SIMULATION_OPTIONS = {
  trials: simulated("trials"),
  seed: simulated("seed"),
  testSamples: simulated("testSamples"),
  standardError: simulated("standardError"),
  maximalTrials: simulated("maximalTrials"),
  backend: simulated("backend"),
  workers: simulated("workers"),
} as const;
export type SimulationFields = OptionsOf<typeof SIMULATION_OPTIONS>;

/** Whether the theory beside finite networks is that of their own size: its mean channels have the strength F = d. */
export const FINITE_SIZE_OPTION = {
  finiteSize: { ...option(FLAG, "", "compare with the limit d = ∞ instead of theory at F = d"), on: true },
} as const;

/** The engine's options but the size, defaults filled in where the engine has none. */
export function engineOptions(fields: SimulationFields): Omit<NodeSimulationOptions, "dimension"> {
  const { trials = 10, seed = 0, testSamples, standardError, maximalTrials, backend, workers } = fields;
  return {
    trials,
    seed,
    ...(testSamples !== undefined && { testSamples }),
    ...(standardError !== undefined && { standardError }),
    ...(maximalTrials !== undefined && { maximalTrials }),
    ...(backend !== undefined && { backend }),
    ...(workers !== undefined && { workers }),
  };
}

export function requiredDimension({ dimension }: { readonly dimension?: number }): number {
  if (dimension === undefined) throw new ParameterError("dimension", undefined, "required to simulate: a whole number");
  return dimension;
}

/**
 * Options of a simulation where none is asked for would be without effect.
 *
 * @throws ParameterError for the first of them
 */
export function refuseIdle(run: Readonly<Record<string, unknown>>): void {
  if (run["simulate"] !== undefined) return;
  for (const [name, value] of Object.entries(run)) {
    if (!Object.hasOwn(SIMULATION_PARAMETERS, name)) continue;
    throw new ParameterError(name, value, "left out, or with simulate: without it nothing is simulated");
  }
}

/**
 * The α or n, and the λ of a run of trials, which one pass serves; nothing else may have several values.
 *
 * @throws ParameterError for another list, or a missing parameter
 */
export function trialGrid({ sweep, theories }: SweptModel): TrialGrid {
  const first = Object.fromEntries(Object.entries(sweep).map(([name, values]) => [name, values[0]!]));
  const description = withAnyPoint(withSwept(theories[0]!.description, first));
  const samples = samplesName(description);
  const other = Object.entries(sweep).find(([name]) => name !== samples && name !== "ridge");
  if (other) throw new ParameterError(other[0], other[1], `one number; trials run over ${samples} and ridge`);
  const { [samples]: own, ridge } = description as unknown as Record<string, number>;
  return { description, grid: sizesOf(samples, sweep[samples] ?? [own!], sweep.ridge ?? [ridge!]) };
}

export interface TrialGrid {
  readonly description: SimulatedDescription;
  readonly grid: TrialSizes;
}
