import { activation, type ActivationInput } from "../activation/activation.ts";
import { ParameterError } from "../errors.ts";
import type { ModelDescription, SmallRate, SpikedRandomFeatures, TrainedNetwork } from "../model/description.ts";
import { validateSeed } from "./randomStreams.ts";

/** Readout groups of the first layer: values u_k on counts p_k that sum to p. */
export interface Groups {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

/** How the weights of a trial are made; every default of the description is filled in. */
export type WeightLaw =
  | {
      readonly kind: "spiked";
      /** r. */
      readonly spikeStrength: number;
      /** c_k, one per group. */
      readonly bulkVariances: readonly number[];
      readonly alignment: number;
      readonly rows: "equal" | "gaussian";
    }
  | {
      readonly kind: "smallRate";
      readonly spikeStrength: number;
      readonly bulkVariance: number;
      readonly alignment: number;
    }
  | { readonly kind: "trained"; readonly learningRate: number; readonly stepSamples: number };

/**
 * Everything that determines the trials, as plain data: two runs with equal specifications draw the same numbers. Sizes are exact
 * integers: n = round(α d), p = round(β d), n₀ = round(α₀ d).
 */
export interface SimulationSpecification {
  readonly student: ActivationInput;
  readonly target: ActivationInput;
  readonly labelNoise: number;
  readonly weights: WeightLaw;
  readonly groups: Groups;
  readonly dimension: number;
  readonly width: number;
  /** α of each point, in the order asked for. */
  readonly sampleRatios: readonly number[];
  /** λ of each point. */
  readonly ridges: readonly number[];
  readonly testSamples: number;
  readonly seed: number;
}

/** Sizes and sweep of a simulation. */
export interface SimulationGrid {
  /** α values; default the description's `sampleRatio`. One pass over the largest training set serves them all. */
  readonly sampleRatios?: readonly number[];
  /** λ values; default the description's `ridge`. */
  readonly ridges?: readonly number[];
  /** Dimension d ≥ 2. */
  readonly dimension: number;
  /** Size of each trial's own test set; default 5000. */
  readonly testSamples?: number;
  /** Integer in [0, 2⁵³); default 0. */
  readonly seed?: number;
}

/**
 * Checks a model description and a grid and fills in every default.
 *
 * @throws ParameterError for illegal values, and for what no finite network realises: α = ∞, α₀ = ∞, a power-channel model.
 */
export function specify(description: ModelDescription, grid: SimulationGrid): SimulationSpecification {
  const { dimension, testSamples = 5000, seed = 0 } = grid;
  requireCount("dimension", dimension, 2);
  requireCount("testSamples", testSamples, 1);
  validateSeed(seed);
  const { widthRatio, labelNoise = 0, student, target } = description;
  requireFinite("labelNoise", labelNoise, 0);
  validateActivations(description);
  const width = size("widthRatio", widthRatio, dimension);
  const sampleRatios = grid.sampleRatios ?? [description.sampleRatio];
  const ridges = grid.ridges ?? [description.ridge];
  requireSome("sampleRatios", sampleRatios, (alpha) => size("sampleRatio", alpha, dimension));
  requireSome("ridges", ridges, (lambda) => requireFinite("ridge", lambda, 0));
  const groups = readoutGroups(description, width);
  const weights = weightLaw(description, dimension, groups);
  const lists = { sampleRatios: [...sampleRatios], ridges: [...ridges] };
  return { student, target, labelNoise, weights, groups, dimension, width, ...lists, testSamples, seed };
}

/** A student without a derivative, or with jumps, cannot take a gradient step. */
function validateActivations({ student, target, model }: ModelDescription): void {
  activation(target, "target");
  const { derivative, jumps } = activation(student, "student");
  if (model === "trainedNetwork" && (jumps.length > 0 || derivative === undefined)) {
    throw new ParameterError("student", student, "a function without jumps and with a derivative, for a gradient step");
  }
}

/** n = round(α d). */
export function sampleCount(specification: SimulationSpecification, sampleRatio: number): number {
  return Math.round(sampleRatio * specification.dimension);
}

function weightLaw(description: ModelDescription, dimension: number, groups: Groups): WeightLaw {
  switch (description.model) {
    case "randomFeatures": {
      const { bulkVariance = 1 } = description;
      requirePositive("bulkVariance", bulkVariance);
      return { kind: "spiked", spikeStrength: 0, bulkVariances: [bulkVariance], alignment: 0, rows: "equal" };
    }
    case "spikedRandomFeatures":
      return spikedLaw(description, groups);
    case "trainedNetwork":
      return trainedLaw(description, dimension);
    case "smallRate":
      return smallRateLaw(description);
    case "powerChannels":
      throw new ParameterError(
        "model",
        description.model,
        "power channels are a limit that no single network realises; simulate trainedNetwork",
      );
  }
}

function spikedLaw(description: SpikedRandomFeatures, groups: Groups): WeightLaw {
  const { spikeStrength, alignment, bulkVariance = 1, rows = "equal" } = description;
  requireFinite("spikeStrength", spikeStrength, -Infinity);
  requireAlignment(alignment);
  const bulkVariances = typeof bulkVariance === "number" ? groups.values.map(() => bulkVariance) : [...bulkVariance];
  if (bulkVariances.length !== groups.values.length) {
    throw new ParameterError(
      "bulkVariance",
      bulkVariance,
      `one number, or one for each of the ${groups.values.length} readoutValues`,
    );
  }
  for (const c of bulkVariances) requirePositive("bulkVariance", c);
  if (!["equal", "gaussian"].includes(rows)) throw new ParameterError("rows", rows, '"equal" or "gaussian"');
  return { kind: "spiked", spikeStrength, bulkVariances, alignment, rows };
}

function trainedLaw(description: TrainedNetwork, dimension: number): WeightLaw {
  const { learningRate, stepSampleRatio } = description;
  requireFinite("learningRate", learningRate, -Infinity);
  if (stepSampleRatio === Infinity) {
    throw new ParameterError(
      "stepSampleRatio",
      stepSampleRatio,
      "finite in a simulation: an infinite batch cannot be drawn",
    );
  }
  requireFinite("stepSampleRatio", stepSampleRatio, 0);
  const stepSamples = learningRate === 0 ? 0 : Math.round(stepSampleRatio * dimension);
  return { kind: "trained", learningRate, stepSamples };
}

function smallRateLaw(description: SmallRate): WeightLaw {
  const { spikeStrength, alignment, bulkVariance = 1 } = description;
  requireFinite("spikeStrength", spikeStrength, 0);
  requireAlignment(alignment);
  requirePositive("bulkVariance", bulkVariance);
  return { kind: "smallRate", spikeStrength, bulkVariance, alignment };
}

function readoutGroups(description: ModelDescription, width: number): Groups {
  const { readoutValues = [1], readoutFractions } = "readoutValues" in description ? description : {};
  const fractions = readoutFractions ?? readoutValues.map(() => 1 / readoutValues.length);
  requireSome("readoutValues", readoutValues, (u) => requireFinite("readoutValues", u, -Infinity));
  if (fractions.length !== readoutValues.length) {
    throw new ParameterError(
      "readoutFractions",
      fractions,
      `one for each of the ${readoutValues.length} readoutValues`,
    );
  }
  for (const fraction of fractions) requirePositive("readoutFractions", fraction);
  const total = fractions.reduce((sum, fraction) => sum + fraction, 0);
  if (!(Math.abs(total - 1) <= 1e-9))
    throw new ParameterError("readoutFractions", fractions, "positive numbers that sum to 1");
  const counts = apportion(fractions, width);
  if (counts.includes(0))
    throw new ParameterError("readoutFractions", fractions, `each must get a neuron of the ${width}`);
  return { values: [...readoutValues], counts };
}

/** Integers that sum to `total`, nearest to fractions · total: largest remainders are rounded up. */
export function apportion(fractions: readonly number[], total: number): number[] {
  const counts = fractions.map((fraction) => Math.floor(fraction * total));
  const byRemainder = fractions
    .map((fraction, k) => ({ k, remainder: fraction * total - counts[k]! }))
    .sort((a, b) => b.remainder - a.remainder || a.k - b.k);
  const missing = total - counts.reduce((sum, count) => sum + count, 0);
  for (const { k } of byRemainder.slice(0, missing)) counts[k]!++;
  return counts;
}

function size(name: string, ratio: number, dimension: number): number {
  const count = Math.round(ratio * dimension);
  if (!(ratio > 0 && Number.isFinite(ratio) && count >= 1)) {
    throw new ParameterError(
      name,
      ratio,
      `positive and finite in a simulation, with at least one of ${name} · dimension = ${ratio * dimension}`,
    );
  }
  return count;
}

function requireSome(name: string, values: readonly number[], check: (value: number) => unknown): void {
  if (values.length === 0) throw new ParameterError(name, values, "at least one value");
  for (const value of values) check(value);
}

function requireCount(name: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) throw new ParameterError(name, value, `an integer ≥ ${least}`);
}

function requireFinite(name: string, value: number, least: number): void {
  if (!(Number.isFinite(value) && value >= least)) {
    throw new ParameterError(name, value, least === -Infinity ? "a finite number" : `a finite number ≥ ${least}`);
  }
}

function requirePositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new ParameterError(name, value, "a positive finite number");
}

function requireAlignment(alignment: number): void {
  if (!(alignment >= -1 && alignment <= 1)) throw new ParameterError("alignment", alignment, "a number in [−1, 1]");
}
