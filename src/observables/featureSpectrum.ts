import { ParameterError } from "../errors.ts";
import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import type { ModelDescription } from "../model/description.ts";
import { conditionalFeatureStatistics } from "../model/statistics.ts";
import type { ModelParameters } from "../parameters/description.ts";
import { modelOf } from "../parameters/legal.ts";
import { hasParameter } from "../parameters/table.ts";
import { check, RANGES } from "../model/validation.ts";
import type { Complex } from "../numerics/complex.ts";
import { featureRank } from "../solver/coldStart.ts";
import { type FeatureResolvent, featureResolvent, type ResolventPoint } from "../solver/featureResolvent.ts";
import { type BulkInterval, bulkIntervals } from "../solver/spectralEdges.ts";
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

/** Limiting spectrum of the p×p matrix (1/p)ΦᵀΦ of the features (Dandi24; theory §8). */
export interface FeatureSpectrum extends FeatureOutliers {
  readonly grid: readonly number[];
  /** Of the bulk, (1/π) Im s(x + i0⁺), on the grid. */
  readonly density: readonly number[];
  /** Quadrature weights of the grid: Σ w f(x) ρ(x) = ∫ f dρ over the bulk. Empty on a grid of the caller's. */
  readonly weights: readonly number[];
  /**
   * Intervals of the bulk, ascending; the last ends at Infinity where the features' variance is unbounded. Of a trained network
   * whose labels are unbounded, without the samples of the step beyond four standard deviations.
   */
  readonly edges: readonly (readonly [left: number, right: number])[];
  /** max(0, 1 − rank/p) of the features. */
  readonly massAtZero: number;
  /** Integral of the density over the library's own grid; 1 − massAtZero but for the error. */
  readonly bulkMass: number;
  /** Worst relative residual of the fixed point, on a grid of κ finer than the one it was solved on. */
  readonly residual: number;
}

function prepare(model: SpectrumModel): { statistics: ConditionalFeatureStatistics; alpha: number; beta: number } {
  const alpha = check("sampleRatio", model.sampleRatio, RANGES.positive);
  const beta = check("widthRatio", model.widthRatio, RANGES.positive);
  return {
    statistics: conditionalFeatureStatistics({ ...unusedBySpectrum(model), ...model } as ModelParameters),
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
  const { statistics, alpha, beta } = prepare(model);
  const atom = massAtZero(statistics, alpha, beta) > 0;
  for (const value of z) {
    if (!(Number.isFinite(value[0]) && value[1] >= 0 && value[1] < Infinity)) {
      throw new ParameterError("z", value, "in the upper half plane, Im z >= 0");
    }
    if (value[0] === 0 && value[1] === 0) {
      throw new ParameterError("z", value, atom ? "not inside the atom at 0" : "Im z > 0 at Re z = 0");
    }
  }
  const resolvent = featureResolvent(statistics, alpha, beta);
  let point: ResolventPoint | undefined;
  return z.map((value) => {
    point = resolvent.at(value, point);
    return [...point.stieltjes];
  });
}

function massAtZero(statistics: ConditionalFeatureStatistics, alpha: number, beta: number): number {
  return Math.max(0, 1 - Math.min(alpha, featureRank(statistics, beta).rank) / beta);
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
  const { statistics, alpha, beta } = prepare(model);
  return featureSpectrumOf(statistics, { sampleRatio: alpha, widthRatio: beta }, options);
}

/** Agreement of the density's integral with 1 − massAtZero that ends the choice of the grid. */
const MASS_TOLERANCE = 1e-7;
const MOST_DOUBLINGS = 4;
/** A deficit like this means an interval of the bulk was missed. */
const MISSED = 1e-5;

/**
 * The same from statistics of the caller's own making. At `sampleRatio` = Infinity the eigenvalues are those of (1/p)ΦᵀΦ divided
 * by α: of the features' covariance, divided by β.
 *
 * @throws ParameterError for α outside (0, ∞] or β outside (0, ∞), and otherwise as {@link featureSpectrum}
 * @example
 * const statistics = conditionalFeatureStatistics({
 *   model: "randomFeatures", student: "He2", target: "He2", sampleRatio: 1, widthRatio: 4, ridge: 0,
 * });
 * featureSpectrumOf(statistics, { sampleRatio: 1, widthRatio: 4 }).edges[0].map((x) => x.toFixed(6)); // ["0.500000", "4.500000"]
 */
export function featureSpectrumOf(
  statistics: ConditionalFeatureStatistics,
  point: SpectrumPoint,
  options: SpectrumOptions = {},
): FeatureSpectrum {
  const sampleRatio = check("sampleRatio", point.sampleRatio, RANGES.positiveOrInfinite);
  const widthRatio = check("widthRatio", point.widthRatio, RANGES.positive);
  const points = options.points ?? 400;
  if (!(Number.isInteger(points) && points >= 8 && points <= 1e5)) {
    throw new ParameterError("points", points, "a whole number from 8 to 100000");
  }
  const atom = massAtZero(statistics, sampleRatio, widthRatio);
  const own = options.grid && checkGrid(options.grid, atom);
  const resolvent = featureResolvent(statistics, sampleRatio, widthRatio);
  if (!(resolvent.firstMoment > 0))
    throw new ParameterError("student", statistics.student.name, "one that is not constant");
  let intervals = bulkIntervals(resolvent);
  let sampled = sampleDensity(resolvent, intervals, points);
  if (!resolvent.longTail && (sampled.gaps.length > 0 || 1 - atom - sampled.mass > MISSED)) {
    intervals = bulkIntervals(resolvent, 6, [...sampled.gaps, ...sampled.points]);
    sampled = sampleDensity(resolvent, intervals, points);
  }
  if (options.points === undefined && !own && !resolvent.longTail) {
    for (let n = 1; n <= MOST_DOUBLINGS && Math.abs(sampled.mass - (1 - atom)) > MASS_TOLERANCE; n++) {
      const before = sampled.mass;
      sampled = sampleDensity(resolvent, intervals, points * 2 ** n);
      // Samples whose variance underflows are missing for good.
      if (Math.abs(sampled.mass - before) <= MASS_TOLERANCE / 10) break;
    }
  }
  const edges = resolvent.longTail ? joined(intervals) : intervals.map(({ left, right }) => [left, right] as const);
  const onOwn = own && evaluateOn(resolvent, own, intervals);
  return {
    grid: own ?? sampled.points.map((point) => point.z[0]),
    weights: own ? [] : sampled.weights,
    density: (onOwn ?? sampled.points).map((point) => (point ? Math.max(0, point.stieltjes[1]) / Math.PI : 0)),
    edges,
    massAtZero: atom,
    bulkMass: sampled.mass,
    ...featureOutliers(statistics, resolvent, sampleRatio, widthRatio, intervals),
    residual: Math.max(...sampled.points.map((point) => point.residual)),
  };
}

/** Ratio of edges up to which a gap in a long tail is one between the points of a discrete law. */
const TAIL_GAP = 1.1;

/** Edges of the intervals, without the gaps that only a discrete law of the labels puts into the tail. */
function joined(intervals: readonly BulkInterval[]): (readonly [number, number])[] {
  const edges: (readonly [number, number])[] = [];
  for (const { left, right } of intervals) {
    const last = edges.at(-1);
    if (last && left < TAIL_GAP * last[1]) edges.push([edges.pop()![0], right]);
    else edges.push([left, right]);
  }
  return edges;
}

function checkGrid(grid: readonly number[], atom: number): readonly number[] {
  for (const x of grid) {
    if (!Number.isFinite(x)) throw new ParameterError("grid", x, "finite numbers");
    if (x === 0) {
      const legal = atom > 0 ? `not inside the atom of mass ${atom} at 0` : "not at 0, where the density may diverge";
      throw new ParameterError("grid", x, legal);
    }
  }
  return grid;
}

/** The density's points at x inside the bulk, undefined outside, where it vanishes. */
function evaluateOn(
  resolvent: FeatureResolvent,
  grid: readonly number[],
  intervals: readonly BulkInterval[],
): (ResolventPoint | undefined)[] {
  let last: ResolventPoint | undefined;
  return grid.map((x) => {
    const interval = intervals.find(({ left, right }) => x > left && x < right);
    if (!interval) return undefined;
    const point = (last = resolvent.at([x, 0], last ?? interval.inside));
    return point.branch === "gap" ? undefined : point;
  });
}

interface SampledDensity {
  readonly weights: number[];
  readonly points: ResolventPoint[];
  /** Σ w ρ */
  readonly mass: number;
  /** Grid points that turned out to lie in a gap. */
  readonly gaps: ResolventPoint[];
}

/** Ratio of the edges from which on the grid is uniform in log x rather than in x, but for the crowding at the edges. */
const WIDE = 16;

/**
 * The density at x(θ_j), θ_j the midpoints of n equal parts of (0, π), with x or log x = mean − half-width · cos θ: square-root
 * edges become smooth and periodic, so that the midpoint rule converges exponentially.
 */
function sampleDensity(resolvent: FeatureResolvent, intervals: readonly BulkInterval[], total: number): SampledDensity {
  const points: ResolventPoint[] = [];
  const weights: number[] = [];
  let mass = 0;
  const count = Math.max(8, Math.round(total / Math.max(1, intervals.length)));
  for (const { lowest, highest, inside, below } of intervals) {
    mass += below;
    const place = substitution(lowest, highest);
    let point = inside;
    // From the right edge down, since traces change most on the left; the intervals themselves ascend.
    const [ownPoints, ownWeights]: [ResolventPoint[], number[]] = [[], []];
    for (let j = count - 1; j >= 0; j--) {
      const { x, speed } = place((Math.PI * (j + 0.5)) / count);
      point = resolvent.at([x, 0], point);
      ownPoints.push(point);
      ownWeights.push((Math.PI / count) * speed);
      mass += (ownWeights.at(-1)! * point.stieltjes[1]) / Math.PI;
    }
    points.push(...ownPoints.reverse());
    weights.push(...ownWeights.reverse());
  }
  return { points, weights, mass, gaps: points.filter((point) => point.branch === "gap") };
}

/** x(θ) and dx/dθ on (0, π): a + (b − a) sin²(θ/2), which keeps its digits at the left edge, in x or in log x. */
function substitution(left: number, right: number): (theta: number) => { x: number; speed: number } {
  const logarithmic = right > WIDE * left;
  const [a, b] = logarithmic ? [Math.log(left), Math.log(right)] : [left, right];
  return (theta) => {
    const y = a + (b - a) * Math.sin(theta / 2) ** 2;
    const speed = 0.5 * (b - a) * Math.sin(theta);
    return logarithmic ? { x: Math.exp(y), speed: Math.exp(y) * speed } : { x: y, speed };
  };
}
