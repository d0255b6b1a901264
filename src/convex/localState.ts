import type { Table } from "../problem/table.ts";
import { solveInPlace } from "../numerics/linearAlgebra.ts";
import { susceptibilityBasis } from "../ridge/equations.ts";

/** The unknowns of the saddle point: traces x = (V1, g), norms Q = (Q1 − ψψᵀ, Q2), both packed, and coefficients. */
export interface SaddleState {
  readonly traces: Float64Array;
  readonly norms: Float64Array;
  /** Of the channels in their order. */
  readonly coefficients: Float64Array;
}

export const copyOf = ({ traces, norms, coefficients }: SaddleState): SaddleState => ({
  traces: traces.slice(),
  norms: norms.slice(),
  coefficients: coefficients.slice(),
});

/** How far states are apart: the largest relative change of a trace or norm, and of the coefficients beside 1. */
export function distanceOf(a: SaddleState, b: SaddleState): number {
  let distance = 0;
  const compare = (first: Float64Array, second: Float64Array, least: number) => {
    for (let i = 0; i < first.length; i++) {
      const [x, y] = [first[i]!, second[i]!];
      if (x !== y) distance = Math.max(distance, Math.abs(x - y) / Math.max(least, Math.abs(x), Math.abs(y)));
    }
  };
  compare(a.traces, b.traces, 0);
  compare(a.norms, b.norms, 0);
  compare(a.coefficients, b.coefficients, 1);
  return distance;
}

/** Functions of κ on the nodes through which the unknowns enter: ω = M + Lζ + sξ. */
export interface LocalFields {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  /** φ_a(κ), so that V = Σ φ_a x_a and s² = Σ φ_a Q_a. */
  readonly basis: readonly Float64Array[];
  /** Orthonormal combinations of the channels in κ (for M), then of those along ζ (for L); zero where they depend on earlier ones. */
  readonly regressors: readonly Float64Array[];
  /** The combinations: coefficients t = combination · τ, with τ multiplying the regressors; T×T, upper triangular. */
  readonly combination: Float64Array;
  /** How many are functions of κ. */
  readonly channels: number;
}

/** Arguments of the local potential. */
export interface LocalArguments {
  M: number;
  L: number;
  s2: number;
  V: number;
}

/** Writes the fields at node i; `tau` are the factors of the regressors. */
export function fieldsAt(
  { basis, regressors, channels }: LocalFields,
  { traces, norms }: SaddleState,
  tau: Float64Array,
  susceptibility: number,
  i: number,
  out: LocalArguments,
): void {
  out.M = out.L = out.s2 = out.V = 0;
  for (let c = 0; c < regressors.length; c++) {
    const term = tau[c]! * regressors[c]![i]!;
    if (c < channels) out.M += term;
    else out.L += term;
  }
  for (let a = 0; a < basis.length; a++) {
    out.V += susceptibility * traces[a]! * basis[a]![i]!;
    out.s2 += norms[a]! * basis[a]![i]!;
  }
}

/** Where features vanish (a saturated activation far out), a spread of this fraction keeps V and s² positive. */
export const FLOOR = 1e-40;
/** A channel of this fraction of the features' power is the rounding of one that vanishes. */
const VANISHING = 1e-26;
/** A function of κ that others leave this part of its norm depends on them. */
const DEPENDENT = 1e-10;

const known = new WeakMap<Table, LocalFields>();

/** @param table whose channels have a function of κ, or multiply ζ; the former come first */
export function localFields(table: Table): LocalFields {
  let fields = known.get(table);
  if (!fields) known.set(table, (fields = fieldsOn(table)));
  return fields;
}

function fieldsOn({ nodes, weights, groups, channels }: Table): LocalFields {
  const basis = susceptibilityBasis(
    groups.map(({ mu1 }) => mu1),
    groups.map(({ mu2Squared }) => mu2Squared),
  );
  const last = basis.length - groups.length;
  const floored = basis.map((phi, a) => {
    if (a < last) return phi;
    const floor = FLOOR * phi.reduce((top, value) => Math.max(top, value), 0);
    return phi.map((value) => Math.max(value, floor));
  });
  const functions = channels.map(({ parts }) => parts[0] ?? parts[1] ?? new Float64Array(weights.length));
  const inKappa = channels.filter(({ parts }) => parts[0]).length;
  const size = functions.length;
  const combination = new Float64Array(size * size);
  const power = basis
    .slice(last)
    .reduce(
      (sum, phi, a) => sum + Math.sqrt(product(weights, phi, phi)) + product(weights, groups[a]!.mu1, groups[a]!.mu1),
      0,
    );
  const regressors: Float64Array[] = [];
  for (const [first, end] of [
    [0, inKappa],
    [inKappa, size],
  ] as const) {
    for (let j = first; j < end; j++) {
      regressors.push(orthonormal(weights, functions[j]!, regressors, first, j, combination, size, VANISHING * power));
    }
  }
  return { nodes, weights, basis: floored, regressors, combination, channels: inKappa };
}

/** The factors τ of the regressors that make the coefficients. */
export function factorsOf({ combination }: LocalFields, coefficients: Float64Array): Float64Array {
  const factors = coefficients.slice();
  solveInPlace(combination.slice(), factors, factors.length, 1);
  return factors;
}

/** Gram–Schmidt with reorthogonalisation of one more function; writes its column of the combination. */
function orthonormal(
  weights: Float64Array,
  f: Float64Array,
  earlier: readonly Float64Array[],
  first: number,
  j: number,
  combination: Float64Array,
  size: number,
  rounding: number,
): Float64Array {
  const rest = f.slice();
  combination[j * size + j] = 1;
  const whole = product(weights, f, f);
  if (!(whole > rounding)) return rest.fill(0);
  for (let pass = 0; pass < 2; pass++) {
    for (let i = first; i < j; i++) {
      const overlap = product(weights, rest, earlier[i]!);
      if (overlap === 0) continue;
      for (let n = 0; n < rest.length; n++) rest[n]! -= overlap * earlier[i]![n]!;
      for (let row = first; row <= i; row++) combination[row * size + j]! -= overlap * combination[row * size + i]!;
    }
  }
  const left = product(weights, rest, rest);
  const dependent = !(left > DEPENDENT ** 2 * whole);
  const norm = Math.sqrt(dependent ? whole : left);
  for (let row = first; row <= j; row++) combination[row * size + j]! /= norm;
  return dependent ? rest.fill(0) : rest.map((value) => value / norm);
}

function product(weights: Float64Array, f: Float64Array, g: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < f.length; i++) sum += weights[i]! * f[i]! * g[i]!;
  return sum;
}
