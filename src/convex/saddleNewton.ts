import { solveInPlace } from "../numerics/linearAlgebra.ts";
import { coordinateJacobian } from "../ridge/coordinates.ts";
import type { BulkImage, BulkSide, Conjugates } from "./bulkImage.ts";
import type { SaddleState } from "./localState.ts";
import type { SaddleAverages } from "./saddleAverages.ts";

/** The equations at one argument: what `newtonStep` differentiates. */
export interface SaddleArgument {
  readonly state: SaddleState;
  /** Factors of the regressors. */
  readonly tau: Float64Array;
  readonly averages: SaddleAverages;
  readonly conjugates: Conjugates;
  readonly image: BulkImage;
  /** Gradient by the factors, of loss and prior. */
  readonly pull: Float64Array;
  /** T(u) − u in the coordinates. */
  readonly residual: Float64Array;
  /** Whether a regressor is a function at all, or a combination of channels that cancels. */
  readonly present: readonly boolean[];
  readonly groups: number;
  /** sup ℓ″ */
  readonly curvatureBound: number;
  /** 0 where V is no part of the equations. */
  readonly susceptibility: number;
}

/** Curvature that is rounding. */
const FLAT = 1e-16;
/** Relative step of the difference quotients through the bulk, where only Newton's step is at stake. */
const BULK_STEP = 1e-6;

/**
 * Newton's step of the saddle-point equations, which are differentiated through the conjugates: the loss by its Hessian,
 * the bulk by difference quotients.
 *
 * @returns NaN if there is none
 */
export function newtonStep(argument: SaddleArgument, bulkSide: BulkSide, scale: number): Float64Array {
  const slopes = bulkSlopes(argument, bulkSide);
  const newton = argument.residual.slice();
  const matrix = slopes && newtonMatrix(argument, scale, slopes);
  if (!matrix) return newton.fill(NaN);
  const m = argument.conjugates.traces.length;
  argument.pull.forEach((value, c) => (newton[2 * m + c] = -value));
  return solveInPlace(matrix, newton, newton.length, 1) ? newton : newton.fill(NaN);
}

/** Derivatives through the bulk. */
export interface BulkSlopes {
  /** d traces = −response · d conjugates, m×m. */
  readonly response: Float64Array;
  /** Of the norms by the conjugates, m×m, and by every factor. */
  readonly norms: Float64Array;
  readonly normsByFactor: readonly Float64Array[];
  /** Of the prior's pull on the factors by the conjugates, T×m. */
  readonly pull: Float64Array;
}

function bulkSlopes(argument: SaddleArgument, bulkSide: BulkSide): BulkSlopes | undefined {
  const { state, tau, conjugates, image, averages } = argument;
  const m = image.solution.traces.length;
  const T = tau.length;
  const { ridge } = bulkSide;
  const { response, traces } = image.solution;
  const norms = new Float64Array(m * m);
  const pull = new Float64Array(T * m);
  const top = conjugates.traces.reduce((most, value) => Math.max(most, Math.abs(value)), ridge);
  for (let b = 0; b < m; b++) {
    const moved = conjugates.traces.slice();
    const h = BULK_STEP * Math.max(Math.abs(moved[b]!), 1e-3 * top, Number.MIN_VALUE * 1e20);
    moved[b]! += h;
    const next = bulkSide.image({ ...conjugates, traces: moved }, traces, state.coefficients, image.solution);
    if (typeof next === "string") return undefined;
    for (let a = 0; a < m; a++) norms[a * m + b] = (next.norms[a]! - image.norms[a]!) / h;
    for (let c = 0; c < T; c++) {
      let difference = 0;
      for (let d = 0; d < T; d++) {
        difference += (next.stiffness[c * T + d]! - image.stiffness[c * T + d]!) * tau[d]!;
      }
      pull[c * m + b] = difference / h;
    }
  }
  return { response, norms, pull, normsByFactor: normSlopes(tau, averages.meanSquare, bulkSide, image) };
}

/** ∂/∂τ_c of the norms of the channels: exact, because that is quadratic in τ. */
export function normSlopes(
  tau: Float64Array,
  meanSquare: number,
  bulkSide: BulkSide,
  { prior }: BulkImage,
): Float64Array[] {
  return Array.from(tau, (value, c) => {
    const h = Math.max(Math.abs(value), 1e-3 * (1 + Math.sqrt(meanSquare)));
    const side = (sign: number) => {
      const shifted = tau.slice();
      shifted[c]! += sign * h;
      return bulkSide.channelNorms(prior, bulkSide.coefficients(shifted));
    };
    const [up, down] = [side(1), side(-1)];
    return up.map((entry, a) => (entry - down[a]!) / (2 * h));
  });
}

/** Derivative of T(u) by (x, Q, τ), row-major; in the rows of the factors that of minus their gradient. */
function jacobianOf(argument: SaddleArgument, scale: number, slopes: BulkSlopes): Float64Array {
  const { averages, image, susceptibility, tau } = argument;
  const { hessian } = averages;
  const { response, norms, normsByFactor, pull } = slopes;
  const m = image.solution.traces.length;
  const T = tau.length;
  const size = 2 * m + T;
  const jacobian = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    for (let b = 0; b < m; b++) {
      const dy = 2 * scale * hessian[(m + b) * size + column]!;
      const dq = susceptibility === 0 ? 0 : -2 * scale * hessian[b * size + column]!;
      for (let a = 0; a < m; a++) {
        jacobian[a * size + column]! -= response[a * m + b]! * dy;
        jacobian[(m + a) * size + column]! += norms[a * m + b]! * dy + response[a * m + b]! * dq;
      }
      for (let c = 0; c < T; c++) jacobian[(2 * m + c) * size + column]! -= pull[c * m + b]! * dy;
    }
    for (let c = 0; c < T; c++) jacobian[(2 * m + c) * size + column]! -= hessian[(2 * m + c) * size + column]!;
  }
  for (let c = 0; c < T; c++) {
    for (let a = 0; a < m; a++) jacobian[(m + a) * size + 2 * m + c]! += normsByFactor[c]![a]!;
    for (let d = 0; d < T; d++) jacobian[(2 * m + c) * size + 2 * m + d]! -= image.stiffness[c * T + d]!;
  }
  return jacobian;
}

/** I − T′ in the coordinates, where traces and norms enter by their logarithms; undefined where it does not exist. */
export function newtonMatrix(argument: SaddleArgument, scale: number, slopes: BulkSlopes): Float64Array | undefined {
  const { present, conjugates, residual } = argument;
  const m = conjugates.traces.length;
  const size = residual.length;
  const matrix = inCoordinates(jacobianOf(argument, scale, slopes), argument);
  if (!matrix) return undefined;
  for (let a = 0; a < size * size; a++) matrix[a] = -matrix[a]!;
  for (let a = 0; a < 2 * m; a++) matrix[a * size + a]! += 1;
  // Where a loss is flat, as Huber's between outliers of either sign, a coefficient that nothing pulls is free but for rounding.
  const flat = FLAT / (argument.averages.meanSusceptibility + 1 / argument.curvatureBound);
  present.forEach((exists, c) => {
    const at = 2 * m + c;
    matrix[at * size + at]! += flat;
    // An unpenalised combination that vanishes everywhere has no equation and keeps its value.
    if (!exists && matrix[at * size + at] === 0) matrix[at * size + at] = 1;
  });
  return matrix;
}

/** The Jacobian of the coordinates by the coordinates. */
function inCoordinates(jacobian: Float64Array, argument: SaddleArgument): Float64Array | undefined {
  const { state, image, groups, residual } = argument;
  const m = image.solution.traces.length;
  const size = residual.length;
  const columns = [coordinateJacobian(state.traces, groups), coordinateJacobian(state.norms, groups)];
  const rows = [coordinateJacobian(image.solution.traces, groups), coordinateJacobian(image.norms, groups)];
  const matrix = jacobian.slice();
  for (let row = 0; row < size; row++) {
    columns.forEach((change, block) => {
      for (let b = 0; b < m; b++) {
        let sum = 0;
        for (let a = 0; a < m; a++) sum += jacobian[row * size + block * m + a]! * change[a * m + b]!;
        matrix[row * size + block * m + b] = sum;
      }
    });
  }
  for (const [block, change] of rows.entries()) {
    const section = matrix.slice(block * m * size, (block + 1) * m * size);
    if (!solveInPlace(change, section, m, size)) return undefined;
    matrix.set(section, block * m * size);
  }
  return matrix;
}
