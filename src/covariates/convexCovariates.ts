import { ParameterError } from "../errors.ts";
import type { ConvexLoss } from "../loss/convexLoss.ts";
import { resolveLoss } from "../loss/lossInput.ts";
import type { Observed } from "../convex/localPotential.ts";
import { check, RANGES } from "../parameters/ranges.ts";
import type { RidgeFailure } from "../ridge/solution.ts";
import { checkSpectrum } from "./checks.ts";
import { type ConvexImage, type ConvexProblem, type ConvexState, convexSweep, solveSaddle } from "./convexSaddle.ts";
import type { ConvexCovariates } from "./description.ts";
import { checkTeacher, type Teacher } from "./teacher.ts";

/** Observables of a convex loss on features of a given covariance (covariates §6). */
export interface ConvexCovariatesSolution {
  readonly status: "converged";
  readonly kind: "margin" | "residual";
  /** E ℓ(y, f) on a fresh label. */
  readonly testLoss: number;
  /** (1/n) Σ ℓ(y_i, f(v_i)) */
  readonly trainLoss: number;
  /** (1/n) [Σ ℓ(y_i, f(v_i)) + (λ/2)|a|²] */
  readonly objective: number;
  /** E (y − f)² on a fresh label. */
  readonly testError: number;
  /** V = tr Ω(λ + V̂Ω)⁻¹ */
  readonly V: number;
  /** Q = Var f */
  readonly Q: number;
  /** m = Cov(f, ν) */
  readonly m: number;
  /** |a|² */
  readonly readoutNorm: number;
  /** c₀, where it is fitted. */
  readonly intercept?: number;
  /** testError − Δ, of residual losses. */
  readonly excessRisk?: number;
  /** (1/n) Σ (y_i − f(v_i))², of residual losses. */
  readonly trainError?: number;
  /** P(yf < 0) of labels ±1; of real ones, that f has another sign than the target. */
  readonly testClassificationError: number;
  /** Of labels ±1. */
  readonly trainClassificationError?: number;
  /** Evaluations of the equations. */
  readonly iterations: number;
  /** Largest undamped residual, in ln V, ln(Q − ψ²), and ψ, c₀ in units of the spread. */
  readonly residual: number;
  /** Estimated relative error of the test loss and of V, Q, m. */
  readonly errorEstimate: number;
}

/** A solved point or its failure. */
export type ConvexCovariatesResult = ConvexCovariatesSolution | RidgeFailure;

/** A problem that is checked and may be solved at any n and λ. */
export interface ConvexSolver {
  /** @throws ParameterError for an illegal point */
  solve(point: { readonly samples: number; readonly ridge: number }): ConvexCovariatesResult;
  /** The last point, if it has a solution. */
  solved(): SolvedConvex | undefined;
}

/** A solved point with what its equations read. */
export interface SolvedConvex {
  readonly problem: ConvexProblem;
  readonly loss: ConvexLoss;
  readonly state: ConvexState;
  readonly teacher: Teacher;
  readonly labelNoise: number;
}

/** Legal n and λ: a loss other than the square has no limit here. */
export const CONVEX_POINT = { samples: RANGES.positive, ridge: RANGES.positive } as const;

/** Digits of the averages, of a first solution and of the one that is returned. */
const [COARSE, FINE] = [10, 14];
/** Of the derivatives, on two sets of rules. */
export const SENSITIVITY_DIGITS = [FINE, 18] as const;
/** Factor by which λ falls where a solution is not found directly, and the largest λ to begin with. */
const [DESCENT, HIGHEST] = [5, 1];

/**
 * The solver of a convex loss on Gaussian covariates (covariates §6).
 *
 * @throws ParameterError for an illegal spectrum, teacher or loss, or signal beyond ρ_ν
 */
export function convexSolver(description: ConvexCovariates): ConvexSolver {
  const loss = checkLoss(description);
  const levels = checkSpectrum(description);
  const teacher = checkTeacher(description, loss);
  const explained = levels.signal.reduce((sum, value, i) => sum + value / levels.eigenvalues[i]!, 0);
  if (!(explained <= (1 + 1e-12) * teacher.variance)) {
    throw new ParameterError("teacherVariance", teacher.variance, `at least Σ signal/eigenvalues = ${explained}`);
  }
  const intercept: unknown = description.intercept ?? false;
  if (typeof intercept !== "boolean") throw new ParameterError("intercept", intercept, "true or false");
  const { secondMoment, unexplained } = description as { secondMoment?: unknown; unexplained?: unknown };
  for (const [name, value] of Object.entries({ secondMoment, unexplained })) {
    if (value !== undefined) throw new ParameterError(name, value, "left out where there is a teacher");
  }
  let last: ConvexState | undefined;
  let solved: SolvedConvex | undefined;
  const { labelNoise = 0 } = description;
  return {
    solve(point) {
      const samples = check("samples", point.samples, CONVEX_POINT.samples);
      const ridge = check("ridge", point.ridge, CONVEX_POINT.ridge);
      const problem: ConvexProblem = { levels, teacherVariance: teacher.variance, samples, ridge, intercept };
      const trace = levels.eigenvalues.reduce((sum, value, i) => sum + value * levels.multiplicities[i]!, 0);
      const cold = { susceptibility: trace / (1 + ridge), across: 1, along: 0, constant: 0 };
      const result = solvePoint(problem, teacher, loss, last ?? cold, cold);
      if ("state" in result) last = result.state;
      solved = "state" in result ? { problem, loss, state: result.state, teacher, labelNoise } : undefined;
      return "state" in result ? result.solution : result;
    },
    solved: () => solved,
  };
}

/** "huber" takes its δ from a field of its own. */
function checkLoss({ loss, huberThreshold }: ConvexCovariates): ConvexLoss {
  if (loss === "huber") return resolveLoss({ huber: check("huberThreshold", huberThreshold, RANGES.positive) });
  if (huberThreshold !== undefined) {
    throw new ParameterError("huberThreshold", huberThreshold, 'left out for a loss other than "huber"');
  }
  return resolveLoss(loss);
}

type Solved = { readonly state: ConvexState; readonly solution: ConvexCovariatesSolution };

function solvePoint(
  problem: ConvexProblem,
  teacher: Teacher,
  loss: ConvexLoss,
  start: ConvexState,
  cold: ConvexState,
): Solved | RidgeFailure {
  const coarse = teacher.channel(loss, COARSE);
  let first = solveSaddle(problem, coarse, start);
  if (first.outcome.status !== "converged" && start !== cold) first = solveSaddle(problem, coarse, cold);
  if (first.outcome.status !== "converged") first = descend(problem, coarse, cold);
  if (first.outcome.status !== "converged") return failed(first.outcome, first.outcome.evaluations);
  const fine = teacher.channel(loss, FINE);
  const { state, outcome } = solveSaddle(problem, fine, first.state);
  const iterations = first.outcome.evaluations + outcome.evaluations;
  if (outcome.status !== "converged") return failed(outcome, iterations);
  const image = convexSweep(problem, fine, state);
  const observed = observe(fine, state);
  const before = observe(coarse, first.state);
  const moved = Math.max(
    relative(before.testLoss, observed.testLoss),
    relative(first.state.susceptibility, state.susceptibility),
    relative(first.state.across, state.across),
    Math.abs(first.state.along - state.along) / Math.sqrt(state.across + state.along ** 2),
  );
  // Averages to ten digits have moved by `moved`; those to fourteen err by what is left of it.
  const errorEstimate = Math.max(outcome.error, 10 * outcome.residual, moved * 10 ** (0.75 * (COARSE - FINE)), 1e-14);
  const convergence = { iterations, residual: outcome.residual, errorEstimate };
  return { state, solution: { ...observables(problem, teacher, loss, image, observed), ...convergence } };
}

const relative = (a: number, b: number): number =>
  Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), Number.MIN_VALUE);

function failed(outcome: Parameters<typeof isFailure>[0], iterations: number): RidgeFailure {
  if (!isFailure(outcome)) throw new RangeError("a converged outcome is no failure");
  const { status, residual, detail } = outcome;
  return { status, iterations, residual, detail };
}

function isFailure(
  outcome: ReturnType<typeof solveSaddle>["outcome"],
): outcome is Extract<ReturnType<typeof solveSaddle>["outcome"], { readonly detail: string }> {
  return outcome.status !== "converged";
}

/** From a large λ down to that of the problem, the susceptibility growing as 1/λ^0.7. */
function descend(problem: ConvexProblem, channel: Parameters<typeof solveSaddle>[1], cold: ConvexState) {
  let ridge = Math.max(HIGHEST, problem.ridge);
  let result = solveSaddle({ ...problem, ridge }, channel, cold);
  while (result.outcome.status === "converged" && ridge > problem.ridge) {
    const next = Math.max(problem.ridge, ridge / DESCENT);
    const susceptibility = result.state.susceptibility * (ridge / next) ** 0.7;
    result = solveSaddle({ ...problem, ridge: next }, channel, { ...result.state, susceptibility });
    ridge = next;
  }
  return result;
}

/** The averages at a state that make the observables. */
export function observe(channel: Parameters<typeof solveSaddle>[1], state: ConvexState): Observed {
  const out: Observed = {
    testLoss: 0,
    trainLoss: 0,
    testClassification: 0,
    trainClassification: 0,
    testSquare: 0,
    trainSquare: 0,
  };
  channel.observe(state.constant, state.along, state.across, state.susceptibility, out);
  return out;
}

function observables(
  { samples, ridge, intercept }: ConvexProblem,
  { variance, labels, additiveNoise }: Teacher,
  loss: ConvexLoss,
  { susceptibility, across, along, constant, readoutNorm }: ConvexImage,
  observed: Observed,
): Omit<ConvexCovariatesSolution, "iterations" | "residual" | "errorEstimate"> {
  const { testLoss, trainLoss } = observed;
  const Q = across + along * along;
  // E y² − 2 E[yf] + E f², f = c₀ + ψζ + …
  const square = labels.square - 2 * (constant * labels.mean + along * labels.slope) + constant * constant + Q;
  return {
    status: "converged",
    kind: loss.kind,
    testLoss,
    trainLoss,
    objective: trainLoss + (0.5 * ridge * readoutNorm) / samples,
    testError: square,
    testClassificationError: observed.testClassification,
    ...(!Number.isNaN(observed.trainClassification) && { trainClassificationError: observed.trainClassification }),
    ...(loss.kind === "residual" && { excessRisk: square - additiveNoise, trainError: observed.trainSquare }),
    V: susceptibility,
    Q,
    m: along * Math.sqrt(variance),
    readoutNorm,
    ...(intercept && { intercept: constant }),
  };
}
