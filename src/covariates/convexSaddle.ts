import type { Levels } from "./covariance.ts";
import { DERIVATIVES } from "../convex/localPotential.ts";
import { solveInPlace } from "../numerics/linearAlgebra.ts";
import { dampedNewton, type DampedOutcome } from "../numerics/dampedNewton.ts";
import type { Observed } from "../convex/localPotential.ts";

/** What the saddle point of covariates §6 reads of the labels and the loss, for f = M + Lζ + √s2 ξ at the susceptibility V. */
export interface OutputChannel {
  /** Writes −E g, −E[ζg], ½E D and −½E g², the derivatives of the local potential, and more. */
  evaluate(M: number, L: number, s2: number, V: number, out: Float64Array): void;
  observe(M: number, L: number, s2: number, V: number, out: Observed): void;
}

/** The problem of covariates §6 at one n and λ. */
export interface ConvexProblem {
  readonly levels: Levels;
  /** ρ_ν */
  readonly teacherVariance: number;
  readonly samples: number;
  readonly ridge: number;
  readonly intercept: boolean;
}

/** Unknowns of covariates §6: V, the variance of the output across the teacher's field, ψ, and c₀. */
export interface ConvexState {
  /** V = tr Ω(λ + V̂Ω)⁻¹ */
  readonly susceptibility: number;
  /** Q − ψ² */
  readonly across: number;
  /** ψ = m/√ρ_ν */
  readonly along: number;
  /** c₀ */
  readonly constant: number;
}

/** A state with what follows from it. */
export interface ConvexImage extends ConvexState {
  /** |a|² */
  readonly readoutNorm: number;
}

/** Averages of the labels' side at a state: E g, E[gζ], E D, E g². */
export interface OutputAverages {
  readonly slope: number;
  readonly slopeAlong: number;
  readonly curvature: number;
  readonly square: number;
}

export function averagesAt(channel: OutputChannel, state: ConvexState, scratch: Float64Array): OutputAverages {
  channel.evaluate(state.constant, state.along, state.across, state.susceptibility, scratch);
  return {
    slope: -scratch[0]!,
    slopeAlong: -scratch[1]!,
    curvature: 2 * scratch[2]!,
    square: -2 * scratch[3]!,
  };
}

/**
 * One sweep of covariates §6:
 *
 *   V̂ = n E[D],  q̂ = n E[g²],  m̂ = (n E[gζ] + ψV̂)/√ρ_ν,
 *   V = Σ ω/(λ + V̂ω),  m = m̂ Σ b²/(λ + V̂ω),  Q = Σ (m̂² b² ω + q̂ ω²)/(λ + V̂ω)²,
 *
 * and c₀ by a Newton step of E[g] = 0.
 */
export function convexSweep(
  problem: ConvexProblem,
  channel: OutputChannel,
  state: ConvexState,
  scratch: Float64Array = new Float64Array(DERIVATIVES),
): ConvexImage {
  const { levels, teacherVariance: rho, samples, ridge, intercept } = problem;
  const { slope, slopeAlong, curvature, square } = averagesAt(channel, state, scratch);
  const Vhat = samples * curvature;
  const qhat = samples * square;
  const mhat = (samples * slopeAlong + state.along * Vhat) / Math.sqrt(rho);
  let [V, overlap, mean, weight, noise, norm] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < levels.eigenvalues.length; i++) {
    const omega = levels.eigenvalues[i]!;
    const inverse = 1 / (ridge + Vhat * omega);
    const [count, b2] = [levels.multiplicities[i]!, levels.signal[i]!];
    V += count * omega * inverse;
    noise += count * omega * omega * inverse * inverse;
    norm += (mhat * mhat * b2 + qhat * count * omega) * inverse * inverse;
    overlap += b2 * inverse;
    const part = b2 / (omega * rho);
    weight += part;
    mean += part * omega * inverse;
  }
  // Q − ψ² as a variance: Σ b²ω/(λ + V̂ω)² − (Σ b²/(λ + V̂ω))²/ρ_ν without cancellation.
  let spread = mean * mean * Math.max(0, 1 - weight);
  for (let i = 0; i < levels.eigenvalues.length; i++) {
    const omega = levels.eigenvalues[i]!;
    const deviation = omega / (ridge + Vhat * omega) - mean;
    spread += (levels.signal[i]! / (omega * rho)) * deviation * deviation;
  }
  return {
    susceptibility: V,
    across: mhat * mhat * rho * spread + qhat * noise,
    along: (mhat * overlap) / Math.sqrt(rho),
    constant: intercept ? state.constant + slope / curvature : 0,
    readoutNorm: norm,
  };
}

/** ln V, ln(Q − ψ²), and ψ and c₀ in units of √(Q − ψ²). */
function pack({ susceptibility, across, along, constant }: ConvexState, intercept: boolean): Float64Array {
  const unit = Math.sqrt(across);
  const shared = [Math.log(susceptibility), Math.log(across), along / unit];
  return Float64Array.from(intercept ? [...shared, constant / unit] : shared);
}

function unpack(u: Float64Array): ConvexState {
  const across = Math.exp(u[1]!);
  const unit = Math.sqrt(across);
  return { susceptibility: Math.exp(u[0]!), across, along: u[2]! * unit, constant: (u[3] ?? 0) * unit };
}

const OPTIONS = { maxEvaluations: 150, tolerance: 1e-11, maxStep: 1.5 };
/** Relative step of the difference quotients of Newton's matrix. */
const DIFFERENCE = 1e-6;

/** A solution, or why there is none. */
export type SaddleOutcome = { readonly state: ConvexState; readonly outcome: DampedOutcome };

/**
 * Newton's method on the unknowns, with difference quotients for its matrix, and damped sweeps where it does not reduce the
 * residual.
 */
export function solveSaddle(problem: ConvexProblem, channel: OutputChannel, start: ConvexState): SaddleOutcome {
  const scratch = new Float64Array(DERIVATIVES);
  const u = pack(start, problem.intercept);
  const size = u.length;
  const sweep = new Float64Array(size);
  const newton = new Float64Array(size);
  const differenceAt = (at: Float64Array, out: Float64Array): boolean => {
    const state = unpack(at);
    const image = pack(convexSweep(problem, channel, state, scratch), problem.intercept);
    for (let i = 0; i < size; i++) out[i] = image[i]! - at[i]!;
    return out.every(Number.isFinite);
  };
  const outcome = dampedNewton(
    {
      residual: sweep,
      newton,
      sweep,
      sizeOf: (step) =>
        step.reduce((most, value, i) => {
          const entry = Math.abs(value) / (i < 2 ? 1 : 1 + Math.abs(u[i]!));
          return Number.isNaN(entry) ? NaN : Math.max(most, entry);
        }, 0),
      evaluate(at) {
        if (!differenceAt(at, sweep)) return "the averages over the labels are not finite";
        fillNewton(at);
        return undefined;
      },
    },
    u,
    OPTIONS,
  );
  return { state: unpack(u), outcome };

  /** (−F′)⁻¹F; the sweep itself where the matrix is singular. */
  function fillNewton(at: Float64Array): void {
    const matrix = new Float64Array(size * size);
    const moved = new Float64Array(size);
    newton.set(sweep);
    for (let j = 0; j < size; j++) {
      const shifted = at.slice();
      const step = DIFFERENCE * (j < 2 ? 1 : 1 + Math.abs(at[j]!));
      shifted[j]! += step;
      if (!differenceAt(shifted, moved)) return;
      for (let i = 0; i < size; i++) matrix[i * size + j] = (sweep[i]! - moved[i]!) / step;
    }
    if (!solveInPlace(matrix, newton, size, 1) || !newton.every(Number.isFinite)) newton.set(sweep);
  }
}
