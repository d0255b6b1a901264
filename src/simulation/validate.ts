import { ParameterError } from "../errors.ts";
import type { AnyDescription } from "../model/description.ts";
import { extrapolate, normalScore, type Extrapolation } from "./extrapolation.ts";
import { simulate, type NodeSimulationOptions } from "./simulateNode.ts";
import { mainQuantity, quantitiesOf, simulatedQuantities, type SimulatedQuantity } from "./quantities.ts";
import { zScore, type Estimate } from "./statistics.ts";
import type { Simulation } from "./summary.ts";

/** Options of {@link validate}. */
export interface ValidationOptions extends Omit<NodeSimulationOptions, "dimension" | "onProgress"> {
  /** Two or more sizes d. */
  readonly dimensions: readonly number[];
  /** What is compared; default the test error, for losses of margins that of classification. */
  readonly quantity?: SimulatedQuantity;
  /** Largest |z| of the extrapolated quantity at which theory is accepted; default 4. */
  readonly threshold?: number;
  /** Relative difference that is forgiven before z is formed, for what 1/d leaves over; default 0. */
  readonly tolerance?: number;
  readonly onProgress?: (
    progress: Parameters<NonNullable<NodeSimulationOptions["onProgress"]>>[0] & { readonly dimension: number },
  ) => void;
}

/** Theory against simulation at one (α, λ). */
export interface ValidationPoint {
  readonly sampleRatio: number;
  readonly ridge: number;
  readonly quantity: SimulatedQuantity;
  readonly theory: number;
  /** What was simulated at each size, and its z-score against theory without allowance for the size. */
  readonly sizes: readonly { readonly dimension: number; readonly simulated: Estimate; readonly z: number }[];
  /** Extrapolated to d → ∞. */
  readonly extrapolated: Extrapolation;
  /** (extrapolated − theory) as a standard normal score. */
  readonly z: number;
  readonly accepted: boolean;
}

/** Outcome of {@link validate}. */
export interface Validation {
  readonly points: readonly ValidationPoint[];
  /** Whether theory is accepted at every point. */
  readonly accepted: boolean;
  readonly simulations: readonly Simulation[];
}

/**
 * Tests theory against simulations of two or more sizes: the test error, or another quantity, is extrapolated linearly in 1/d
 * and compared with theory.
 *
 * @param theory The quantity at (α, λ) that is put to the test.
 * @throws ParameterError for fewer than two sizes or two trials, a quantity that the loss does not have, and as {@link simulate}.
 *
 * @example
 * ```ts
 * import { solve } from "replica-theory";
 * import { validate } from "replica-theory/simulation";
 * const model = { model: "randomFeatures", student: "tanh", target: "sin", sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
 * const theory = (sampleRatio, ridge) => solve({ ...model, sampleRatio, ridge }).testError;
 * const { accepted } = await validate(model, theory, {
 *   dimensions: [30, 60], trials: 20, testSamples: 500, seed: 1, backend: "wasm",
 * });
 * console.log(accepted); // true
 * ```
 */
export async function validate(
  description: AnyDescription,
  theory: (sampleRatio: number, ridge: number) => number | Promise<number>,
  options: ValidationOptions,
): Promise<Validation> {
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
  requireQuantity(quantity, description);
  const simulations: Simulation[] = [];
  for (const dimension of sorted) {
    const simulation = await simulate(description, {
      ...rest,
      dimension,
      ...(file !== undefined && { file: fileOfSize(file, dimension) }),
      ...(onProgress && { onProgress: (progress) => onProgress({ ...progress, dimension }) }),
    });
    simulations.push(simulation);
  }
  const points: ValidationPoint[] = [];
  for (const [index, { sampleRatio, ridge }] of simulations[0]!.points.entries()) {
    points.push(comparePoint(simulations, index, quantity, await theory(sampleRatio, ridge), threshold, tolerance));
  }
  return { points, accepted: points.every(({ accepted }) => accepted), simulations };
}

function requireQuantity(quantity: SimulatedQuantity, description: AnyDescription): void {
  const legal = quantitiesOf(description);
  if (!legal.includes(quantity)) throw new ParameterError("quantity", quantity, `one of ${legal.join(", ")}`);
}

function comparePoint(
  simulations: readonly Simulation[],
  index: number,
  quantity: SimulatedQuantity,
  theory: number,
  threshold: number,
  tolerance: number,
): ValidationPoint {
  const { sampleRatio, ridge } = simulations[0]!.points[index]!;
  const sized = simulations.map(({ specification, points, trials }) => ({
    dimension: specification.dimension,
    trials: trials.length,
    estimate: simulatedQuantities(points[index]!)[quantity]!,
  }));
  const extrapolated = extrapolate(sized);
  const difference = extrapolated.mean - theory;
  const excess = Math.sign(difference) * Math.max(0, Math.abs(difference) - tolerance * Math.abs(theory));
  const z = normalScore(excess / extrapolated.standardError, extrapolated.degreesOfFreedom);
  const sizes = sized.map(({ dimension, estimate }) => ({
    dimension,
    simulated: estimate,
    z: zScore(estimate, theory),
  }));
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
