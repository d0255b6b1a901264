import { requireDescription, requireList } from "../errors.ts";
import type { ModelDescription, PowerChannels } from "../model/description.ts";
import { type Ba22Parameters, ba22SmallRate, type SmallRateStep } from "../model/smallRate.ts";
import { featureModel } from "../model/featureModel.ts";
import { checkPoint, type RidgeSolution } from "../ridge/solution.ts";
import { solutionOf, trySolveModel } from "../ridge/solveProblem.ts";
import { baselines } from "./baselines.ts";

/** Effect of one step at Ba22's small rate. */
export interface SmallRateImprovement extends SmallRateStep {
  /** Without the step: s₁ = 0. */
  readonly before: RidgeSolution;
  readonly after: RidgeSolution;
  /** δ = ε(0) − ε(s₁) ≥ 0: zero iff η h1 h1* = 0, and → 0 as β → ∞ (Ba22 Thm 5). */
  readonly improvement: number;
  /** ε(0) − (h2* − h0*² − h1*²) with the excess risk ε: a spike that acts linearly cannot do better. */
  readonly largestImprovement: number;
}

/**
 * Risk before and after one gradient step at the small rate η = Θ(1), in Ba22's parameters (theory §6).
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if the saddle point was not found
 * @example
 * const { improvement } = smallRateImprovement({
 *   student: "tanh", target: "softplus", psi1: 2, psi2: 2, learningRate: 1, ridge: 1e-4, noise: 0.25,
 * });
 * improvement > 0; // true
 */
export function smallRateImprovement(parameters: Ba22Parameters): SmallRateImprovement {
  const step = ba22SmallRate(parameters);
  const before = solve({ ...step.model, spikeStrength: 0 });
  const after = solve(step.model);
  const floor = baselines(step.model).linear;
  return {
    ...step,
    before,
    after,
    improvement: before.testError - after.testError,
    largestImprovement: before.testError - floor,
  };
}

/** Errors with the first ℓ spikes of Moniri24, and what the ℓ-th one changed. */
export interface SpikeImprovement {
  /** ℓ */
  readonly spikes: number;
  /** Whether κ^ℓ is a channel: its Hermite coefficient c_ℓ(σ) is not zero. */
  readonly visible: boolean;
  readonly testError: number;
  readonly trainError: number;
  /** (1/n)[Σ(y − f)² + λ|a|²]: what Moniri24 calls the training loss. */
  readonly objective: number;
  /** objective(ℓ − 1) − objective(ℓ) ≥ 0; 0 for ℓ = 0. */
  readonly objectiveDecrease: number;
  /** test error(ℓ − 1) − test error(ℓ); 0 for ℓ = 0. */
  readonly testErrorDecrease: number;
}

/**
 * Training loss and test error with 0, 1, …, ℓ spikes, and the change that each added spike makes (Moniri24's
 * Δ_1, Δ_2, …; theory §6), for any ℓ.
 *
 * @param model its largest power is ℓ; `intermediateRate` makes one from the rate exponent
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if the saddle point was not found
 * @example
 * const improvements = spikeImprovements({
 *   model: "powerChannels", student: "relu", target: "He1(x) + He2(x) / 2", powerChannels: [1, 2], alignment: 0.9,
 *   sampleRatio: 2, widthRatio: 1, ridge: 0.1,
 * });
 * improvements.map(({ spikes, testError }) => [spikes, testError.toFixed(4)]); // [[0, "1.3580"], [1, "0.8235"], [2, "0.3655"]]
 */
export function spikeImprovements(model: PowerChannels): SpikeImprovement[] {
  requireDescription(model);
  requireList("powerChannels", model.powerChannels, "a list of distinct whole numbers from 1 to 20");
  const rows: SpikeImprovement[] = [];
  const count = model.powerChannels.length === 0 ? 0 : Math.max(...model.powerChannels);
  const channels = (powerChannels: number[]) => featureModel({ ...model, powerChannels }).problem.channels.length;
  for (let spikes = 0; spikes <= count; spikes++) {
    const powers = Array.from({ length: spikes }, (_, k) => k + 1).filter((k) => model.powerChannels.includes(k));
    const { testError, trainError, objective } = solve({ ...model, powerChannels: powers });
    const last = rows.at(-1);
    rows.push({
      spikes,
      visible: powers.includes(spikes) && channels([spikes]) > channels([]),
      testError,
      trainError,
      objective,
      objectiveDecrease: last ? last.objective - objective : 0,
      testErrorDecrease: last ? last.testError - testError : 0,
    });
  }
  return rows;
}

/** The direct solver: observables of the step are those of ridge regression. */
function solve(model: ModelDescription): RidgeSolution {
  const point = checkPoint(model);
  return solutionOf(trySolveModel(featureModel(model), point), model);
}
