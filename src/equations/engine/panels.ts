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
  readonly parents: number;
  readonly gaussian: boolean;
  readonly tolerance: number;
  charts(parent: number): Chart;
  /** Cuts within the range of a parent, ascending, its ends included. */
  cuts(parent: number): readonly number[];
  sample(grid: PanelGrid): readonly Float64Array[];
  fail(reason: string, at?: number): QuadratureError | ExpressionError;
}

const MOST_PANELS = 3000;
const MOST_IN_ALL = 60_000;
const NEGLIGIBLE = 1e-17;
/** An integrand that vanishes but for the far tail has an average of zero. */
const UNDERFLOW = 1e-270;
const WORST_ERROR = 1e-8;

/** Panels that resolve every body for every parent: bisected where the last Legendre coefficients do not vanish. */
export function adaptPanels(problem: PanelProblem): Panel[] {
  let panels = measure(problem, initialPanels(problem));
  if (problem.gaussian) panels = grow(problem, panels);
  for (;;) {
    const scales = scalesOf(problem, panels);
    const coarse = panels.map(({ parent, left, right, errors }) => {
      if (!(right - left > 1e-14 * (1 + Math.abs(left)))) return false;
      return errors.some((error, b) => error > (problem.tolerance / 16) * scales[parent * problem.bodies + b]!);
    });
    if (!coarse.includes(true)) {
      requireResolved(problem, panels, scales);
      return panels;
    }
    const halves = panels.flatMap((panel, k) => (coarse[k]! ? bisected(panel) : []));
    panels = panels.filter((_, k) => !coarse[k]!).concat(measure(problem, halves));
    if (panels.length > Math.min(MOST_IN_ALL, MOST_PANELS * problem.parents)) {
      throw problem.fail(`not resolved by ${panels.length} panels`);
    }
  }
}

export function bisected({ parent, left, right }: Panel): Panel[] {
  const middle = 0.5 * (left + right);
  return [
    { parent, left, right: middle },
    { parent, left: middle, right },
  ];
}

function initialPanels(problem: PanelProblem): Panel[] {
  const panels: Panel[] = [];
  for (let parent = 0; parent < problem.parents; parent++) {
    const cuts = problem.cuts(parent);
    const longest = problem.gaussian ? PANEL_LENGTH : (cuts.at(-1)! - cuts[0]!) / 4;
    for (let i = 0; i + 1 < cuts.length; i++) {
      const [from, to] = [cuts[i]!, cuts[i + 1]!];
      const count = Math.max(1, Math.ceil((to - from) / longest));
      const edge = (k: number) => (k === count ? to : from + ((to - from) * k) / count);
      for (let k = 0; k < count; k++) panels.push({ parent, left: edge(k), right: edge(k + 1) });
    }
  }
  return panels;
}

/** Adds panels outward while the outermost still count. */
function grow(problem: PanelProblem, start: MeasuredPanel[]): MeasuredPanel[] {
  const panels = [...start];
  let outermost = start.filter(({ left, right }) => left <= -BODY || right >= BODY);
  while (outermost.length > 0) {
    const scales = scalesOf(problem, panels);
    const counting = outermost.filter(({ parent, absolute }) =>
      absolute.some((value, b) => value > NEGLIGIBLE * scales[parent * problem.bodies + b]! + UNDERFLOW),
    );
    const beyond = counting.find(({ left, right }) => left <= -END || right >= END);
    if (beyond) {
      throw problem.fail(`does not exist: the integrand outgrows the Gaussian weight`, beyond.right);
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
  const scales = new Float64Array(parents * bodies);
  for (const { parent, absolute } of panels) {
    for (let b = 0; b < bodies; b++) scales[parent * bodies + b]! += absolute[b]!;
  }
  return scales;
}

function requireResolved(problem: PanelProblem, panels: readonly MeasuredPanel[], scales: Float64Array): void {
  const sums = new Float64Array(scales.length);
  for (const { parent, errors } of panels) {
    for (let b = 0; b < problem.bodies; b++) sums[parent * problem.bodies + b]! += errors[b]!;
  }
  const worst = sums.reduce((most, error, i) => (scales[i]! > 0 ? Math.max(most, error / scales[i]!) : most), 0);
  if (worst > WORST_ERROR)
    throw problem.fail(`does not exist, or has a singularity (relative error ${worst.toExponential(1)})`);
}

const LEGENDRE = legendreRule(PANEL_NODES);

/** Nodes and weights of panels; weights contain the density or the Jacobian of the chart. */
export function gridOf(panels: readonly Panel[], charts: (parent: number) => Chart): PanelGrid {
  const count = panels.length * PANEL_NODES;
  const grid = { parent: new Int32Array(count), variable: new Float64Array(count), weights: new Float64Array(count) };
  panels.forEach(({ parent, left, right }, k) => {
    const chart = charts(parent);
    const half = 0.5 * (right - left);
    for (let i = 0; i < PANEL_NODES; i++) {
      const t = left + half * (1 + LEGENDRE.nodes[i]!);
      const at = k * PANEL_NODES + i;
      grid.parent[at] = parent;
      grid.variable[at] = chart.place(t);
      grid.weights[at] = half * LEGENDRE.weights[i]! * chart.weight(t);
    }
  });
  return grid;
}

function measure(problem: PanelProblem, panels: readonly Panel[]): MeasuredPanel[] {
  if (panels.length === 0) return [];
  const grid = gridOf(panels, (parent) => problem.charts(parent));
  const values = problem.sample(grid);
  const part = new Float64Array(PANEL_NODES);
  const unit = new Float64Array(PANEL_NODES).fill(1);
  return panels.map((panel, k) => {
    const absolute = new Float64Array(problem.bodies);
    const errors = new Float64Array(problem.bodies);
    const half = 0.5 * (panel.right - panel.left);
    for (let b = 0; b < problem.bodies; b++) {
      for (let i = 0; i < PANEL_NODES; i++) {
        const at = k * PANEL_NODES + i;
        // Of weight zero, the value does not count, be it infinite.
        const weight = grid.weights[at]! / (half * LEGENDRE.weights[i]!);
        const value = weight === 0 ? 0 : values[b]![at]! * weight;
        if (!Number.isFinite(value)) {
          throw problem.fail(`the integrand is ${values[b]![at]!} at ${grid.variable[at]!}`, grid.variable[at]);
        }
        part[i] = value;
      }
      const resolution = panelResolution(part, unit, 1, 0, panel.right - panel.left);
      absolute[b] = resolution.absolute;
      errors[b] = resolution.error;
    }
    return { ...panel, absolute, errors };
  });
}
