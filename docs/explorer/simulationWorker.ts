import { createTrialRunner, specify, summarize, type TrialResult, wasmAlgebra } from "../../src/simulation/browser.ts";
import { withSwept } from "../../src/curve/sweep.ts";
import { isLogarithmic } from "./fields.ts";
import { errorMessage, type ErrorMessage } from "./messages.ts";
import type { Request, SimulationSettings } from "./state.ts";

export interface SimulationRequest {
  readonly request: Request;
  readonly settings: SimulationSettings;
}

/** Mean and standard error over the trials so far at one abscissa. */
export interface SimulatedPoint {
  readonly x: number;
  readonly testError: SimulatedMean;
  readonly trainError: SimulatedMean;
}
export interface SimulatedMean {
  readonly mean: number;
  /** NaN for a single trial. */
  readonly standardError: number;
}

export type SimulationMessage =
  | {
      readonly kind: "progress";
      readonly completed: number;
      readonly total: number;
      readonly points: readonly SimulatedPoint[];
    }
  | ErrorMessage;

/** Simulated abscissae. */
const COUNT = 8;

function abscissae({ axis, domain: [min, max] }: Request): number[] {
  return Array.from({ length: COUNT }, (_, i) => {
    const t = (i + 0.5) / COUNT;
    const x = isLogarithmic(axis) ? min * (max / min) ** t : min + (max - min) * t;
    return Number(x.toPrecision(3));
  });
}

/** One specification serves every α, or every λ; other parameters need one for each value. */
function specifications({ request, settings }: SimulationRequest, xs: readonly number[]) {
  const { model, axis } = request;
  const grid = { dimension: settings.dimension, seed: settings.seed, testSamples: 2000 };
  if (axis === "sampleRatio") return [specify(model, { ...grid, sampleRatios: xs })];
  if (axis === "ridge") return [specify(model, { ...grid, ridges: xs })];
  return xs.map((x) => specify(withSwept(model, { [axis]: x }) as typeof model, grid));
}

async function simulate(simulation: SimulationRequest): Promise<void> {
  const xs = abscissae(simulation.request);
  const { trials } = simulation.settings;
  const runners = await Promise.all(
    specifications(simulation, xs).map((specification) => createTrialRunner(specification, wasmAlgebra)),
  );
  const results = runners.map((): TrialResult[] => []);
  const total = trials * runners.length;
  for (let done = 0; done < total; done++) {
    const index = done % runners.length;
    results[index]!.push(runners[index]!.run(Math.floor(done / runners.length)));
    const points = results
      .flatMap((some) => summarize(some))
      .map(({ testError, trainError }, i) => {
        return { x: xs[i]!, testError, trainError };
      });
    postMessage({ kind: "progress", completed: done + 1, total, points } satisfies SimulationMessage);
  }
}

addEventListener("message", ({ data }: MessageEvent<SimulationRequest>) => {
  simulate(data).catch((error: unknown) => postMessage(errorMessage(error)));
});
