import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { packedPair, type GroupMixing } from "./bulk.ts";
import { type FeatureRank, type ScaledPoint, toCoordinates } from "./traceMap.ts";

/** What the limits of α and λ need to know of a model at one width. */
export function featureRank(statistics: ConditionalFeatureStatistics, widthRatio: number): FeatureRank {
  let [nonlinear, linear, linearPower] = [0, 0, 0];
  for (const { fraction, mu1, mu2Squared, bulkVariance } of statistics.groups) {
    if (mu2Squared.some((value) => value > 0)) nonlinear += fraction * widthRatio;
    else {
      linear += fraction * widthRatio;
      linearPower +=
        fraction * bulkVariance * mu1.reduce((sum, value, i) => sum + statistics.weights[i]! * value ** 2, 0);
    }
  }
  // A group with any nonlinear part counts in full, the linear ones up to d.
  return { rank: nonlinear + Math.min(linear, 1), nullPower: linear > 1 ? linearPower : 0 };
}

/**
 * Starting traces. Below the threshold λ bounds g = π/λ from above; beyond it, and for large λ, the features' own
 * scale does. Newton in logarithms then needs a step for every few powers of e between start and solution.
 */
export function coldStart(
  statistics: ConditionalFeatureStatistics,
  mixing: GroupMixing,
  point: ScaledPoint,
  widthRatio: number,
  rank: number,
  z: Float64Array,
): void {
  const { groups, weights } = statistics;
  const { rank: r, expansion } = mixing;
  const x = new Float64Array(z.length);
  const bounded = point.ridge > 0 && !(point.one === 1 && point.samples > rank);
  groups.forEach((group, k) => {
    const mean = (values: Float64Array) => values.reduce((sum, value, i) => sum + weights[i]! * value, 0);
    const linear = group.mu1.reduce((sum, value, i) => sum + weights[i]! * value * value, 0);
    const power = group.bulkVariance * linear + mean(group.mu2Squared);
    const g = group.fraction / (point.ridge + (bounded ? 0 : (point.samples / widthRatio) * power));
    for (let a = 0; a < r; a++) x[packedPair(r, a, a)]! += expansion[k * r + a]! ** 2 * group.bulkVariance * g;
    x[x.length - groups.length + k] = g;
  });
  toCoordinates(x, r, z);
}
