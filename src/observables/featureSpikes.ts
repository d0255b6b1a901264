import { ParameterError, requireDescription } from "../errors.ts";
import type { ModelDescription } from "../model/description.ts";
import { featureModel } from "../model/featureModel.ts";
import { strengthAt } from "../problem/problem.ts";
import { check, RANGES } from "../model/validation.ts";
import { bulkBands } from "../spectrum/bands.ts";
import { spectralSystem } from "../spectrum/spectralSystem.ts";
import { featureOutliers } from "./featureOutliers.ts";
import { normalMatrix, scaled } from "./normalMatrix.ts";

/** An eigenvalue of (1/p)ΦᵀΦ above the bulk and the left singular vector that belongs to it. */
export interface FeatureSpike {
  readonly eigenvalue: number;
  /** ⟨û, κ^k⟩²/|κ^k|² for each power asked for. */
  readonly alignments: readonly number[];
}

/** The spikes above the bulk of the features (Moniri24). */
export interface FeatureSpikes {
  /** Largest eigenvalue of the bulk. */
  readonly edge: number;
  /** From the largest on. */
  readonly spikes: readonly FeatureSpike[];
}

/** Step of the difference quotient, relative to the distance from the edge, where N ends. */
const STEP = 1e-4;

/**
 * Spikes of the features above their bulk and what their left singular vectors û say of κ = vᵀx (Moniri24; theory §6, §8). With
 * labels f(κ_i), ridge regression reads the resolvent of ΦΦᵀ/p: the objective per sample of theory §5 is (λ/n) fᵀ(ΦΦᵀ/p + λ)⁻¹f,
 * whose pole at λ = −x is where the normal-equation matrix N(x) of theory §4 is singular, N w = 0:
 *
 *   ⟨û, f⟩²/n = (wᵀ E[X f/(1 + V)])²/(x · wᵀ(−dN/dx)w)
 *
 * @param model a model whose channels have finite strength: with `finiteDimension`, as `finiteSizeStep` makes it
 * @param powers k of κ^k
 * @throws ParameterError, ExpressionError for illegal input
 * @throws ConvergenceError if no solution on the physical branch was found
 * @example
 * const { edge, spikes } = featureSpikes(
 *   {
 *     model: "smallRate", student: "tanh", target: "sin", spikeStrength: 4, alignment: 0.8,
 *     sampleRatio: 2, widthRatio: 1, ridge: 1,
 *   },
 *   [1],
 * );
 * edge.toFixed(6); // "4.185448"
 * spikes[0].eigenvalue.toFixed(6); // "13.753475"
 * spikes[0].alignments[0].toFixed(6); // "0.929465"
 */
export function featureSpikes(model: ModelDescription, powers: readonly number[] = []): FeatureSpikes {
  requireDescription(model);
  const alpha = check("sampleRatio", model.sampleRatio, RANGES.positive);
  const beta = check("widthRatio", model.widthRatio, RANGES.positive);
  const own = featureModel(model);
  if (own.problem.channels.some(({ strength }) => strengthAt(strength, beta) === Infinity)) {
    throw new ParameterError("finiteDimension", model.finiteDimension, "a number: without it spikes are of order p");
  }
  const system = spectralSystem(own, { sampleRatio: alpha, widthRatio: beta });
  const { resolvent, massAtZero } = system;
  const top = bulkBands(resolvent, massAtZero).at(-1)!;
  const edge = top.right;
  const { outliers } = featureOutliers(system, [{ ...top, left: 0 }]);
  const normal = normalMatrix(system, alpha);
  const spikes = outliers.reverse().map((x): FeatureSpike => {
    const at = normal(x, top.inside[0]!);
    const { realEigenvalues, eigenvectorMatrix } = scaled(at);
    const smallest = realEigenvalues.reduce(
      (best, value, i, all) => (Math.abs(value) < Math.abs(all[best]!) ? i : best),
      0,
    );
    const w = eigenvectorMatrix.getColumnVector(smallest);
    w.apply((i) => w.set(i, 0, w.get(i, 0) * at.scale[i]!));
    const step = STEP * (x - edge);
    const [low, high] = [normal(x - step, at.point).matrix, normal(x + step, at.point).matrix];
    const decrease = w.transpose().mmul(low.sub(high)).mmul(w).get(0, 0) / (2 * step);
    const alignments = powers.map((power) => {
      const f = (kappa: number) => kappa ** power;
      return w.dot(at.overlaps(f)) ** 2 / (x * decrease * at.norm(f));
    });
    return { eigenvalue: x, alignments };
  });
  return { edge, spikes };
}
