import { sweptValue } from "../../src/curve/sweep.ts";
import { type ChartDescription, numberedRole, type Point, type Role, type Series } from "./chart.ts";
import { type AxisName, isLogarithmic, numberField } from "./fields.ts";
import type { SimulatedMean, SimulatedPoint } from "./simulationWorker.ts";
import type { Spectra, Spectrum } from "./spectrum.ts";
import type { ExplorerModel, Request } from "./state.ts";
import type { ExplorerRow, LearnedFunctions, TheoryName } from "./theory.ts";

export const THEORY_LABELS: Readonly<Record<TheoryName, string>> = {
  network: "trained network",
  srf: "srf",
};

const BAYES_LABEL = "Bayes-optimal";

/** The surrogate lies behind. */
const DRAWN: readonly TheoryName[] = ["srf", "network"];

type Errors = "testError" | "trainError";

function errorPoints(rows: readonly ExplorerRow[], axis: Request["axis"], quantity: Errors): Point[] {
  const points = rows.map((row) => ({ x: row[axis]!, y: row.status === "converged" ? row[quantity] : NaN }));
  return points.flatMap((point, i) => {
    const before = points[i - 1];
    const gap = before && jumps(rows[i - 1]!, rows[i]!) ? [{ x: 0.5 * (before.x + point.x), y: NaN }] : [];
    return [...gap, point];
  });
}

/** Whether the limit may jump between two neighbours: they have other numbers of independent mean channels. */
function jumps(a: ExplorerRow, b: ExplorerRow): boolean {
  return "meanChannels" in a && "meanChannels" in b && a.meanChannels !== b.meanChannels;
}

function simulatedPoints(points: readonly SimulatedPoint[], value: (point: SimulatedPoint) => SimulatedMean): Point[] {
  return points.map((point) => {
    const { mean, standardError } = value(point);
    return { x: point.x, y: mean, error: standardError };
  });
}

/** Where the model is on an axis. */
export function markerAt(model: ExplorerModel, axis: AxisName): { readonly x: number; readonly label: string } {
  const value = Number(sweptValue(model, axis) ?? 0);
  return { x: value, label: `${numberField(axis).symbol} = ${value}` };
}

/** Test and training error against the axis. */
export function errorsChart(
  rows: Readonly<Record<TheoryName, readonly ExplorerRow[]>>,
  request: Request,
  simulated: readonly SimulatedPoint[],
  logErrors: boolean,
  bayes: readonly Point[] = [],
): ChartDescription {
  const { axis, domain, model } = request;
  const line = (theory: TheoryName, quantity: Errors): Series => {
    return {
      label: `${quantity === "testError" ? "test" : "training"}, ${THEORY_LABELS[theory]}`,
      role: theory,
      style: quantity === "testError" ? "solid" : "dashed",
      points: errorPoints(rows[theory], axis, quantity),
    };
  };
  const crosses = (quantity: Errors): Series => {
    const [name, style] = quantity === "testError" ? (["test", "points"] as const) : (["training", "rings"] as const);
    const points = simulatedPoints(simulated, (point) => point[quantity]);
    return { label: `${name}, simulated`, role: "network", style, points };
  };
  return {
    title: "Test and training error",
    x: { title: numberField(axis).axisTitle, domain, logarithmic: isLogarithmic(axis) },
    y: { title: "error", logarithmic: logErrors },
    series: [
      line("srf", "testError"),
      line("network", "testError"),
      line("srf", "trainError"),
      line("network", "trainError"),
      baseline(rows, axis),
      ...(bayes.length > 0
        ? [{ label: BAYES_LABEL, role: "reference", style: "dashed", points: bayes } satisfies Series]
        : []),
      ...(simulated.length > 0 ? [crosses("testError"), crosses("trainError")] : []),
    ],
    marker: markerAt(model, axis),
  };
}

function baseline(rows: Readonly<Record<TheoryName, readonly ExplorerRow[]>>, axis: Request["axis"]): Series {
  const points = rows.srf.map((row) => ({ x: row[axis]!, y: row.status === "converged" ? row.linearBaseline : NaN }));
  return { label: "best linear predictor", role: "reference", style: "dotted", points };
}

/** E[f | θᵀx = t] beside the target; along each of several directions, of the network. */
export function functionsChart({ t, along }: LearnedFunctions): ChartDescription {
  const series = (label: string, role: Role, style: Series["style"], values: readonly number[]): Series => {
    return { label, role, style, points: t.map((x, i) => ({ x, y: values[i]! })) };
  };
  const { network } = along;
  const one = network.length === 1;
  const ofTheory = (theory: TheoryName): Series[] => {
    const { learned } = along[theory][0]!;
    return learned ? [series(THEORY_LABELS[theory], theory, "solid", learned)] : [];
  };
  const ofDirection = ({ learned, target }: LearnedFunctions["along"]["network"][number], i: number): Series[] => [
    ...(learned ? [series(`learned, along θ${subscript(i + 1)}`, numberedRole(i), "solid", learned)] : []),
    series(`target, along θ${subscript(i + 1)}`, numberedRole(i), "dotted", target),
  ];
  return {
    title: one ? "Learned function along the target" : "Learned function along θᵢ",
    x: { title: one ? "t = θᵀx" : "t = θᵢᵀx", domain: [t[0]!, t.at(-1)!], logarithmic: false },
    y: { title: one ? "E[f | t]" : "E[f | t] and E[y | t]", logarithmic: false },
    series: one
      ? [...DRAWN.flatMap(ofTheory), series("target σ*", "reference", "dotted", network[0]!.target)]
      : network.flatMap(ofDirection),
  };
}

const subscript = (n: number): string => String.fromCodePoint("₀".codePointAt(0)! + n);

/** Densities of the features' eigenvalues, and crosses where eigenvalues of order one lie outside the bulk. */
export function spectrumChart({ srf, noStep }: Spectra, network: Spectrum | undefined): ChartDescription {
  const all = [srf, noStep, ...(network ? [network] : [])];
  const right = Math.max(...all.flatMap(({ edges, grid, outliers }) => [rightEdge(edges, grid), ...outliers]));
  const line = (label: string, role: Role, style: Series["style"], spectrum: Spectrum): Series => {
    return { label, role, style, points: withEdges(spectrum) };
  };
  const outliers = (label: string, role: Role, spectrum: Spectrum): Series[] => {
    const points = spectrum.outliers.map((x) => ({ x, y: 1.6e-3 / right }));
    return points.length > 0 ? [{ label: `outlier, ${label}`, role, style: "points", points }] : [];
  };
  const { network: networkLabel, srf: srfLabel } = THEORY_LABELS;
  return {
    title: "Spectrum of the features",
    x: { title: "eigenvalue of ΦᵀΦ/p", domain: [0, 1.04 * right], logarithmic: false },
    // Of a density that may diverge at zero, what matters is the tail.
    y: { title: "density", logarithmic: true, domain: [1e-3 / right, 20 / right] },
    series: [
      line(srfLabel, "srf", "solid", srf),
      ...(network ? [line(networkLabel, "network", "solid", network)] : []),
      line("no step", "reference", "dotted", noStep),
      ...outliers(srfLabel, "srf", srf),
      ...(network ? outliers(networkLabel, "network", network) : []),
    ],
  };
}

/** The density, which is zero at the edges of every interval of the bulk. */
function withEdges({ grid, density, edges }: Spectrum): Point[] {
  const ends = edges.flat().filter((x) => x > 0 && Number.isFinite(x));
  return [...grid.map((x, i) => ({ x, y: density[i]! })), ...ends.map((x) => ({ x, y: 0 }))].sort((a, b) => a.x - b.x);
}

/** An unbounded bulk is drawn as far as its density is resolved. */
function rightEdge(edges: Spectrum["edges"], grid: Spectrum["grid"]): number {
  const end = edges.at(-1)?.[1] ?? 0;
  return Number.isFinite(end) ? end : grid.at(-1)!;
}
