import type { SpikedRandomFeatures, TrainedNetwork } from "../model/description.ts";
import { finiteSizeStep } from "../model/intermediateRate.ts";
import { featureSpectrum } from "../observables/featureSpectrum.ts";
import { featureSpikes } from "../observables/featureSpikes.ts";
import type { Curve, Figure, Job, Panel, Scale } from "./figure.ts";
import { gaussianQuantiles } from "./gaussianQuantiles.ts";
import { FINITE, spaced, SRF } from "./lines.ts";

/** An activation without a constant and with both c₁ and c₂, bounded so that the bulk is. */
const STUDENT = "tanh(x) - 2*(exp(-x^2/2) - 0.7071067811865476)";
const EXPONENTS = [0, 0.1, 0.2, 0.25, 0.3, 0.33, 0.36, 0.39, 0.42, 0.45, 0.48];
/** n/d and p/d; the left singular vectors are those of the smaller side, n ≤ p. */
const RATIO = 2;
const VECTORS = 2;
const POWERS = [1, 2];

function step(exponent: number, dimension: number): TrainedNetwork {
  const size = Math.round(RATIO * dimension);
  return finiteSizeStep({
    student: STUDENT,
    target: "tanh",
    samples: size,
    dimension,
    width: size,
    learningRate: size ** exponent,
    ridge: 1,
    readoutNodes: 11,
  });
}

function spikeJob(exponent: number, { dimension, trials, seed }: Scale): Job {
  const readout = gaussianQuantiles(Math.round(RATIO * dimension));
  return {
    description: { ...step(exponent, dimension), ...readout },
    grid: { dimension, seed },
    trials,
    observation: { kind: "spectrum", vectors: VECTORS, powers: POWERS },
  };
}

const moniri24: Figure = {
  name: "moniri24-spikes",
  source: "Moniri24 (style)",
  title: "spikes of the features after a step of rate η = n^a",
  full: { dimension: 1000, trials: 10, points: 31 },
  quick: { dimension: 60, trials: 5, points: 31 },
  panels(scale) {
    const { dimension } = scale;
    const x = spaced(EXPONENTS[0]!, EXPONENTS.at(-1)!, scale.points);
    const known = new Map<number, ReturnType<typeof featureSpikes>>();
    const spikesAt = (a: number) => {
      const found = known.get(a) ?? featureSpikes(step(a, dimension), POWERS);
      known.set(a, found);
      return found;
    };
    const jobs = new Map(EXPONENTS.map((a) => [a, spikeJob(a, scale)]));
    const simulated = (read: (result: readonly number[]) => number) =>
      EXPONENTS.map((a) => ({ x: a, job: jobs.get(a)!, read }));
    const singularValue = (i: number): Curve => ({
      label: ["first", "second"][i]!,
      lines: [
        {
          theory: FINITE,
          x,
          values: (exponents) => exponents.map((a) => Math.sqrt(spikesAt(a).spikes[i]?.eigenvalue ?? spikesAt(a).edge)),
        },
      ],
      simulated: simulated((result) => Math.sqrt(result[i]!)),
    });
    const alignment = (i: number): Curve => ({
      label: ["first with κ", "second with κ²"][i]!,
      lines: [
        { theory: FINITE, x, values: (exponents) => exponents.map((a) => spikesAt(a).spikes[i]?.alignments[i] ?? 0) },
      ],
      simulated: simulated((result) => result[result.length - VECTORS * POWERS.length + i * POWERS.length + i]!),
    });
    const shared = {
      x: { title: "a, with η = n^a" },
      legendTitle: "singular value",
      marks: [
        { x: 0.25, text: "a = 1/4" },
        { x: 1 / 3, text: "1/3" },
      ],
    };
    return [
      {
        ...shared,
        name: "values",
        title: "n = p = 2d; c₁, c₂ ≠ 0",
        y: { title: "singular value of Φ/√p", log: true },
        curves: POWERS.map((_, i) => singularValue(i)),
      },
      {
        ...shared,
        name: "alignments",
        title: "left singular vectors",
        legendTitle: "alignment",
        y: { title: "⟨û, κᵏ⟩²/|κᵏ|²" },
        curves: POWERS.map((_, i) => alignment(i)),
      },
    ];
  },
};

const BINS = 80;

const spiked = (spikeStrength: number) => ({
  model: "spikedRandomFeatures" as const,
  student: "tanh",
  spikeStrength,
  sampleRatio: 4,
  widthRatio: 1,
});

function spectrumJob(spikeStrength: number, { dimension, trials, seed }: Scale): Job {
  const description: SpikedRandomFeatures = { ...spiked(spikeStrength), target: "identity", alignment: 0, ridge: 1 };
  return { description, grid: { dimension, seed }, trials, observation: { kind: "spectrum", vectors: 0, powers: [] } };
}

/** Density of the bulk over a simulated histogram. */
function densityPanel(spikeStrength: number, job: Job, scale: Scale): Panel {
  const model = spiked(spikeStrength);
  const { outliers, edges } = featureSpectrum({ ...model, finiteDimension: scale.dimension }, { points: scale.points });
  const width = (1.05 * edges.at(-1)![1]) / BINS;
  const centers = Array.from({ length: BINS }, (_, i) => (i + 0.5) * width);
  /** Averages over bins, each of parts small enough for the bulk's ends. */
  const inBins = (x: readonly number[]) => {
    const parts = Array.from({ length: PARTS }, (_, i) => (i + 0.5) / PARTS - 0.5);
    const grid = x.flatMap((center) => parts.map((part) => center + part * width));
    const { density } = featureSpectrum(model, { grid, points: scale.points });
    return x.map((_, i) => density.slice(i * PARTS, (i + 1) * PARTS).reduce((sum, value) => sum + value, 0) / PARTS);
  };
  const x = featureSpectrum(model, { points: scale.points }).grid.filter((value) => value > 0);
  const density = (at: readonly number[]) => featureSpectrum(model, { grid: at, points: scale.points }).density;
  const outside = outliers.map((value) => value.toFixed(value < 10 ? 2 : 0)).join(", ");
  return {
    name: `r=${spikeStrength}`,
    title: `r = ${spikeStrength}${outside === "" ? "" : `; outlier at ${outside}`}`,
    x: { title: "eigenvalue of ΦᵀΦ/p" },
    y: { title: "density" },
    legendTitle: "",
    barWidth: width,
    marks: outliers.filter((value) => value < width * BINS).map((value) => ({ x: value, text: "outlier" })),
    curves: [
      {
        label: String(spikeStrength),
        lines: [{ theory: SRF, x, values: density, compared: inBins }],
        simulated: centers.map((center) => ({
          x: center,
          job,
          read: (result) =>
            result.filter((value) => Math.abs(value - center) <= width / 2).length / (result.length * width),
        })),
      },
    ],
  };
}

const PARTS = 48;
const STRENGTHS = [0, 0.5, 1, 2];

const dandi24: Figure = {
  name: "dandi24-spectrum",
  source: "Dandi24 (style)",
  title: "spectrum of spiked features, tanh, n = 4d, p = d",
  columns: 3,
  full: { dimension: 1000, trials: 10, points: 200 },
  quick: { dimension: 150, trials: 10, points: 100 },
  panels(scale) {
    const jobs = STRENGTHS.map((r) => spectrumJob(r, scale));
    const { dimension } = scale;
    const x = spaced(0.25, STRENGTHS.at(-1)!, Math.min(15, scale.points));
    const largest: Curve = {
      label: "largest",
      lines: [
        {
          theory: FINITE,
          x,
          values: (strengths) =>
            strengths.map((r) => {
              const { outliers, edges } = featureSpectrum({ ...spiked(r), finiteDimension: dimension }, { points: 64 });
              return (outliers.at(-1) ?? edges.at(-1)![1]) / dimension;
            }),
        },
        {
          theory: SRF,
          x,
          values: (strengths) => strengths.map((r) => featureSpectrum(spiked(r), { points: 64 }).outliersPerNeuron[0]!),
        },
      ],
      simulated: STRENGTHS.flatMap((r, i) =>
        r === 0 ? [] : [{ x: r, job: jobs[i]!, read: (result: readonly number[]) => result[0]! / dimension }],
      ),
    };
    const densities = STRENGTHS.map((r, i) => densityPanel(r, jobs[i]!, scale));
    return [
      ...densities.slice(0, 2),
      {
        name: "largest",
        title: "the outlier of order p",
        x: { title: "spike strength r" },
        y: { title: "largest eigenvalue / p" },
        legendTitle: "",
        curves: [largest],
      },
      ...densities.slice(2),
    ];
  },
};

export const spectra: readonly Figure[] = [moniri24, dandi24];
