import { type Cell, csvCell } from "../curve/csv.ts";
import { version } from "../version.ts";
import type { Figure, Job, Panel, Scale } from "./figure.ts";
import type { FigureRow } from "./rows.ts";
import { jobsOf } from "./rows.ts";

const COLUMNS: Readonly<Record<string, (row: FigureRow) => Cell>> = {
  panel: (row) => row.panel,
  curve: (row) => row.curve,
  theory: (row) => row.theory,
  x: (row) => row.x,
  y: (row) => row.y ?? undefined,
  baseline: (row) => row.baseline ?? undefined,
  simulated: ({ simulation }) => simulation?.mean,
  standardError: ({ simulation }) => simulation?.standardError,
  z: ({ simulation }) => simulation?.z,
  dimension: ({ simulation }) => simulation?.dimension,
  trials: ({ simulation }) => simulation?.trials,
};

/**
 * The data of a figure as comma-separated values, after lines that begin with # and say what made it: version, sizes, seed, axes, and
 * the parameters of every run of trials.
 */
export function figureTable(
  figure: Figure,
  panels: readonly Panel[],
  scale: Scale,
  rows: readonly FigureRow[],
): string {
  const { source, title, name } = figure;
  const { dimension, trials, seed } = scale;
  const comments = [
    `${source}: ${title}`,
    `replica-theory ${version}, figure ${name}`,
    `dimension ${dimension}, trials ${trials}, seed ${seed}`,
    ...panels.map(({ name: panel, title: text, x, y }) => `panel ${panel}: ${text}; x: ${x.title}; y: ${y.title}`),
    "y is theory's value, z = (simulated - y)/standardError",
    ...jobsOf(panels).map((job) => `simulated: ${parametersOf(job)}`),
  ];
  const names = Object.keys(COLUMNS);
  const cells = rows.map((row) => names.map((column) => csvCell(COLUMNS[column]!(row))).join(","));
  return [...comments.map((line) => `# ${line}`), names.join(","), ...cells].join("\n") + "\n";
}

function parametersOf({ description, grid, observation }: Job): string {
  return JSON.stringify({ ...description, ...grid, observation });
}

/** A row far from theory, in one line. */
export function outlierLines(rows: readonly FigureRow[], threshold = 3): string[] {
  return rows.flatMap(({ panel, curve, theory, x, y, simulation }) => {
    if (!simulation || !(Math.abs(simulation.z) > threshold)) return [];
    const { mean, standardError, z } = simulation;
    const value = `${mean.toPrecision(5)} ± ${standardError.toPrecision(2)}`;
    return [`${panel}, ${curve}, x = ${x}: simulated ${value}, ${theory} ${y?.toPrecision(5)}, z = ${z.toFixed(1)}`];
  });
}
