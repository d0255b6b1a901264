import { ParameterError } from "../errors.ts";
import { check, RANGES } from "../parameters/ranges.ts";
import { normalCdf } from "../numerics/normal.ts";
import { conditionalErrors } from "./conditional.ts";
import type { DecomposedData } from "./eigensystem.ts";
import { type LeaveOneOut, leaveOneOutErrors } from "./leaveOneOut.ts";
import { dataRidge, modeSums, rankOf, transported, type Transported } from "./transport.ts";

/**
 * What a predicted test error rests on (covariates §5): generalised cross validation, exact leave-one-out errors, or weighted
 * leave-one-out errors that allow for susceptibilities which differ between samples.
 */
export type Anchor = "gcv" | "loo" | "conditional";
export const ANCHORS: readonly Anchor[] = ["gcv", "loo", "conditional"];

/** Number of training samples and ridge. */
export interface DataPoint {
  /** n > 0, also beyond the data. */
  readonly samples: number;
  /** λ ≥ 0, not divided by n. */
  readonly ridge: number;
}

/** Prediction at one n and λ. */
export interface DataRow extends DataPoint {
  readonly status: "converged";
  /** E (y − f)² on a fresh sample, by the anchor that was asked for. */
  readonly testError: number;
  /** Estimated standard error of the test error, from the scatter of leave-one-out residuals. */
  readonly standardError: number;
  readonly trainError: number;
  /** P(yf < 0) of labels ±1, as if the outputs of each class were Gaussian with equal variance: approximate. */
  readonly classificationError?: number;
  /** t */
  readonly effectiveRidge: number;
  /** df1 and df2 of the population. */
  readonly degreesOfFreedom: number;
  readonly degreesOfFreedom2: number;
  /** m = E[y f], of centred labels with an intercept. */
  readonly teacherOverlap: number;
  /** L, the ridge at which all samples behave like n at λ. */
  readonly dataRidge: number;
  readonly gcvTestError: number;
  readonly leaveOneOutTestError: number;
  readonly conditionalTestError?: number;
  readonly conditionalTrainError?: number;
  /** leaveOneOutTestError/gcvTestError − 1: how far the features are from Gaussian ones. */
  readonly anchorGap: number;
}

/** A point that the data do not determine, or at which the error is infinite. */
export interface UndeterminedRow extends DataPoint {
  readonly status: "undetermined" | "diverged" | "max-iterations";
  readonly message: string;
}

/** A prediction, or why there is none. */
export type DataResult = DataRow | UndeterminedRow;

/** Validates n and λ. */
export function checkDataPoint({ samples, ridge }: DataPoint, intercept: boolean): DataPoint {
  check("samples", samples, RANGES.positive);
  if (intercept && !(samples > 1)) throw new ParameterError("samples", samples, "more than 1 with an intercept");
  return { samples, ridge: check("ridge", ridge, RANGES.nonNegative) };
}

interface Determined {
  readonly point: DataPoint;
  readonly L: number;
  readonly estimate: Transported;
}

/**
 * Predicts the errors at every point from a decomposed data set.
 *
 * @param anchor conditional errors, which take N³ a point, are computed only for that anchor
 * @param onPoint called after each point that took long
 */
export function predict(
  data: DecomposedData,
  points: readonly DataPoint[],
  anchor: Anchor,
  onPoint?: (done: number) => void,
): DataResult[] {
  const known = points.map((point) => determine(data, point));
  const ridges = known.flatMap((item) => ("L" in item ? [item.L] : []));
  const left = leaveOneOutErrors(data.algebra, data.spectrum, data.components, data.arrays, ridges);
  let next = 0;
  return known.map((item, index) => {
    if (!("L" in item)) return item;
    const row = rowOf(data, item, left[next++]!, anchor);
    if (anchor === "conditional") onPoint?.(index + 1);
    return row;
  });
}

/** L and the estimates at a point, or why there are none. */
function determine({ spectrum }: DecomposedData, point: DataPoint): Determined | UndeterminedRow {
  const { constants, count } = spectrum;
  const samples = point.samples - constants;
  const found = dataRidge(spectrum, samples, point.ridge);
  if ("leastRidge" in found) {
    const message = `not determined by ${count + constants} samples: n = ${point.samples} needs a ridge of at least ${found.leastRidge.toPrecision(3)}`;
    return { ...point, status: "undetermined", message };
  }
  const estimate = transported(spectrum, modeSums(spectrum, found.dataRidge), samples, point.ridge);
  if (!estimate) return { ...point, status: "diverged", message: PEAK };
  return { point, L: found.dataRidge, estimate };
}

const PEAK = "interpolation peak: at λ = 0 with as many samples as the rank the test error is infinite";

function rowOf(
  data: DecomposedData,
  { point, L, estimate }: Determined,
  left: LeaveOneOut,
  anchor: Anchor,
): DataResult {
  const { constants } = data.spectrum;
  const { samples } = point;
  // The fitted constant costs 1/n of the error on fresh samples and takes as much off that on the training set.
  const [fresh, seen] = constants > 0 ? [1 + 1 / samples, (samples - 1) / samples] : [1, 1];
  const { factor, shrinkage } = estimate;
  const gcv = estimate.testError * fresh;
  const loo = left.error * factor * fresh;
  const conditional = anchor === "conditional" ? conditionalAt(data, point, estimate) : undefined;
  if (typeof conditional === "string") return { ...point, status: "undetermined", message: conditional };
  const bare = anchor === "gcv" ? estimate.testError : left.error * factor;
  const testError = conditional?.testError ?? bare * fresh;
  const relative = conditional?.relativeStandardError ?? left.relativeStandardError;
  const { effectiveRidge, degreesOfFreedom, degreesOfFreedom2, teacherOverlap } = estimate;
  return {
    ...point,
    status: "converged",
    testError,
    standardError: relative * testError,
    trainError: conditional?.trainError ?? shrinkage * shrinkage * bare * seen,
    ...(data.signs && { classificationError: classificationError(estimate) }),
    effectiveRidge,
    degreesOfFreedom,
    degreesOfFreedom2,
    teacherOverlap,
    dataRidge: L,
    gcvTestError: gcv,
    leaveOneOutTestError: loo,
    ...(conditional && {
      conditionalTestError: conditional.testError,
      conditionalTrainError: conditional.trainError,
    }),
    anchorGap: loo / gcv - 1,
  };
}

/** Φ(−m/√(E f² − m²/ρ)), with ρ = 1 without an intercept: covariates §5, "class error". */
function classificationError({ testError, secondMoment, teacherOverlap: m }: Transported): number {
  const square = testError - secondMoment + 2 * m;
  return normalCdf(-m / Math.sqrt(Math.max(square - (m * m) / secondMoment, Number.MIN_VALUE)));
}

/** Conditional transport, or why there is none. */
function conditionalAt(
  data: DecomposedData,
  { samples, ridge }: DataPoint,
  { shrinkage, effectiveRidge }: Transported,
) {
  const { spectrum, gram, scratch, labels, algebra } = data;
  if (!gram || !scratch) throw new RangeError("the Gram matrix was not kept");
  const N = spectrum.count;
  if (samples > N) return `the conditional anchor does not go beyond the ${N} samples`;
  if (ridge === 0 && (samples === N || samples >= rankOf(spectrum))) {
    return "the conditional anchor needs a ridge > 0 where the samples are not interpolated with room to spare";
  }
  // V of equal samples: s = 1/(1 + V), so that λV = nt − λ.
  const start = ridge > 0 ? (ridge * (1 - shrinkage)) / shrinkage : samples * effectiveRidge;
  const arrays = { gram, factor: scratch[0], inverse: scratch[1] };
  const errors = conditionalErrors(algebra, arrays, labels, samples, ridge, start);
  return errors ?? "the conditional equations did not converge";
}
