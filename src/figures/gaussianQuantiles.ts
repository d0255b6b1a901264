import { bisect } from "../numerics/bisect.ts";
import { discreteGauss } from "../numerics/discreteGauss.ts";
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

/**
 * The same readout for the theory: a few values with the moments of the quantiles, E u^k for k < 2·nodes. Their tails are shorter than
 * a Gaussian's (E u⁴ = 2.77 of 64), which spikes of higher powers see.
 */
export function quantilesRule(width: number, nodes: number): { readoutValues: number[]; readoutFractions: number[] } {
  const { readoutValues, readoutFractions } = gaussianQuantiles(width);
  const measure = { nodes: Float64Array.from(readoutValues), weights: [Float64Array.from(readoutFractions)] };
  const rule = discreteGauss(measure, nodes);
  return { readoutValues: [...rule.nodes], readoutFractions: [...rule.weights[0]!] };
}
