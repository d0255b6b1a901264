import { discreteGauss, type WeightedNodes } from "./discreteGauss.ts";

const NODES = 16;
const PANEL_LENGTH = 0.8;
/** A panel with less than this part of the measure does not count. */
const NEGLIGIBLE = 1e-30;

/** Collects points into a rule of few nodes. */
export interface RuleCompressor {
  /** Ends of the panels, ascending. */
  readonly edges: Float64Array;
  /** @param weights the first is the measure, not negative */
  add(y: number, weights: readonly number[]): void;
  rule(): WeightedNodes;
}

/**
 * Replaces a discrete rule of many points in [low, high] by one of few, exact to rounding for functions that are analytic
 * in t = asinh(y/scale) up to |Im t| = π/2: polynomial in y, or with poles on the imaginary axis beyond ±i·scale. The t axis
 * is cut into panels, and each becomes the Gauss rule of its points.
 *
 * @param columns number of weights per point
 */
export function ruleCompressor(low: number, high: number, scale: number, columns: number): RuleCompressor {
  const start = Math.asinh(low / scale);
  const length = Math.asinh(high / scale) - start;
  const count = Math.max(1, Math.ceil(length / PANEL_LENGTH));
  const step = length / count || 1;
  const edges = Float64Array.from({ length: count + 1 }, (_, k) => scale * Math.sinh(start + k * step));
  const panels = Array.from({ length: count }, () => ({
    points: [] as number[],
    weights: Array.from({ length: columns }, () => [] as number[]),
  }));
  return {
    edges,
    add(y, values) {
      const t = Math.asinh(y / scale);
      const panel = panels[Math.max(0, Math.min(count - 1, Math.floor((t - start) / step)))]!;
      panel.points.push(t);
      for (let c = 0; c < columns; c++) panel.weights[c]!.push(values[c]!);
    },
    rule() {
      const sizes = panels.map(({ weights }) => weights[0]!.reduce((sum, w) => sum + w, 0));
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const rules = panels
        .filter((_, k) => sizes[k]! > NEGLIGIBLE * total)
        .map(({ points, weights }) =>
          discreteGauss(
            { nodes: Float64Array.from(points), weights: weights.map((column) => Float64Array.from(column)) },
            NODES,
          ),
        );
      return {
        nodes: Float64Array.from(rules.flatMap(({ nodes }) => Array.from(nodes, (t) => scale * Math.sinh(t)))),
        weights: Array.from({ length: columns }, (_, c) =>
          Float64Array.from(rules.flatMap(({ weights }) => Array.from(weights[c]!))),
        ),
      };
    },
  };
}
