/** What a solution is worth: every error of it, their sum, and the refusals where it says nothing. */
import { END, gaussianDensity } from "../numerics/gaussianRule.ts";
import type { Table } from "../problem/table.ts";
import type { ScaledPoint } from "./limits.ts";
import type { Readout, ReadoutFit } from "./readout.ts";
import { failure, type RidgeFailure } from "./solution.ts";
import type { TraceEquations } from "./traceEquations.ts";

/** Largest errors that are given: of an average by saturated features, and the difference between two forms of the objective. */
const [WORST_SATURATION, WORST_MISMATCH] = [1e-4, 1e-4];
/** Errors below this part of the label's second moment are rounding. */
export const ROUNDING_OF_SQUARES = 1e-28;
/** Relative rounding of moments given κ, in the averages of a basis, and of everything else. */
const [MOMENT_ROUNDING, ROUNDING] = [2 ** -44, 2 ** -50];
/** From this amplification on the linear response is checked on its own. */
const PEAK = 10;

/** A solution on one grid, of which the errors are asked. */
export interface Solved {
  readonly point: ScaledPoint;
  /** E[(y − f)² | κ] on the nodes. */
  readonly risk: Float64Array;
  readonly testError: number;
  readonly trainError: number;
  /** E bias(κ): what the readout misses on average. */
  readonly missed: number;
  /** E[bias/(1 + V)] + tᵀΛt/α: the objective as the minimum over t. */
  readonly objective: number;
  /** Σ Q2_k */
  readonly norm: number;
  readonly fit: ReadoutFit;
  /** The last Newton step of the fixed point. */
  readonly step: number;
}

export interface Accuracy {
  /** Relative error of the averages that the grid causes. */
  readonly grid: number;
  /** The same by what is not known of μ2² where features saturate. */
  readonly saturation: number;
  /** Relative error of the test error. */
  readonly errorEstimate: number;
}

/** @param inBasis whether the traces are those of a basis of several functions */
export function accuracy(
  table: Table,
  equations: TraceEquations,
  basis: readonly Float64Array[],
  readout: Readout,
  solved: Solved,
  inBasis: boolean,
  scratch: Float64Array,
): Accuracy | RidgeFailure {
  const { point, testError, missed, objective, step } = solved;
  // What the readout misses on average, and by how much its fluctuations are larger: so do errors of several functions.
  const amplification = missed > 0 ? Math.max(1, testError / missed) : 1;
  const { grid, saturation } = averageErrors(table, equations, basis, solved, amplification, scratch);
  if (saturation > WORST_SATURATION) {
    const size = saturation.toExponential(1);
    const detail = `features freeze at large κ below the precision of the student (relative error ${size}); a larger ridge is needed`;
    return failure("diverged", detail);
  }
  // The objective, once as the minimum over t and once from the errors it consists of (theory §5): what rounding has
  // done anywhere shows in their difference.
  const parts = solved.trainError + (point.ridge * point.widthRatio * solved.norm) / point.samples;
  const mismatch = objective === parts ? 0 : Math.abs(objective - parts) / objective;
  if (!(mismatch < WORST_MISMATCH || objective < ROUNDING_OF_SQUARES * readout.targetSquare)) {
    const size = mismatch.toExponential(1);
    return failure("diverged", `rounding: two forms of the objective differ by a fraction ${size}`);
  }
  const grown = inBasis ? (amplification - 1) * MOMENT_ROUNDING : 0;
  const rounding = ROUNDING + grown + step + mismatch + readout.rounding(solved.fit, testError);
  return { grid, saturation, errorEstimate: table.quadratureError + grid + saturation + rounding };
}

/**
 * Largest relative errors of the averages that make up the solution: of the test error, the training error (where it is
 * not 0), the degrees of freedom of the fit and the source of the norms.
 *
 * @param amplification of errors of the linear response, near an interpolation peak
 */
function averageErrors(
  table: Table,
  equations: TraceEquations,
  basis: readonly Float64Array[],
  { risk, point }: Solved,
  amplification: number,
  scratch: Float64Array,
): { readonly grid: number; readonly saturation: number } {
  const { weights } = table;
  const { damping, square } = equations;
  const unknown = unknownSusceptibility(table, equations, point);
  let [grid, saturation] = [0, 0];
  const include = (f: Float64Array) => {
    grid = Math.max(grid, table.grid.errorOf(f), table.problem.dimension === 1 ? shareBeyond(table, f) : 0);
    if (unknown) saturation = Math.max(saturation, relativeError(weights, f, unknown));
  };
  include(risk);
  const values = scratch;
  // Without ridge below the interpolation threshold there is no training error: the readout minimises E[bias/V].
  const minimised = point.delta > 0 ? square : damping;
  for (let i = 0; i < values.length; i++) values[i] = risk[i]! * minimised[i]!;
  include(values);
  leverage(table, equations, basis, point.widthRatio, values);
  include(values);
  if (amplification > PEAK) {
    grid = Math.max(grid, amplification * table.grid.errorOf(values.map((value) => value * value)));
  }
  for (let i = 0; i < values.length; i++) values[i]! *= risk[i]! * damping[i]!;
  include(values);
  return { grid, saturation };
}

/**
 * How much every κ counts for the degrees of freedom of the fit, V_linear/(1 + V) and g_k μ2_k²/(1 + V) in units of
 * β π_k: with several groups they may live where neither the error nor the sum of all functions does.
 */
function leverage(
  { groups }: Table,
  { traces, damping }: TraceEquations,
  basis: readonly Float64Array[],
  widthRatio: number,
  out: Float64Array,
): void {
  const pairs = basis.length - groups.length;
  out.fill(0);
  basis.forEach((phi, a) => {
    const share = a < pairs ? 1 : 1 / (widthRatio * groups[a - pairs]!.fraction);
    const factor = share * traces[a]!;
    for (let i = 0; i < out.length; i++) out[i]! += factor * phi[i]!;
  });
  for (let i = 0; i < out.length; i++) out[i]! *= damping[i]!;
}

/** Largest sum of the terms of V over 1 + V: by so much their rounding is larger than that of V. */
export function cancellation(
  { traces, damping }: TraceEquations,
  basis: readonly Float64Array[],
  { susceptibility }: ScaledPoint,
): number {
  const values = new Float64Array(damping.length);
  basis.forEach((phi, a) => {
    const factor = Math.abs(susceptibility * traces[a]!);
    for (let i = 0; i < values.length; i++) values[i]! += factor * Math.abs(phi[i]!);
  });
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]! * damping[i]!);
  return most;
}

/**
 * Part of 1 + V(κ), on the nodes, that is not known: with a small ridge below the interpolation threshold g is large, and
 * V hangs on how fast μ2² vanishes where features saturate. Undefined where it is everywhere known.
 */
export function unknownSusceptibility(
  { groups, weights }: Table,
  { traces, damping }: Pick<TraceEquations, "traces" | "damping">,
  { susceptibility }: ScaledPoint,
): Float64Array | undefined {
  let unknown: Float64Array | undefined;
  for (let k = 0; k < groups.length; k++) {
    const { mu2Squared, mu2SquaredError } = groups[k]!;
    const g = susceptibility * traces[traces.length - groups.length + k]!;
    // Features without any nonlinear part are linear, and do not saturate.
    if (!(g > 0 && mu2Squared.some((value) => value > 0))) continue;
    unknown ??= new Float64Array(weights.length);
    for (let i = 0; i < unknown.length; i++) unknown[i]! += g * mu2SquaredError[i]!;
  }
  if (unknown) for (let i = 0; i < unknown.length; i++) unknown[i] = Math.min(1, unknown[i]! * damping[i]!);
  return unknown;
}

/** Σ w |f| e / Σ w |f|: relative error of an average of f with a relative error e. */
export function relativeError(weights: Float64Array, values: Float64Array, errors: Float64Array): number {
  let [error, scale] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    const term = weights[i]! * Math.abs(values[i]!);
    error += term * errors[i]!;
    scale += term;
  }
  return scale > 0 ? error / scale : 0;
}

/** Outermost nodes of which the largest term is taken: of an integrand with zeros some are small. */
const OUTERMOST = 4;

/** What lies beyond the nodes of an average, relatively, as far as its decay at them tells. */
function shareBeyond({ nodes, weights }: Table, values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]! * Math.abs(values[i]!);
  return total > 0 ? (tailBeyond(nodes, values, 1) + tailBeyond(nodes, values, -1)) / total : 0;
}

/** ∫|f| over the normal density beyond the last node on one side: its largest term there over the rate at which they fall. */
function tailBeyond(nodes: Float64Array, values: Float64Array, side: 1 | -1): number {
  const last = side > 0 ? nodes.length - 1 : 0;
  const largest = (from: number): number => {
    let most = 0;
    for (let k = 0; k < OUTERMOST; k++) {
      const i = last - side * (from + k);
      if (i >= 0 && i < nodes.length) most = Math.max(most, Math.abs(values[i]!) * gaussianDensity(nodes[i]!));
    }
    return most;
  };
  const [outer, inner] = [largest(0), largest(OUTERMOST)];
  const length = Math.abs(nodes[last]! - nodes[Math.min(Math.max(last - side * OUTERMOST, 0), nodes.length - 1)]!);
  // What does not fall may go on to where the density is beyond all numbers.
  const least = 1 / (END - Math.abs(nodes[last]!));
  const fall = outer > 0 && length > 0 ? Math.max(least, Math.log(inner / outer) / length) : least;
  return outer / fall;
}
