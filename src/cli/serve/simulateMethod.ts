import { finiteModel } from "../../compare/finiteModel.ts";
import { simulate } from "../../simulation/index.ts";
import { engineOptions, NETWORK_OPTIONS, requiredDimension, SIMULATION_OPTIONS, trialGrid } from "../engineOptions.ts";
import { readOptions } from "../runOptions.ts";
import { readSweptModel } from "../sweptModel.ts";
import { decodeArrays } from "./arrays.ts";
import type { Method } from "./task.ts";
import { clientFields } from "./params.ts";

const OPTIONS = { ...NETWORK_OPTIONS, ...SIMULATION_OPTIONS } as const;

/** Finite networks: a description, lists for `sampleRatio` and `ridge` at will, and the options of a simulation. */
export const simulateMethod: Method = async (params, { report, signal }) => {
  const { run, model } = await readOptions("simulate", OPTIONS, clientFields(decodeArrays("", params)));
  const { description, grid } = trialGrid(readSweptModel(model));
  const { points, trials, backend } = await simulate(finiteModel(description, run.simulate ?? "model"), {
    ...engineOptions(run),
    dimension: requiredDimension(run),
    ...grid,
    signal,
    onProgress: ({ completed, total }) => report({ completed, total }),
  });
  return { points, trials: trials.length, backend };
};
