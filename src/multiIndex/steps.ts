import { nameInStep } from "../parameters/table.ts";
import type { Activation } from "../activation/activation.ts";
import { DivergingRateError } from "../errors.ts";
import { symmetricEigen } from "../numerics/symmetricEigen.ts";
import { adaptTensorRule, type TensorRule } from "../numerics/tensorRule.ts";
import type { MultiIndexTarget } from "../target/multiIndexTarget.ts";
import { conditionalTarget, type ConditionalTargetValues, restRule } from "./conditionalTarget.ts";
import { combination, type Rows, specialGeometry, type SpecialGeometry, requireDirections } from "./geometry.ts";
import type { RestRule } from "./restVisitor.ts";
import { MOMENT, momentColumns, projectionsOn } from "./studentMoments.ts";

/** A gradient step on a fresh batch of n_t = α_t d samples with rate η_t = η̃_t p. */
export interface Step {
  /** η̃_t */
  readonly learningRate: number;
  /** α_t; Infinity is an infinite batch. */
  readonly stepSampleRatio: number;
}

/** Student, target and readout of a network that takes steps; a⁰_j = u_k/√p stays fixed. */
export interface SteppingNetwork {
  readonly student: Activation & { readonly derivative: (x: number) => number };
  readonly target: MultiIndexTarget;
  /** Δ */
  readonly labelNoise: number;
  /** u_k */
  readonly readoutValues: readonly number[];
  /** π_k */
  readonly readoutFractions: readonly number[];
}

/** The rows w_j = R_k + special bulk + bulk of norm τ_k (multiIndex §1), R in special coordinates. */
export interface SpikeState {
  /** K×D */
  readonly R: Rows;
  /** τ_k */
  readonly tau: readonly number[];
}

/** A step's state before it, with every average over κ that it needs (multiIndex §3). */
export interface StepTables {
  readonly geometry: SpecialGeometry;
  readonly rule: TensorRule;
  readonly rest: RestRule;
  readonly target: ConditionalTargetValues;
  /** Columns by {@link MOMENT}, one set per group. */
  readonly moments: readonly (readonly Float64Array[])[];
  /** F(κ) = Σ π_k u_k μ0_k(κ): the network's output. */
  readonly output: Float64Array;
  /** r̄ = h − F */
  readonly residual: Float64Array;
  /** E res² given κ: hh − 2hF + F² with hh = E g² + Δ. */
  readonly squaredResidual: Float64Array;
  /** Estimated relative error of the averages. */
  readonly error: number;
}

/** What a step did. */
export interface TakenStep {
  readonly before: SpikeState;
  readonly tables: StepTables;
  readonly step: Step;
  /** Λ with ΛΛᵀ = N, K × (number of noise directions). */
  readonly noise: Rows;
  readonly after: SpikeState;
}

/** Directions of the target in special coordinates: the first m of D. */
export function targetDirections(m: number, D: number): Rows {
  return Array.from({ length: m }, (_, i) => Array.from({ length: D }, (_, c) => (c === i ? 1 : 0)));
}

const TOLERANCE = 1e-13;
const MOST_NODES = 400_000;
/** Spikes and bulks beyond this diverge: a rate that makes them is refused. */
const DIVERGED = 1e3;
/** A part of N that is noise below this part of the largest spike is rounding. */
const NO_NOISE = 1e-26;

/** R = 0, τ = 1. */
export function startState({ readoutValues, target }: SteppingNetwork): SpikeState {
  return {
    R: readoutValues.map(() => new Array<number>(target.directions).fill(0)),
    tau: readoutValues.map(() => 1),
  };
}

/** All steps from the start R = 0, τ = 1. */
export function takeSteps(
  network: SteppingNetwork,
  steps: readonly (Step & { readonly index?: number })[],
): readonly TakenStep[] {
  const taken: TakenStep[] = [];
  let state = startState(network);
  steps.forEach((step, t) => {
    requireDirections(state.R);
    const next = takeStep(network, state, step);
    requireBounded(next.after, step, step.index ?? t);
    taken.push(next);
    state = next.after;
  });
  return taken;
}

function requireBounded({ R, tau }: SpikeState, { learningRate }: Step, t: number): void {
  R.forEach((row, k) => {
    const size = Math.max(Math.hypot(...row), tau[k]!);
    if (size <= DIVERGED) return;
    const reached = Number.isFinite(size) ? size.toPrecision(3) : "infinity";
    throw new DivergingRateError(
      nameInStep(t, "learningRate"),
      learningRate,
      `a rate at which step ${t + 1} does not diverge (weights of group ${k + 1} reach ${reached})`,
    );
  });
}

/** The averages over κ before a step. */
export function stepTables(network: SteppingNetwork, state: SpikeState): StepTables {
  const { student, target, labelNoise, readoutValues: u, readoutFractions: pi } = network;
  const D = state.R[0]!.length;
  const geometry = specialGeometry(state.R, targetDirections(target.directions, D), target.planes);
  const rest = restRule(target, geometry);
  const momentsOf = state.tau.map((tau) => momentColumns(student, tau, true));
  const { sample, rule, error } = adaptTensorRule(
    geometry.plan,
    (rule) => {
      const count = rule.weights.length;
      const values = conditionalTarget(rest, rule, geometry.rest);
      const moments = geometry.spikes.map((spike, k) => momentsOf[k]!(projectionsOn(spike, rule.coordinates, count)));
      const output = new Float64Array(count);
      moments.forEach((columns, k) => {
        for (let i = 0; i < count; i++) output[i]! += pi[k]! * u[k]! * columns[MOMENT.mean]![i]!;
      });
      const residual = values.h.map((h, i) => h - output[i]!);
      const squaredResidual = values.square.map(
        (square, i) => square + labelNoise - 2 * values.h[i]! * output[i]! + output[i]! ** 2,
      );
      const size = (values: Float64Array) => Math.sqrt(inner(rule.weights, values));
      const label = size(squaredResidual);
      const integrands = moments.flatMap((columns) => {
        const [e0, e1] = [columns[MOMENT.linear]!, columns[MOMENT.norm]!];
        const slopes = e0.map((value, i) => value ** 2 + columns[MOMENT.rest]![i]! + e1[i]! ** 2);
        const least = label * size(slopes);
        return [
          { values: squaredResidual.map((rr, i) => rr * slopes[i]!), least: least * least },
          ...rule.coordinates.map((kappa) => ({ values: residual.map((r, i) => r * e0[i]! * kappa[i]!), least })),
          ...values.slopes.map((slope) => ({ values: slope.map((h, i) => h * e0[i]!), least })),
          { values: residual.map((r, i) => r * e1[i]!), least },
        ];
      });
      return { integrands, target: values, moments, output, residual, squaredResidual };
    },
    { tolerance: TOLERANCE, maxNodes: MOST_NODES, name: "gradient step" },
  );
  return { geometry, rule, rest, ...sample, error: error + rest.error + (student.derivativeError ?? 0) };
}

function inner(weights: Float64Array, values: Float64Array): number {
  return weights.reduce((sum, w, i) => sum + w * values[i]!, 0);
}

/**
 * One step (multiIndex §3):
 *
 *   G_k = Vᵀ E[r̄ e0 κ] + Zᵀ E[h_b e0],   G^z_k = E[r̄ e1],
 *   R_k ← (R_k + η̃u_k G_k | Λ_k),   ΛΛᵀ = N,  N_kl = η̃² u_k u_l E[rr e0_k e0_l]/α_t,
 *   τ_k² ← (τ_k + η̃u_k G^z_k)² + η̃²u_k² E[rr var_k]/α_t.
 */
function takeStep(network: SteppingNetwork, before: SpikeState, step: Step): TakenStep {
  const tables = stepTables(network, before);
  const { geometry, rule, moments, residual, squaredResidual, target } = tables;
  const average = (f: (i: number) => number) => rule.weights.reduce((sum, w, i) => sum + w * f(i), 0);
  const rates = network.readoutValues.map((u) => step.learningRate * u);
  const inverse = 1 / step.stepSampleRatio;
  const moved = before.R.map((row, k) => {
    const e0 = moments[k]![MOMENT.linear]!;
    const alongP = [
      ...rule.coordinates.map((kappa) => average((i) => residual[i]! * e0[i]! * kappa[i]!)),
      ...target.slopes.map((slope) => average((i) => slope[i]! * e0[i]!)),
    ];
    const G = combination(alongP, geometry.P);
    return row.map((r, c) => r + rates[k]! * (G[c] ?? 0));
  });
  const N = rates.map((first, k) =>
    rates.map((second, l) => {
      const [e0, f0] = [moments[k]![MOMENT.linear]!, moments[l]![MOMENT.linear]!];
      return inverse === 0 ? 0 : inverse * first * second * average((i) => squaredResidual[i]! * e0[i]! * f0[i]!);
    }),
  );
  const noise = squareRoot(N);
  const tau = before.tau.map((value, k) => {
    const e1 = moments[k]![MOMENT.norm]!;
    const slopeVariance = (i: number) => moments[k]![MOMENT.rest]![i]! + e1[i]! ** 2;
    const drift = value + rates[k]! * average((i) => residual[i]! * e1[i]!);
    const spread = inverse * rates[k]! ** 2 * average((i) => squaredResidual[i]! * slopeVariance(i));
    return Math.sqrt(drift * drift + spread);
  });
  return { before, tables, step, noise, after: { R: moved.map((row, k) => [...row, ...noise[k]!]), tau } };
}

/** Λ with ΛΛᵀ = N and as many columns as N has rank. */
function squareRoot(N: Rows): Rows {
  const { values, vectors } = symmetricEigen(N);
  const largest = Math.max(0, values.at(-1) ?? 0);
  const kept = values.map((_, i) => i).filter((i) => values[i]! > Math.max(NO_NOISE, RANK * largest));
  return N.map((_, k) => kept.map((i) => vectors[i]![k]! * Math.sqrt(values[i]!)));
}

/** Eigenvalues of N below this part of the largest are rounding. */
const RANK = 1e-13;
