import { multiply } from "../numerics/linearAlgebra.ts";
import type { Bulk } from "../solver/bulk.ts";

/** Conjugates of the traces and of the norms: what the averages over κ tell the bulk. */
export interface Conjugates {
  readonly traces: Float64Array;
  readonly norms: Float64Array;
}

/** What follows from conjugates alone. */
export interface BulkImage {
  readonly traces: Float64Array;
  readonly norms: Float64Array;
  /** Of the factors of the orthonormal regressors, T×T. */
  readonly stiffness: Float64Array;
}

/** The bulk's side of the equations at one point (α, λ), for factors τ of orthonormal regressors: t = combination · τ. */
export class BulkSide {
  constructor(
    readonly bulk: Bulk,
    private readonly combination: Float64Array,
    private readonly factors: number,
    /** α, and α/β. */
    private readonly samples: number,
    readonly scale: number,
    readonly ridge: number,
  ) {}

  /** Coefficients of the channels by the factors. */
  coefficients(tau: Float64Array, t: Float64Array = new Float64Array(this.factors)): Float64Array {
    const { combination, factors: T } = this;
    for (let c = 0; c < T; c++) {
      t[c] = 0;
      for (let d = c; d < T; d++) t[c]! += combination[c * T + d]! * tau[d]!;
    }
    return t;
  }

  /**
   * @param start traces from which the bulk iterates, if it does
   * @param t coefficients of the channels
   * @returns a reason if there is no physical solution
   */
  image(conjugates: Conjugates, start: Float64Array, t: Float64Array): BulkImage | string {
    const traces = start.slice();
    const reason = this.bulk.solve(conjugates.traces, this.ridge, traces);
    if (reason !== undefined) return reason;
    const stiffness = this.bulk.stiffness(this.samples);
    if (!stiffness) return "the prior covariance of the coefficients is not positive definite";
    return { traces, norms: this.normsOf(t, conjugates.norms), stiffness: this.transformed(stiffness) };
  }

  /** Norms for other coefficients, at the conjugates of the last image. */
  normsOf(t: Float64Array, conjugates: Float64Array): Float64Array {
    const { response } = this.bulk;
    const norms = this.stiffnessDerivative(t);
    const m = norms.length;
    for (let a = 0; a < m; a++) for (let b = 0; b < m; b++) norms[a]! += response[a * m + b]! * conjugates[b]!;
    return norms;
  }

  /** (α/β) tᵀ(∂Λ/∂y_a)t */
  stiffnessDerivative(t: Float64Array): Float64Array {
    return this.bulk.stiffnessDerivative(t, this.samples).map((value) => value * this.scale);
  }

  /** combinationᵀ Λ combination */
  private transformed(stiffness: Float64Array): Float64Array {
    const { combination, factors: T } = this;
    const right = multiply(stiffness, combination, T, T, T);
    const result = new Float64Array(T * T);
    for (let c = 0; c < T; c++) {
      for (let d = 0; d < T; d++) {
        for (let e = 0; e <= c; e++) result[c * T + d]! += combination[e * T + c]! * right[e * T + d]!;
      }
    }
    return result;
  }
}
