import type { ResolventSolution, Source, WeightResolvent } from "../bulk/weightResolvent.ts";
import { solveInPlace } from "../numerics/linearAlgebra.ts";
import { fromCoordinates, toCoordinates } from "../ridge/coordinates.ts";
import { BulkSide } from "./bulkImage.ts";
import { factorsOf, type LocalFields, type SaddleState } from "./localState.ts";
import type { AverageRecord, Resolution, SaddleAverages } from "./saddleAverages.ts";
import { newtonStep, type SaddleArgument } from "./saddleNewton.ts";

/** A point in the form that has its limits: V = τΣφx with τ = `susceptibility` (0 at α = ∞). */
export interface LossPoint {
  readonly samples: number;
  readonly susceptibility: number;
  readonly ridge: number;
  readonly widthRatio: number;
}

/** The last solution of the bulk, from which the next one starts. */
export interface Near {
  solution?: ResolventSolution | undefined;
}

/** Problem for `dampedNewton`: unknowns (coordinates of the traces, of the norms, factors of the regressors). */
export interface SaddleProblem {
  readonly size: number;
  /** Fills the arrays below; a reason if that is impossible. */
  evaluate(u: Float64Array): string | undefined;
  /** F(u) − u of the equations themselves, coefficients in units of the field's spread. */
  readonly residual: Float64Array;
  /** Newton's step of u. */
  readonly newton: Float64Array;
  /** One sweep of the plain map: T(u) − u. */
  readonly sweep: Float64Array;
  /** Size of a step of u: the largest change of a logarithm, and the change of the field beside its spread. */
  sizeOf(step: Float64Array): number;
  unpack(u: Float64Array): SaddleState;
  pack(state: SaddleState): Float64Array;
  /** How well the grid resolves the averages at the last argument. */
  resolution(): Resolution;
  /** The equations at the last argument, in arrays that the next may write. */
  argument(): SaddleArgument | undefined;
  readonly bulkSide: BulkSide;
  /** The averages at the last argument. */
  record(): AverageRecord;
}

/** Curvature of the loss term never falls below this fraction of its bound in a plain sweep (hinge at V → 0). */
const LEAST_CURVATURE = 0.01;

export function saddleProblem(
  fields: LocalFields,
  groups: number,
  bulk: WeightResolvent,
  sources: readonly Source[],
  { samples, susceptibility, ridge, widthRatio }: LossPoint,
  averages: SaddleAverages,
  curvatureBound: number,
  near: Near,
): SaddleProblem {
  const { basis, regressors, combination } = fields;
  const m = basis.length;
  const T = regressors.length;
  const size = 2 * m + T;
  const scale = samples / widthRatio;
  const bulkSide = new BulkSide(bulk, sources, combination, samples, widthRatio, ridge);
  const state: SaddleState = {
    traces: new Float64Array(m),
    norms: new Float64Array(m),
    coefficients: new Float64Array(T),
  };
  // Whether the regressor is a function at all, or a combination of channels that cancels.
  const present = regressors.map((X) => X.some((value) => value !== 0));
  const residual = new Float64Array(size);
  const newton = new Float64Array(size);
  const sweep = new Float64Array(size);
  let argument: SaddleArgument | undefined;

  function unpack(u: Float64Array): SaddleState {
    fromCoordinates(u.subarray(0, m), groups, state.traces);
    fromCoordinates(u.subarray(m, 2 * m), groups, state.norms);
    bulkSide.coefficients(u.subarray(2 * m), state.coefficients);
    return state;
  }

  function pack({ traces, norms, coefficients }: SaddleState): Float64Array {
    const u = new Float64Array(size);
    toCoordinates(traces, groups, u.subarray(0, m));
    toCoordinates(norms, groups, u.subarray(m, 2 * m));
    u.set(factorsOf(fields, coefficients), 2 * m);
    return u;
  }

  function sizeOf(step: Float64Array): number {
    let [largest, field] = [0, 0];
    for (let a = 0; a < 2 * m; a++) largest = Math.max(largest, Math.abs(step[a]!));
    for (let a = 2 * m; a < size; a++) field += step[a]! * step[a]!;
    return Math.max(largest, Math.sqrt(field) / (1 + Math.sqrt(averages.meanSquare)));
  }

  function evaluate(u: Float64Array): string | undefined {
    unpack(u);
    const tau = u.subarray(2 * m);
    averages.at(state, tau);
    const { gradient } = averages;
    const conjugates = {
      traces: gradient.slice(m, 2 * m).map((value) => 2 * scale * value),
      norms: gradient.slice(0, m).map((value) => (susceptibility === 0 ? 0 : -2 * scale * value)),
    };
    const image = bulkSide.image(conjugates, state.traces, state.coefficients, near.solution);
    near.solution = typeof image === "string" ? undefined : image.solution;
    if (typeof image === "string") return image;
    const pull = gradient.slice(2 * m);
    for (let c = 0; c < T; c++) for (let d = 0; d < T; d++) pull[c]! += image.stiffness[c * T + d]! * tau[d]!;

    const step = coefficientStep(image.stiffness, pull);
    const swept = tau.map((value, c) => value + step[c]!);
    fill(residual, u, image.solution.traces, image.norms, step);
    const sweptNorms = bulkSide.normsOf(image, bulkSide.coefficients(swept), conjugates.norms);
    fill(sweep, u, image.solution.traces, sweptNorms, step);
    const constants = { present, groups, susceptibility, curvatureBound };
    argument = { state, tau, averages, conjugates, image, pull, residual, ...constants };
    newton.set(newtonStep(argument, bulkSide, scale));
    return sweep.every(Number.isFinite) ? undefined : "the image of the saddle-point map is not finite";
  }

  function fill(out: Float64Array, u: Float64Array, x: Float64Array, Q: Float64Array, step: Float64Array): void {
    toCoordinates(x, groups, out.subarray(0, m));
    toCoordinates(Q, groups, out.subarray(m, 2 * m));
    for (let a = 0; a < 2 * m; a++) out[a]! -= u[a]!;
    out.set(step, 2 * m);
  }

  /** Newton's step for the coefficients at fixed traces and norms, with a floor on the curvature and a bounded length. */
  function coefficientStep(stiffness: Float64Array, pull: Float64Array): Float64Array {
    const { hessian, meanSusceptibility, meanSquare } = averages;
    const matrix = Float64Array.from(stiffness);
    const floor = LEAST_CURVATURE / (meanSusceptibility + 1 / curvatureBound + 1e-300);
    for (let c = 0; c < T; c++) {
      for (let d = 0; d < T; d++) matrix[c * T + d]! += hessian[(2 * m + c) * size + 2 * m + d]!;
      const diagonal = matrix[c * T + c]!;
      if (present[c]) matrix[c * T + c] = Math.max(diagonal, floor);
      else if (diagonal === 0) matrix[c * T + c] = 1;
    }
    const step = pull.map((value) => -value);
    if (!solveInPlace(matrix, step, T, 1)) return step.fill(NaN);
    const length = Math.sqrt(step.reduce((sum, value) => sum + value * value, 0)) / (1 + Math.sqrt(meanSquare));
    return length > 1 ? step.map((value) => value / length) : step;
  }

  return {
    ...{ size, evaluate, residual, newton, sweep, sizeOf, unpack, pack, bulkSide },
    resolution: () => averages.resolution(),
    argument: () => argument,
    record: () => averages.record(),
  };
}
