/** Two predictors of one model (statistics §3): they share the first layer W, the training inputs X, the label noise ε, or not. */
import { traceUnits } from "../ridge/coordinates.ts";
import { linearResponse, normSource, risk } from "../ridge/equations.ts";
import type { SolvedState } from "../ridge/gridSolver.ts";
import { dot } from "../numerics/linearAlgebra.ts";
import type { Shared } from "./decomposition.ts";

/**
 * The norms (Q1′, Q2) of the overlap of two predictors (statistics §3): those of one predictor, without the residuals' part
 * where the inputs differ, and with the response at held traces where the weights do. With labels drawn anew on the same inputs,
 *
 *   Q̂ = τ(α/β) E[φ (R₁₂ − n)/(1 + V)²],  R₁₂ = bias + q₁₂.
 *
 * @returns undefined where the bulk has no predictors with fresh weights, or the linear response is singular
 */
export function pairNorms(state: SolvedState, { weights, inputs, noise }: Shared): Float64Array | undefined {
  const { averages, basis, bias, direct, heldDirect, heldResponse, response, slopes, square, table, traces } = state;
  if (weights && inputs && noise) return state.norms;
  const ownResponse = weights ? response : heldResponse;
  if (!ownResponse) return undefined;
  const ownDirect = weights ? direct : heldDirect;
  if (!inputs) return ownDirect;
  const seen = noise ? bias : bias.map((value, i) => value - table.target.noise[i]!);
  const source = normSource(averages, seen, square, state.point, new Float64Array(bias.length));
  const units = new Float64Array(source.length);
  traceUnits(traces, basis.rank, units);
  return linearResponse(ownResponse, slopes, source, ownDirect, units);
}

/** E[(y − f)(y − f′)], with the error of its average over κ. */
export interface PairError {
  readonly value: number;
  readonly errorEstimate: number;
}

export function pairError({ averages, bias, table }: SolvedState, norms: Float64Array): PairError {
  const values = new Float64Array(bias.length);
  risk(averages.basis, norms, bias, values);
  const value = dot(table.weights, values);
  return { value, errorEstimate: table.grid.errorOf(values) * Math.abs(value) };
}
