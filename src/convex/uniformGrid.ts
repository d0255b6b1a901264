import type { Rows } from "../problem/rows.ts";
import { type GridRule, normalise } from "../numerics/gaussianRule.ts";
import { normalPdf } from "../numerics/normal.ts";
import { amplification, localValues, type StateProbe } from "./grid.ts";
import type { Resolution } from "./saddleAverages.ts";

/** Beyond these nothing has weight, however it is amplified. */
const FARTHEST = 20;
/** Parts in which a step is divided at once. */
const MOST_PARTS = 8;
/** An error that may be rounding. */
const LEAST_ERROR = 1e-15;
/** Averages of analytic functions gain digits by this factor when the step is halved; singularities make it less. */
const [LEAST_GAIN, LARGEST_GAIN] = [1.2, 2];

/** The step of equidistant nodes; undefined for others. */
export function uniformStep(nodes: Float64Array): number | undefined {
  const step = nodes[1]! - nodes[0]!;
  return nodes.every((z, i) => Math.abs(z - nodes[0]! - i * step) < 1e-6 * step) ? step : undefined;
}

/** The trapezoid rule on the points midway between the nodes of one; undefined for nodes of another kind. */
export function midpointRule(nodes: Float64Array): GridRule | undefined {
  const step = uniformStep(nodes);
  if (step === undefined) return undefined;
  // As multiples of the step, so that a grid of half the step has the same.
  const first = Math.round(nodes[0]! / step);
  const offset = nodes[0]! - first * step;
  return trapezoidRule(nodes.map((_, i) => (first + i + 0.5) * step + (Math.abs(offset) < 1e-9 * step ? 0 : offset)));
}

/** The factor by which the digits of averages grow when the step is halved, as far as the rules of larger steps tell. */
export function gainOfHalving({ halves, quarters }: Resolution): number {
  const digits = -Math.log(Math.max(halves, Number.MIN_VALUE));
  const before = -Math.log(Math.max(quarters, Number.MIN_VALUE));
  return before > 1 ? Math.min(LARGEST_GAIN, Math.max(1, digits / before)) : LARGEST_GAIN;
}

/** A step for an error, by how the digits have grown from the rule of fourfold step to that of twofold. */
export function stepFor(step: number, resolution: Resolution, tolerance: number): number {
  const digits = -Math.log(Math.max(resolution.halves, Number.MIN_VALUE));
  const gain = Math.max(LEAST_GAIN, gainOfHalving(resolution));
  return stepOfFamily(step, (parts) => digits * gain ** (1 + Math.log2(parts)) >= -Math.log(tolerance));
}

/** A step for an error, if the digits are those of a known error for another, times the number of nodes. */
export function stepLike(step: number, known: { step: number; error: number }, tolerance: number): number {
  const digits = -Math.log(Math.max(known.error, LEAST_ERROR)) * known.step;
  return stepOfFamily(step, (parts) => (digits * parts) / step >= -Math.log(tolerance));
}

/** Steps are of two families, each halved, so that the grids of a sweep have their nodes in common. */
function stepOfFamily(step: number, suffices: (parts: number) => boolean): number {
  for (let parts = 1; parts < MOST_PARTS; parts *= 2) {
    if (suffices(parts)) return step / parts;
    if (suffices((4 / 3) * parts)) return (0.75 * step) / parts;
  }
  return step / MOST_PARTS;
}

/** The rule of a step that reaches out as far as a solution needs: where features vanish, residuals weigh more. */
export function uniformRule(rows: Rows, step: number, probe: StateProbe, negligible: number): GridRule {
  const susceptibility = (kappa: number) => localValues(rows, kappa, probe).V;
  const centre = susceptibility(0);
  const weighs = (kappa: number) => {
    const density = normalPdf(kappa);
    // The features of the bulk of κ are not less than at the middle by this factor.
    if (density > negligible) return true;
    if (probe.stiffness === Infinity || Math.abs(kappa) > FARTHEST) return false;
    return density * amplification(probe.stiffness, centre, susceptibility(kappa)) > negligible;
  };
  const nodes = [0];
  for (const direction of [1, -1]) {
    for (let k = 1; weighs(direction * k * step); k++) nodes.push(direction * k * step);
  }
  return trapezoidRule(Float64Array.from(nodes).sort());
}

/** The trapezoid rule of half the step: what two that lie between each other make together. */
export function unitedRule(first: Float64Array, second: Float64Array): GridRule {
  return trapezoidRule(Float64Array.from([...first, ...second]).sort());
}

function trapezoidRule(nodes: Float64Array): GridRule {
  return { nodes, weights: normalise(nodes.map((z) => normalPdf(z))), errorOf: () => 0 };
}
