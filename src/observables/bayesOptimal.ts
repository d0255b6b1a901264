import { activation, type Activation, type ActivationInput } from "../activation/activation.ts";
import { hermiteCoefficients } from "../activation/hermite.ts";
import { saddlePoint } from "../equations/index.ts";
import { ParameterError, QuadratureError, requireFields } from "../errors.ts";
import { type LikelihoodGrid, likelihoodGrid } from "./likelihoodGrid.ts";

/** A target seen through Gaussian noise, and how many samples of it there are. */
export interface BayesOptimalDescription {
  /** σ*, a name, a formula or a function. */
  readonly target: ActivationInput;
  /** α = n/d ≥ 0 */
  readonly sampleRatio: number;
  /** α₀ = n₀/d ≥ 0: samples of the gradient step, which count as the others do; default 0. */
  readonly stepSampleRatio?: number;
  /** Δ > 0 */
  readonly labelNoise: number;
  /** Error of overlap and test error that is good enough, from 1e-12 to 1e-2; default 1e-10. */
  readonly tolerance?: number;
}

/** What the best algorithm reaches. */
export interface BayesOptimum {
  /** q, the squared cosine between the target's direction and its estimate. */
  readonly overlap: number;
  /** E[(y − E[y|data])²], with the label noise. */
  readonly testError: number;
  /** The same without the label noise. */
  readonly excessRisk: number;
  /** α_WR of targets with h1* = 0, below which the overlap is 0. */
  readonly weakRecoveryThreshold?: number;
  /** Estimated error of the worst of these. */
  readonly errorEstimate: number;
}

const TOLERANCE = 1e-10;
/** q where the search begins: nearly nothing is known. */
const UNINFORMED = 0.05;
const LEVELS = [0, 1, 2, 3] as const;
/** Step of the difference that tells the slope of q ↦ F(q), and how often a grid's solution is improved with it. */
const DIFFERENCE = 1e-4;
const MOST_STEPS = 30;
/** Below this, h1*²/h2* is rounding. */
const NO_LINEAR_PART = 1e-20;

/**
 * The least test error that any algorithm reaches on y = σ*(θᵀx) + √Δ ε from (α₀ + α)d samples, found from an uninformed
 * start, as message passing is:
 *
 * q = q̂/(1 + q̂), q̂ = α E_ω ∫dy Z g², Z = E_{s ~ N(√q ω, 1 − q)} P(y|s), g = ∂ log Z/∂(√q ω),
 * error = h2* − E_ω (E[σ*|ω])² + Δ, α_WR⁻¹ = ∫dy E[(z² − 1)P]²/E[P].
 *
 * Source: J. Barbier, F. Krzakala, N. Macris, L. Miolane and L. Zdeborová, PNAS 116, 5451 (2019); M. Mondelli and A. Montanari, Found. Comput.
 * Math. 19, 703 (2019).
 *
 * @throws ParameterError, ExpressionError for what is illegal
 * @throws QuadratureError where the averages are not resolved
 * @throws ConvergenceError if no solution is found
 * @example
 * const { overlap, testError } = bayesOptimal({ target: "tanh", sampleRatio: 1, labelNoise: 0.1 });
 * console.log(overlap.toFixed(8), testError.toFixed(8)); // 0.57115687 0.28038395
 */
export function bayesOptimal(description: BayesOptimalDescription): BayesOptimum {
  requireFields("description", description, ["target"], "an object with target, sampleRatio and labelNoise");
  const { sampleRatio, stepSampleRatio = 0, labelNoise, tolerance = TOLERANCE } = description;
  for (const [name, value] of Object.entries({ sampleRatio, stepSampleRatio })) {
    if (!(value >= 0 && value < Infinity)) throw new ParameterError(name, value, "a finite number ≥ 0");
  }
  if (!(labelNoise > 0 && labelNoise < Infinity))
    throw new ParameterError("labelNoise", labelNoise, "a finite number > 0");
  if (!(tolerance >= 1e-12 && tolerance <= 1e-2))
    throw new ParameterError("tolerance", tolerance, "from 1e-12 to 1e-2");
  const target = activation(description.target, "target");
  const samples = sampleRatio + stepSampleRatio;
  let [coarse, rest, slope] = [undefined as BayesOptimum | undefined, NaN, undefined as number | undefined];
  for (const level of LEVELS) {
    const start = coarse?.overlap ?? UNINFORMED;
    const problem = { samples, labelNoise, start, slope, tolerance };
    const { slope: found, ...fine } = optimumOn(likelihoodGrid(target, labelNoise, level), target, problem);
    if (coarse) {
      rest = difference(coarse, fine);
      if (rest <= tolerance) return { ...fine, errorEstimate: fine.errorEstimate + rest };
    }
    [coarse, slope] = [fine, found];
  }
  throw new QuadratureError(target.name, `not resolved: the best error still changes by ${rest.toExponential(1)}`);
}

function difference(a: BayesOptimum, b: BayesOptimum): number {
  const threshold = Math.abs((a.weakRecoveryThreshold ?? 0) - (b.weakRecoveryThreshold ?? 0));
  return Math.max(Math.abs(a.overlap - b.overlap), Math.abs(a.testError - b.testError), threshold);
}

interface Problem {
  /** α₀ + α */
  readonly samples: number;
  readonly labelNoise: number;
  readonly start: number;
  /** F′(q) of the grid before, from whose solution this one's is near. */
  readonly slope: number | undefined;
  readonly tolerance: number;
}

/** A solution of q = F(q) on a grid, with F′ there. */
interface OverlapSolution {
  readonly overlap: number;
  readonly errorEstimate: number;
  readonly slope: number | undefined;
}

function optimumOn(
  grid: LikelihoodGrid,
  target: Activation,
  problem: Problem,
): BayesOptimum & { slope: number | undefined } {
  const { samples, labelNoise } = problem;
  const linear = hermiteCoefficients(target, 1)[1]!;
  const even = linear * linear <= NO_LINEAR_PART * grid.targetSquare();
  const recovery = even ? grid.recovery() : 0;
  const none = samples === 0 || (even && samples * recovery <= 1);
  const { overlap, errorEstimate, slope } = none ? NOTHING_KNOWN : solutionOn(grid, problem);
  const excessRisk = grid.targetSquare() - grid.explained(overlap);
  return {
    ...{ overlap, testError: excessRisk + labelNoise, excessRisk },
    ...(even && { weakRecoveryThreshold: 1 / recovery }),
    ...{ errorEstimate, slope },
  };
}

const NOTHING_KNOWN: OverlapSolution = { overlap: 0, errorEstimate: 0, slope: undefined };

function solutionOn(grid: LikelihoodGrid, problem: Problem): OverlapSolution {
  const { samples, start, slope, tolerance } = problem;
  const map = (q: number): number => {
    const conjugate = samples * grid.information(q);
    return conjugate / (1 + conjugate);
  };
  if (slope === undefined) {
    const equations = ({ q }: Readonly<Record<string, number>>) => ({ q: map(q!) });
    const { values, errorEstimate } = saddlePoint({ unknowns: { q: { start, min: 0, max: 1 } }, equations }).solve();
    const overlap = values["q"]!;
    const h = DIFFERENCE * Math.min(overlap, 1 - overlap);
    return { overlap, errorEstimate, slope: h > 0 ? (map(overlap + h) - map(overlap - h)) / (2 * h) : undefined };
  }
  let overlap = start;
  for (let step = 0; step < MOST_STEPS; step++) {
    const change = (map(overlap) - overlap) / (1 - slope);
    overlap += change;
    // What is left is a small part of the change, as the slopes of two grids are nearly the same.
    if (Math.abs(change) <= tolerance) return { overlap, errorEstimate: 0.1 * Math.abs(change), slope };
  }
  return solutionOn(grid, { ...problem, slope: undefined });
}
