import { bisect } from "../numerics/bisect.ts";
import { normalCdf } from "../numerics/normal.ts";

const MOST = 64;

/**
 * A Gaussian first-layer readout for a network of finite width: the quantiles (k − ½)/K of N(0, 1), K = 64 or p, scaled to E u² = 1, each for
 * the same share of the neurons. Unlike the nodes of a Gauss–Hermite rule none is so rare that a network would lack it.
 */
export function gaussianQuantiles(width: number): { readoutValues: number[]; readoutFractions: number[] } {
  const count = Math.min(MOST, width);
  const quantiles = Array.from({ length: count }, (_, k) => bisect((u) => normalCdf(u) - (k + 0.5) / count, -9, 9));
  const norm = Math.sqrt(quantiles.reduce((sum, u) => sum + u * u, 0) / count);
  return { readoutValues: quantiles.map((u) => u / norm), readoutFractions: quantiles.map(() => 1 / count) };
}
