import { ONE, ZERO } from "./extended.ts";
import { FUNCTIONS } from "./moments.ts";

/**
 * Least squares with linear features and no ridge, from the inverse moments of the Marchenko–Pastur law: with rank = min(1, β)
 * and what the features cannot learn as noise σ², the error on a noisy label at α > rank is
 *   (σ² + h1*²(1 − rank)) α/(α − rank): a share `rank` of the target's direction is seen.
 * Any number of groups of linear neurons with equal bulks are one group.
 */
export function linearRidgeless(random: () => number) {
  const between = (low: number, high: number) => low + (high - low) * random();
  const target = FUNCTIONS[Math.floor(random() * FUNCTIONS.length)]!;
  const labelNoise = between(0.01, 1);
  const numbers = target.moments(ZERO, ONE);
  const [first, mean, residual] = [numbers.first.hi, numbers.mean.hi, numbers.residual.hi];
  const signal = first ** 2;
  // The student has no constant.
  const noise = residual + mean ** 2 + labelNoise;
  const widthRatio = Math.exp(between(-3, 3));
  const rank = Math.min(1, widthRatio);
  const sampleRatio = rank * between(1.05, 30);
  const missed = noise + signal * (1 - rank);
  const expected = (missed * sampleRatio) / (sampleRatio - rank);
  const K = 1 + Math.floor(random() * 8);
  return {
    description: {
      model: "spikedRandomFeatures" as const,
      student: "identity",
      target: target.formula,
      spikeStrength: 0,
      alignment: between(-1, 1),
      labelNoise,
      readoutValues: Array.from({ length: K }, (_, k) => k + 1),
      sampleRatio,
      widthRatio,
      ridge: 0,
    },
    expected,
  };
}
