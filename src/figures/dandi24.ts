import type { SpikedRandomFeatures } from "../model/description.ts";
import { featureSpectrum } from "../observables/featureSpectrum.ts";
import { type Curve, type Figure, type Job, type Panel, type Scale, simulatedPoint } from "./figure.ts";
import { logarithmicBins } from "./histogram.ts";
import { FINITE, spaced, SRF } from "./lines.ts";

type Features = Pick<
  SpikedRandomFeatures,
  "model" | "student" | "spikeStrength" | "readoutValues" | "sampleRatio" | "widthRatio"
>;

/** Trials whose eigenvalues are observed. */
export function spectrumJob(features: Features, { dimension, trials, seed }: Scale): Job<"spectrum"> {
  const description: SpikedRandomFeatures = { ...features, target: "identity", alignment: 0, ridge: 1 };
  return { description, grid: { dimension, seed }, trials, observation: { kind: "spectrum", vectors: 0, powers: [] } };
}

/** The bulk's density of ln x with the simulated one. */
function densityCurve(label: string, features: Features, job: Job<"spectrum">, { points }: Scale, count: number) {
  const { grid, edges } = featureSpectrum(features, { points });
  const bins = logarithmicBins(edges[0]![0], edges.at(-1)![1], count);
  const density = (at: readonly number[]) =>
    featureSpectrum(features, { grid: at, points }).density.map((value, i) => value * at[i]!);
  const x = [edges[0]![0], ...grid, edges.at(-1)![1]];
  const compared = (centers: readonly number[]) => bins.averages(density, centers);
  const curve: Curve = {
    label,
    lines: [{ theory: SRF, x, values: density, compared }],
    simulated: bins.centers.map((center) =>
      simulatedPoint(center, job, ({ eigenvalues }) => bins.density(eigenvalues, center)),
    ),
  };
  return { curve, bins };
}

const AXES = {
  x: { title: "eigenvalue x of ΦᵀΦ/p", log: true },
  y: { title: "x ρ(x), density of ln x" },
} as const;
const BINS = 60;

/** The bulk over a simulated histogram; the outliers are in the title. */
export function spectrumPanel(
  name: string,
  title: string,
  features: Features,
  job: Job<"spectrum">,
  scale: Scale,
): Panel {
  const { curve, bins } = densityCurve(name, features, job, scale, BINS);
  const { outliers } = featureSpectrum({ ...features, finiteDimension: scale.dimension }, { points: scale.points });
  const outside = outliers.map((value) => value.toFixed(value < 10 ? 2 : 0)).join(", ");
  const noun = outliers.length === 1 ? "outlier" : "outliers";
  return {
    ...AXES,
    name,
    title: outside === "" ? title : `${title}; ${noun} at ${outside}`,
    legendTitle: "",
    barWidth: bins.width,
    curves: [curve],
  };
}

const spiked = (spikeStrength: number): Features => ({
  model: "spikedRandomFeatures",
  student: "tanh",
  spikeStrength,
  sampleRatio: 4,
  widthRatio: 1,
});
const STRENGTHS = [0, 0.5, 1, 2];
const FEW_BINS = 20;

/** The bulks of all strengths side by side. */
function bulksPanel(jobs: readonly Job<"spectrum">[], scale: Scale): Panel {
  const curves = STRENGTHS.map((r, i) => densityCurve(String(r), spiked(r), jobs[i]!, scale, FEW_BINS).curve);
  return { ...AXES, name: "bulks", title: "the bulk for every r", legendTitle: "r", curves };
}

function largestPanel(jobs: readonly Job<"spectrum">[], scale: Scale): Panel {
  const { dimension } = scale;
  const largest = (r: number) => {
    const { outliers, edges } = featureSpectrum({ ...spiked(r), finiteDimension: dimension }, { points: 64 });
    return (outliers.at(-1) ?? edges.at(-1)![1]) / dimension;
  };
  const limit = (r: number) => featureSpectrum(spiked(r), { points: 64 }).outliersPerNeuron[0]!;
  const x = spaced(0.25, STRENGTHS.at(-1)!, Math.min(15, scale.points));
  const curve: Curve = {
    label: "largest",
    lines: [
      { theory: FINITE, x, values: (strengths) => strengths.map(largest) },
      { theory: SRF, x, values: (strengths) => strengths.map(limit) },
    ],
    simulated: STRENGTHS.flatMap((r, i) =>
      r === 0 ? [] : [simulatedPoint(r, jobs[i]!, ({ eigenvalues }) => eigenvalues[0]! / dimension)],
    ),
  };
  return {
    name: "largest",
    title: "the outlier of order p",
    x: { title: "spike strength r" },
    y: { title: "largest eigenvalue / p" },
    legendTitle: "",
    curves: [curve],
  };
}

const spectrum: Figure = {
  name: "dandi24-spectrum",
  source: "Dandi24 (style)",
  title: "spectrum of spiked features, tanh, n = 4d, p = d",
  columns: 3,
  full: { dimension: 1000, trials: 10, points: 200 },
  quick: { dimension: 150, trials: 10, points: 100 },
  panels(scale) {
    const jobs = STRENGTHS.map((r) => spectrumJob(spiked(r), scale));
    const densities = STRENGTHS.map((r, i) => spectrumPanel(`r=${r}`, `r = ${r}`, spiked(r), jobs[i]!, scale));
    return [...densities.slice(0, 2), bulksPanel(jobs, scale), ...densities.slice(2), largestPanel(jobs, scale)];
  },
};

export const dandi24: readonly Figure[] = [spectrum];
