import type { ExpressionError } from "../../errors.ts";
import { QuadratureError } from "../../errors.ts";
import { PANEL_LENGTH, PANEL_NODES, panelResolution } from "../../numerics/adaptivePanels.ts";
import { legendreRule } from "../../numerics/gaussLegendre.ts";
import { BODY, END } from "../../numerics/gaussianRule.ts";
import type { Chart } from "./chart.ts";

/** A panel of the grid of one element of the scope around. */
export interface Panel {
  readonly parent: number;
  readonly left: number;
  readonly right: number;
}

interface MeasuredPanel extends Panel {
  /** ∫|f| and the estimated error of ∫f, by body. */
  readonly absolute: Float64Array;
  readonly errors: Float64Array;
}

/** Nodes of panels, in their order. */
export interface PanelGrid {
  parent: Int32Array;
  variable: Float64Array;
  weights: Float64Array;
}

/** What is averaged: values of each body on a grid, and where the charts take it. */
export interface PanelProblem {
  readonly bodies: number;
  /** Elements around that panels are made for. */
  readonly parents: readonly number[];
  readonly gaussian: boolean;
  readonly tolerance: number;
  charts(parent: number): Chart;
  /** Cuts within the range of a parent, ascending, its ends included. */
  cuts(parent: number): readonly number[];
  /** Edges of panels of an element near this one, to begin with. */
  known(parent: number): readonly number[] | undefined;
  sample(grid: PanelGrid): readonly Float64Array[];
  /** @param body which of the integrands is to blame */
  fail(reason: string, body: number, at?: number): QuadratureError | ExpressionError;
}

const MOST_PANELS = 3000;
const MOST_IN_ALL = 60_000;
const NEGLIGIBLE = 1e-17;
/** An integrand that vanishes but for the far tail has an average of zero. */
const UNDERFLOW = 1e-270;
const WORST_ERROR = 1e-8;

/**
 * Panels that resolve every body for every parent, ascending: bisected where the last Legendre coefficients do not vanish.
 * Within, parents are numbered as they are listed.
 */
export function adaptPanels(problem: PanelProblem): Map<number, Panel[]> {
  let panels = measure(problem, initialPanels(problem));
  if (problem.gaussian) panels = grow(problem, panels);
  for (;;) {
    const scales = scalesOf(problem, panels);
    const coarse = panels.map(({ parent, left, right, errors }) => {
      if (!(right - left > 1e-14 * (1 + Math.abs(left)))) return false;
      for (let b = 0; b < problem.bodies; b++) {
        if (errors[b]! > (problem.tolerance / 16) * scales[parent * problem.bodies + b]!) return true;
      }
      return false;
    });
    if (!coarse.includes(true)) {
      requireResolved(problem, panels, scales);
      return byParent(problem, panels);
    }
    const halves = panels.flatMap((panel, k) => (coarse[k]! ? bisected(panel) : []));
    panels = panels.filter((_, k) => !coarse[k]!).concat(measure(problem, halves));
    if (panels.length > Math.min(MOST_IN_ALL, MOST_PANELS * problem.parents.length)) {
      throw problem.fail(`not resolved by ${panels.length} panels`, worst(problem, panels, scales).body);
    }
  }
}

function byParent({ parents }: PanelProblem, panels: readonly Panel[]): Map<number, Panel[]> {
  const lists = parents.map((): Panel[] => []);
  for (const panel of panels) lists[panel.parent]!.push(panel);
  return new Map(lists.map((list, k) => [parents[k]!, list.sort((a, b) => a.left - b.left)]));
}

function bisected({ parent, left, right }: Panel): Panel[] {
  const middle = 0.5 * (left + right);
  return [
    { parent, left, right: middle },
    { parent, left: middle, right },
  ];
}

function initialPanels(problem: PanelProblem): Panel[] {
  return problem.parents.flatMap((parent, k) => {
    const edges = problem.known(parent) ?? cutsDivided(problem, problem.cuts(parent));
    return edges.slice(1).map((right, i) => ({ parent: k, left: edges[i]!, right }));
  });
}

function cutsDivided({ gaussian }: PanelProblem, cuts: readonly number[]): number[] {
  const longest = gaussian ? PANEL_LENGTH : (cuts.at(-1)! - cuts[0]!) / 4;
  return cuts.flatMap((to, i) => {
    if (i === 0) return [to];
    const from = cuts[i - 1]!;
    const count = Math.max(1, Math.ceil((to - from) / longest));
    return Array.from({ length: count }, (_, k) => (k + 1 === count ? to : from + ((to - from) * (k + 1)) / count));
  });
}

/** Adds panels outward while the outermost still count. */
function grow(problem: PanelProblem, start: MeasuredPanel[]): MeasuredPanel[] {
  const panels = [...start];
  let outermost = start.filter(({ parent }, i) => start[i - 1]?.parent !== parent || start[i + 1]?.parent !== parent);
  while (outermost.length > 0) {
    const scales = scalesOf(problem, panels);
    const counts = ({ parent }: MeasuredPanel) => {
      return (value: number, b: number) => value > NEGLIGIBLE * scales[parent * problem.bodies + b]! + UNDERFLOW;
    };
    const counting = outermost.filter((panel) => panel.absolute.some(counts(panel)));
    const beyond = counting.find(({ left, right }) => left <= -END || right >= END);
    if (beyond) {
      const body = beyond.absolute.findIndex(counts(beyond));
      throw problem.fail(`does not exist: the integrand outgrows the Gaussian weight`, body, beyond.right);
    }
    outermost = measure(
      problem,
      counting.flatMap(({ parent, left, right }) => [
        ...(left <= -BODY ? [{ parent, left: left - PANEL_LENGTH, right: left }] : []),
        ...(right >= BODY ? [{ parent, left: right, right: right + PANEL_LENGTH }] : []),
      ]),
    );
    panels.push(...outermost);
  }
  return panels;
}

function scalesOf({ parents, bodies }: PanelProblem, panels: readonly MeasuredPanel[]): Float64Array {
  const scales = new Float64Array(parents.length * bodies);
  for (const { parent, absolute } of panels) {
    for (let b = 0; b < bodies; b++) scales[parent * bodies + b]! += absolute[b]!;
  }
  return scales;
}

function requireResolved(problem: PanelProblem, panels: readonly MeasuredPanel[], scales: Float64Array): void {
  const { body, error } = worst(problem, panels, scales);
  if (error > WORST_ERROR)
    throw problem.fail(`does not exist, or has a singularity (relative error ${error.toExponential(1)})`, body);
}

/** The integrand with the largest relative error, and that error. */
function worst(problem: PanelProblem, panels: readonly MeasuredPanel[], scales: Float64Array) {
  const sums = new Float64Array(scales.length);
  for (const { parent, errors } of panels) {
    for (let b = 0; b < problem.bodies; b++) sums[parent * problem.bodies + b]! += errors[b]!;
  }
  const relative = sums.map((error, i) => (scales[i]! > 0 ? error / scales[i]! : 0));
  const error = relative.reduce((most, value) => Math.max(most, value), 0);
  return { body: relative.indexOf(error) % problem.bodies, error };
}

const LEGENDRE = legendreRule(PANEL_NODES);
/** Other nodes on the same panels, which resolve less: the difference bounds the error. */
const OTHER = legendreRule(PANEL_NODES - 1);

/** Nodes and weights of panels; weights contain the density or the Jacobian of the chart. */
export function gridOf(panels: readonly Panel[], charts: (parent: number) => Chart, other = false): PanelGrid {
  const { nodes, weights } = other ? OTHER : LEGENDRE;
  const count = panels.length * nodes.length;
  const grid = { parent: new Int32Array(count), variable: new Float64Array(count), weights: new Float64Array(count) };
  panels.forEach(({ parent, left, right }, k) => {
    const chart = charts(parent);
    const half = 0.5 * (right - left);
    for (let i = 0; i < nodes.length; i++) {
      const t = left + half * (1 + nodes[i]!);
      const at = k * nodes.length + i;
      grid.parent[at] = parent;
      grid.variable[at] = chart.place(t);
      grid.weights[at] = half * weights[i]! * chart.weight(t);
    }
  });
  return grid;
}

function measure(problem: PanelProblem, panels: readonly Panel[]): MeasuredPanel[] {
  if (panels.length === 0) return [];
  const { parents } = problem;
  const placed = panels.map(({ parent, left, right }) => ({ parent: parents[parent]!, left, right }));
  const grid = gridOf(placed, (parent) => problem.charts(parent));
  const values = problem.sample(grid);
  const part = new Float64Array(PANEL_NODES);
  const unit = new Float64Array(PANEL_NODES).fill(1);
  return panels.map(({ parent, left, right }, k) => {
    const absolute = new Float64Array(problem.bodies);
    const errors = new Float64Array(problem.bodies);
    const perWeight = 2 / (right - left);
    for (let b = 0; b < problem.bodies; b++) {
      const own = values[b]!;
      for (let i = 0; i < PANEL_NODES; i++) {
        const at = k * PANEL_NODES + i;
        // Of weight zero, the value does not count, be it infinite.
        const weight = (grid.weights[at]! * perWeight) / LEGENDRE.weights[i]!;
        part[i] = weight === 0 ? 0 : own[at]! * weight;
        if (!Number.isFinite(part[i])) {
          throw problem.fail(`the integrand is ${own[at]!} at ${grid.variable[at]!}`, b, grid.variable[at]);
        }
      }
      const resolution = panelResolution(part, unit, 1, 0, right - left);
      absolute[b] = resolution.absolute;
      errors[b] = resolution.error;
    }
    return { parent, left, right, absolute, errors };
  });
}
