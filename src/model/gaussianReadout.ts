import { ParameterError } from "../errors.ts";
import { gaussHermite } from "../numerics/gaussHermite.ts";

/**
 * A Gaussian first-layer readout a⁰_j = u_j/√p, u_j ~ N(0,1), as one with finite support: the Gauss–Hermite rule,
 * which has the same moments E u^k for k < 2·nodes (theory §6).
 *
 * @param nodes number of values, 2 to 25; 7 to 15 are enough for a learning curve
 * @throws ParameterError for another number
 * @example
 * gaussianReadout(3).readoutFractions[1].toFixed(6); // "0.666667"
 */
export function gaussianReadout(nodes: number): { readoutValues: number[]; readoutFractions: number[] } {
  if (!(Number.isInteger(nodes) && nodes >= 2 && nodes <= 25)) {
    throw new ParameterError("readoutNodes", nodes, "a whole number from 2 to 25");
  }
  const rule = gaussHermite(nodes);
  return { readoutValues: [...rule.nodes], readoutFractions: [...rule.weights] };
}
