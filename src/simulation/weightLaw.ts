import { ParameterError } from "../errors.ts";
import type { ModelDescription, SmallRate, SpikedRandomFeatures, TrainedNetwork } from "../model/description.ts";
import type { MultiIndexDescription } from "../multiIndex/description.ts";
import { requireFinite, requirePositive, requireSome } from "./checks.ts";

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
  | { readonly kind: "trained"; readonly learningRate: number; readonly stepSamples: number }
  | SpecialDirections
  /** Layers of N(0, 1/inputs) entries; the widths are those below the last one. */
  | { readonly kind: "layers"; readonly widths: readonly number[] }
  /** The inputs are the features, with one of a constant value if that is not 0. */
  | { readonly kind: "none"; readonly constant: number };

/** A step on n_t samples with rate η̃_t p. */
export interface StepOnSamples {
  readonly learningRate: number;
  readonly samples: number;
  /** Whether they are those of the step before. */
  readonly reuseBatch: boolean;
}

/**
 * Target and spikes in several directions (multiIndex §1), which are combinations of the first D coordinates: rows R_k plus a bulk,
 * and then any number of steps.
 */
export interface SpecialDirections {
  readonly kind: "directions";
  /** Θ, m×D. */
  readonly theta: readonly (readonly number[])[];
  /** R, K×D. */
  readonly spikes: readonly (readonly number[])[];
  /** c_k, one per group. */
  readonly bulkVariances: readonly number[];
  /** Cholesky factors of d × covariance of each group's bulk on the D coordinates; absent for c_k I. */
  readonly factors?: readonly (readonly (readonly number[])[])[];
  readonly steps: readonly StepOnSamples[];
}

/** @throws ParameterError for illegal values, and for what no finite network realises. */
export function weightLaw(description: ModelDescription, dimension: number, groups: Groups): WeightLaw {
  switch (description.model) {
    case "randomFeatures": {
      const { bulkVariance = 1, rows = "equal" } = description;
      requirePositive("bulkVariance", bulkVariance);
      requireRows(rows);
      return { kind: "spiked", spikeStrength: 0, bulkVariances: [bulkVariance], alignment: 0, rows };
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
  requireFinite("spikeStrength", spikeStrength);
  requireFinite("alignment", alignment, -1, 1);
  const bulkVariances = typeof bulkVariance === "number" ? groups.values.map(() => bulkVariance) : [...bulkVariance];
  if (bulkVariances.length !== groups.values.length) {
    throw new ParameterError(
      "bulkVariance",
      bulkVariance,
      `one number, or one for each of the ${groups.values.length} readoutValues`,
    );
  }
  for (const c of bulkVariances) requirePositive("bulkVariance", c);
  requireRows(rows);
  return { kind: "spiked", spikeStrength, bulkVariances, alignment, rows };
}

function requireRows(rows: string): void {
  if (!["equal", "gaussian"].includes(rows)) throw new ParameterError("rows", rows, '"equal" or "gaussian"');
}

function trainedLaw(description: TrainedNetwork, dimension: number): WeightLaw {
  const { learningRate, stepSampleRatio } = description;
  requireFinite("learningRate", learningRate);
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
  requireFinite("alignment", alignment, -1, 1);
  requirePositive("bulkVariance", bulkVariance);
  return { kind: "smallRate", spikeStrength, bulkVariance, alignment };
}

/** Groups of neurons with one readout value each; a model without readout values has one. */
export function readoutGroups(description: ModelDescription | MultiIndexDescription, width: number): Groups {
  const { readoutValues = onesOf(description), readoutFractions } = description as Readonly<
    Record<"readoutValues" | "readoutFractions", readonly number[] | undefined>
  >;
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

/** Groups that only spikes of their own tell apart. */
function onesOf(description: ModelDescription | MultiIndexDescription): number[] {
  return "spikes" in description ? description.spikes.map(() => 1) : [1];
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
