/**
 * The equations of theory §4 and §5, one function each, on the nodes of a grid of κ. E is the average over κ; δ + τV stands for
 * 1 + V (limits.ts); everything of K groups is in packed order (bulk/packed.ts):
 *   traces x = (V1, g),  conjugates y = (V̂1, V̂2),  norms Q = (Q1′, Q2),  V(κ) = Σ_a φ_a x_a,  q(κ) = Σ_a φ_a Q_a.
 * All special directions are channels with the function X(κ) + Σ_b Y_b(κ)ζ_b (multiIndex §2), so that Q1′ = Q1 − Σ_b ψ_bψ_bᵀ.
 *
 * The lines of theory §4 in their order:
 *   V(κ), 1/(1 + V)             damping
 *   V̂1, V̂2                      conjugates; their slopes H, for Newton's step and for Q: conjugateSlopes
 *   Γ, M, g, V1 of V̂1, V̂2       bulk/groupTraces.ts; for K = 1 the forms without division, and T0, T1, T2 as ℛ: bulk/isotropic.ts;
 *                               of a trained network (§9): bulk/network. One step of the fixed point: ridge/traceEquations.ts
 *   ψ̂, ψ = V1ψ̂                  normalEquations, too: ψ_k is the coefficient of the channel μ1_k(κ)ζ of strength c_k, and
 *                               βV̂1 + diag(1/(c_kg_k)) = V1⁻¹
 *   mean, t, the stiffness      normalEquations over the channels (ridge/regressors.ts); Λ: `priorPrecision` of the bulk
 *   bias, q, R                  bias, risk
 *   Q̂1, Q̂2, (Q1, Q2)            normSource, linearResponse; t²/(F g²) is `direct`: the slope of the readout's penalty
 * and of §5: observables.
 */
import { dot, multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import { mapped } from "../numerics/mapped.ts";
import { packedPair } from "../bulk/packed.ts";
import type { LinearBasis } from "../bulk/weightResolvent.ts";
import type { ScaledPoint } from "./limits.ts";

/** φ_a(κ): (2 − δ_kl) μ1_kμ1_l of the pairs, then μ2_k². */
export function susceptibilityBasis(mu1: readonly Float64Array[], mu2Squared: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (let k = 0; k < mu1.length; k++) {
    for (let l = k; l < mu1.length; l++) basis.push(productOf(mu1[k]!, mu1[l]!, k === l ? 1 : 2));
  }
  basis.push(...mu2Squared);
  return basis;
}

/** f·g on the nodes, times a factor. */
function productOf(f: Float64Array, g: Float64Array, factor = 1): Float64Array {
  const product = new Float64Array(f.length);
  for (let i = 0; i < product.length; i++) product[i] = factor * f[i]! * g[i]!;
  return product;
}

/** What the averages over κ are made of: constants of a grid. */
export interface Averages {
  readonly weights: Float64Array;
  readonly basis: readonly Float64Array[];
  /** w φ_a */
  readonly weighted: readonly Float64Array[];
  /** w φ_a φ_b, a ≤ b */
  readonly pairs: readonly Float64Array[];
}

export function averagesOf(basis: readonly Float64Array[], weights: Float64Array): Averages {
  const weighted = mapped(basis, (phi) => productOf(weights, phi));
  const pairs: Float64Array[] = [];
  for (let a = 0; a < basis.length; a++) {
    for (let b = a; b < basis.length; b++) pairs.push(productOf(weighted[a]!, basis[b]!));
  }
  return { weights, basis, weighted, pairs };
}

/** 1/(δ + τV(κ)) */
export function damping(basis: readonly Float64Array[], x: Float64Array, point: ScaledPoint, out: Float64Array): void {
  const { delta, susceptibility } = point;
  if (basis.length === 2) {
    const [first, second] = [basis[0]!, basis[1]!];
    const [x0, x1] = [susceptibility * x[0]!, susceptibility * x[1]!];
    for (let i = 0; i < out.length; i++) out[i] = 1 / (delta + x0 * first[i]! + x1 * second[i]!);
    return;
  }
  out.fill(delta);
  for (let a = 0; a < basis.length; a++) {
    const phi = basis[a]!;
    const factor = susceptibility * x[a]!;
    for (let i = 0; i < out.length; i++) out[i]! += factor * phi[i]!;
  }
  for (let i = 0; i < out.length; i++) out[i] = 1 / out[i]!;
}

/** y_a = (α/β) E[φ_a/(1 + V)]: V̂1_kl = (α/β) E[μ1_kμ1_l/(1 + V)], V̂2_k = (α/β) E[μ2_k²/(1 + V)]. */
export function conjugates({ weighted }: Averages, damp: Float64Array, point: ScaledPoint, out: Float64Array): void {
  const scale = point.samples / point.widthRatio;
  for (let a = 0; a < weighted.length; a++) out[a] = scale * dot(weighted[a]!, damp);
}

/** H_ab = −∂y_a/∂x_b = τ(α/β) E[φ_aφ_b/(1 + V)²] */
export function conjugateSlopes(
  { weighted, pairs }: Averages,
  square: Float64Array,
  point: ScaledPoint,
  out: Float64Array,
): void {
  const m = weighted.length;
  const scale = point.susceptibility * (point.samples / point.widthRatio);
  for (let a = 0, pair = 0; a < m; a++) {
    for (let b = a; b < m; b++) out[a * m + b] = out[b * m + a] = scale * dot(pairs[pair++]!, square);
  }
}

/** The function of a channel on the nodes, or that of a combination of channels: its parts X, Y_1, … Y_m′. */
export type Regressor = readonly (Float64Array | undefined)[];

/** Products of the regressors with each other and with the parts h, h_1 … h_m′ of the target: constants of a grid. */
export interface NormalTable {
  readonly size: number;
  /** w(X_aX_b + Σ Y_abY_bb) for a ≤ b; undefined where the two have no part in common. */
  readonly products: readonly (readonly (Float64Array | undefined)[])[];
  /** w(X h + Σ_b Y_b h_b) */
  readonly rightSides: readonly Float64Array[];
}

export function normalTable(
  regressors: readonly Regressor[],
  target: readonly Float64Array[],
  weights: Float64Array,
): NormalTable {
  return {
    size: regressors.length,
    products: mapped(regressors, (left, a) => {
      return mapped(regressors.slice(a), (right) => weightedProduct(left, right, weights));
    }),
    rightSides: mapped(regressors, (left) => {
      return weightedProduct(left, target, weights) ?? new Float64Array(weights.length);
    }),
  };
}

/** w Σ f g over the parts that both have; undefined where there are none. */
function weightedProduct(left: Regressor, right: Regressor, weights: Float64Array): Float64Array | undefined {
  let product: Float64Array | undefined;
  for (let p = 0; p < left.length; p++) {
    const [f, g] = [left[p], right[p]];
    if (!f || !g) continue;
    product ??= new Float64Array(weights.length);
    for (let i = 0; i < weights.length; i++) product[i]! += weights[i]! * f[i]! * g[i]!;
  }
  return product;
}

/** A t = r with A = E[(XXᵀ + Σ_b Y_bY_bᵀ)/(1 + V)] + Λ/α, r = E[(X h + Σ_b Y_bh_b)/(1 + V)]; Λ/α = diag(1/(αFg)) if isotropic. */
export function normalEquations(
  { size: T, products, rightSides }: NormalTable,
  damp: Float64Array,
  stiffness: Float64Array,
): { readonly matrix: Float64Array; readonly right: Float64Array } {
  const matrix = stiffness.slice();
  const right = new Float64Array(T);
  for (let a = 0; a < T; a++) {
    right[a] = dot(rightSides[a]!, damp);
    const row = products[a]!;
    for (let offset = 0; offset < row.length; offset++) {
      const product = row[offset];
      if (!product) continue;
      const average = dot(product, damp);
      matrix[a * T + a + offset]! += average;
      if (offset > 0) matrix[(a + offset) * T + a]! += average;
    }
    // A function that vanishes has the coefficient 0.
    if (matrix[a * T + a] === 0) matrix[a * T + a] = 1;
  }
  return { matrix, right };
}

/** bias(κ) = hh − h² − Σ h_b² + (h − Σ t X)² + Σ_b (h_b − Σ t Y_b)², a sum of squares so that nothing cancels; `left` are the roots. */
export function bias(
  regressors: readonly Regressor[],
  target: { readonly parts: readonly Float64Array[]; readonly residual: Float64Array },
  t: Float64Array,
  left: readonly Float64Array[],
  out: Float64Array,
): void {
  out.set(target.residual);
  target.parts.forEach((h, p) => {
    const rest = left[p]!;
    rest.set(h);
    for (let a = 0; a < t.length; a++) {
      const f = regressors[a]![p];
      if (!f) continue;
      const factor = t[a]!;
      for (let i = 0; i < rest.length; i++) rest[i]! -= factor * f[i]!;
    }
    for (let i = 0; i < rest.length; i++) out[i]! += rest[i]! ** 2;
  });
}

/** τ(α/β) E[φ_a R/(1 + V)²] of a risk R(κ): what Q̂1 and Q̂2 are without the channels' part. */
export function normSource(
  { weighted }: Averages,
  risk: Float64Array,
  square: Float64Array,
  point: ScaledPoint,
  scratch: Float64Array,
): Float64Array {
  const scale = point.susceptibility * (point.samples / point.widthRatio);
  for (let i = 0; i < risk.length; i++) scratch[i] = risk[i]! * square[i]!;
  const source = new Float64Array(weighted.length);
  for (let a = 0; a < source.length; a++) source[a] = scale * dot(weighted[a]!, scratch);
  return source;
}

/** q(κ) + bias(κ) = R(κ) */
export function risk(basis: readonly Float64Array[], Q: Float64Array, biasOf: Float64Array, out: Float64Array): void {
  out.set(biasOf);
  for (let a = 0; a < basis.length; a++) {
    const [phi, q] = [basis[a]!, Q[a]!];
    for (let i = 0; i < out.length; i++) out[i]! += q * phi[i]!;
  }
}

/** Theory §5 at a solution with δ = 1. */
export interface Observables {
  /** E[R] */
  readonly testError: number;
  /** E[R/(1 + V)²] */
  readonly trainError: number;
  /** E[bias/(1 + V)] + tᵀΛt/α: the objective per sample, as the minimum over t. */
  readonly objective: number;
}

/** The observables of a risk R(κ), which consists of the bias and of the norms of the fluctuations. */
export function observables(
  weights: Float64Array,
  at: Readonly<Record<"risk" | "bias" | "damping" | "square", Float64Array>>,
  t: Float64Array,
  stiffness: Float64Array,
  scratch: Float64Array,
): Observables {
  const average = (f: Float64Array, g: Float64Array): number => {
    for (let i = 0; i < scratch.length; i++) scratch[i] = f[i]! * g[i]!;
    return dot(weights, scratch);
  };
  const T = t.length;
  let penalty = 0;
  for (let i = 0; i < T; i++) for (let j = 0; j < T; j++) penalty += t[i]! * stiffness[i * T + j]! * t[j]!;
  return {
    testError: dot(weights, at.risk),
    trainError: average(at.risk, at.square),
    objective: average(at.bias, at.damping) + penalty,
  };
}

/**
 * Norms of two predictors (theory §4, statistics §3): Q = ℛ Q̂ + (α/β)∂(tᵀΛt/α)/∂y with Q̂ = source + HQ, that is
 * (I − ℛH) Q = ℛ source + direct. ℛ is the bulk's response; H is left out
 * (zeros) where the predictors have no training inputs in common.
 *
 * @param units sizes of the entries of Q, by which the linear system is balanced
 * @returns undefined if it is singular
 */
export function linearResponse(
  response: Float64Array,
  slopes: Float64Array,
  source: Float64Array,
  direct: Float64Array,
  units: Float64Array = new Float64Array(source.length).fill(1),
): Float64Array | undefined {
  const m = source.length;
  const matrix = new Float64Array(m * m);
  const Q = direct.slice();
  for (let a = 0; a < m; a++) {
    for (let b = 0; b < m; b++) {
      Q[a]! += response[a * m + b]! * source[b]!;
      let product = 0;
      for (let c = 0; c < m; c++) product += response[a * m + c]! * slopes[c * m + b]!;
      matrix[a * m + b] = (a === b ? 1 : 0) - (product * units[b]!) / units[a]!;
    }
    Q[a]! /= units[a]!;
  }
  if (!solveInPlace(matrix, Q, m, 1)) return undefined;
  for (let a = 0; a < m; a++) Q[a]! *= units[a]!;
  return Q;
}

/** Newton's step in the traces: (I − ℛH)⁻¹ r, for coordinates z of the traces with the Jacobians ∂x/∂z at x and at its image. */
export function newtonStep(
  response: Float64Array,
  slopes: Float64Array,
  residual: Float64Array,
  atTraces: Float64Array,
  atImage: Float64Array,
): Float64Array {
  const m = residual.length;
  const matrix = multiply(multiply(response, slopes, m, m, m), atTraces, m, m, m);
  const step = residual.slice();
  if (!solveInPlace(atImage, matrix, m, m)) return step.fill(NaN);
  for (let a = 0; a < m * m; a++) matrix[a] = (a % (m + 1) === 0 ? 1 : 0) - matrix[a]!;
  return solveInPlace(matrix, step, m, 1) ? step : step.fill(NaN);
}

/** V(κ) = Σ_a φ_a x_a at one κ from the moments there, with traces in a basis of the groups' functions. */
export function susceptibilityAt(
  groups: readonly { readonly mu1: number; readonly mu2Squared: number }[],
  traces: Float64Array,
  { rank, combination }: LinearBasis,
): number {
  const K = groups.length;
  const linear = new Float64Array(rank);
  let sum = 0;
  groups.forEach(({ mu1, mu2Squared }, k) => {
    sum += mu2Squared * traces[traces.length - K + k]!;
    for (let a = 0; a < rank; a++) linear[a]! += combination[a * K + k]! * mu1;
  });
  for (let a = 0; a < rank; a++) {
    for (let b = a; b < rank; b++) {
      sum += (a === b ? 1 : 2) * linear[a]! * linear[b]! * traces[packedPair(rank, a, b)]!;
    }
  }
  return sum;
}
