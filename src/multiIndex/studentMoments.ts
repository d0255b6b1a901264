import type { Activation } from "../activation/activation.ts";
import { conditionalMoments } from "../activation/conditionalMoments.ts";
import { derivativeOf } from "../activation/stepNumbers.ts";
import { featureMoments } from "../activation/featureMoments.ts";
import { averageOf } from "../numerics/gaussianAverage.ts";

/** Where the moments of a group stand in a row. */
export const MOMENT = {
  /** μ0 = E σ(t + τz) */
  mean: 0,
  /** μ1 = e0 = E σ′ */
  linear: 1,
  /** μ2² */
  nonlinear: 2,
  /** ν = e1 = ∂μ0/∂τ = E[zσ′] */
  norm: 3,
  /** e2 = E[(z² − 1)σ′] */
  second: 4,
  /** e3 = E[(z³ − 2z)σ′] */
  third: 5,
  /** var − e1² = E(σ′ − e0 − ze1)² */
  rest: 6,
} as const;

const FEATURES = 4;
const SLOPES = 7;

/** Moments of σ(t + τz) as a function of t (theory §3, multiIndex §1, §3), written into a row. */
export type MomentRow = (t: number, out: Float64Array) => void;

/**
 * @param slopes whether the moments of σ′ are wanted, too
 * @throws QuadratureError where σ is not finite
 */
export function momentRow(
  student: Activation,
  tau: number,
  slopes: boolean,
): { readonly row: MomentRow; readonly width: number } {
  const features: MomentRow = (t, out) => {
    const { mean, first, second, residual } = featureMoments(student, t, tau, "student");
    out[MOMENT.mean] = mean;
    out[MOMENT.linear] = first / tau;
    out[MOMENT.nonlinear] = residual;
    out[MOMENT.norm] = second / tau;
  };
  if (!slopes) return { row: features, width: FEATURES };
  const slope = derivativeOf({ ...student, derivative: student.derivative! });
  return {
    width: SLOPES,
    row(t, out) {
      features(t, out);
      const { second, residual } = conditionalMoments(slope, t, tau, "derivative of student");
      out[MOMENT.second] = second;
      out[MOMENT.third] = thirdMoment(slope, t, tau);
      out[MOMENT.rest] = residual;
    },
  };
}

function thirdMoment(slope: Activation, t: number, tau: number): number {
  const breaks = slope.jumps.map((x) => (x - t) / tau);
  return averageOf((z) => (z * z - 2) * z * slope.value(t + tau * z), "derivative of student", breaks, 1e-12);
}

/** Length of a piece of the table in units of τ, and its Chebyshev nodes: smoothed by a Gaussian of width τ, 1e-15. */
const PIECE = 1;
const NODES = 17;
/** Evaluations from which a table pays. */
const WORTHWHILE = 400;

/**
 * The moments by a table: Chebyshev interpolation on pieces of length τ, made when they are first met. A node in R^q costs a
 * lookup, for the moments depend on R_k·κ alone.
 */
export function tabulatedMoments(exact: { readonly row: MomentRow; readonly width: number }, tau: number): MomentRow {
  const { row, width } = exact;
  const pieces = new Map<number, Float64Array>();
  const half = 0.5 * PIECE * tau;
  const points = Array.from({ length: NODES }, (_, j) => Math.cos((Math.PI * (j + 0.5)) / NODES));
  const out = new Float64Array(width);

  function coefficients(piece: number): Float64Array {
    const known = pieces.get(piece);
    if (known) return known;
    const made = new Float64Array(NODES * width);
    points.forEach((x, j) => {
      row((piece * PIECE + 0.5 * PIECE) * tau + half * x, out);
      for (let n = 0; n < NODES; n++) {
        const factor = ((n === 0 ? 1 : 2) / NODES) * Math.cos((Math.PI * n * (j + 0.5)) / NODES);
        for (let c = 0; c < width; c++) made[n * width + c]! += factor * out[c]!;
      }
    });
    pieces.set(piece, made);
    return made;
  }

  return (t, into) => {
    const piece = Math.floor(t / (PIECE * tau));
    const table = coefficients(piece);
    const x = (t - (piece + 0.5) * PIECE * tau) / half;
    for (let c = 0; c < width; c++) {
      let [b1, b2] = [0, 0];
      for (let n = NODES - 1; n > 0; n--) {
        const b0 = 2 * x * b1 - b2 + table[n * width + c]!;
        b2 = b1;
        b1 = b0;
      }
      into[c] = x * b1 - b2 + table[c]!;
    }
    if (into[MOMENT.nonlinear]! < 0) into[MOMENT.nonlinear] = 0;
  };
}

/** Columns of the moments of one group on the nodes of κ, from t = R_k·κ. */
export type MomentColumns = (projections: Float64Array) => readonly Float64Array[];

/**
 * The table is that of all grids on which the moments are wanted.
 *
 * @param slopes whether the moments of σ′ are wanted, too
 */
export function momentColumns(student: Activation, tau: number, slopes: boolean): MomentColumns {
  const exact = momentRow(student, tau, slopes);
  const table = tabulatedMoments(exact, tau);
  const out = new Float64Array(exact.width);
  return (projections) => {
    const evaluate = projections.length > WORTHWHILE ? table : exact.row;
    const columns = Array.from({ length: exact.width }, () => new Float64Array(projections.length));
    for (let i = 0; i < projections.length; i++) {
      evaluate(projections[i]!, out);
      for (let c = 0; c < columns.length; c++) columns[c]![i] = out[c]!;
    }
    return columns;
  };
}

/** R_k·κ on the nodes. */
export function projectionsOn(
  spike: readonly number[],
  coordinates: readonly Float64Array[],
  count: number,
): Float64Array {
  const t = new Float64Array(count);
  coordinates.forEach((axis, a) => {
    for (let i = 0; i < count; i++) t[i]! += spike[a]! * axis[i]!;
  });
  return t;
}
