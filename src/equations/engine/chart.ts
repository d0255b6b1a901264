import { gaussianDensity } from "../../numerics/gaussianRule.ts";

/** How a parameter t runs over the range of an average or integral. */
export interface Chart {
  /** Range of t. */
  readonly from: number;
  readonly to: number;
  place(t: number): number;
  /** Density times dx/dt. */
  weight(t: number): number;
  /** t of a place. */
  inverse(x: number): number;
}

const identity = (x: number): number => x;

export const GAUSSIAN: Chart = {
  from: -Infinity,
  to: Infinity,
  place: identity,
  weight: gaussianDensity,
  inverse: identity,
};

/** An infinite range becomes a finite one by a rational map, which keeps algebraic tails smooth. */
export function intervalChart(low: number, high: number): Chart {
  if (low > high) {
    const chart = intervalChart(high, low);
    return { ...chart, weight: (t) => -chart.weight(t) };
  }
  if (low > -Infinity && high < Infinity) {
    return { from: low, to: high, place: identity, weight: () => 1, inverse: identity };
  }
  if (low === -Infinity && high === Infinity) {
    return {
      from: -1,
      to: 1,
      place: (t) => t / (1 - t * t),
      weight: (t) => (1 + t * t) / ((1 - t * t) * (1 - t * t)),
      inverse: (x) => (2 * x) / (1 + Math.sqrt(1 + 4 * x * x)),
    };
  }
  const [end, sign] = low > -Infinity ? [low, 1] : [high, -1];
  return {
    from: 0,
    to: 1,
    place: (t) => end + (sign * t) / (1 - t),
    weight: (t) => 1 / ((1 - t) * (1 - t)),
    inverse: (x) => (sign * (x - end)) / (1 + sign * (x - end)),
  };
}
