import type { TrialLosses } from "./lossTrial.ts";
import type { SimulatedOverlaps } from "./overlaps.ts";
import type { SimulationSpecification } from "./specification.ts";
import { estimate, type Estimate } from "./statistics.ts";
import { type NamedStatistics, statisticsOfPairs } from "./trialStatistics.ts";
import type { TrialPoint, TrialResult } from "./trial.ts";

/** A simulated point of the learning curve. */
export interface SimulationPoint {
  readonly sampleRatio: number;
  readonly ridge: number;
  /** Error on a fresh noisy label. */
  readonly testError: Estimate;
  readonly trainError: Estimate;
  /** (1/n)[Σ(y−f)² + λ|a|²], or (1/n)[Σℓ + (λ/2)|a|²] for another loss. */
  readonly objective: Estimate;
  /** P(y f < 0) of labels ±1 and the square loss. */
  readonly classificationError?: Estimate;
  /** What pairs of networks say, by theory's names, where that is asked for. */
  readonly statistics?: NamedStatistics<Estimate>;
  /** For losses other than the square. */
  readonly losses?: { readonly [L in keyof TrialLosses]: Estimate };
  /** By name, then by group. */
  readonly overlaps: Readonly<Record<Exclude<keyof SimulatedOverlaps, "alongTarget">, readonly Estimate[]>> & {
    /** By group, then by direction of the target. */
    readonly alongTarget?: readonly (readonly Estimate[])[];
  };
}

/** What {@link simulate} returns. */
export interface Simulation {
  readonly specification: SimulationSpecification;
  /** A point for every α, and within it every λ, in the order asked for. */
  readonly points: readonly SimulationPoint[];
  /** Every trial, by index. */
  readonly trials: readonly TrialResult[];
  /** The linear algebra that made the trials of this run. */
  readonly backend: string;
}

/**
 * Mean, standard error and bootstrap interval over trials, which must all be of one specification.
 *
 * @param ensemble numbers M of networks of whose means the square errors are wanted, of trials with statistics
 *
 * @example
 * ```ts
 * import { runTrials, specify, summarize } from "replica-theory/simulation";
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
 * const specification = specify(model, { dimension: 20, testSamples: 50, seed: 1 });
 * const trials = await runTrials(specification, [0, 1, 2], { workers: 0, backend: "wasm" });
 * const mean = (trials[0].points[0].testError + trials[1].points[0].testError + trials[2].points[0].testError) / 3;
 * console.log(Math.abs(summarize(trials)[0].testError.mean / mean - 1) < 1e-15); // true
 * ```
 */
export function summarize(
  trials: readonly TrialResult[],
  ensemble: readonly number[] = [],
): readonly SimulationPoint[] {
  return (trials[0]?.points ?? []).map((first, index): SimulationPoint => {
    const { sampleRatio, ridge, overlaps, losses, statistics, classificationError } = first;
    const over = (value: (point: TrialPoint) => number): Estimate =>
      estimate(trials.map(({ points }) => value(points[index]!)));
    const perGroup = (name: "m" | "theta" | "psi" | "nu" | "Q2"): readonly Estimate[] =>
      overlaps[name].map((_, k) => over((point) => point.overlaps[name][k]!));
    return {
      sampleRatio,
      ridge,
      testError: over((point) => point.testError),
      trainError: over((point) => point.trainError),
      objective: over((point) => point.objective),
      ...(classificationError !== undefined && {
        classificationError: over((point) => point.classificationError!),
      }),
      ...(statistics && { statistics: statisticsEstimates(trials, index, ensemble) }),
      ...(losses && { losses: lossEstimates(losses, (name) => over((point) => point.losses![name]!)) }),
      overlaps: {
        m: perGroup("m"),
        theta: perGroup("theta"),
        psi: perGroup("psi"),
        nu: perGroup("nu"),
        Q2: perGroup("Q2"),
        ...(overlaps.alongTarget && {
          alongTarget: overlaps.alongTarget.map((row, k) =>
            row.map((_, i) => over((point) => point.overlaps.alongTarget![k]![i]!)),
          ),
        }),
      },
    };
  });
}

function statisticsEstimates(
  trials: readonly TrialResult[],
  index: number,
  ensemble: readonly number[],
): NamedStatistics<Estimate> {
  const values = trials.map(({ points }) => statisticsOfPairs(points[index]!.statistics!, ensemble));
  const names = Object.keys(values[0]!) as (keyof NamedStatistics<number>)[];
  return Object.fromEntries(names.map((name) => [name, estimate(values.map((of) => of[name]!))]));
}

function lossEstimates(
  losses: TrialLosses,
  over: (name: keyof TrialLosses) => Estimate,
): NonNullable<SimulationPoint["losses"]> {
  const names = Object.keys(losses) as (keyof TrialLosses)[];
  return Object.fromEntries(names.map((name) => [name, over(name)])) as NonNullable<SimulationPoint["losses"]>;
}
