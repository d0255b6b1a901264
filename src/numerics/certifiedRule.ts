/**
 * Quadrature rules for E F(z), z ~ N(0,1), whose error is bounded, not estimated: F is made of a function f of x = shift + scale·z
 * of which bounds in the complex plane are known. The trapezoid rule is bounded on a strip, a Gauss–Legendre panel on a
 * Bernstein ellipse (Trefethen & Weideman, SIAM Rev. 56 (2014), theorem 5.1; Trefethen, SIAM Rev. 50 (2008), theorem 4.5).
 */
import { box, type Box } from "./box.ts";
import { fixedTrapezoid } from "./adaptiveTrapezoid.ts";
import { BODY, gaussianDensity } from "./gaussianRule.ts";
import { legendreRule } from "./gaussLegendre.ts";
import type { Smoothness } from "./smoothness.ts";

/** An average for every shift of a range. */
export interface CertifiedAverage {
  readonly smoothness: Smoothness;
  readonly shifts: readonly [least: number, most: number];
  /** Positive. */
  readonly scale: number;
  /** sup of the components of F, in units of their sizes, where f is in `image` and z in `z`. */
  readonly bound: (image: Box, z: Box) => number;
  /** Error in these units that the rule may have. */
  readonly tolerance: number;
}

/** A rule as a choice of its step, or of the ends of its panels in x. */
export type RulePlan =
  | { readonly step: number; readonly reach: number; readonly error: number }
  | { readonly panels: readonly (readonly [left: number, right: number])[]; readonly error: number };

export const PANEL_NODES = 12;
/** Steps are rounded to .5·.92^k, so that rules are shared. */
const [LARGEST_STEP, STEP_RATIO] = [0.5, 0.92];
/** Heights of strips in z, from entire functions that only the density limits down to what panels are better for. */
const HEIGHTS = Array.from({ length: 30 }, (_, k) => 14 * 0.78 ** k);
/** Cells in |z| on which f is bounded in a strip, and those where a rule may end. */
const BODY_CELLS = [0, 1.5, 4, BODY];
const TAIL_CELLS = [BODY, 9.8, 10.3, 11, 12, 14, 16, 18, 21, 24, 27, 30, 32, 34, 36, 38];
const STRIP_CELLS = symmetric([...BODY_CELLS, 12, 18, 38]);
/** A trapezoid rule of more nodes is used only if panels need more still. */
const MANY_NODES = 300;
const MOST_PANELS = 6000;
/** Pieces without a bound that are bisected: more than towards a few jumps, and conditions that no cell decides are not pursued. */
const MOST_UNBOUNDED = 1000;
/** Parameters ρ of ellipses that are tried for a panel. */
const ELLIPSES = [3, 4.5, 8, 16].map((rho) => ({
  real: (rho + 1 / rho) / 2,
  imaginary: (rho - 1 / rho) / 2,
  factor: (64 / 15 / (1 - rho ** -2)) * rho ** -(2 * PANEL_NODES - 2),
}));
/** A panel may take this part of the tolerance. */
const SHARE = 1 / 256;
/** Longest panel in z: beyond, the density alone is not resolved. */
const LONGEST = 2.2;

function symmetric(edges: readonly number[]): readonly (readonly [number, number])[] {
  const pairs = edges.slice(1).map((right, i) => [edges[i]!, right] as const);
  return [...pairs.map(([left, right]) => [-right, -left] as const), ...pairs];
}

/** A rule for all shifts of the range, or undefined where bounds do not lead to one. */
export function planRule(average: CertifiedAverage): RulePlan | undefined {
  const reach = reachOf(average);
  if (reach === undefined) return undefined;
  const trapezoid = planTrapezoid(average, reach.reach, reach.error);
  const nodes = trapezoid ? (2 * trapezoid.reach) / trapezoid.step : Infinity;
  if (nodes <= MANY_NODES) return trapezoid;
  const panels = planPanels(average, reach.reach, reach.error, Math.min(MOST_PANELS, nodes / PANEL_NODES));
  return panels ?? trapezoid;
}

/** Where the tails may be cut, with what lies beyond. */
function reachOf({ smoothness, shifts, scale, bound, tolerance }: CertifiedAverage) {
  let error = 0;
  let reach = TAIL_CELLS.at(-1)!;
  for (let i = TAIL_CELLS.length - 2; i >= 0; i--) {
    const [near, far] = [TAIL_CELLS[i]!, TAIL_CELLS[i + 1]!];
    const weight = (far - near) * gaussianDensity(near);
    const right = smoothness.range(shifts[0] + scale * near, shifts[1] + scale * far);
    const left = smoothness.range(shifts[0] - scale * far, shifts[1] - scale * near);
    const next = error + weight * (bound(right, box(near, far, 0)) + bound(left, box(-far, -near, 0)));
    if (!(next <= tolerance / 4)) return i === TAIL_CELLS.length - 2 ? undefined : { reach, error };
    [error, reach] = [next, near];
  }
  return { reach, error };
}

/** The largest step on the ladder whose error is bounded by the tolerance, at the best height of the strip. */
function planTrapezoid(average: CertifiedAverage, reach: number, outside: number) {
  const { smoothness, shifts, scale } = average;
  const [left, right] = [shifts[0] - reach * scale, shifts[1] + reach * scale];
  if (smoothness.breaks.some((x) => x > left && x < right)) return undefined;
  let [best, falls] = [0, 0];
  for (const height of HEIGHTS) {
    const size = stripSize(average, height, left, right);
    if (!(size < Infinity)) continue;
    const step = (2 * Math.PI * height) / Math.log1p((2 * size) / (average.tolerance / 2));
    if (step > best) best = step;
    else if (++falls === 2) break;
  }
  if (!(best > 0)) return undefined;
  const rung = Math.max(0, Math.ceil(Math.log(best / LARGEST_STEP) / Math.log(STEP_RATIO) - 1e-9));
  return { step: LARGEST_STEP * STEP_RATIO ** rung, reach, error: outside + average.tolerance / 2 };
}

/** Bound of ∫ |F(z + iy)| φ dz over |y| ≤ height. */
function stripSize({ smoothness, shifts, scale, bound }: CertifiedAverage, height: number, from: number, to: number) {
  const imaginary = height * scale;
  const everywhere = smoothness.image(box(-Infinity, Infinity, imaginary), from, to);
  const density = Math.exp((height * height) / 2);
  let sum = 0;
  for (const [near, far] of STRIP_CELLS) {
    const image =
      everywhere && Number.isFinite(everywhere.hi - everywhere.lo)
        ? everywhere
        : smoothness.image(box(shifts[0] + scale * near, shifts[1] + scale * far, imaginary), from, to);
    if (!image) return Infinity;
    const closest = near * far < 0 ? 0 : Math.min(Math.abs(near), Math.abs(far));
    sum += (far - near) * gaussianDensity(closest) * bound(image, box(near, far, height));
  }
  return sum * density;
}

/** Panels in x, bisected until the error of each is bounded by its share of the tolerance. */
function planPanels(average: CertifiedAverage, reach: number, outside: number, most: number): RulePlan | undefined {
  const { smoothness, shifts, scale, tolerance } = average;
  const [start, end] = [shifts[0] - reach * scale, shifts[1] + reach * scale];
  if (!Number.isFinite(end - start)) return undefined;
  const cuts = [start, ...smoothness.breaks.filter((x) => x > start && x < end), end];
  const panels: (readonly [number, number])[] = [];
  let error = outside;
  let unbounded = 0;
  for (let c = 0; c + 1 < cuts.length; c++) {
    const count = Math.ceil((cuts[c + 1]! - cuts[c]!) / (LONGEST * scale));
    const length = (cuts[c + 1]! - cuts[c]!) / count;
    const pending: [number, number][] = [];
    for (let k = count; k > 0; k--) {
      pending.push([cuts[c]! + (k - 1) * length, k === count ? cuts[c + 1]! : cuts[c]! + k * length]);
    }
    while (pending.length > 0) {
      const [left, right] = pending.pop()!;
      const without = tailError(average, left, right);
      if (without <= SHARE * SHARE * tolerance) {
        error += without;
        continue;
      }
      const own = panelError(average, left, right);
      if (own <= SHARE * tolerance) {
        panels.push([left, right]);
        error += own;
        if (panels.length > most) return undefined;
        continue;
      }
      if (own === Infinity && ++unbounded > MOST_UNBOUNDED) return undefined;
      const middle = 0.5 * (left + right);
      if (
        !(right - left > 1e-15 * Math.max(Math.abs(left), Math.abs(right)) + 1e-40) ||
        middle === left ||
        middle === right
      ) {
        if (!(without < Infinity)) return undefined;
        panels.push([left, right]);
        error += 2 * without;
        continue;
      }
      if (pending.length > 200) return undefined;
      pending.push([middle, right], [left, middle]);
    }
  }
  return { panels, error };
}

/** Bound of ∫ |F| φ over a piece. */
function tailError({ smoothness, shifts, scale, bound }: CertifiedAverage, left: number, right: number): number {
  const z = box((left - shifts[1]) / scale, (right - shifts[0]) / scale, 0);
  const closest = z.lo > 0 ? z.lo : z.hi < 0 ? z.hi : 0;
  return ((right - left) / scale) * gaussianDensity(closest) * bound(smoothness.range(left, right), z);
}

/** Bound of the error of a panel. */
function panelError({ smoothness, shifts, scale, bound }: CertifiedAverage, left: number, right: number): number {
  const half = 0.5 * (right - left);
  const middle = 0.5 * (left + right);
  let least = Infinity;
  for (const { real, imaginary, factor } of ELLIPSES) {
    const image = smoothness.image(box(middle - real * half, middle + real * half, imaginary * half), left, right);
    if (!image) break;
    const z = box(
      (middle - real * half - shifts[1]) / scale,
      (middle + real * half - shifts[0]) / scale,
      (imaginary * half) / scale,
    );
    const closest = z.lo > 0 ? z.lo : z.hi < 0 ? z.hi : 0;
    const density = gaussianDensity(closest) * Math.exp((z.im * z.im) / 2);
    least = Math.min(least, (half / scale) * factor * density * bound(image, z));
  }
  return least;
}

/** Nodes z and weights of a planned rule at one shift. */
export function plannedRule(plan: RulePlan, shift: number, scale: number) {
  if ("step" in plan) return fixedTrapezoid(plan.step, plan.reach);
  const nodes = new Float64Array(PANEL_NODES * plan.panels.length);
  const weights = new Float64Array(nodes.length);
  fillPanels(plan.panels, shift, scale, nodes, weights);
  return { nodes, weights };
}

/** Writes z and weights of panels in x. */
export function fillPanels(
  panels: readonly (readonly [left: number, right: number])[],
  shift: number,
  scale: number,
  nodes: Float64Array,
  weights: Float64Array,
): void {
  const { nodes: unit, weights: unitWeights } = legendreRule(PANEL_NODES);
  let at = 0;
  for (const [left, right] of panels) {
    const half = (0.5 * (right - left)) / scale;
    const middle = (0.5 * (left + right) - shift) / scale;
    for (let i = 0; i < PANEL_NODES; i++, at++) {
      const z = middle + half * unit[i]!;
      nodes[at] = z;
      weights[at] = half * unitWeights[i]! * gaussianDensity(z);
    }
  }
}
