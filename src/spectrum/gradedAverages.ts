import type { LinearBasis } from "../bulk/weightResolvent.ts";
import { legendreRule } from "../numerics/gaussLegendre.ts";
import { gaussianDensity } from "../numerics/gaussianRule.ts";
import type { Problem } from "../problem/problem.ts";
import { tabulateAt } from "../problem/table.ts";
import { addDamped, dampedArgument, dampOn, type KappaAverages, mirror } from "./kappaAverages.ts";
import { spectralBasis } from "./kappaTables.ts";

/** Nodes of a panel. */
const NODES = 12;
const rule = legendreRule(NODES);
const REACH = 8.5;
const FIRST_LENGTH = 1;
/** Panels of the interpolant are halved until the last Legendre coefficients are this small, or at most so often. */
const INTERPOLATED = 1e-11;
const MOST_HALVINGS = 6;
/** Last Legendre coefficients of 1/(1 + V) at which a panel is resolved: the error of the rule is their square. */
const RESOLVED = 1e-6;
/** Rounding of 1 + V, which is relative to V; that of its inverse is larger by the inverse. */
const ROUNDING = 1e-14;
const SHORTEST = 1e-13;

/** Basis functions on the nodes of one panel: interpolants of degree 11. */
interface Panel {
  readonly left: number;
  readonly right: number;
  readonly basis: readonly Float64Array[];
  weights: Float64Array | undefined;
  halves: readonly [Panel, Panel] | undefined;
  readonly depth: number;
}

/** Panels down to this depth are kept for the next z. */
const KEPT_DEPTH = 16;

/**
 * Averages for the tails of the spectrum, where 1 + V(κ) almost vanishes at some κ: Gauss–Legendre panels that are halved
 * towards these places as far as it takes, with the model's functions interpolated on them.
 */
export function gradedAverages(problem: Problem, mixing: LinearBasis): KappaAverages {
  const panels = interpolant(problem, mixing);
  const m = panels[0]!.basis.length;
  const hRe = new Float64Array(NODES);
  const hIm = new Float64Array(NODES);
  let crossing = false;
  let sign = 0;

  /** Calls `use` on panels that resolve 1/(1 + V), which is then in hRe and hIm. */
  function visit(panel: Panel, u: Float64Array, use: (panel: Panel) => void): string | undefined {
    dampOn(panel.basis, u, NODES, hRe, hIm);
    if (!isResolved(hRe, hIm)) {
      if (panel.right - panel.left < SHORTEST) return "1 + V(κ) has a zero";
      const [left, right] = halvesOf(panel);
      return visit(left, u, use) ?? visit(right, u, use);
    }
    use(panel);
    return undefined;
  }

  return {
    adaptive: true,
    get crossing() {
      return crossing;
    },
    argument(u) {
      let sum = 0;
      for (const panel of panels) {
        visit(panel, u, (part) => {
          sum += dampedArgument(hRe, hIm, weightsOf(part), NODES);
        });
      }
      return sum;
    },
    at(u, first, second) {
      [crossing, sign] = [false, 0];
      first.fill(0);
      second.fill(0);
      const add = (panel: Panel) => {
        for (let i = 0; i < NODES; i++) {
          const here = hRe[i]! > 0 ? 1 : -1;
          if (sign !== 0 && here !== sign) crossing = true;
          sign = here;
        }
        addDamped(panel.basis, weightsOf(panel), hRe, hIm, first, second);
      };
      for (const panel of panels) {
        const reason = visit(panel, u, add);
        if (reason !== undefined) return reason;
      }
      mirror(second, m);
      return undefined;
    },
  };
}

/** Whether the last two Legendre coefficients of h are negligible beside its largest value. */
function isResolved(hRe: Float64Array, hIm: Float64Array): boolean {
  let largest = 0;
  for (let i = 0; i < NODES; i++) largest = Math.max(largest, Math.abs(hRe[i]!) + Math.abs(hIm[i]!));
  if (!Number.isFinite(largest)) return false;
  return lastCoefficients(hRe) + lastCoefficients(hIm) <= (RESOLVED + ROUNDING * largest) * largest;
}

function lastCoefficients(values: Float64Array): number {
  const last = rule.analysis[NODES - 1]!;
  const lastButOne = rule.analysis[NODES - 2]!;
  let [a, b] = [0, 0];
  for (let i = 0; i < NODES; i++) {
    a += last[i]! * values[i]!;
    b += lastButOne[i]! * values[i]!;
  }
  return Math.abs(a) + Math.abs(b);
}

function weightsOf(panel: Panel): Float64Array {
  const { left, right } = panel;
  const half = 0.5 * (right - left);
  return (panel.weights ??= rule.nodes.map((t, i) => half * rule.weights[i]! * gaussianDensity(left + half * (1 + t))));
}

/** The two halves of a panel, interpolated from it. */
function halvesOf(panel: Panel): readonly [Panel, Panel] {
  if (panel.halves) return panel.halves;
  const middle = 0.5 * (panel.left + panel.right);
  const half = (side: 0 | 1): Panel => ({
    left: side === 0 ? panel.left : middle,
    right: side === 0 ? middle : panel.right,
    basis: panel.basis.map((phi) => interpolateHalf(phi, side)),
    weights: undefined,
    halves: undefined,
    depth: panel.depth + 1,
  });
  const halves = [half(0), half(1)] as const;
  if (panel.depth < KEPT_DEPTH) panel.halves = halves;
  return halves;
}

/** Matrices from values on a panel's nodes to those on the nodes of its halves. */
const TO_HALVES = [-0.5, 0.5].map((shift) => Array.from(rule.nodes, (t) => interpolationRow(0.5 * t + shift)));

/** Σ_k P_k(x) analysis[k]: the row that evaluates the interpolant at x. */
function interpolationRow(x: number): Float64Array {
  const row = new Float64Array(NODES);
  let [previous, current] = [0, 1];
  for (let k = 0; k < NODES; k++) {
    for (let j = 0; j < NODES; j++) row[j]! += current * rule.analysis[k]![j]!;
    [previous, current] = [current, ((2 * k + 1) * x * current - k * previous) / (k + 1)];
  }
  return row;
}

function interpolateHalf(values: Float64Array, side: 0 | 1): Float64Array {
  const matrix = TO_HALVES[side]!;
  const result = new Float64Array(NODES);
  for (let i = 0; i < NODES; i++) {
    const row = matrix[i]!;
    let sum = 0;
    for (let j = 0; j < NODES; j++) sum += row[j]! * values[j]!;
    result[i] = sum;
  }
  return result;
}

/** Panels on which the basis functions of a model are their interpolants. */
function interpolant(problem: Problem, mixing: LinearBasis): Panel[] {
  const count = Math.ceil((2 * REACH) / FIRST_LENGTH);
  let open = Array.from({ length: count }, (_, i) => {
    return { left: -REACH + (2 * REACH * i) / count, right: -REACH + (2 * REACH * (i + 1)) / count };
  });
  const done: Panel[] = [];
  for (let halvings = 0; open.length > 0; halvings++) {
    const nodes = Float64Array.from(
      open.flatMap(({ left, right }) => Array.from(rule.nodes, (t) => left + 0.5 * (right - left) * (1 + t))),
    );
    const on = tabulateAt(problem, nodes);
    const columns = spectralBasis(on, mixing);
    const next: typeof open = [];
    open.forEach(({ left, right }, i) => {
      const basis = columns.map((phi) => phi.slice(i * NODES, (i + 1) * NODES));
      const smooth = basis.every(
        (phi) => lastCoefficients(phi) <= INTERPOLATED * phi.reduce((a, b) => Math.max(a, Math.abs(b)), 0),
      );
      const middle = 0.5 * (left + right);
      if (smooth || halvings === MOST_HALVINGS) {
        done.push({ left, right, basis, weights: undefined, halves: undefined, depth: 0 });
      } else next.push({ left, right: middle }, { left: middle, right });
    });
    open = next;
  }
  return done.sort((a, b) => a.left - b.left);
}
