import { EVD, Matrix } from "ml-matrix";
import type { TrainedNetwork } from "../model/description.ts";
import { conditionalFeatureStatistics } from "../model/statistics.ts";
import { bisect } from "../numerics/bisect.ts";
import { featureSpectrum, stieltjesTransform } from "./featureSpectrum.ts";

/** An eigenvalue of (1/p)ΦᵀΦ outside the bulk and the left singular vector that belongs to it. */
export interface FeatureSpike {
  readonly eigenvalue: number;
  /** ⟨û, κ^k⟩²/|κ^k|² for each power asked for. */
  readonly alignments: readonly number[];
}

export interface FeatureSpikes {
  /** Largest eigenvalue of the bulk. */
  readonly edge: number;
  /** From the largest on. */
  readonly spikes: readonly FeatureSpike[];
}

/**
 * Spikes of the features after a step of small or intermediate rate, in closed form over the random-features bulk (Moniri24;
 * theory §6, §8): with F = d the mean channels are spikes of finite size beside those of the bulk's image of v. For a bulk that
 * does not depend on κ, V and g of theory §4 at λ = −x give one function T(x) = −1/(g v), v = 1/(1 + V) = 1 − (β/α)(1 + xg),
 * and the normal-equation matrix is singular where
 *
 *   T(x) = k,  k eigenvalues of α √S E[X Xᵀ] √S,  S_ch = π_k F_ch;   (ûᵀf)²/n = α v (w·E[X f])²/(x T′(x)),  w = √S ω,
 *
 * ω the eigenvector of k. What makes the bulk depend on κ, of order r², is left out.
 *
 * @param model a network with `finiteDimension` and a readout of mean zero, as `finiteSizeStep` makes it
 * @throws ParameterError, ExpressionError for illegal input
 */
export function featureSpikes(model: TrainedNetwork, powers: readonly number[] = []): FeatureSpikes {
  const { student, sampleRatio: alpha, widthRatio: beta } = model;
  const { channels, groups, weights, nodes } = conditionalFeatureStatistics(model);
  const bulkVariance = groups.reduce((sum, { fraction, bulkVariance: c }) => sum + fraction * c, 0);
  const bulk = { model: "randomFeatures", student, bulkVariance, sampleRatio: alpha, widthRatio: beta } as const;
  const edge = featureSpectrum(bulk, { points: 64 }).edges.at(-1)![1];
  const damping = (x: number) => {
    const g = stieltjesTransform(bulk, [[x, 0]])[0]![0];
    return { g, v: 1 - (beta / alpha) * (1 + x * g) };
  };
  const T = (x: number) => {
    const { g, v } = damping(x);
    return -1 / (g * v);
  };
  const roots = channels.map(({ group, strength }) => Math.sqrt(groups[group]!.fraction * strength(beta)));
  const average = (f: ArrayLike<number>, h: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i]! * f[i]! * h[i]!;
    return sum;
  };
  const size = channels.length;
  const gram = Matrix.zeros(size, size);
  channels.forEach((a, i) =>
    channels.forEach((b, j) => gram.set(i, j, alpha * roots[i]! * roots[j]! * average(a.values, b.values))),
  );
  const { realEigenvalues, eigenvectorMatrix } = new EVD(gram, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((i, j) => realEigenvalues[j]! - realEigenvalues[i]!);
  const start = edge * (1 + EDGE_MARGIN);
  const spikes = order
    .filter((i) => realEigenvalues[i]! > T(start))
    .map((i): FeatureSpike => {
      const k = realEigenvalues[i]!;
      const x = bisect((at) => T(at) - k, start, upperEnd(T, k, start));
      const step = 1e-5 * (x - edge);
      const slope = (T(x + step) - T(x - step)) / (2 * step);
      const { v } = damping(x);
      const alignments = powers.map((power) => {
        const f = nodes.map((kappa) => kappa ** power);
        let product = 0;
        for (let c = 0; c < size; c++) {
          product += roots[c]! * eigenvectorMatrix.get(c, i) * average(channels[c]!.values, f);
        }
        return (alpha * v * product ** 2) / (x * slope * average(f, f));
      });
      return { eigenvalue: x, alignments };
    });
  return { edge, spikes };
}

/** T is known a little outside the bulk, where its derivative is infinite. */
const EDGE_MARGIN = 1e-7;

function upperEnd(T: (x: number) => number, k: number, start: number): number {
  let x = 2 * start;
  while (T(x) < k) x *= 2;
  return x;
}
