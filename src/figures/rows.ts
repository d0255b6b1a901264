import { estimate, zScore } from "../simulation/statistics.ts";
import type { Curve, Job, JobResult, Line, Panel, SimulatedPoint } from "./figure.ts";

/** Mean and standard error over the trials, and the distance from the row's theory in standard errors. */
export interface RowSimulation {
  readonly mean: number;
  readonly standardError: number;
  readonly z: number;
  readonly dimension: number;
  readonly trials: number;
}

/** A point of a figure, for tables and pictures alike. */
export interface FigureRow {
  readonly panel: string;
  readonly curve: string;
  readonly theory: string;
  readonly x: number;
  /** Theory's value; null where there is none. */
  readonly y: number | null;
  readonly baseline: number | null;
  /** Whether y is an average over a bin, no point of the line. */
  readonly averaged?: boolean;
  readonly simulation?: RowSimulation;
}

/** Results of every trial of every job. */
export type Outcomes = ReadonlyMap<Job, readonly JobResult[]>;

/** Theory of the rows of values that others published. */
export const PUBLISHED = "published simulation";

/** The runs of trials that a figure needs, each once. */
export function jobsOf(panels: readonly Panel[]): Job[] {
  const points = panels.flatMap(({ curves }) => curves.flatMap(({ simulated = [] }) => simulated));
  return [...new Set(points.map(({ job }) => job))];
}

/** Every point of a figure: the lines, the simulated points beside each theory, and what is published. */
export function figureRows(panels: readonly Panel[], outcomes: Outcomes): FigureRow[] {
  return panels.flatMap((panel) => panel.curves.flatMap((curve) => curveRows(panel.name, curve, outcomes)));
}

function curveRows(panel: string, curve: Curve, outcomes: Outcomes): FigureRow[] {
  const { label, lines, simulated = [], published = [] } = curve;
  const theory = lines.flatMap((line) => {
    const at = { panel, curve: label, theory: line.theory };
    const points = withBaseline(line.x, line.values(line.x), curve).map((point): FigureRow => ({ ...at, ...point }));
    return line.apart ? points : [...points, ...comparedRows(at, line, curve, simulated, outcomes)];
  });
  const printed = published.map(({ x, y }): FigureRow => ({
    panel,
    curve: label,
    theory: PUBLISHED,
    x,
    y,
    baseline: null,
  }));
  return [...theory, ...printed];
}

function comparedRows(
  at: Pick<FigureRow, "panel" | "curve" | "theory">,
  line: Line,
  curve: Curve,
  simulated: readonly SimulatedPoint[],
  outcomes: Outcomes,
): FigureRow[] {
  const known = simulated.filter(({ job }) => outcomes.has(job));
  const x = known.map((point) => point.x);
  const values = (line.compared ?? line.values)(x);
  return withBaseline(x, values, curve).map((point, i): FigureRow => {
    const { job, read } = known[i]!;
    const results = outcomes.get(job)!;
    const result = estimate(results.map(read));
    const comparable = point.y !== null && result.standardError > 0;
    const z = comparable ? zScore(result, point.y) : NaN;
    const { mean, standardError } = result;
    const { dimension } = job.grid;
    const simulation = { mean, standardError, z, dimension, trials: results.length };
    return { ...at, ...point, ...(line.compared && { averaged: true }), simulation };
  });
}

function withBaseline(
  x: readonly number[],
  y: readonly (number | null)[],
  { baseline }: Curve,
): Pick<FigureRow, "x" | "y" | "baseline">[] {
  const low = baseline?.(x);
  return x.map((value, i) => ({ x: value, y: y[i]!, baseline: low?.[i] ?? null }));
}
