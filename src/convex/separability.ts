import { strengthAt } from "../problem/problem.ts";
import type { Table } from "../problem/table.ts";
import { solveInPlace } from "../numerics/linearAlgebra.ts";
import type { LabelLaw } from "./labelLaw.ts";

const MOST_STEPS = 60;
/** Samples this few have no say. */
const NEGLIGIBLE = 1e-13;

/** How far the unpenalised channels separate labels that are certain. */
export interface Separation {
  readonly kinds: string;
  /** Least share of the samples that is on the wrong side; 0 if there is none. */
  readonly share: number;
}

/**
 * Whether the labels are a sign of κ for certain and some combination of the unpenalised channels has that sign everywhere:
 * its coefficient is then infinite (convexLosses §6). Found by logistic regression of the labels on those channels, which
 * separates them as it diverges if anything does.
 *
 * @returns undefined if labels are not certain or no channel is unpenalised
 */
export function channelSeparation(tabulated: () => Table, { alignment, signs }: LabelLaw): Separation | undefined {
  if (Math.abs(alignment) !== 1 || !signs || signs.law.kind !== "steps" || signs.law.noise > 0) return undefined;
  if (signs.law.steps.values.some((value) => Math.abs(value) !== 1)) return undefined;
  const { mean } = signs;
  const { channels, nodes, weights } = tabulated();
  const free = channels.filter(({ strength }) => strengthAt(strength, 1) === Infinity);
  const scaled = free.flatMap(({ parts: [values] }) => {
    if (!values) return [];
    const norm = Math.sqrt(values.reduce((sum, value, i) => sum + weights[i]! * value * value, 0));
    return norm > 1e-12 ? [values.map((value) => value / norm)] : [];
  });
  if (scaled.length === 0) return undefined;
  const labels = nodes.map((kappa) => Math.sign(mean.value(alignment * kappa)));
  const kinds = [...new Set(free.map(({ kind }) => kind))].join(" and ");
  const t = new Float64Array(scaled.length);
  let share = 1;
  for (let step = 0; step < MOST_STEPS; step++) {
    const change = newtonStep(scaled, labels, weights, t);
    if (!change) break;
    for (let c = 0; c < t.length; c++) t[c]! += change[c]!;
    share = Math.min(share, wrongShare(scaled, labels, weights, t));
    if (share < NEGLIGIBLE) return { kinds, share: 0 };
    if (change.every((value, c) => Math.abs(value) < 1e-10 * (1 + Math.abs(t[c]!)))) break;
  }
  return { kinds, share };
}

function newtonStep(
  channels: readonly Float64Array[],
  labels: Float64Array,
  weights: Float64Array,
  t: Float64Array,
): Float64Array | undefined {
  const C = channels.length;
  const [gradient, hessian] = [new Float64Array(C), new Float64Array(C * C)];
  for (let i = 0; i < labels.length; i++) {
    let margin = 0;
    for (let c = 0; c < C; c++) margin += labels[i]! * t[c]! * channels[c]![i]!;
    const p = 1 / (1 + Math.exp(margin));
    for (let c = 0; c < C; c++) {
      gradient[c]! += weights[i]! * p * labels[i]! * channels[c]![i]!;
      for (let d = 0; d < C; d++) {
        hessian[c * C + d]! += weights[i]! * p * (1 - p) * channels[c]![i]! * channels[d]![i]!;
      }
    }
  }
  for (let c = 0; c < C; c++) hessian[c * C + c]! += 1e-13;
  return solveInPlace(hessian, gradient, C, 1) && gradient.every(Number.isFinite) ? gradient : undefined;
}

function wrongShare(
  channels: readonly Float64Array[],
  labels: Float64Array,
  weights: Float64Array,
  t: Float64Array,
): number {
  let share = 0;
  labels.forEach((label, i) => {
    const margin = channels.reduce((sum, values, c) => sum + label * t[c]! * values[i]!, 0);
    if (!(margin > 0) && label !== 0) share += weights[i]!;
  });
  return share;
}
