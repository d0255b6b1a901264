import { PANEL_NODES } from "./adaptivePanels.ts";
import { gaussianDensity } from "./gaussianRule.ts";
import { legendreRule } from "./gaussLegendre.ts";
import { solveInPlace } from "./linearAlgebra.ts";

/**
 * A rule for the standard normal along one axis of a tensor, with two coarser rules on the same nodes: what they differ by
 * tells how fast the rule converges.
 */
export interface AxisRule {
  /** Ascending. */
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  /** The weights of a coarser rule and of one coarser still. */
  readonly coarse: readonly [Float64Array, Float64Array];
  /**
   * With A the error of the first coarse rule and B that of the second, the error is at most A min(1, A/B)^decay: where the
   * rules converge exponentially with room to spare, where they hardly converge A itself.
   */
  readonly decay: number;
}

/** |z| beyond which nothing counts: exp(−8.5²/2) = 2e-16, with room for the polynomials of theory in the rules. */
export const AXIS_REACH = 9;

/** The trapezoid rule of a given step: exponentially accurate for what is analytic. Its coarser rules have 2 and 4 times the step. */
export function trapezoidAxis(step: number, reach = AXIS_REACH): AxisRule {
  const half = Math.ceil(reach / step);
  const nodes = Float64Array.from({ length: 2 * half + 1 }, (_, i) => (i - half) * step);
  const every = (n: number) => unitSum(nodes.map((z, i) => ((i - half) % n === 0 ? gaussianDensity(z) : 0)));
  return { nodes, weights: every(1), coarse: [every(2), every(4)], decay: 1 };
}

/** Nodes of a panel that the coarser rules use: interpolatory on 6 and on 4 of 12. */
const COARSE_NODES = [
  [0, 2, 4, 7, 9, 11],
  [1, 4, 7, 10],
] as const;
const PANEL_LENGTH = 1.6;

/** Gauss–Legendre panels split at the cuts. */
export function panelAxis(cuts: readonly number[], reach = AXIS_REACH, longest = PANEL_LENGTH): AxisRule {
  const edges = panelEdges(cuts, reach, longest);
  const { nodes: unit, weights: unitWeights } = legendreRule(PANEL_NODES);
  const count = (edges.length - 1) * PANEL_NODES;
  const nodes = new Float64Array(count);
  const columns = [unitWeights, ...coarseWeights()].map((local) => ({ local, weights: new Float64Array(count) }));
  for (let panel = 0; panel + 1 < edges.length; panel++) {
    const half = 0.5 * (edges[panel + 1]! - edges[panel]!);
    for (let i = 0; i < PANEL_NODES; i++) {
      const at = panel * PANEL_NODES + i;
      nodes[at] = edges[panel]! + half * (1 + unit[i]!);
      for (const { local, weights } of columns) weights[at] = half * local[i]! * gaussianDensity(nodes[at]);
    }
  }
  const [weights, first, second] = columns.map((column) => unitSum(column.weights));
  return { nodes, weights: weights!, coarse: [first!, second!], decay: 4 };
}

/** Ends of panels no longer than `longest`, split at the cuts. */
export function panelEdges(cuts: readonly number[], reach: number, longest: number): number[] {
  const ends = [...new Set([-reach, ...cuts.filter((x) => Math.abs(x) < reach), reach])].sort((a, b) => a - b);
  const edges = [ends[0]!];
  for (let i = 0; i + 1 < ends.length; i++) {
    const [left, right] = [ends[i]!, ends[i + 1]!];
    const count = Math.max(1, Math.ceil((right - left) / longest));
    for (let k = 1; k <= count; k++) edges.push(k === count ? right : left + ((right - left) * k) / count);
  }
  return edges;
}

let interpolatory: readonly Float64Array[] | undefined;

/** Weights on [−1, 1] that integrate the interpolants through the chosen nodes. */
function coarseWeights(): readonly Float64Array[] {
  const { nodes, analysis } = legendreRule(PANEL_NODES);
  return (interpolatory ??= COARSE_NODES.map((chosen) => {
    const n = chosen.length;
    // Row k demands ∫ P_k exactly; the polynomials come from the analysis rows, which are (k + ½) w P_k.
    const weights = legendreRule(PANEL_NODES).weights;
    const matrix = Float64Array.from({ length: n * n }, (_, at) => {
      const [k, i] = [Math.floor(at / n), chosen[at % n]!];
      return analysis[k]![i]! / ((k + 0.5) * weights[i]!);
    });
    const right = Float64Array.from({ length: n }, (_, k) => (k === 0 ? 2 : 0));
    solveInPlace(matrix, right, n, 1);
    const all = new Float64Array(nodes.length);
    chosen.forEach((i, position) => (all[i] = right[position]!));
    return all;
  }));
}

function unitSum(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}
