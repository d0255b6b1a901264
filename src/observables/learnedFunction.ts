import { MODEL_WORDS, POINT_WORDS, ParameterError, requireDescription, requireFields } from "../errors.ts";
import type { Model } from "../model/model.ts";
import type { ModelDescription } from "../model/description.ts";
import { featureModel } from "../model/featureModel.ts";
import { noticesOf } from "../model/stepHypotheses.ts";
import { BODY, gaussianDensity } from "../numerics/gaussianRule.ts";
import type { Problem } from "../problem/problem.ts";
import { finiteSizeNotice } from "../ridge/finiteSize.ts";
import type { RidgePoint } from "../ridge/limits.ts";
import type { RidgeSolution } from "../ridge/solution.ts";
import { ridgeSolver } from "../ridge/solve.ts";
import { solutionOf } from "../ridge/solveProblem.ts";
import { onPoints } from "./points.ts";

/** What the network has learned at one point, as functions (theory §5). */
export interface LearnedFunction {
  readonly solution: RidgeSolution;
  /** mean(κ) = Σ_ch t_ch X_ch(κ): the function along the spike, κ = vᵀx. */
  readonly alongSpike: (kappa: readonly number[]) => number[];
  /** E[f | θᵀx = t]: the function along the target (Cui24 Fig. 1). */
  readonly alongTarget: (t: readonly number[]) => number[];
  /** σ*(t), to be drawn with it. */
  readonly target: (t: readonly number[]) => number[];
  /** What the gradient step of the model could not do with these activations, and how far finite networks are; empty if nothing. */
  readonly notices: readonly string[];
}

/**
 * The function that ridge regression on the features of a model learns, in the proportional limit (Cui24 Fig. 1; theory §5).
 *
 *   mean(κ) = Σ_ch t_ch X_ch(κ)
 *   E[f | t] = E_{κ ~ N(γt, ρ²)}[ mean(κ) + Σ_k μ1_k(κ) ψ_k (t − γκ)/ρ ],   mean(±t) if ρ = 0
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if the saddle point was not found
 * @example
 * const { alongTarget } = learnedFunction({
 *   model: "spikedRandomFeatures", student: "tanh", target: "sin",
 *   spikeStrength: 1.5, bulkVariance: 1.3, alignment: 0.8, labelNoise: 0.05,
 *   sampleRatio: 1, widthRatio: 0.5, ridge: 0.01,
 * });
 * alongTarget([1])[0].toFixed(6); // "0.553154"
 */
export function learnedFunction(description: ModelDescription): LearnedFunction {
  requireDescription(description);
  const { sampleRatio, widthRatio, ridge } = description;
  const learned = learnedFunctionOf(featureModel(description), { sampleRatio, widthRatio, ridge });
  return { ...learned, notices: [...noticesOf(description), ...finiteSizeNotice(learned.solution)] };
}

/**
 * The same for a model of the caller's own making, with one direction of the target across κ (theory §5).
 *
 * @throws ParameterError for an illegal point, ConvergenceError if the saddle point was not found
 * @example
 * const model = featureModel({ model: "randomFeatures", student: "tanh", target: "sin" });
 * const { alongTarget } = learnedFunctionOf(model, { sampleRatio: 2, widthRatio: 1, ridge: 0.1 });
 * alongTarget([1, 2]).map((value) => value.toFixed(4)); // ["0.3581", "0.7162"]
 */
export function learnedFunctionOf(model: Model, point: RidgePoint): Omit<LearnedFunction, "notices"> {
  requireFields("model", model, ["problem", "bulk"], MODEL_WORDS);
  requireFields("point", point, ["sampleRatio", "widthRatio", "ridge"], POINT_WORDS);
  const { solution, groups } = solutionOf(ridgeSolver(model, { finiteSize: true }).solveFully(point), point);
  const gamma = model.alignment;
  const rho = Math.sqrt(Math.max(0, 1 - gamma * gamma));
  const parts = (kappa: readonly number[]) => partsOn(model.problem, groups.coefficients, kappa);
  return {
    solution,
    alongSpike: (kappa) => parts(kappa).mean,
    alongTarget: (t) => {
      for (const value of t) if (!Number.isFinite(value)) throw new ParameterError("t", value, "finite numbers");
      return rho === 0 ? parts(t.map((value) => gamma * value)).mean : averageAlong(parts, gamma, rho, t);
    },
    target: (t) => t.map((model.labels.signs?.mean ?? model.labels.target).value),
  };
}

interface Parts {
  /** mean(κ) */
  readonly mean: number[];
  /** Σ_ch t_ch Y_ch(κ) = Σ_k μ1_k(κ) ψ_k */
  readonly slope: number[];
}

function partsOn(problem: Problem, t: Float64Array, kappa: readonly number[]): Parts {
  const { channels } = onPoints(problem, kappa);
  const sumOf = (part: number, i: number) =>
    channels.reduce((sum, { parts }, c) => (parts[part] ? sum + t[c]! * parts[part][i]! : sum), 0);
  return { mean: kappa.map((_, i) => sumOf(0, i)), slope: kappa.map((_, i) => sumOf(1, i)) };
}

/** Agreement of two successive steps, relative to the largest value of the function. */
const TOLERANCE = 1e-10;
const MOST_HALVINGS = 6;

/** Trapezoid averages over N(γt, ρ²) on nodes that all t share, with the step halved until two agree. */
function averageAlong(
  parts: (kappa: readonly number[]) => Parts,
  gamma: number,
  rho: number,
  t: readonly number[],
): number[] {
  let previous: number[] | undefined;
  let step = Math.min(rho / 2, 0.25);
  for (let halvings = 0; ; halvings++, step /= 2) {
    const window = (value: number) => [
      Math.ceil((gamma * value - BODY * rho) / step),
      Math.floor((gamma * value + BODY * rho) / step),
    ];
    const used = new Set<number>();
    for (const value of t) {
      const [first, last] = window(value) as [number, number];
      for (let j = first; j <= last; j++) used.add(j);
    }
    const nodes = [...used].sort((a, b) => a - b);
    const position = new Map(nodes.map((j, i) => [j, i]));
    const { mean, slope } = parts(nodes.map((j) => j * step));
    const current = t.map((value) => {
      const [first, last] = window(value) as [number, number];
      let [sum, total] = [0, 0];
      for (let j = first; j <= last; j++) {
        const i = position.get(j)!;
        const kappa = j * step;
        const weight = gaussianDensity((kappa - gamma * value) / rho);
        sum += weight * (mean[i]! + (slope[i]! * (value - gamma * kappa)) / rho);
        total += weight;
      }
      return sum / total;
    });
    const scale = Math.max(...current.map(Math.abs));
    const settled = previous?.every((value, i) => Math.abs(value - current[i]!) <= TOLERANCE * scale);
    if (settled === true || halvings === MOST_HALVINGS) return current;
    previous = current;
  }
}
