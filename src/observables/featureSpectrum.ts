import { MODEL_WORDS, ParameterError, requireDescription, requireFields, requireList } from "../errors.ts";
import type { Model } from "../model/model.ts";
import { firstTable } from "../problem/grid.ts";
import type { ModelDescription } from "../model/description.ts";
import { featureModel } from "../model/featureModel.ts";
import type { ModelParameters } from "../parameters/description.ts";
import { modelOf } from "../parameters/legal.ts";
import { hasParameter } from "../parameters/table.ts";
import { check, RANGES } from "../model/validation.ts";
import type { Complex } from "../numerics/complex.ts";
import { nearest } from "../spectrum/bandDensity.ts";
import { type Band, bulkBands } from "../spectrum/bands.ts";
import { bulkDensity, checkMass } from "../spectrum/bulkDensity.ts";
import { type FeatureResolvent, featureResolvent, type ResolventPoint } from "../spectrum/featureResolvent.ts";
import { massAtZero, type SpectralSystem, spectralSystem } from "../spectrum/spectralSystem.ts";
import { type FeatureOutliers, featureOutliers } from "./featureOutliers.ts";

/** A model for its spectrum: no ridge, and no target where the features do not depend on it. */
export type SpectrumModel =
  | (OptionalTarget<Exclude<ModelDescription, { model: "trainedNetwork" }>> & SpectrumPoint)
  | (Extract<ModelParameters, { model: "trainedNetwork" }> & SpectrumPoint);

interface SpectrumPoint {
  /** α; finite where it is a model's, since the matrix is the training set's. */
  readonly sampleRatio: number;
  /** β */
  readonly widthRatio: number;
}
type OptionalTarget<T> = T extends unknown
  ? Omit<T, "ridge" | "sampleRatio" | "widthRatio" | "target" | "alignment"> & {
      readonly target?: ModelDescription["target"];
      readonly alignment?: number;
    }
  : never;

/** Where {@link featureSpectrum} evaluates the density. */
export interface SpectrumOptions {
  /** Number of grid points; default 400, and more where the density needs them to integrate to 1e-7. */
  readonly points?: number;
  /** Grid of the caller's; then the density is only evaluated. */
  readonly grid?: readonly number[];
}

/** Where the limiting spectrum of the p×p matrix (1/p)ΦᵀΦ of the features lies, and how much of it (Dandi24; theory §8). */
export interface SpectrumSupport extends FeatureOutliers {
  /**
   * Intervals of the bulk, ascending; the last ends at Infinity where the features' variance is unbounded. Of a trained network
   * whose labels are unbounded, without the samples of the step beyond four standard deviations.
   */
  readonly edges: readonly (readonly [left: number, right: number])[];
  /** Share of the eigenvalues in each of them, by counting: the argument of the determinant. */
  readonly bandMasses: readonly number[];
  /** max(0, 1 − rank/p) of the features. */
  readonly massAtZero: number;
  /** Sum of `bandMasses`: 1 − massAtZero to 1e-6, or there is no result. */
  readonly bulkMass: number;
}

/** Limiting spectrum of the features. */
export interface FeatureSpectrum extends SpectrumSupport {
  readonly grid: readonly number[];
  /** Of the bulk, (1/π) Im s(x + i0⁺), on the grid. */
  readonly density: readonly number[];
  /** Quadrature weights of the grid: Σ w f(x) ρ(x) = ∫ f dρ over the bulk. Empty on a grid of the caller's. */
  readonly weights: readonly number[];
  /** Worst relative residual of the fixed point, on a grid of κ finer than the one it was solved on. */
  readonly residual: number;
  /**
   * How far the density's integrals over the library's own grid are from the mass of every band and, relatively, from the closed
   * forms of the first two moments of the bulk. At most 1e-6 unless `points` was given, or `edges` leaves out far samples of the
   * step: then it has their part of the moments, too.
   */
  readonly errorEstimate: number;
}

function prepare(model: SpectrumModel): { own: Model; alpha: number; beta: number } {
  requireDescription(model);
  const alpha = check("sampleRatio", model.sampleRatio, RANGES.positive);
  const beta = check("widthRatio", model.widthRatio, RANGES.positive);
  return {
    own: featureModel({ ...unusedBySpectrum(model), ...model } as ModelParameters),
    alpha,
    beta,
  };
}

/** Values of the parameters that a spectrum does not depend on: the target and its alignment, unless a step is made for it. */
export function unusedBySpectrum(description: { readonly model?: unknown }): Readonly<Record<string, unknown>> {
  const model = modelOf(description);
  if (model === "trainedNetwork") return {};
  const unused = { target: "identity", alignment: 0 } as const;
  return Object.fromEntries(
    Object.entries(unused).filter(([name]) => hasParameter(model, name as keyof typeof unused)),
  );
}

/**
 * Stieltjes transform s(z) = (1/p) tr((1/p)ΦᵀΦ − z)⁻¹ of the features' limiting spectrum (Dandi24; theory §8).
 *
 * @param z with Im z ≥ 0; real z is the limit from above
 * @throws ParameterError for z in the lower half plane, for z = 0 where there is an atom, and for an illegal model
 * @throws ConvergenceError if no solution on the physical branch was found
 * @example
 * const [s] = stieltjesTransform(
 *   { model: "spikedRandomFeatures", student: "tanh", spikeStrength: 1.5, sampleRatio: 1.5, widthRatio: 1 },
 *   [[1, 0.05]],
 * );
 * s.map((part) => part.toFixed(9)); // [ "-1.085622858", "0.619590089" ]
 */
export function stieltjesTransform(model: SpectrumModel, z: readonly Complex[]): [re: number, im: number][] {
  requireList("z", z, "a list of complex numbers [re, im]");
  const { own, alpha, beta } = prepare(model);
  const atom = massAtZero(firstTable(own.problem), alpha, beta) > 0;
  for (const value of z) {
    if (!(Number.isFinite(value[0]) && value[1] >= 0 && value[1] < Infinity)) {
      throw new ParameterError("z", value, "in the upper half plane, Im z >= 0");
    }
    if (value[0] === 0 && value[1] === 0) {
      throw new ParameterError("z", value, atom ? "not inside the atom at 0" : "Im z > 0 at Re z = 0");
    }
  }
  const { problem, stepModel } = own;
  const step = stepModel?.();
  const resolvent = featureResolvent({ problem, ...(step && { stepModel: () => step.whole ?? step }) }, alpha, beta);
  let point: ResolventPoint | undefined;
  return z.map((value) => {
    point = resolvent.at(value, ...(point ? [point] : []));
    return [...point.stieltjes];
  });
}

/**
 * Density, edges, mass at zero and outliers of the features' limiting spectrum.
 *
 * @throws ParameterError for an illegal model, or a grid that touches the atom at zero
 * @throws ConvergenceError if no solution on the physical branch was found
 * @example
 * const { edges, massAtZero } = featureSpectrum({
 *   model: "randomFeatures", student: "He2", sampleRatio: 1, widthRatio: 4,
 * });
 * edges[0].map((x) => x.toFixed(9)); // [ "0.500000000", "4.500000000" ]
 * massAtZero; // 0.75
 */
export function featureSpectrum(model: SpectrumModel, options: SpectrumOptions = {}): FeatureSpectrum {
  const { own, alpha, beta } = prepare(model);
  return featureSpectrumOf(own, { sampleRatio: alpha, widthRatio: beta }, options);
}

/**
 * The same for a model of the caller's own making. At `sampleRatio` = Infinity the eigenvalues are those of (1/p)ΦᵀΦ divided
 * by α: of the features' covariance, divided by β.
 *
 * @throws ParameterError for α outside (0, ∞] or β outside (0, ∞), and otherwise as {@link featureSpectrum}
 * @example
 * const model = featureModel({
 *   model: "randomFeatures", student: "He2", target: "He2", sampleRatio: 1, widthRatio: 4, ridge: 0,
 * });
 * featureSpectrumOf(model, { sampleRatio: 1, widthRatio: 4 }).edges[0].map((x) => x.toFixed(6)); // ["0.500000", "4.500000"]
 */
export function featureSpectrumOf(model: Model, point: SpectrumPoint, options: SpectrumOptions = {}): FeatureSpectrum {
  requireModelAt(model, point);
  const { points } = options;
  if (points !== undefined && !(Number.isInteger(points) && points >= 8 && points <= 1e5)) {
    throw new ParameterError("points", points, "a whole number from 8 to 100000");
  }
  const system = spectralSystem(model, point);
  const own = options.grid && checkGrid(options.grid, system.massAtZero);
  const bulk = bulkDensity(system, points);
  const onGrid = own ? evaluateOn(system.resolvent, own, bulk.bands) : bulk.points;
  return {
    grid: own ?? bulk.points.map(({ z }) => z[0]),
    weights: own ? [] : bulk.weights,
    density: onGrid.map((at) => (at ? Math.max(0, at.stieltjes[1]) / Math.PI : 0)),
    ...supportOf(system, bulk.bands),
    residual: Math.max(...bulk.points.map(({ residual }) => residual)),
    errorEstimate: bulk.error,
  };
}

/**
 * Edges, masses and outliers of the features' limiting spectrum, without its density.
 *
 * @throws ParameterError for an illegal model
 * @throws ConvergenceError if no solution on the physical branch was found
 * @example
 * const { edges, bandMasses } = featureSupport({ model: "randomFeatures", student: "tanh", sampleRatio: 40, widthRatio: 10 });
 * edges.length; // 2
 * bandMasses.map((mass) => mass.toFixed(6)); // ["0.900000", "0.100000"]
 */
export function featureSupport(model: SpectrumModel): SpectrumSupport {
  const { own, alpha, beta } = prepare(model);
  return featureSupportOf(own, { sampleRatio: alpha, widthRatio: beta });
}

/**
 * The same for a model of the caller's own making, as {@link featureSpectrumOf}.
 *
 * @example
 * const model = featureModel({ model: "randomFeatures", student: "He2", target: "He2" });
 * featureSupportOf(model, { sampleRatio: 1, widthRatio: 4 }).edges[0].map((x) => x.toFixed(6)); // ["0.500000", "4.500000"]
 */
export function featureSupportOf(model: Model, point: SpectrumPoint): SpectrumSupport {
  requireModelAt(model, point);
  const system = spectralSystem(model, point);
  const bands = bulkBands(system.resolvent, system.massAtZero);
  checkMass(system, bands);
  return supportOf(system, bands);
}

function requireModelAt(model: Model, point: SpectrumPoint): void {
  requireFields("model", model, ["problem", "bulk"], MODEL_WORDS);
  requireFields("point", point, ["sampleRatio", "widthRatio"], "an object with sampleRatio and widthRatio");
}

function supportOf(system: SpectralSystem, bands: readonly Band[]): SpectrumSupport {
  const { resolvent, massAtZero } = system;
  const edges = bands.map(({ left, right }) => [left, right] as const);
  const bandMasses = bands.map(({ mass, massBelow }) => mass + massBelow);
  return {
    ...(resolvent.longTail ? joined(edges, bandMasses) : { edges, bandMasses }),
    massAtZero,
    bulkMass: bandMasses.reduce((sum, mass) => sum + mass, 0),
    ...featureOutliers(system, bands),
  };
}

/** Ratio of edges up to which a gap in a long tail is one between the points of a discrete law. */
const TAIL_GAP = 1.1;

type Interval = readonly [left: number, right: number];

/** Without the gaps that only a discrete law of the labels puts into the tail. */
function joined(edges: readonly Interval[], masses: readonly number[]): Pick<SpectrumSupport, "edges" | "bandMasses"> {
  const [joint, sums]: [Interval[], number[]] = [[], []];
  edges.forEach(([left, right], i) => {
    const last = joint.at(-1);
    if (last && left < TAIL_GAP * last[1]) {
      joint[joint.length - 1] = [last[0], right];
      sums[sums.length - 1]! += masses[i]!;
    } else {
      joint.push([left, right]);
      sums.push(masses[i]!);
    }
  });
  return { edges: joint, bandMasses: sums };
}

function checkGrid(grid: readonly number[], atom: number): readonly number[] {
  for (const x of grid) {
    if (!Number.isFinite(x)) throw new ParameterError("grid", x, "finite numbers");
    if (x === 0 && atom > 0) throw new ParameterError("grid", x, `not inside the atom of mass ${atom} at 0`);
  }
  return grid;
}

/** The density's points at x inside the bulk, undefined outside, where it vanishes. */
function evaluateOn(
  resolvent: FeatureResolvent,
  grid: readonly number[],
  bands: readonly Band[],
): (ResolventPoint | undefined)[] {
  let last: ResolventPoint | undefined;
  return grid.map((x) => {
    if (x === 0 && bands.some(({ left }) => left === 0)) {
      throw new ParameterError("grid", x, "not at 0, where the density may diverge");
    }
    const band = bands.find(({ left, right }) => x > left && x < right);
    if (!band) return undefined;
    const point = (last = resolvent.at([x, 0], ...(last ? [last] : []), nearest(band.inside, x)));
    return point.branch === "gap" ? undefined : point;
  });
}
