import { activation, type ActivationInput } from "../activation/activation.ts";
import { ParameterError } from "../errors.ts";
import { checkFlips, checkLabels, checkSignTarget, resolveLoss } from "../loss/lossInput.ts";
import type { AnyDescription, LossInput, ModelDescription } from "../model/description.ts";
import { requireCount, requireFinite, requireSome, size } from "./checks.ts";
import { validateSeed } from "./randomStreams.ts";
import { readoutGroups, weightLaw, type Groups, type WeightLaw } from "./weightLaw.ts";

/**
 * Everything that determines the trials, as plain data: two runs with equal specifications draw the same numbers. Sizes are exact
 * integers: n = round(α d), p = round(β d), n₀ = round(α₀ d).
 */
export interface SimulationSpecification {
  readonly student: ActivationInput;
  readonly target: ActivationInput;
  readonly labelNoise: number;
  /** Absent for ridge regression. */
  readonly loss?: Exclude<LossInput, "square">;
  /** Probability that a sign label is flipped; absent for 0. */
  readonly labelFlips?: number;
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
 *
 * @example
 * ```ts
 * import { specify } from "replica-theory/simulation";
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1.5, ridge: 0.1 };
 * const { width, sampleRatios, testSamples } = specify(model, { dimension: 20 });
 * console.log(width, sampleRatios, testSamples); // 30 [ 2 ] 5000
 * ```
 */
export function specify(description: AnyDescription, grid: SimulationGrid): SimulationSpecification {
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
  // The weights do not depend on the loss.
  const model = description as ModelDescription;
  const groups = readoutGroups(model, width);
  const weights = weightLaw(model, dimension, groups);
  const lists = { sampleRatios: [...sampleRatios], ridges: [...ridges] };
  const loss = lossOf(description, ridges);
  return { student, target, labelNoise, ...loss, weights, groups, dimension, width, ...lists, testSamples, seed };
}

/** The loss and the flips of sign labels, as far as they are not those of ridge regression. */
function lossOf(description: AnyDescription, ridges: readonly number[]) {
  const { loss = "square", target } = description;
  const { labels, labelFlips: flips, model } = description;
  const resolved = resolveLoss(loss);
  checkLabels(labels, resolved);
  if (labels === "sign" && (loss === "square" || model === "trainedNetwork")) {
    throw new ParameterError("labels", labels, '"real" where ridge regression or a gradient step is simulated');
  }
  const labelFlips = checkFlips(flips, resolved);
  if (loss === "square") return {};
  checkSignTarget(activation(target, "target"), resolved);
  const zero = ridges.find((ridge) => !(ridge > 0));
  if (zero !== undefined) throw new ParameterError("ridge", zero, `> 0 for the loss "${resolved.name}"`);
  return { loss, ...(labelFlips > 0 && { labelFlips }) };
}

/** A student without a derivative, or with jumps, cannot take a gradient step. */
function validateActivations({ student, target, model }: AnyDescription): void {
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
