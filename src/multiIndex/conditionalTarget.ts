import { QuadratureError } from "../errors.ts";
import { AXIS_REACH, panelEdges, trapezoidAxis } from "../numerics/axisRule.ts";
import { PANEL_NODES } from "../numerics/adaptivePanels.ts";
import { gaussHermite } from "../numerics/gaussHermite.ts";
import { gaussianDensity } from "../numerics/gaussianRule.ts";
import { legendreRule } from "../numerics/gaussLegendre.ts";
import type { TensorRule } from "../numerics/tensorRule.ts";
import type { MultiIndexTarget } from "../target/multiIndexTarget.ts";
import { solveInPlace } from "../numerics/linearAlgebra.ts";
import { dot, type Rows, type SpecialGeometry } from "./geometry.ts";
import type { RestRule, RestVisitor } from "./restVisitor.ts";
import { type SharedRest, sharedRest } from "./sharedRest.ts";

/** 1/(1 + ((g − centre)/width)²) */
export interface Saturation {
  readonly centre: number;
  readonly width: number;
}

/** Averages of the target over ζ at the nodes of κ: h = E g, h_b = E[ζ_b g], the label's E g², and E[ζ_bζ_b′ g]. */
export interface ConditionalTargetValues {
  readonly h: Float64Array;
  /** One per ζ_b. */
  readonly slopes: readonly Float64Array[];
  /** E g² */
  readonly square: Float64Array;
  /** E[ζ_bζ_b′ g], rows b of columns b′ ≤ b. */
  readonly second: readonly (readonly Float64Array[])[];
}

export function conditionalTarget(
  rest: RestRule,
  { coordinates, weights }: Pick<TensorRule, "coordinates" | "weights">,
  dimension: number,
): ConditionalTargetValues {
  const count = weights.length;
  const column = () => new Float64Array(count);
  const axes = Array.from({ length: dimension }, (_, b) => b);
  const h = column();
  const square = column();
  const slopes = axes.map(column);
  const second = axes.map((b) => axes.slice(0, b + 1).map(column));
  const columns = [h, square, ...slopes, ...second.flat()];
  const all = new Float64Array(columns.length);
  const kappa = coordinates.map(() => 0);
  for (let i = 0; i < count; i++) {
    coordinates.forEach((axis, a) => (kappa[a] = axis[i]!));
    const at = { kappa, weight: weights[i]! };
    if (rest.averages) {
      rest.averages(at, all);
      columns.forEach((values, c) => (values[i] = all[c]!));
      continue;
    }
    rest.visit(at, (value, weight, zeta) => {
      const term = weight * value;
      h[i]! += term;
      square[i]! += term * value;
      for (let b = 0; b < dimension; b++) {
        const first = term * zeta[b]!;
        slopes[b]![i]! += first;
        for (let c = 0; c <= b; c++) second[b]![c]![i]! += first * zeta[c]!;
      }
    });
  }
  return { h, slopes, square, second };
}

/** Rules tried along one axis of ζ, fewest nodes first. */
function candidates(): readonly AxisNodes[] {
  const trapezoid = trapezoids();
  return (ladder ??= [
    ...[8, 14, 20, 28].map(gaussHermite),
    ...trapezoid.slice(0, 5),
    gaussHermite(100),
    ...trapezoid.slice(5),
  ]);
}
let ladder: readonly AxisNodes[] | undefined;

/** Those of them that are as accurate wherever their nodes are put. */
function trapezoids(): readonly TrapezoidNodes[] {
  return (equidistant ??= [0.4, 0.3, 0.22, 0.16, 0.12, 0.09, 0.06].map((step) => ({ step, ...trapezoidAxis(step) })));
}
let equidistant: readonly TrapezoidNodes[] | undefined;

interface AxisNodes {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

interface TrapezoidNodes extends AxisNodes {
  readonly step: number;
}

/** Relative difference from a finer rule at which one is taken for exact. */
const TOLERANCE = 1e-13;
/** The part of the tolerance that a saturating function has: what it is worth in the pencil. */
const SATURATION_SHARE = 0.01;
/** Points at one κ beyond which a target takes too long. */
const MOST_POINTS = 4e6;
/** Points of a grid that all κ share. */
const MOST_SHARED_POINTS = 2e7;
/** Points at one κ from which a grid that all κ share is faster. */
const SHARED_FROM = 4000;
/** Parts of L⁻¹Γᵀ below this part of the largest are rounding. */
const NO_SHIFT = 4e-15;
/** Where rules are compared: at these distances along the other axes and along κ. */
const PROBES = [0, 1.1, -1.7, 2.9, -3.8];

/**
 * The rule over ζ for a geometry: a tensor of rules that agree with finer ones; for a target with kinks, panels that are split
 * where the planes of kinks meet the axis, innermost axis by axis.
 *
 * @param saturation functions of the label that are to be resolved, too
 * @throws QuadratureError if the target is not finite somewhere, or needs too many points
 */
export function restRule(
  target: MultiIndexTarget,
  geometry: SpecialGeometry,
  saturation: readonly Saturation[] = [],
): RestRule {
  const { gamma, L, rest } = geometry;
  const origin = (kappa: readonly number[]) =>
    Array.from({ length: target.directions }, (_, i) => gamma.reduce((sum, row, a) => sum + row[i]! * kappa[a]!, 0));
  if (rest === 0) {
    const none = new Float64Array(0);
    return { size: 1, error: 0, visit: ({ kappa }, visitor) => visitor(finite(target, origin(kappa)), 1, none) };
  }
  const cut = target.planes.some(({ normal }) => hasPart(normal, L));
  return cut ? panelledRest(target, origin, L, rest) : smoothRest(target, origin, gamma, L, rest, saturation);
}

function hasPart(normal: readonly number[], L: Rows): boolean {
  return L[0]!.some((_, b) => Math.abs(normal.reduce((sum, n, i) => sum + n * L[i]![b]!, 0)) > 1e-9);
}

type Origin = (kappa: readonly number[]) => number[];

function smoothRest(
  target: MultiIndexTarget,
  origin: Origin,
  gamma: Rows,
  L: Rows,
  rest: number,
  saturation: readonly Saturation[],
): RestRule {
  const along = <R extends AxisNodes>(rules: readonly R[]) =>
    Array.from({ length: rest }, (_, b) => axisFor(target, origin, gamma.length, L, b, saturation, rules));
  const chosen = along(candidates());
  const size = chosen.reduce((product, { rule }) => product * rule.nodes.length, 1);
  const shared = rest > 1 && rest === L.length ? onSharedGrid(target, gamma, L, along(trapezoids())) : undefined;
  if (shared && size > SHARED_FROM) return shared;
  if (size > MOST_POINTS) {
    throw new QuadratureError(
      "target",
      `needs ${size.toExponential(1)} points given κ: too steep for ${rest} directions`,
    );
  }
  const { offsets, weights, zetas } = tensorOffsets(
    chosen.map(({ rule }) => rule),
    L,
  );
  const m = L.length;
  const s = new Float64Array(m);
  const zeta = new Float64Array(rest);
  const better = shared && shared.rows < size && shared.error <= Math.max(TOLERANCE, worst(chosen));
  return {
    size: weights.length,
    error: worst(chosen),
    ...(better && { averages: shared.averages }),
    visit({ kappa }, visitor) {
      const centre = origin(kappa);
      for (let j = 0; j < weights.length; j++) {
        for (let i = 0; i < m; i++) s[i] = centre[i]! + offsets[j * m + i]!;
        for (let b = 0; b < rest; b++) zeta[b] = zetas[j * rest + b]!;
        visitor(finite(target, s), weights[j]!, zeta);
      }
    },
  };
}

interface ChosenAxis<R extends AxisNodes = AxisNodes> {
  readonly rule: R;
  readonly error: number;
}

function worst(axes: readonly ChosenAxis[]): number {
  return Math.max(...axes.map(({ error }) => error));
}

function onSharedGrid(
  target: MultiIndexTarget,
  gamma: Rows,
  L: Rows,
  axes: readonly ChosenAxis<TrapezoidNodes>[],
): (SharedRest & RestRule) | undefined {
  const m = L.length;
  const shift = new Float64Array(m * gamma.length);
  L.forEach((_, i) => gamma.forEach((row, a) => (shift[i * gamma.length + a] = row[i]!)));
  if (!solveInPlace(Float64Array.from(L.flat()), shift, m, gamma.length)) return undefined;
  // Axes that κ does not move are to have one centre.
  const rounding = NO_SHIFT * shift.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const moved = shift.map((x) => (Math.abs(x) > rounding ? x : 0));
  const s = new Float64Array(m);
  const shared = sharedRest({
    value: (y) => {
      for (let i = 0; i < m; i++) {
        s[i] = 0;
        for (let b = 0; b < m; b++) s[i]! += L[i]![b]! * y[b]!;
      }
      return finite(target, s);
    },
    shift: L.map((_, b) => Array.from(moved.subarray(b * gamma.length, (b + 1) * gamma.length))),
    steps: axes.map(({ rule }) => rule.step),
    mostPoints: MOST_SHARED_POINTS,
  });
  return shared && { ...shared, error: worst(axes) };
}

function tensorOffsets(axes: readonly AxisNodes[], L: Rows) {
  const [rest, m] = [axes.length, L.length];
  let points: number[][] = [[]];
  let weights = [1];
  for (const { nodes, weights: w } of axes) {
    const next: [number[][], number[]] = [[], []];
    points.forEach((point, at) => {
      nodes.forEach((z, i) => {
        const product = weights[at]! * w[i]!;
        if (product < 1e-20) return;
        next[0].push([...point, z]);
        next[1].push(product);
      });
    });
    [points, weights] = next;
  }
  const total = weights.reduce((sum, w) => sum + w, 0);
  const offsets = new Float64Array(points.length * m);
  const zetas = new Float64Array(points.length * rest);
  points.forEach((zeta, j) => {
    zetas.set(zeta, j * rest);
    for (let i = 0; i < m; i++) offsets[j * m + i] = dot(L[i]!, zeta);
  });
  return { offsets, zetas, weights: Float64Array.from(weights, (w) => w / total) };
}

/** The first of the rules along ζ_b that agrees with the finest one, in E g, E[ζg], E[ζ²g] and E g². */
function axisFor<R extends AxisNodes>(
  target: MultiIndexTarget,
  origin: Origin,
  q: number,
  L: Rows,
  b: number,
  saturation: readonly Saturation[],
  rules: readonly R[],
): ChosenAxis<R> {
  const finest = trapezoidAxis(0.045, 12);
  const centres = PROBES.map((x, p) => {
    const s = origin(Array.from({ length: q }, (_, a) => PROBES[(p + a) % PROBES.length]!));
    return s.map((value, i) => value + L[i]!.reduce((sum, l, c) => (c === b ? sum : sum + l * x), 0));
  });
  const averages = ({ nodes, weights }: AxisNodes) =>
    centres.map((centre) => {
      const sums = new Array<number>(5 + saturation.length).fill(0);
      nodes.forEach((z, j) => {
        const value = finite(
          target,
          centre.map((c, i) => c + L[i]![b]! * z),
        );
        [value, z * value, z * z * value, value * value, Math.abs(value)].forEach(
          (term, c) => (sums[c]! += weights[j]! * term),
        );
        saturation.forEach(({ centre: at, width }, c) => {
          sums[5 + c]! += weights[j]! * (1 / (1 + ((value - at) / width) ** 2));
        });
      });
      return sums;
    });
  const exact = averages(finest);
  let best: ChosenAxis<R> | undefined;
  for (const rule of rules) {
    const error = Math.max(
      ...averages(rule).map((sums, p) => {
        const [, , , square, size] = exact[p]!;
        const scale = Math.max(size!, Math.sqrt(square!)) || 1;
        return Math.max(
          ...[0, 1, 2].map((c) => Math.abs(sums[c]! - exact[p]![c]!) / scale),
          Math.abs(sums[3]! - square!) / (scale * scale),
          ...saturation.map((_, c) => SATURATION_SHARE * Math.abs(sums[5 + c]! - exact[p]![5 + c]!)),
        );
      }),
    );
    if (!best || error < best.error) best = { rule, error };
    if (error <= TOLERANCE) break;
  }
  return best!;
}

/** Longest panel in ζ. */
const PANEL = 1.8;

function panelledRest(target: MultiIndexTarget, origin: Origin, L: Rows, rest: number): RestRule {
  const m = L.length;
  const { nodes: unit, weights: unitWeights } = legendreRule(PANEL_NODES);
  // A plane n·s = c cuts the innermost axis on which its normal has a part, at a place that the outer axes move.
  const cutting = target.planes.flatMap(({ normal, offset }) => {
    const along = Array.from({ length: rest }, (_, b) => normal.reduce((sum, n, i) => sum + n * L[i]![b]!, 0));
    const axis = along.findLastIndex((part) => Math.abs(part) > 1e-9);
    return axis < 0 ? [] : [{ normal, offset, along, axis }];
  });
  // Planes through which the outer axes' integrands are not smooth: all but one per axis.
  const perAxis = Array.from({ length: rest }, (_, b) => cutting.filter(({ axis }) => axis === b));
  const oblique = perAxis.some(
    (planes, b) => b > 0 && planes.length > 1 && !parallel(planes.map(({ along }) => along)),
  );
  const longest = oblique ? PANEL / 3 : PANEL;
  const zeta = new Float64Array(rest);
  const size = Math.ceil((2 * AXIS_REACH) / longest + 1) ** rest * PANEL_NODES ** rest;
  if (size > MOST_POINTS) {
    throw new QuadratureError("target", `needs ${size.toExponential(1)} points given κ: kinks in ${rest} directions`);
  }

  function along(axis: number, s: Float64Array, weight: number, visitor: RestVisitor): void {
    if (axis === rest) {
      visitor(finite(target, s), weight, zeta);
      return;
    }
    const cuts = perAxis[axis]!.map(({ normal, offset, along: part }) => {
      const at = normal.reduce((sum, n, i) => sum + n * s[i]!, 0);
      return (offset - at) / part[axis]!;
    });
    const edges = panelEdges(cuts, AXIS_REACH, longest);
    const inner = new Float64Array(m);
    for (let panel = 0; panel + 1 < edges.length; panel++) {
      const half = 0.5 * (edges[panel + 1]! - edges[panel]!);
      for (let j = 0; j < PANEL_NODES; j++) {
        const z = edges[panel]! + half * (1 + unit[j]!);
        const share = weight * half * unitWeights[j]! * gaussianDensity(z);
        if (share < 1e-21) continue;
        zeta[axis] = z;
        for (let i = 0; i < m; i++) inner[i] = s[i]! + L[i]![axis]! * z;
        along(axis + 1, inner, share, visitor);
      }
    }
  }

  return {
    size,
    // Crossings of several oblique planes leave kinks of third order in the outer integrals.
    error: oblique ? OBLIQUE_ERROR : 0,
    visit: ({ kappa }, visitor) => along(0, Float64Array.from(origin(kappa)), 1, visitor),
  };
}

const OBLIQUE_ERROR = 1e-8;

function parallel(vectors: Rows): boolean {
  const [first, ...others] = vectors;
  return others.every((other) => {
    const cosine = dot(first!, other) / (Math.hypot(...first!) * Math.hypot(...other));
    return Math.abs(Math.abs(cosine) - 1) < 1e-9;
  });
}

function finite(target: MultiIndexTarget, s: ArrayLike<number>): number {
  const value = target.value(s);
  if (Number.isFinite(value)) return value;
  const at = Array.from(s, (x) => x.toPrecision(3)).join(", ");
  throw new QuadratureError("target", `${target.name} is ${value} at s = (${at})`);
}
