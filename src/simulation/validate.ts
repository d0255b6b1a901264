import { ParameterError, requireFields } from "../errors.ts";
import { extrapolate, normalScore, type Extrapolation } from "./extrapolation.ts";
import { simulate, type NodeSimulationOptions } from "./simulateNode.ts";
import { mainQuantity } from "../loss/describedLoss.ts";
import { everyQuantity, needsPairs, type SimulatedQuantity, simulatedQuantitiesAsked } from "./quantities.ts";
import type { SimulatedDescription } from "./specification.ts";
import { zScore, type Estimate } from "./statistics.ts";
import type { Simulation } from "./summary.ts";

/** Options of {@link validate}. */
export interface ValidationOptions extends Omit<NodeSimulationOptions, "dimension" | "onProgress"> {
  /** Two or more sizes d. */
  readonly dimensions: readonly number[];
  /** What is compared, one quantity or several; default the test error, for losses of margins that of classification. */
  readonly quantity?: SimulatedQuantity | readonly SimulatedQuantity[];
  /** Largest |z| of the extrapolated quantity at which theory is accepted; default 4. */
  readonly threshold?: number;
  /** Relative difference that is forgiven before z is formed, for what 1/d leaves over; default 0. */
  readonly tolerance?: number;
  readonly onProgress?: (
    progress: Parameters<NonNullable<NodeSimulationOptions["onProgress"]>>[0] & { readonly dimension: number },
  ) => void;
}

/** A quantity by theory at (α, λ) and d. */
export type QuantityTheory = (
  sampleRatio: number,
  ridge: number,
  dimension: number,
  quantity: SimulatedQuantity,
) => number | Promise<number>;

/** Theory against simulation at one (α, λ) and one size. */
export interface SizedComparison {
  readonly dimension: number;
  readonly simulated: Estimate;
  readonly theory: number;
  readonly z: number;
}

/** Theory against simulation at one (α, λ). */
export interface ValidationPoint {
  readonly sampleRatio: number;
  readonly ridge: number;
  readonly quantity: SimulatedQuantity;
  /** In the limit d = ∞. */
  readonly theory: number;
  /** What was simulated at each size, the theory of that size, and the z-score between them. */
  readonly sizes: readonly SizedComparison[];
  /** `theory` and the differences between simulation and the theory of its own size, extrapolated to d → ∞. */
  readonly extrapolated: Extrapolation;
  /** (extrapolated − theory) as a standard normal score. */
  readonly z: number;
  readonly accepted: boolean;
}

/** Outcome of {@link validate}. */
export interface Validation {
  /** Of every (α, λ) and quantity, the quantities of a place together. */
  readonly points: readonly ValidationPoint[];
  /** Whether theory is accepted at every point. */
  readonly accepted: boolean;
  readonly simulations: readonly Simulation[];
}

/**
 * Tests theory against simulations of two or more sizes: what the test error, or another quantity, differs by from the theory of
 * its own size is extrapolated linearly in 1/d and compared with 0.
 *
 * @param theory A quantity at (α, λ) and d that is put to the test: with `finiteDimension` = d (theory §6), or that of the
 * limit for every d. It is asked for every size and for d = ∞, where NaN says that there is no limit.
 * @throws ParameterError for fewer than two sizes or two trials, a quantity that the loss does not have, none or one twice, and as
 * {@link simulate}.
 *
 * @example
 * ```ts
 * import { solve } from "replica-theory";
 * import { validate } from "replica-theory/simulation";
 * const model = { model: "randomFeatures", student: "tanh", target: "sin", sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
 * const theory = (sampleRatio, ridge, finiteDimension) =>
 *   solve({ ...model, sampleRatio, ridge, finiteDimension }).testError;
 * const { accepted } = await validate(model, theory, {
 *   dimensions: [30, 60], trials: 20, testSamples: 500, seed: 1, backend: "wasm",
 * });
 * console.log(accepted); // true
 * ```
 */
export async function validate(
  description: SimulatedDescription,
  theory: QuantityTheory,
  options: ValidationOptions,
): Promise<Validation> {
  requireFields("options", options, ["dimensions"], "an object with dimensions, trials and sampleRatios or samples");
  const {
    quantity = mainQuantity(description),
    dimensions,
    threshold = 4,
    tolerance = 0,
    file,
    onProgress,
    ...rest
  } = options;
  const sorted = [...new Set(dimensions)].sort((a, b) => a - b);
  if (sorted.length < 2) throw new ParameterError("dimensions", dimensions, "two or more sizes");
  if (!(options.trials >= 2)) throw new ParameterError("trials", options.trials, "at least 2 to have a standard error");
  if (!(threshold > 0)) throw new ParameterError("threshold", threshold, "a positive number");
  if (!(tolerance >= 0)) throw new ParameterError("tolerance", tolerance, "a number ≥ 0");
  const quantities = simulatedQuantitiesAsked(quantity, description);
  const simulations: Simulation[] = [];
  for (const dimension of sorted) {
    const simulation = await simulate(description, {
      ...rest,
      dimension,
      ...(quantities.some((name) => needsPairs(name, description)) && { statistics: true }),
      ...(file !== undefined && { file: fileOfSize(file, dimension) }),
      ...(onProgress && { onProgress: (progress) => onProgress({ ...progress, dimension }) }),
    });
    simulations.push(simulation);
  }
  const points: ValidationPoint[] = [];
  for (const [index, { sampleRatio, ridge }] of simulations[0]!.points.entries()) {
    for (const name of quantities) {
      const theories: number[] = [];
      for (const dimension of [...sorted, Infinity]) theories.push(await theory(sampleRatio, ridge, dimension, name));
      points.push(comparePoint(simulations, index, name, theories, threshold, tolerance));
    }
  }
  return { points, accepted: points.every(({ accepted }) => accepted), simulations };
}

/** @param theories of every size, then of d = ∞ */
function comparePoint(
  simulations: readonly Simulation[],
  index: number,
  quantity: SimulatedQuantity,
  theories: readonly number[],
  threshold: number,
  tolerance: number,
): ValidationPoint {
  const { sampleRatio, ridge } = simulations[0]!.points[index]!;
  const theory = theories.at(-1)!;
  const sizes = simulations.map(({ specification: { dimension }, points }, i): SizedComparison => {
    const simulated = everyQuantity(points[index]!)[quantity]!;
    return { dimension, simulated, theory: theories[i]!, z: zScore(simulated, theories[i]!) };
  });
  const difference = extrapolate(
    sizes.map(({ dimension, simulated, theory: own }, i) => {
      const estimate = { ...simulated, mean: simulated.mean - own };
      return { dimension, trials: simulations[i]!.trials.length, estimate };
    }),
  );
  // Of the largest size: there may be no limit.
  const forgiven = tolerance * Math.abs(theories.at(-2)!);
  const excess = Math.sign(difference.mean) * Math.max(0, Math.abs(difference.mean) - forgiven);
  const z = normalScore(excess / difference.standardError, difference.degreesOfFreedom);
  const extrapolated = { ...difference, mean: theory + difference.mean };
  // Written so that a theory of NaN is rejected.
  return { sampleRatio, ridge, quantity, theory, sizes, extrapolated, z, accepted: Math.abs(z) <= threshold };
}

/**
 * Sizes have files of their own.
 *
 * @example
 * ```ts
 * import { fileOfSize } from "replica-theory/simulation";
 * console.log(fileOfSize("run.jsonl", 500)); // run-d500.jsonl
 * ```
 */
export function fileOfSize(file: string, dimension: number): string {
  return file.replace(/(\.[^./\\]*)?$/, (extension) => `-d${dimension}${extension}`);
}
