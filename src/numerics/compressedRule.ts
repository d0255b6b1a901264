const NODES = 16;
const PANEL_LENGTH = 0.8;

/** Chebyshev nodes of the first kind and their barycentric weights. */
const ANGLES = Array.from({ length: NODES }, (_, j) => ((2 * j + 1) * Math.PI) / (2 * NODES));
const CHEBYSHEV = Float64Array.from(ANGLES, (angle) => -Math.cos(angle));
const BARYCENTRIC = Float64Array.from(ANGLES, (angle, j) => (j % 2 === 0 ? 1 : -1) * Math.sin(angle));

/** A discrete rule: columns of weights over ascending nodes. */
export interface WeightedNodes {
  readonly nodes: Float64Array;
  readonly weights: readonly Float64Array[];
}

/** Collects points into a rule of few nodes. */
export interface RuleCompressor {
  /** Ends of the panels, ascending. */
  readonly edges: Float64Array;
  add(y: number, weights: readonly number[]): void;
  rule(): WeightedNodes;
}

/**
 * Replaces a discrete rule of many points in [low, high] by one of few, exact to rounding for functions that are analytic
 * in t = asinh(y/scale) up to |Im t| = π/2: polynomial in y, or with poles on the imaginary axis beyond ±i·scale. The t axis
 * is cut into panels, and each weight is spread over the panel's Chebyshev nodes by Lagrange interpolation.
 *
 * @param columns number of weights per point
 */
export function ruleCompressor(low: number, high: number, scale: number, columns: number): RuleCompressor {
  const start = Math.asinh(low / scale);
  const length = Math.asinh(high / scale) - start;
  const panels = Math.max(1, Math.ceil(length / PANEL_LENGTH));
  const half = (0.5 * length) / panels || 1;
  const edges = Float64Array.from({ length: panels + 1 }, (_, k) => scale * Math.sinh(start + 2 * k * half));
  const nodes = new Float64Array(panels * NODES);
  for (let i = 0; i < nodes.length; i++) {
    nodes[i] = scale * Math.sinh(start + half * (2 * Math.floor(i / NODES) + 1 + CHEBYSHEV[i % NODES]!));
  }
  const weights = Array.from({ length: columns }, () => new Float64Array(nodes.length));
  const lagrange = new Float64Array(NODES);
  return {
    edges,
    add(y, values) {
      const t = (Math.asinh(y / scale) - start) / (2 * half);
      const panel = Math.max(0, Math.min(panels - 1, Math.floor(t)));
      lagrangeValues(2 * (t - panel) - 1, lagrange);
      for (let c = 0; c < columns; c++) {
        const [column, value] = [weights[c]!, values[c]!];
        for (let j = 0; j < NODES; j++) column[panel * NODES + j]! += value * lagrange[j]!;
      }
    },
    rule: () => withoutNegligible({ nodes, weights }),
  };
}

/** Without the nodes whose weights are all too small to count, as in panels that hold hardly any points. */
function withoutNegligible({ nodes, weights }: WeightedNodes): WeightedNodes {
  const sizes = weights.map((column) => column.reduce((sum, w) => sum + Math.abs(w), 0));
  const kept = (_: number, i: number) => weights.some((column, c) => Math.abs(column[i]!) > 1e-30 * sizes[c]!);
  return { nodes: nodes.filter(kept), weights: weights.map((column) => column.filter(kept)) };
}

function lagrangeValues(t: number, out: Float64Array): void {
  let sum = 0;
  for (let j = 0; j < NODES; j++) {
    const distance = t - CHEBYSHEV[j]!;
    if (distance === 0) {
      out.fill(0);
      out[j] = 1;
      return;
    }
    out[j] = BARYCENTRIC[j]! / distance;
    sum += out[j]!;
  }
  for (let j = 0; j < NODES; j++) out[j]! /= sum;
}
