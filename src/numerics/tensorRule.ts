import { QuadratureError } from "../errors.ts";
import { type AxisRule, panelAxis, trapezoidAxis } from "./axisRule.ts";

/** A rule for the standard normal in q dimensions that can tell how well it resolves a function. */
export interface TensorRule {
  readonly dimension: number;
  /** Coordinate a of node i is coordinates[a][i]. */
  readonly coordinates: readonly Float64Array[];
  /** They sum to 1. */
  readonly weights: Float64Array;
  /**
   * Per axis, the estimated error of Σ w_i f_i, relative to Σ w_i |f_i|.
   *
   * @param least the error is relative to this at least: what vanishes by symmetry is made of rounding
   */
  errorsOf(values: Float64Array, least?: number): readonly number[];
}

/** Most nodes of a rule, negligible ones included: many more would fill the memory. */
const MOST_NODES = 2e6;
/** Below this weight a node does not count. */
const NEGLIGIBLE = 1e-19;

export function tensorRule(axes: readonly AxisRule[]): TensorRule {
  const q = axes.length;
  const kept: number[][] = [[]];
  let weights = [1];
  for (const axis of axes) {
    const [indices, products]: [number[][], number[]] = [[], []];
    kept.forEach((index, at) => {
      axis.weights.forEach((w, i) => {
        const product = weights[at]! * w;
        if (product < NEGLIGIBLE) return;
        indices.push([...index, i]);
        products.push(product);
      });
    });
    kept.splice(0, kept.length);
    for (const index of indices) kept.push(index);
    weights = products;
  }
  const total = weights.reduce((sum, w) => sum + w, 0);
  const normalised = Float64Array.from(weights, (w) => w / total);
  const coordinates = axes.map((axis, a) => Float64Array.from(kept, (index) => axis.nodes[index[a]!]!));
  // Weights of the rule that is coarser along one axis, minus those of the rule.
  const differences = axes.map((axis, a) =>
    axis.coarse.map((coarse) =>
      Float64Array.from(kept, (index, i) => normalised[i]! * (coarse[index[a]!]! / axis.weights[index[a]!]! - 1)),
    ),
  );
  return {
    dimension: q,
    coordinates,
    weights: normalised,
    errorsOf(values, least = 0) {
      const scale = Math.max(least, absolute(normalised, values));
      return axes.map(({ decay }, a) => {
        if (!(scale > 0)) return 0;
        const [first, second] = differences[a]!.map((weights) => Math.abs(inner(weights, values)) / scale);
        return first! * Math.min(1, first! / second! || 0) ** decay;
      });
    },
  };
}

function inner(weights: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * values[i]!;
  return sum;
}

function absolute(weights: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * Math.abs(values[i]!);
  return sum;
}

/** How an axis is discretised: equidistant, or on panels split at cuts. */
export interface AxisPlan {
  /** Undefined for the trapezoid rule. */
  readonly cuts?: readonly number[];
  /** Step of the trapezoid rule, or the longest panel. */
  readonly step: number;
}

export function axisOf({ cuts, step }: AxisPlan): AxisRule {
  return cuts ? panelAxis(cuts, undefined, step) : trapezoidAxis(step);
}

export interface TensorOptions {
  /** Largest relative error per axis. */
  readonly tolerance: number;
  /** Nodes beyond which refinement ends, and the error is what it is. */
  readonly maxNodes: number;
  readonly name: string;
}

/** A function to be resolved, relative to the average of its absolute value or to `least` if that is more. */
export interface Resolved {
  readonly values: Float64Array;
  readonly least: number;
}

/** By this a step is shortened where an axis is not resolved. */
const SHORTER = 0.7;

/**
 * A tensor rule fine enough for the functions, each axis on its own: steps are shortened along the axes that are not resolved.
 *
 * @param sample the functions on the nodes of a rule
 * @returns the rule, the last sample, and the largest error left, relative to the average of the absolute value
 * @throws QuadratureError where a function is not finite, or there are too many axes
 */
export function adaptTensorRule<S extends { readonly integrands: readonly Resolved[] }>(
  start: readonly AxisPlan[],
  sample: (rule: TensorRule) => S,
  { tolerance, maxNodes, name }: TensorOptions,
): { readonly rule: TensorRule; readonly sample: S; readonly error: number; readonly plan: readonly AxisPlan[] } {
  let plan = start;
  let resolved: ReturnType<typeof adaptTensorRule<S>> | undefined;
  for (;;) {
    const axes = plan.map(axisOf);
    const count = axes.reduce((product, { nodes }) => product * nodes.length, 1);
    if (count > MOST_NODES) {
      if (resolved) return resolved;
      throw new QuadratureError(name, `averages over ${plan.length} directions need ${count.toPrecision(2)} nodes`);
    }
    const rule = tensorRule(axes);
    const found = sample(rule);
    for (const { values } of found.integrands) requireFinite(values, rule, name);
    const errors = plan.map((_, a) =>
      Math.max(0, ...found.integrands.map(({ values, least }) => rule.errorsOf(values, least)[a]!)),
    );
    const error = errors.reduce((sum, e) => sum + e, 0);
    const next = plan.map((axis, a) => (errors[a]! > tolerance ? { ...axis, step: SHORTER * axis.step } : axis));
    const nodes = next.reduce((product, { step }) => product * (18 / step), 1);
    resolved = { rule, sample: found, error, plan };
    if (errors.every((e) => e <= tolerance) || nodes > maxNodes) return resolved;
    plan = next;
  }
}

function requireFinite(values: Float64Array, { coordinates }: TensorRule, name: string): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const at = coordinates.map((axis) => axis[bad]!.toPrecision(3)).join(", ");
  throw new QuadratureError(name, `integrand is ${values[bad]} at κ = (${at})`);
}
