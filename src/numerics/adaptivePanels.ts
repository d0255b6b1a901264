import { QuadratureError } from "../errors.ts";
import { legendreRule } from "./gaussLegendre.ts";
import {
  type AdaptedRule,
  type AverageOptions,
  BODY,
  END,
  gaussianDensity,
  type Integrand,
  normalise,
  notDecaying,
  sampleAt,
} from "./gaussianRule.ts";

/** Nodes of a panel, and the longest panel: at this length σ times the density of a smooth σ is resolved. */
export const PANEL_NODES = 12;
export const PANEL_LENGTH = 1.6;
const MOST_PANELS = 6000;
/** An integrand that vanishes but for the far tail, like relu(z − 37), has an average of zero. */
const UNDERFLOW = 1e-270;

interface Panel {
  readonly left: number;
  readonly right: number;
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  /** Node-major values of the integrand. */
  readonly values: Float64Array;
  /** ∫|f|·density per component. */
  readonly absolute: Float64Array;
  /** Estimated error of ∫ f·density per component. */
  readonly errors: Float64Array;
  /** What its last coefficients amount to per component. */
  readonly tails: Float64Array;
  /** Whether nothing varies unseen, as far as that is known. */
  readonly seen: boolean;
}

/**
 * Composite Gauss–Legendre rule with the normal density in its weights: panels are split at the break points and
 * bisected where the last Legendre coefficients of a component say that it is not resolved. An n-point rule is exact
 * to twice the degree of the interpolant, so the error is the square of the relative size of those coefficients.
 *
 * @throws QuadratureError if the integrand is not finite somewhere, does not decay, or needs too many panels
 */
export function adaptivePanels(integrand: Integrand, options: AverageOptions): AdaptedRule {
  const measure = measureOf(integrand, options, NORMAL);
  const rule = bisected(measure, initialPanels(measure, options), NORMAL, options);
  return { ...rule, weights: normalise(rule.weights) };
}

/** Of a finite interval: where it is, what of the integrand is known, and what is asked for. */
export interface IntervalOptions extends Omit<AverageOptions, "thrifty" | "prepare"> {
  /** Ends of the interval, `from` < `to`. */
  readonly from: number;
  readonly to: number;
}

/** Panels that an interval without break points begins with. */
const FIRST_PANELS = 4;

/**
 * Composite Gauss–Legendre rule for ∫ f(x) dx from `from` to `to`, fine enough for f: panels of twelve nodes, split at the break
 * points and bisected where the last Legendre coefficients of f do not vanish. Without `resolution`, what varies between all
 * nodes is not seen. Kinks and jumps that are no break points cost panels and leave up to 1e-8, which `error` says.
 *
 * @param integrand writes the components of f at x into its second argument
 * @returns nodes in (from, to) ascending, weights that sum to to − from, the values of f, and the estimated error relative to ∫|f|
 * @throws RangeError unless −∞ < from < to < ∞
 * @throws QuadratureError if f is not finite somewhere, or is not resolved
 * @example
 * const runge = (x, out) => (out[0] = 1 / (1 + 25 * x * x));
 * const rule = legendrePanels(runge, { from: -1, to: 1, dimension: 1, tolerance: 1e-13, name: "runge" });
 * rule.values.reduce((sum, f, i) => sum + rule.weights[i] * f, 0).toFixed(12); // "0.549360306778"
 */
export function legendrePanels(integrand: Integrand, options: IntervalOptions): AdaptedRule {
  const { from, to } = options;
  if (!(from < to && Number.isFinite(to - from))) {
    throw new RangeError(`legendrePanels: from = ${from}, to = ${to}, legal −∞ < from < to < ∞`);
  }
  const measure = measureOf(integrand, options, EVEN);
  const inside = (options.breakpoints ?? []).filter((x) => x > from && x < to);
  return bisected(measure, between([from, ...inside, to], (to - from) / FIRST_PANELS, measure), EVEN, options);
}

type Measure = (left: number, right: number) => Panel;

/** What an integrand is weighed with. */
interface Weight {
  readonly density: (x: number) => number;
  /** |x| beyond which the weight makes up for an integrand that is infinite in double precision only. */
  readonly body: number;
}

const NORMAL: Weight = { density: gaussianDensity, body: BODY };
const EVEN: Weight = { density: () => 1, body: Infinity };

/** Bisects panels until each sees what varies on it and resolves every component. */
function bisected(
  measure: Measure,
  first: Panel[],
  weight: Weight,
  { dimension, tolerance, rounding = 0, name }: AverageOptions,
): AdaptedRule {
  let panels = first;
  for (;;) {
    const scale = new Float64Array(dimension);
    for (const panel of panels) for (let c = 0; c < dimension; c++) scale[c]! += panel.absolute[c]!;
    const allowed = scale.map((s) => (tolerance * s) / 16);
    const coarse = (panel: Panel) =>
      (!panel.seen || panel.errors.some((error, c) => error > allowed[c]! && panel.tails[c]! > rounding * scale[c]!)) &&
      panel.right - panel.left > 1e-14 * (1 + Math.abs(panel.left));
    if (!panels.some(coarse)) return resolved(assemble(panels, scale, dimension, weight), tolerance, name);
    panels = panels.flatMap((panel) => {
      if (!coarse(panel)) return [panel];
      const middle = 0.5 * (panel.left + panel.right);
      return [measure(panel.left, middle), measure(middle, panel.right)];
    });
    if (panels.length > MOST_PANELS) throw new QuadratureError(name, `not resolved by ${MOST_PANELS} panels`);
  }
}

/** Panels at rounding length may still leave this much: a jump does not, a pole does. */
const WORST_ERROR = 1e-8;

function resolved(rule: AdaptedRule, tolerance: number, name: string): AdaptedRule {
  if (rule.error <= Math.max(WORST_ERROR, tolerance)) return rule;
  throw new QuadratureError(name, `a singularity is not integrable (relative error ${rule.error.toExponential(1)})`);
}

/** Covers the body, split at the break points, and grows outward while the outermost panels still count. */
function initialPanels(measure: Measure, options: AverageOptions): Panel[] {
  const inside = (options.breakpoints ?? []).filter((x) => Math.abs(x) < BODY);
  const panels = between([-BODY, ...inside, BODY], PANEL_LENGTH, measure);
  const scale = new Float64Array(options.dimension);
  const add = (panel: Panel) => panel.absolute.forEach((value, c) => (scale[c]! += value));
  panels.forEach(add);
  const counts = (panel: Panel) => panel.absolute.some((value, c) => value > 1e-17 * scale[c]! + UNDERFLOW);
  for (const direction of [1, -1]) {
    for (;;) {
      const outer = direction === 1 ? panels.at(-1)! : panels[0]!;
      if (!counts(outer)) break;
      if (outer.right >= END || outer.left <= -END) throw notDecaying(options.name, outer.right);
      const grown =
        direction === 1
          ? measure(outer.right, outer.right + PANEL_LENGTH)
          : measure(outer.left - PANEL_LENGTH, outer.left);
      add(grown);
      if (direction === 1) panels.push(grown);
      else panels.unshift(grown);
    }
  }
  return panels;
}

/** Panels between all cuts, in any order, none longer than `longest`. */
function between(all: readonly number[], longest: number, measure: Measure): Panel[] {
  const cuts = [...new Set(all)].sort((a, b) => a - b);
  return cuts.slice(1).flatMap((to, i) => {
    const from = cuts[i]!;
    const count = Math.ceil((to - from) / longest);
    const edge = (k: number) => from + ((to - from) * k) / count;
    return Array.from({ length: count }, (_, k) => measure(edge(k), edge(k + 1)));
  });
}

const measureOf =
  (integrand: Integrand, options: AverageOptions, weight: Weight): Measure =>
  (left, right) =>
    measurePanel(integrand, options, weight, left, right);

function measurePanel(
  integrand: Integrand,
  options: AverageOptions,
  weight: Weight,
  left: number,
  right: number,
): Panel {
  const { dimension, name } = options;
  const rule = legendreRule(PANEL_NODES);
  const half = 0.5 * (right - left);
  const nodes = new Float64Array(PANEL_NODES);
  const weights = new Float64Array(PANEL_NODES);
  const density = new Float64Array(PANEL_NODES);
  const values = new Float64Array(PANEL_NODES * dimension);
  const row = new Float64Array(dimension);
  for (let i = 0; i < PANEL_NODES; i++) {
    const z = left + half * (1 + rule.nodes[i]!);
    nodes[i] = z;
    density[i] = weight.density(z);
    weights[i] = half * rule.weights[i]! * density[i]!;
    sampleAt(integrand, z, row, name, weight.body);
    for (let c = 0; c < dimension; c++) values[i * dimension + c] = row[c]!;
  }
  const absolute = new Float64Array(dimension);
  const errors = new Float64Array(dimension);
  const tails = new Float64Array(dimension);
  for (let c = 0; c < dimension; c++) {
    const panel = panelResolution(values, density, dimension, c, 2 * half);
    absolute[c] = panel.absolute;
    errors[c] = panel.error;
    tails[c] = panel.tail;
  }
  const seen = options.resolution?.resolves(left, right) ?? true;
  return { left, right, nodes, weights, values, absolute, errors, tails, seen };
}

function assemble(panels: readonly Panel[], scale: Float64Array, dimension: number, weight: Weight): AdaptedRule {
  const count = panels.length * PANEL_NODES;
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  const values = new Float64Array(count * dimension);
  const errors = new Float64Array(dimension);
  panels.forEach((panel, k) => {
    nodes.set(panel.nodes, k * PANEL_NODES);
    weights.set(panel.weights, k * PANEL_NODES);
    values.set(panel.values, k * PANEL_NODES * dimension);
    panel.errors.forEach((error, c) => (errors[c]! += error));
  });
  const relative = errors.reduce((worst, error, c) => (scale[c]! > 0 ? Math.max(worst, error / scale[c]!) : worst), 0);
  const lengths = panels.map((panel) => panel.right - panel.left);
  const errorOf = (f: Float64Array) => panelError(nodes, lengths, weight, f);
  return { nodes, weights, values, error: Math.max(relative, 2 ** -53), errorOf };
}

/** Sum over the panels of the estimate of `panelResolution`, for values of a function without the density. */
function panelError(nodes: Float64Array, lengths: readonly number[], weight: Weight, values: Float64Array): number {
  const density = nodes.map(weight.density);
  let [error, scale] = [0, 0];
  lengths.forEach((length, k) => {
    const range = [k * PANEL_NODES, (k + 1) * PANEL_NODES] as const;
    const panel = panelResolution(values.subarray(...range), density.subarray(...range), 1, 0, length);
    error += panel.error;
    scale += panel.absolute;
  });
  return scale > 0 ? error / scale : 0;
}

/** ∫|f|·density over a panel, the estimated error of ∫ f·density and its last coefficients, for one component of node-major values. */
export function panelResolution(
  values: Float64Array,
  density: Float64Array,
  dimension: number,
  component: number,
  length: number,
): { absolute: number; error: number; tail: number } {
  const { weights, analysis } = legendreRule(PANEL_NODES);
  const highest = analysis[PANEL_NODES - 1]!;
  const second = analysis[PANEL_NODES - 2]!;
  let [absolute, largest, last, lastButOne] = [0, 0, 0, 0];
  for (let i = 0; i < PANEL_NODES; i++) {
    const value = density[i]! * values[i * dimension + component]!;
    absolute += 0.5 * length * weights[i]! * Math.abs(value);
    largest = Math.max(largest, Math.abs(value));
    last += highest[i]! * value;
    lastButOne += second[i]! * value;
  }
  const tail = Math.abs(last) + Math.abs(lastButOne);
  return { absolute, error: largest > 0 ? (length * tail * tail) / largest : 0, tail: length * tail };
}
