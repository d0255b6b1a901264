/**
 * Derivatives of a solution by α, β, λ and Δ (theory §4, §5) by the implicit function theorem: with traces x = X(y; β, λ) and
 * conjugates y = Y(x; α, β),
 *   (I − ℛH) dx = −ℛ ∂Y + ∂X,   dy = −H dx + ∂Y,
 * and every equation of the readout, of the norms and of the observables differentiated along (dx, dy).
 */
import { bulkSensitivity } from "../bulk/sensitivity.ts";
import type { BulkChange, BulkSensitivity, Moving, PriorChange } from "../bulk/weightResolvent.ts";
import { dot, multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import { strengthRate } from "../problem/problem.ts";
import { relativeError, unknownSusceptibility } from "./accuracy.ts";
import { traceUnits } from "./coordinates.ts";
import { linearResponse, normSource, risk } from "./equations.ts";
import type { SolvedState } from "./gridSolver.ts";
import { type Overlaps, overlapsOf } from "./solution.ts";

/** A direction in the parameters: 1 for the one to take the derivative by, 0 for the others. */
export interface PointDirection {
  readonly sampleRatio: number;
  readonly widthRatio: number;
  readonly ridge: number;
  readonly labelNoise: number;
}

/** Derivatives of the observables of theory §5. */
export interface RidgeSensitivity {
  readonly testError: number;
  readonly excessRisk: number;
  readonly trainError: number;
  readonly objective: number;
  readonly overlaps: Overlaps;
  /** Terms of d ln R, in absolute value: E|dR(κ)|/R. */
  readonly rate: number;
  /** What is not known of them, relative to `rate`: error of the averages over κ, and the difference between two forms of d objective, differences of the bulk. */
  readonly error: number;
}

/** The direction in the scaled point (limits.ts). */
interface ScaledDirection {
  readonly samples: number;
  readonly delta: number;
  readonly ridge: number;
  readonly widthRatio: number;
}

/** In units of λ, 1/(δ + V) stands for 1/(1 + V), with δ = λ → 0; at α = ∞ the ridge is nothing beside the data. */
function scaledDirection({ point }: SolvedState, { sampleRatio, widthRatio, ridge }: PointDirection): ScaledDirection {
  if (point.delta === 0) return { samples: sampleRatio, delta: ridge, ridge: 0, widthRatio };
  if (point.susceptibility === 0) return { samples: 0, delta: 0, ridge: 0, widthRatio };
  return { samples: sampleRatio, delta: 0, ridge, widthRatio };
}

/** Larger relative errors are no derivatives. */
const WORST = 1e-4;

/** @returns undefined where there is no formula, or the equations are too near to singular ones for it to be trusted */
export function sensitivity(state: SolvedState, direction: PointDirection): RidgeSensitivity | undefined {
  const { point, derived, traces } = state;
  const { widthRatio, ridge } = point;
  const { conjugates, solution } = derived;
  const at = { widthRatio, ridge, conjugates, traces, basis: state.basis };
  if (derived.linear.fit.fit) return undefined;
  const bulk = bulkSensitivity(derived.bulk, at, solution);
  const moved = bulk && tracesAlong(state, bulk, scaledDirection(state, direction));
  const found = moved && observablesAlong(state, moved, direction.labelNoise);
  return found && found.error < WORST ? found : undefined;
}

/** The fixed point along a direction. */
interface MovedTraces {
  readonly direction: ScaledDirection;
  readonly traces: Float64Array;
  readonly bulk: BulkChange;
  readonly prior: PriorChange;
  /** Relative error of the derivatives of the bulk, where they are differences. */
  readonly differences: number;
  /** d(1/(δ + τV)) and the derivative of its square, on the nodes. */
  readonly damping: Float64Array;
  readonly square: Float64Array;
}

function tracesAlong(state: SolvedState, bulk: BulkSensitivity, direction: ScaledDirection): MovedTraces | undefined {
  const { averages, point, slopes, response, damping, square, derived, table } = state;
  const m = slopes.length ** 0.5;
  const byWidth = direction.widthRatio / point.widthRatio;
  const scale = point.samples / point.widthRatio;
  // ∂Y: y ∝ α/β, and by δ as 1/(δ + τV).
  const explicit = derived.conjugates.map((y, a) => {
    const byDelta = direction.delta === 0 ? 0 : direction.delta * scale * dot(averages.weighted[a]!, square);
    return y * (direction.samples / point.samples - byWidth) - byDelta;
  });
  const first = m - table.groups.length;
  const right = explicit.map((_, a) => {
    let sum = direction.widthRatio * bulk.byWidth[a]!;
    for (let b = 0; b < m; b++) {
      // λ stands beside every V̂2_k.
      sum -= response[a * m + b]! * (explicit[b]! + (b >= first ? direction.ridge : 0));
    }
    return sum;
  });
  const matrix = multiply(response, slopes, m, m, m);
  for (let i = 0; i < m * m; i++) matrix[i] = Number(i % (m + 1) === 0) - matrix[i]!;
  const traces = right;
  if (!solveBalanced(matrix, traces, unitsOf(state))) return undefined;
  const back = multiply(slopes, traces, m, m, 1);
  const conjugates = explicit.map((value, a) => value - back[a]!);
  const change = bulk.along({ widthRatio: direction.widthRatio, ridge: direction.ridge, conjugates, traces });
  const strengths = table.problem.channels.map(
    ({ strength }) => direction.widthRatio * strengthRate(strength, point.widthRatio),
  );
  const V = new Float64Array(damping.length);
  averages.basis.forEach((phi, a) => {
    for (let i = 0; i < V.length; i++) V[i]! += point.susceptibility * traces[a]! * phi[i]!;
  });
  const slope = V.map((value, i) => -square[i]! * (direction.delta + value));
  const prior = change?.priorPrecision(derived.sources, strengths);
  if (!prior) return undefined;
  return {
    ...{ direction, traces, bulk: change!, damping: slope, prior },
    differences: (bulk.error ?? 0) + (change!.error ?? 0) + (prior.error ?? 0),
    square: slope.map((value, i) => 2 * value * damping[i]!),
  };
}

function unitsOf({ traces, basis }: SolvedState): Float64Array {
  const units = new Float64Array(traces.length);
  traceUnits(traces, basis.rank, units);
  return units;
}

/** A z = b where entries of z and b have the given sizes. */
function solveBalanced(matrix: Float64Array, right: Float64Array, units: Float64Array): boolean {
  const m = right.length;
  for (let i = 0; i < m * m; i++) matrix[i]! *= units[i % m]! / units[Math.floor(i / m)]!;
  for (let a = 0; a < m; a++) right[a]! /= units[a]!;
  if (!solveInPlace(matrix, right, m, 1)) return false;
  for (let a = 0; a < m; a++) right[a]! *= units[a]!;
  return true;
}

/** The readout: A dt = E[X_a d(1/(1 + V)) (h − Σ tX)] − d(Λ/α) t, and d bias = −2 Σ (h − Σ tX) Σ dt X + dΔ. */
function readoutAlong(state: SolvedState, { direction, damping, prior }: MovedTraces, noise: number) {
  const { table, averages, point, damping: damp, derived } = state;
  const { linear, regressors } = derived;
  const { t, matrix } = linear.fit;
  const { functions } = regressors;
  const left = table.target.parts.map((h, p) => {
    const rest = h.slice();
    functions.forEach((f, a) => f[p]?.forEach((value, i) => (rest[i]! -= t[a]! * value)));
    return rest;
  });
  const precision: Moving = { value: linear.prior.matrix, change: prior.matrix };
  const grown = direction.samples / point.samples;
  const stiffness = regressors
    .stiffnessChange(precision)
    .map((value, i) => value / point.samples - linear.stiffness[i]! * grown);
  const pull = multiply(stiffness, t, t.length, t.length, 1);
  const change = Float64Array.from(functions, (f, a) => {
    let sum = -pull[a]!;
    f.forEach((values, p) => {
      if (!values) return;
      for (let i = 0; i < damp.length; i++) sum += averages.weights[i]! * damping[i]! * values[i]! * left[p]![i]!;
    });
    return sum;
  });
  if (!solveInPlace(matrix.slice(), change, t.length, 1)) return undefined;
  const bias = new Float64Array(damp.length).fill(noise);
  functions.forEach((f, a) =>
    f.forEach((values, p) => values?.forEach((value, i) => (bias[i]! -= 2 * left[p]![i]! * change[a]! * value))),
  );
  const coefficients = regressors.channelsChange({ value: t, change }, precision);
  return { t: change, stiffness, bias, coefficients };
}

type MovedReadout = NonNullable<ReturnType<typeof readoutAlong>>;

/** (I − ℛH) dQ = dℛ (source + HQ) + ℛ (d source + dH Q) + d direct. */
function normsAlong(state: SolvedState, moved: MovedTraces, readout: MovedReadout) {
  const { averages, point, slopes, response, square, bias, derived, norms: Q } = state;
  const { coefficients, source, direct } = derived.linear;
  const { direction } = moved;
  const m = Q.length;
  const scratch = new Float64Array(bias.length);
  const scale = point.susceptibility * (point.samples / point.widthRatio);
  const grown = direction.samples / point.samples - direction.widthRatio / point.widthRatio;
  const own = normSource(averages, readout.bias, square, point, scratch);
  const damped = normSource(averages, bias, moved.square, point, scratch);
  const dSource = source.map((value, a) => grown * value + own[a]! + damped[a]!);
  const dSlopes = new Float64Array(m * m);
  for (let a = 0, pair = 0; a < m; a++) {
    for (let b = a; b < m; b++) {
      const value = grown * slopes[a * m + b]! + scale * dot(averages.pairs[pair++]!, moved.square);
      dSlopes[a * m + b] = dSlopes[b * m + a] = value;
    }
  }
  const conjugates = multiply(slopes, Q, m, m, 1).map((value, a) => value + source[a]!);
  const dConjugates = multiply(dSlopes, Q, m, m, 1).map((value, a) => value + dSource[a]!);
  const responded = multiply(moved.bulk.response, conjugates, m, m, 1);
  const slope = moved.prior.slope({ value: coefficients, change: readout.coefficients });
  const rest = slope.map(
    (value, a) => responded[a]! + value / point.widthRatio - (direct[a]! * direction.widthRatio) / point.widthRatio,
  );
  const change = linearResponse(response, slopes, dConjugates, rest, unitsOf(state));
  if (!change) return undefined;
  const back = multiply(slopes, change, m, m, 1);
  return { norms: change, conjugates: { value: conjugates, change: dConjugates.map((value, a) => value + back[a]!) } };
}

function observablesAlong(state: SolvedState, moved: MovedTraces, noise: number): RidgeSensitivity | undefined {
  const { averages, point, damping, square, bias, norms: Q, table, derived } = state;
  const { weights, basis } = averages;
  const readout = readoutAlong(state, moved, noise);
  const fluctuations = readout && normsAlong(state, moved, readout);
  if (!fluctuations) return undefined;
  const { linear } = derived;
  const { direction } = moved;
  const [value, change] = [new Float64Array(bias.length), new Float64Array(bias.length)];
  risk(basis, Q, bias, value);
  risk(basis, fluctuations.norms, readout.bias, change);
  const average = (f: Float64Array, g: Float64Array): number =>
    weights.reduce((sum, w, i) => sum + w * f[i]! * g[i]!, 0);
  const testError = dot(weights, change);
  const { delta } = point;
  // δ² E[R/(δ + τV)²] and δ (E[bias/(δ + τV)] + tᵀΛt/α).
  const trained = average(value, square);
  const trainError =
    2 * delta * direction.delta * trained + delta * delta * (average(change, square) + average(value, moved.square));
  const cost = penalty(linear.fit.t, linear.stiffness, linear.fit.t);
  const dCost =
    penalty(linear.fit.t, readout.stiffness, linear.fit.t) + 2 * penalty(readout.t, linear.stiffness, linear.fit.t);
  const minimum = average(bias, damping) + cost;
  const dMinimum = average(readout.bias, damping) + average(bias, moved.damping) + dCost;
  const objective = direction.delta * minimum + delta * dMinimum;
  const numbers = { testError, excessRisk: testError - noise, trainError, objective };
  if (!Object.values(numbers).every(Number.isFinite)) return undefined;
  return {
    ...numbers,
    overlaps: overlapsAlong(state, moved, readout, fluctuations),
    rate: change.reduce((sum, slope, i) => sum + weights[i]! * Math.abs(slope), 0) / dot(weights, value),
    error:
      table.grid.errorOf(change) +
      saturation(state, moved) +
      mismatch(state, moved, fluctuations.norms, numbers) +
      moved.differences,
  };
}

/** Powers of 1/(δ + τV) in a derivative of the norms' source. */
const POWERS = 3;

/** What frozen features at large κ leave unknown (accuracy.ts), relative to the derivatives of the averages that make up a solution. */
function saturation({ table, traces, damping, point, bias, averages }: SolvedState, moved: MovedTraces): number {
  const unknown = unknownSusceptibility(table, { traces, damping }, point);
  if (!unknown) return 0;
  const source = bias.map((value, i) => value * moved.square[i]!);
  return POWERS * relativeError(averages.weights, source, unknown);
}

/** The objective is the training error and the penalty (theory §5): how far their derivatives are from its own. */
function mismatch(
  { point, norms: Q, table }: SolvedState,
  { direction }: MovedTraces,
  change: Float64Array,
  { trainError, objective }: Pick<RidgeSensitivity, "trainError" | "objective">,
): number {
  const K = table.groups.length;
  const sum = (values: Float64Array): number => values.subarray(values.length - K).reduce((total, v) => total + v, 0);
  const ratio = point.widthRatio / point.samples;
  const norm = sum(Q);
  const cost = point.delta === 0 ? direction.delta * ratio * norm * point.ridge : ratioChange();
  const size = Math.abs(trainError) + Math.abs(cost);
  return size === 0 ? 0 : Math.abs(objective - trainError - cost) / size;

  /** Of λβ ΣQ2/α. */
  function ratioChange(): number {
    const grown = direction.widthRatio / point.widthRatio - direction.samples / point.samples;
    return ratio * (direction.ridge * norm + point.ridge * (sum(change) + grown * norm));
  }
}

/** aᵀSb */
function penalty(a: Float64Array, S: Float64Array, b: Float64Array): number {
  return dot(a, multiply(S, b, a.length, a.length, 1));
}

function overlapsAlong(
  { table, norms: Q, derived }: SolvedState,
  moved: MovedTraces,
  readout: MovedReadout,
  { norms, conjugates }: NonNullable<ReturnType<typeof normsAlong>>,
): Overlaps {
  const { linear } = derived;
  const named = overlapsOf(table.problem.channels, table.groups.length);
  const inGroups = moved.bulk.inGroups?.({ value: Q, change: norms }, conjugates) ?? { traces: moved.traces, norms };
  const zero = new Float64Array(inGroups.norms.length);
  const linearPart = named({ coefficients: readout.coefficients, norms: inGroups.norms, traces: inGroups.traces });
  // Σ_b ψ_bψ_bᵀ of Q1 is quadratic: a difference over any step is exact, and over this one rounds least.
  const size = (values: Float64Array): number => Math.sqrt(dot(values, values));
  const step = size(linear.coefficients) / size(readout.coefficients);
  const squares = (sign: number): number[][] => {
    const coefficients = linear.coefficients.map((value, i) => value + sign * step * readout.coefficients[i]!);
    return named({ coefficients, norms: zero, traces: zero }).Q1;
  };
  const { Q1 } = named({
    coefficients: new Float64Array(linear.coefficients.length),
    norms: inGroups.norms,
    traces: zero,
  });
  if (!(step > 0 && step < Infinity)) return { ...linearPart, Q1 };
  const [above, below] = [squares(1), squares(-1)];
  return {
    ...linearPart,
    Q1: Q1.map((row, k) => row.map((value, l) => value + (above[k]![l]! - below[k]![l]!) / (2 * step))),
  };
}
