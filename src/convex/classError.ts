/**
 * The classification error of real labels at a solution. It may change with κ on scales that neither features nor losses know:
 * with the sign of the target where κ says all of it, and with that of an output that hardly fluctuates.
 */
import { adaptGaussianRule } from "../numerics/gaussianAverage.ts";
import type { Table } from "../problem/table.ts";
import { localValues, type StateProbe } from "./grid.ts";
import { type OutputGiven, stepError, type StepLabels } from "./stepLabels.ts";
import { midpointRule } from "./uniformGrid.ts";

/** Error of the average. */
const TOLERANCE = 1e-11;
/** The difference of the rules of every second node that vouches for an average, if nothing changes faster than by this from node to node. */
const [AGREED, FASTEST] = [1e-6, 1];
/** Nodes of less weight have no error. */
const IMPOSSIBLE = 1e-17;
/** Nodes of less weight have no say in how fast the output changes. */
const NEGLIGIBLE = 1e-12;
/** Deviations of κ within which changes of sign are break points. */
const REACH = 8;
/** Steps of the target that are break points; more than these are averaged over. */
const MOST_BREAKS = 40;

/** E P(sign of the output ≠ sign of the target) over κ. */
export function classError({ rows, nodes, weights }: Table, probe: StateProbe, classes: StepLabels): number {
  const outputAt = (kappa: number): OutputGiven => ({ kappa, ...localValues(rows.at(kappa), probe) });
  const { alignment, steps } = classes;
  const own = averageOn({ nodes, weights }, outputAt, classes);
  if (own.halves < AGREED && fastestOn(own, classes) < FASTEST) return own.sum;
  const between = midpointRule(nodes);
  if (between) {
    // Rules as close as this need not be extrapolated from: sharp changes far out are no matter of how digits grow.
    const other = averageOn(between, outputAt, classes);
    if (Math.abs(own.sum - other.sum) < TOLERANCE) return 0.5 * (own.sum + other.sum);
  }
  const { scores } = own;
  const turns = steps.places.map((place) => place / alignment).filter((kappa) => Math.abs(kappa) < REACH);
  const crossings = scores.slice(1).flatMap((score, k) => {
    const [before, left, right] = [scores[k]!, nodes[k]!, nodes[k + 1]!];
    return before < 0 !== score < 0 ? [left + ((right - left) * before) / (before - score)] : [];
  });
  const rule = adaptGaussianRule(
    (kappa, out) => {
      // Beside 1, so that an error that is small is not resolved for its own sake.
      out[0] = 1 + stepError(classes, outputAt(kappa), 0, 0);
    },
    {
      dimension: 1,
      breakpoints: [...crossings, ...(turns.length <= MOST_BREAKS ? turns : [])].sort((a, b) => a - b),
      tolerance: TOLERANCE,
      name: "the classification error given κ",
      resolution: rows.problem.resolution,
    },
  );
  return rule.nodes.reduce((total, _, i) => total + rule.weights[i]! * (rule.values[i]! - 1), 0);
}

interface NodeAverage {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  readonly sum: number;
  /** How far the rules of every second node are apart. */
  readonly halves: number;
  /** The output in its deviations, node by node. */
  readonly scores: readonly number[];
}

function averageOn(
  { nodes, weights }: Pick<NodeAverage, "nodes" | "weights">,
  outputAt: (kappa: number) => OutputGiven,
  classes: StepLabels,
): NodeAverage {
  let [sum, alternating] = [0, 0];
  const scores = Array.from(nodes, (kappa, i) => {
    const output = outputAt(kappa);
    const term = weights[i]! > IMPOSSIBLE ? weights[i]! * stepError(classes, output, 0, 0) : 0;
    sum += term;
    alternating += (i & 1) === 0 ? term : -term;
    return output.M / Math.sqrt(output.s2 + output.L * output.L);
  });
  return { nodes, weights, sum, halves: Math.abs(alternating), scores };
}

/** The largest change from node to node, of the output in its deviations and of the target's places in theirs. */
function fastestOn({ nodes, weights, scores }: NodeAverage, classes: StepLabels): number {
  const { alignment, steps } = classes;
  const rho = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  let fastest = 0;
  for (let i = 1; i < nodes.length; i++) {
    if (!(weights[i]! > NEGLIGIBLE)) continue;
    const width = nodes[i]! - nodes[i - 1]!;
    const turning = steps.places.length > 0 ? (Math.abs(alignment) * width) / rho : 0;
    fastest = Math.max(fastest, Math.abs(scores[i]! - scores[i - 1]!), turning);
  }
  return fastest;
}
