import type { PriorPrecision, ResolventSolution, Source, WeightResolvent } from "../bulk/weightResolvent.ts";
import { multiply } from "../numerics/linearAlgebra.ts";

/** Conjugates of the traces and of the norms: what the averages over κ tell the bulk. */
export interface Conjugates {
  readonly traces: Float64Array;
  readonly norms: Float64Array;
}

/** What follows from conjugates alone. */
export interface BulkImage {
  readonly solution: ResolventSolution;
  readonly prior: PriorPrecision;
  readonly norms: Float64Array;
  /** Λ/α of the factors of the orthonormal regressors, T×T. */
  readonly stiffness: Float64Array;
}

/** The bulk's side of the equations at one point (α, λ), for factors τ of orthonormal regressors: t = combination · τ. */
export class BulkSide {
  constructor(
    readonly bulk: WeightResolvent,
    readonly sources: readonly Source[],
    private readonly combination: Float64Array,
    readonly samples: number,
    readonly widthRatio: number,
    readonly ridge: number,
  ) {}

  /** Coefficients of the channels by the factors. */
  coefficients(tau: Float64Array, t: Float64Array = new Float64Array(tau.length)): Float64Array {
    const { combination } = this;
    const T = t.length;
    for (let c = 0; c < T; c++) {
      t[c] = 0;
      for (let d = c; d < T; d++) t[c]! += combination[c * T + d]! * tau[d]!;
    }
    return t;
  }

  /**
   * @param start traces from which the bulk iterates, if it does
   * @param t coefficients of the channels
   * @param near a solution nearby
   * @returns a reason if there is no physical solution
   */
  image(
    conjugates: Conjugates,
    start: Float64Array,
    t: Float64Array,
    near: ResolventSolution | undefined,
  ): BulkImage | string {
    const { widthRatio, ridge } = this;
    const solution = this.bulk.solve({ widthRatio, ridge, conjugates: conjugates.traces, traces: start, near });
    if (typeof solution === "string") return solution;
    const prior = solution.priorPrecision(this.sources);
    if (!prior) return "the prior covariance of the coefficients is not positive definite";
    const norms = this.normsOf({ solution, prior }, t, conjugates.norms);
    return { solution, prior, norms, stiffness: this.transformed(prior.matrix) };
  }

  /** (Q1′, Q2) for coefficients and conjugates of the norms, at the conjugates of an image. */
  normsOf(
    { solution, prior }: Pick<BulkImage, "solution" | "prior">,
    t: Float64Array,
    conjugates: Float64Array,
  ): Float64Array {
    const { response } = solution;
    const norms = this.channelNorms(prior, t);
    const m = norms.length;
    for (let a = 0; a < m; a++) for (let b = 0; b < m; b++) norms[a]! += response[a * m + b]! * conjugates[b]!;
    return norms;
  }

  /** (1/β) tᵀ(∂Λ/∂y_a)t */
  channelNorms(prior: PriorPrecision, t: Float64Array): Float64Array {
    return prior.slope(t).map((value) => value / this.widthRatio);
  }

  /** combinationᵀ Λ combination/α */
  transformed(precision: Float64Array): Float64Array {
    const { combination, samples } = this;
    const T = Math.sqrt(combination.length);
    const right = multiply(precision, combination, T, T, T);
    const result = new Float64Array(T * T);
    for (let c = 0; c < T; c++) {
      for (let d = 0; d < T; d++) {
        for (let e = 0; e <= c; e++) result[c * T + d]! += combination[e * T + c]! * right[e * T + d]!;
        result[c * T + d]! /= samples;
      }
    }
    return result;
  }
}
