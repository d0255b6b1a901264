/**
 * The classification error of real labels at a solution. It may change with κ on scales that neither features nor losses know:
 * with the sign of the target where κ says all of it, and with that of an output that hardly fluctuates.
 */
import { adaptGaussianRule } from "../numerics/gaussianAverage.ts";
import type { Table } from "../problem/table.ts";
import { localValues, type StateProbe } from "./grid.ts";
import { stepError, type StepLabels } from "./stepLabels.ts";

/** Error of the average, and the difference of two rules that vouches for it on the nodes of the solution. */
const TOLERANCE = 1e-11;
const [AGREED, FASTEST] = [1e-6, 1];
/** Nodes of less weight have no say in how fast the output changes. */
const NEGLIGIBLE = 1e-12;
/** Deviations of κ within which changes of sign are break points. */
const REACH = 8;
/** Steps of the target that are break points; more than these are averaged over. */
const MOST_BREAKS = 40;

/** E P(sign of the output ≠ sign of the target) over κ. */
export function classError({ rows, nodes, weights }: Table, probe: StateProbe, classes: StepLabels): number {
  const outputs = Array.from(nodes, (kappa) => ({ kappa, ...localValues(rows.at(kappa), probe) }));
  const scores = outputs.map(({ M, L, s2 }) => M / Math.sqrt(s2 + L * L));
  const { alignment, steps } = classes;
  const rho = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  let [sum, alternating, fastest] = [0, 0, 0];
  for (let i = 0; i < nodes.length; i++) {
    const term = weights[i]! * stepError(classes, outputs[i]!, 0, 0);
    sum += term;
    alternating += (i & 1) === 0 ? term : -term;
    if (i === 0 || !(weights[i]! > NEGLIGIBLE)) continue;
    const width = nodes[i]! - nodes[i - 1]!;
    const turning = steps.places.length > 0 ? (Math.abs(alignment) * width) / rho : 0;
    fastest = Math.max(fastest, Math.abs(scores[i]! - scores[i - 1]!), turning);
  }
  if (Math.abs(alternating) < AGREED && fastest < FASTEST) return sum;
  const turns = steps.places.map((place) => place / alignment).filter((kappa) => Math.abs(kappa) < REACH);
  const crossings = scores.slice(1).flatMap((score, k) => {
    const [before, left, right] = [scores[k]!, nodes[k]!, nodes[k + 1]!];
    return before < 0 !== score < 0 ? [left + ((right - left) * before) / (before - score)] : [];
  });
  const rule = adaptGaussianRule(
    (kappa, out) => {
      // Beside 1, so that an error that is small is not resolved for its own sake.
      out[0] = 1 + stepError(classes, { kappa, ...localValues(rows.at(kappa), probe) }, 0, 0);
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
