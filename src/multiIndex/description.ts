import type { ActivationInput } from "../activation/activation.ts";
import { ParameterError } from "../errors.ts";
import { fieldsFromJson } from "../parameters/json.ts";
import { checkValue, INDEXED_VARIABLE, isRequired, legalWords, refuseUnknown } from "../parameters/legal.ts";
import { severalParameters } from "../parameters/table.ts";
import { isTargetOfSeveral, type TargetInput } from "../target/multiIndexTarget.ts";

/** A gradient step on n_t = α_t d samples with rate η̃_t p. */
export interface StepInput {
  /** η̃_t, real; 0 does nothing. */
  readonly learningRate: number;
  /** α_t ≥ 0; 0 does nothing, Infinity is an infinite batch. */
  readonly stepSampleRatio: number;
  /**
   * Whether the batch of the step before is used again: spikes to leading order and simulations, but no errors, as the bulk is not
   * derived then (multiIndex §5). An infinite batch is fresh either way.
   */
  readonly reuseBatch?: boolean;
}

interface SharedParameters {
  /** Network activation σ. */
  readonly student: ActivationInput;
  /** A formula in x1, x2, …, a function of an array with its number of directions, or any single-index target. */
  readonly target: TargetInput;
  /** Δ ≥ 0; default 0. */
  readonly labelNoise?: number;
  /** α = n/d > 0; Infinity is legal. */
  readonly sampleRatio: number;
  /** β = p/d > 0. */
  readonly widthRatio: number;
  /** λ ≥ 0 */
  readonly ridge: number;
  readonly loss?: "square";
  /** Finite-size option: strength of the mean channels; default Infinity. */
  readonly finiteDimension?: number;
}

/** A network after several gradient steps on fresh batches, or after one on a target of several variables (multiIndex §3, §4). */
export interface SteppedNetwork extends SharedParameters {
  readonly model: "trainedNetwork";
  /** "network": the network itself (default); "srf": its isotropic surrogate. */
  readonly theory?: "network" | "srf";
  readonly steps?: readonly StepInput[];
  /** With `stepSampleRatio`, the case of one step. */
  readonly learningRate?: number;
  readonly stepSampleRatio?: number;
  /** u_k; default 1. */
  readonly readoutValues?: readonly number[];
  /** π_k; default equal. */
  readonly readoutFractions?: readonly number[];
  /** Whether the fluctuating row norms have channels; default: after several finite steps where they are known to help. */
  readonly rowNorms?: boolean;
}

/** Random features with spikes in several directions (multiIndex §1, §2). */
export interface SpikesInDirections extends SharedParameters {
  readonly model: "spikedRandomFeatures";
  /** R, one row per group: its spike along every direction v_a. */
  readonly spikes: readonly (readonly number[])[];
  /** Γ, one row per direction v_a: its overlaps with the target's directions θ_i. */
  readonly alignment: readonly (readonly number[])[];
  /** c_k > 0: one number, or one per group; default 1. */
  readonly bulkVariance?: number | readonly number[];
  /** π_k; default equal. */
  readonly readoutFractions?: readonly number[];
  /** d × covariance of the bulk of each group on (v_1, …, ζ_1, …); default c_k I. */
  readonly specialCovariance?: readonly (readonly (readonly number[])[])[];
  /** L with s = Γᵀκ + Lζ, which fixes the ζ that `specialCovariance` speaks of. */
  readonly zetaBasis?: readonly (readonly number[])[];
}

/** Random features without spikes, on a target of several variables: no step yet. */
export interface FeaturesOfSeveral extends SharedParameters {
  readonly model: "randomFeatures";
  /** c > 0; default 1. */
  readonly bulkVariance?: number;
}

/** A model with a target of several variables, several steps, or spikes in several directions. */
export type MultiIndexDescription = SteppedNetwork | SpikesInDirections | FeaturesOfSeveral;

type Model = MultiIndexDescription["model"];

/** Whether a description is one of this folder's: it has steps, rows of spikes, or a target of several variables. */
export function isMultiIndex(description: object): description is MultiIndexDescription {
  const { model, target, steps, spikes } = description as Readonly<Record<string, unknown>>;
  if (model === "spikedRandomFeatures") return spikes !== undefined;
  if (model !== "trainedNetwork" && model !== "randomFeatures") return false;
  if (steps !== undefined) return model === "trainedNetwork";
  if (typeof target === "string") return INDEXED_VARIABLE.test(target);
  return isTargetOfSeveral(target as TargetInput);
}

/** Whether a description is one of a network whose gradient steps make spikes in several directions, or several of them. */
export function makesSpikes(description: object): description is SteppedNetwork {
  return isMultiIndex(description) && description.model === "trainedNetwork";
}

/** JSON data in the library's own form. */
export function multiIndexFromJson(json: Readonly<Record<string, unknown>>): MultiIndexDescription {
  const fields = Object.fromEntries(severalParameters(json["model"] as Model));
  return fieldsFromJson(json, fields) as unknown as MultiIndexDescription;
}

/**
 * Checks the fields of a description and fills in its defaults.
 *
 * @param absent required fields that may be missing
 * @throws ParameterError naming an unknown field, a missing one, or one of the wrong kind
 */
export function legalMultiIndex<D extends MultiIndexDescription>(description: D, absent: readonly string[] = []): D {
  const fields = severalParameters(description.model);
  const given = description as unknown as Readonly<Record<string, unknown>>;
  const names = fields.map(([name]) => name);
  refuseUnknown(given, ["model", ...names], `no field of model ${description.model}`);
  const legal: Record<string, unknown> = { model: description.model };
  const missing = fields.filter(([name, entry]) => isRequired(entry) && given[name] === undefined);
  const [first, ...others] = missing.filter(([name]) => !absent.includes(name));
  if (first) {
    const words = ([name, { kind }]: (typeof fields)[number]) => `${name} (${legalWords(kind)})`;
    const also = others.length > 0 ? `; also missing: ${others.map(words).join(", ")}` : "";
    throw new ParameterError(first[0], undefined, `required: ${legalWords(first[1].kind)}${also}`);
  }
  for (const [name, { kind, default: otherwise }] of fields) {
    const value = given[name] ?? otherwise;
    if (value !== undefined) legal[name] = checkValue(name, value, kind);
  }
  if (legal["loss"] !== "square") {
    throw new ParameterError(
      "loss",
      legal["loss"],
      '"square": other losses are not covered for several steps or directions',
    );
  }
  return legal as unknown as D;
}
