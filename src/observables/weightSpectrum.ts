import { requireFields } from "../errors.ts";
import { activation } from "../activation/activation.ts";
import type { Model } from "../model/model.ts";
import type { ModelDescription, TrainedNetwork } from "../model/description.ts";
import { gradientStepMap } from "../model/gradientStep.ts";
import { requireAlignedSpike } from "../model/stepHypotheses.ts";
import { check, checkReadout, RANGES } from "../model/validation.ts";
import { featureModel } from "../model/featureModel.ts";
import { bisect } from "../numerics/bisect.ts";
import { trainedWeightSupport } from "./trainedWeightSpectrum.ts";

/** Squared overlaps of the top singular vectors of the updated weights; 0 where there is no outlier. */
export interface SpikeOverlaps {
  /** ⟨v̂, v⟩²: right singular vector and spike direction. */
  readonly input: number;
  /** ⟨û₁, û⟩²: left singular vector and first-layer readout. */
  readonly readout: number;
  /** ⟨v̂, θ⟩² = γ²⟨v̂, v⟩² */
  readonly target: number;
}

/** Singular values of the p×d weights after the step (theory §7). */
export interface WeightSpectrum {
  /** Smallest and largest singular value of the bulk. */
  readonly bulk: readonly [smallest: number, largest: number];
  /** Norm of the spike; Infinity for a spike of order √p. */
  readonly spikeNorm: number;
  /** Norm above which a spike makes an outlier: √c β^{1/4} for one bulk variance; undefined for the theory of the network. */
  readonly threshold: number | undefined;
  /** Singular value outside the bulk; undefined where there is none, Infinity for one of order √p. */
  readonly outlier: number | undefined;
  /** outlier/√p as p → ∞ where the outlier is of that order; 0 otherwise. */
  readonly outlierPerRootWidth: number;
  readonly overlaps: SpikeOverlaps;
}

/** Weights s û vᵀ + W: rows of variance c_k/d in fractions π_k, and û² distributed over the groups as ω_k. */
export interface SpikedWeights {
  readonly widthRatio: number;
  readonly groups: readonly {
    readonly fraction: number;
    readonly bulkVariance: number;
    /** ω_k: share of |û|² in the group; they sum to 1. */
    readonly share: number;
  }[];
  /** s ≥ 0; Infinity for a spike of order √p. */
  readonly spikeNorm: number;
  /** γ */
  readonly alignment: number;
}

const WEIGHT_FIELDS = ["groups", "widthRatio", "spikeNorm", "alignment"];

/**
 * Bulk, threshold, outlier and overlaps of spiked weights (Ba22; Benaych-Georges & Nadakuditi 2012; theory §7), for any
 * row variances. With m(z) the Stieltjes transform of WᵀW, z(m) = −1/m + β Σ π_k c_k/(1 + c_k m), the outlier z is where
 * s² T(m) = 1, T(m) = −m Σ ω_k/(1 + c_k m); for one variance this is √(c(1 + t²)(β + t²))/t with s² = ct².
 *
 * @example
 * const { outlier, threshold, overlaps } = spikedWeightSpectrum({
 *   widthRatio: 1, groups: [{ fraction: 1, bulkVariance: 1, share: 1 }], spikeNorm: 2, alignment: 0.8,
 * });
 * [outlier, threshold, overlaps.input].map((x) => x.toFixed(6)); // ["2.500000", "1.000000", "0.750000"]
 */
export function spikedWeightSpectrum(
  weights: SpikedWeights,
): Omit<WeightSpectrum, "outlierPerRootWidth"> & { readonly threshold: number } {
  requireFields("weights", weights, WEIGHT_FIELDS, `an object with ${WEIGHT_FIELDS.join(", ")}`);
  const { groups, widthRatio: beta, spikeNorm: s, alignment } = weights;
  const over = (m: number, term: (shrunk: number, c: number, group: (typeof groups)[number]) => number) =>
    groups.reduce((sum, group) => sum + term(1 + group.bulkVariance * m, group.bulkVariance, group), 0);
  const z = (m: number) => -1 / m + beta * over(m, (q, c, { fraction }) => (fraction * c) / q);
  /** m² dz/dm: monotone on each interval below, and zero at the edges. */
  const rise = (m: number) => 1 - beta * over(m, (q, c, { fraction }) => fraction * ((c * m) / q) ** 2);
  const T = (m: number) => -m * over(m, (q, _c, { share }) => share / q);

  const variances = groups.map((group) => group.bulkVariance);
  const most = -1 / Math.max(...variances);
  const least = -1 / Math.min(...variances);
  const upper = bisect(rise, most, 0);
  const threshold = 1 / Math.sqrt(T(upper));
  const bulk = [lowerEdge(), Math.sqrt(z(upper))] as const;
  if (s === Infinity) {
    const overlaps = { input: 1, readout: 1, target: alignment * alignment };
    return { bulk, threshold, spikeNorm: s, outlier: Infinity, overlaps };
  }
  if (!(s > threshold)) {
    return { bulk, threshold, spikeNorm: s, outlier: undefined, overlaps: { input: 0, readout: 0, target: 0 } };
  }
  const m = bisect((at) => s * s * T(at) - 1, 0, upper);
  const decay = over(m, (q, _c, { share }) => share / (q * q));
  const slope = rise(m) / (m * m);
  const input = (-m * slope) / (s * s * decay);
  const readout = slope / (-m * s ** 4 * z(m) * decay);
  const overlaps = { input, readout, target: alignment * alignment * input };
  return { bulk, threshold, spikeNorm: s, outlier: Math.sqrt(z(m)), overlaps };

  function lowerEdge(): number {
    if (beta === 1) return 0;
    // In x = 1/m both intervals are bounded: (0, ∞) for β > 1 is folded to x/(1 + x).
    const edge = beta > 1 ? bisect((x) => rise((1 - x) / x), 0, 1) : bisect((x) => rise(1 / x), 1 / least, 0);
    return Math.sqrt(Math.max(0, beta > 1 ? z((1 - edge) / edge) : z(1 / edge)));
  }
}

/**
 * Singular values of the updated weights of a model and how its top singular vectors align (theory §7).
 *
 * For spiked random features and trained networks the spike is of order √p; with `finiteDimension` = d the sizes are
 * finite and so is the outlier. For trained networks bulk and outlier are those of the network's own theory (§9), with the
 * overlaps of the limit, unless `theory` is "srf": then the bulk is isotropic, and the overlaps are those at d, too.
 *
 * @throws ParameterError, ExpressionError for illegal input; for a trained network also where h1 = 0 (no spike) or
 *   h1* = 0 (the step learns nothing)
 * @example
 * const { outlier } = weightSpectrum({
 *   model: "smallRate", student: "tanh", target: "sin", spikeStrength: 2, alignment: 0.8,
 *   sampleRatio: 1, widthRatio: 1, ridge: 0.1,
 * });
 * outlier.toFixed(6); // "2.500000"
 */
export function weightSpectrum(description: ModelDescription): WeightSpectrum {
  // Building the model validates the description.
  const model = featureModel(description);
  const { alignment } = model;
  const beta = check("widthRatio", description.widthRatio, RANGES.positive);
  if (description.model === "spikedRandomFeatures" || description.model === "trainedNetwork") {
    if (description.model === "trainedNetwork") {
      requireLearningStep(description);
      if (description.theory !== "srf") return networkSpectrum(description, model);
    }
    return largeSpike(description, alignment, beta);
  }
  const bulkVariance = description.bulkVariance ?? 1;
  const spikeNorm =
    description.model === "smallRate"
      ? description.spikeStrength
      : description.model === "powerChannels"
        ? Infinity
        : 0;
  const groups = [{ fraction: 1, bulkVariance, share: 1 }];
  return { ...spikedWeightSpectrum({ widthRatio: beta, groups, spikeNorm, alignment }), outlierPerRootWidth: 0 };
}

type LargeSpike = Extract<ModelDescription, { model: "spikedRandomFeatures" | "trainedNetwork" }>;

function largeSpike(description: LargeSpike, alignment: number, widthRatio: number): WeightSpectrum {
  const { values, fractions } = checkReadout(description.readoutValues, description.readoutFractions);
  const { r, bulk } = strengthAndBulk(description, values);
  const power = values.reduce((sum, u, k) => sum + fractions[k]! * u * u, 0);
  const groups = values.map((u, k) => ({
    fraction: fractions[k]!,
    bulkVariance: bulk[k]!,
    share: power > 0 ? (fractions[k]! * u * u) / power : fractions[k]!,
  }));
  const perRootWidth = Math.abs(r) * Math.sqrt(power);
  const width = (description.finiteDimension ?? Infinity) * widthRatio;
  const spikeNorm = perRootWidth === 0 ? 0 : perRootWidth * Math.sqrt(width);
  const spectrum = spikedWeightSpectrum({ widthRatio, groups, spikeNorm, alignment });
  return { ...spectrum, outlierPerRootWidth: perRootWidth };
}

/** Singular values of the network itself: its rows are not isotropic, and without finite d its spike is far outside. */
function networkSpectrum(description: TrainedNetwork, { alignment, derived }: Model): WeightSpectrum {
  const { values, fractions } = checkReadout(description.readoutValues, description.readoutFractions);
  const power = values.reduce((sum, u, k) => sum + fractions[k]! * u * u, 0);
  const perRootWidth = Math.abs(derived!.spikeStrength) * Math.sqrt(power);
  const { edges, outliers } = trainedWeightSupport(description);
  const width = (description.finiteDimension ?? Infinity) * description.widthRatio;
  const spikeNorm = perRootWidth === 0 ? 0 : perRootWidth * Math.sqrt(width);
  const finite = outliers.at(-1);
  const outlier =
    spikeNorm === Infinity ? Infinity : finite !== undefined && finite > edges.at(-1)![1] ? finite : undefined;
  const seen = outlier === undefined ? 0 : 1;
  return {
    bulk: [edges[0]![0], edges.at(-1)![1]],
    spikeNorm,
    threshold: undefined,
    outlier,
    outlierPerRootWidth: perRootWidth,
    overlaps: { input: seen, readout: seen, target: seen * alignment * alignment },
  };
}

function requireLearningStep({ student, target, learningRate, stepSampleRatio }: TrainedNetwork): void {
  if (learningRate === 0 || stepSampleRatio === 0) return;
  requireAlignedSpike(activation(student, "student"), activation(target, "target"));
}

function strengthAndBulk(description: LargeSpike, readoutValues: readonly number[]): { r: number; bulk: number[] } {
  if (description.model === "spikedRandomFeatures") {
    const c = description.bulkVariance ?? 1;
    return {
      r: description.spikeStrength,
      bulk: readoutValues.map((_, k) => (typeof c === "number" ? c : c[k]!)),
    };
  }
  const student = activation(description.student, "student");
  const target = activation(description.target, "target");
  const { learningRate, stepSampleRatio, labelNoise = 0 } = description;
  const step = gradientStepMap({ student, target, learningRate, stepSampleRatio, labelNoise, readoutValues });
  return { r: step.spikeStrength, bulk: [...step.bulkVariance] };
}
