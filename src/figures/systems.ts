import type { SmallRate, TrainedNetwork } from "../model/description.ts";
import { learnedFunction } from "../observables/learnedFunction.ts";
import { trainedWeightSpectrum } from "../observables/trainedWeightSpectrum.ts";
import { readoutVocabulary } from "../observables/vocabulary.ts";
import { weightSpectrum } from "../observables/weightSpectrum.ts";
import { BLACK } from "../plot/palette.ts";
import { spectrumJob, spectrumPanel } from "./dandi24.ts";
import { type Curve, type Figure, type Job, type JobResult, type Panel, type Scale, simulatedPoint } from "./figure.ts";
import { linearBins } from "./histogram.ts";
import { errorLine, KERNELS, linearBaseline, NETWORK, NETWORK_FINITE, spaced, SRF } from "./lines.ts";

/** A student that is neither odd nor even: every readout value adds something that it can express. */
const trained = (values: readonly number[], step: Pick<TrainedNetwork, "learningRate" | "stepSampleRatio">) =>
  ({
    model: "trainedNetwork",
    student: "tanh(x + 1)",
    target: "sin",
    readoutValues: values,
    ...step,
    widthRatio: 1,
  }) as const;

/** u_k of K = 1, 2, 3 groups of equal size. */
const READOUTS = [[1], [1, 0.5], [1.2, 0.5, -0.5]];
const SAMPLE_RATIOS = [0.2, 0.5, 1, 1.5, 2, 3];

const finiteSupport: Figure = {
  name: "finite-support",
  source: "Cui24 (appendix)",
  title: "K first-layer readout values: test error, and spectrum of the features",
  full: { dimension: 1000, trials: 20, points: 61 },
  quick: { dimension: 150, trials: 20, points: 31 },
  panels(scale) {
    const { dimension, trials, seed, points } = scale;
    const x = spaced(SAMPLE_RATIOS[0]!, SAMPLE_RATIOS.at(-1)!, points);
    const curves = READOUTS.map((values): Curve => {
      const point = { sampleRatio: 1, ridge: 0.1 };
      const model = { ...trained(values, { learningRate: 2, stepSampleRatio: 1 }), ...point };
      const along = (theory: "network" | "srf") => (sampleRatio: number) => ({ ...model, theory, sampleRatio });
      const grid = { sampleRatios: SAMPLE_RATIOS, ridges: [point.ridge], dimension, seed };
      const job: Job<"errors"> = { description: model, grid, trials, observation: { kind: "errors" } };
      return {
        label: values.join(", "),
        lines: [
          errorLine(NETWORK, x, along("network")),
          errorLine(SRF, x, along("srf")),
          errorLine(NETWORK_FINITE, x, (ratio) => ({ ...along("network")(ratio), finiteDimension: dimension })),
        ],
        baseline: linearBaseline(along("srf")),
        simulated: SAMPLE_RATIOS.map((ratio, i) => simulatedPoint(ratio, job, ({ testErrors }) => testErrors[i]!)),
      };
    });
    const features = {
      model: "spikedRandomFeatures",
      student: "tanh(x + 1)",
      spikeStrength: 1.5,
      readoutValues: readoutVocabulary(3),
      sampleRatio: 4,
      widthRatio: 1,
    } as const;
    const spectrum = spectrumPanel("spectrum", "K = 3, r = 1.5", features, spectrumJob(features, scale), {
      ...scale,
      points: 4 * points,
    });
    return [
      {
        name: "errors",
        title: "tanh(x + 1) student, sin target, η̃ = 2, α₀ = β = 1, λ = 0.1",
        x: { title: "α = n/d" },
        y: { title: "test error" },
        legendTitle: "u",
        baseline: KERNELS,
        curves,
      },
      spectrum,
    ];
  },
};

const vocabulary: Figure = {
  name: "vocabulary",
  source: "Cui24 (appendix)",
  title: "learned functions with K = 1, 2, 4, 8 first-layer readout values",
  columns: 2,
  full: { dimension: 1000, trials: 10, points: 111 },
  quick: { dimension: 150, trials: 10, points: 56 },
  panels: (scale) => [1, 2, 4, 8].map((size) => vocabularyPanel(size, scale)),
};

function vocabularyPanel(size: number, { dimension, trials, seed, points }: Scale): Panel {
  const at = spaced(-4, 4, 17);
  const x = spaced(-4, 4, points);
  const point = { sampleRatio: 4, ridge: 0.001 };
  const model = { ...trained(readoutVocabulary(size), { learningRate: 3, stepSampleRatio: 8 }), ...point };
  const observation = { kind: "function", along: "target", at, samples: 4096 } as const;
  const job: Job<"function"> = { description: model, grid: { dimension, seed }, trials, observation };
  const learned = learnedFunction(model);
  const finite = learnedFunction({ ...model, finiteDimension: dimension });
  const [limit, corrected] = [learned, finite].map(({ solution }) => solution.testError.toFixed(4));
  return {
    name: `K=${size}`,
    title: `K = ${size}: test error ${limit}, at F = d ${corrected}`,
    x: { title: "t = θᵀx" },
    y: { title: "E[f(x) | θᵀx = t]" },
    legendTitle: "",
    curves: [
      {
        label: "learned",
        lines: [
          { theory: NETWORK_FINITE, x, values: finite.alongTarget },
          { theory: NETWORK, x, values: learned.alongTarget },
        ],
        simulated: at.map((t, i) => simulatedPoint(t, job, ({ values }) => values[0]![i]!)),
      },
      { label: "target", color: BLACK, lines: [{ theory: NETWORK_FINITE, x, values: learned.target }] },
    ],
  };
}

const STRENGTHS = [0, 0.5, 1, 1.5, 2, 3, 4];
const SPIKED_RATIO = 2;
const LIMIT = "limit";

const spikedWeights = (spikeStrength: number): SmallRate => ({
  model: "smallRate",
  student: "tanh",
  target: "tanh",
  spikeStrength,
  alignment: 0.8,
  sampleRatio: 1,
  widthRatio: SPIKED_RATIO,
  ridge: 1,
});

const weights: Figure = {
  name: "weights",
  source: "Ba22, Cui24 (style)",
  title: "singular values of the weights after the step, and their vectors",
  full: { dimension: 1000, trials: 10, points: 81 },
  quick: { dimension: 150, trials: 10, points: 41 },
  panels: (scale) => [...spikePanels(scale), trainedWeightsPanel(scale)],
};

function spikePanels({ dimension, trials, seed, points }: Scale): Panel[] {
  const spectrumAt = (s: number) => weightSpectrum(spikedWeights(s));
  const x = spaced(STRENGTHS[0]!, STRENGTHS.at(-1)!, points);
  const jobs = STRENGTHS.map((s): Job<"weights"> => ({
    description: spikedWeights(s),
    grid: { dimension, seed },
    trials,
    observation: { kind: "weights" },
  }));
  const curve = (
    label: string,
    value: (spectrum: ReturnType<typeof spectrumAt>) => number,
    read: (result: JobResult<"weights">) => number,
  ): Curve => ({
    label,
    lines: [{ theory: LIMIT, x, values: (strengths) => strengths.map((s) => value(spectrumAt(s))) }],
    simulated: STRENGTHS.map((s, i) => simulatedPoint(s, jobs[i]!, read)),
  });
  const shared = { x: { title: "spike strength s₁" }, marks: [{ x: spectrumAt(0).threshold!, text: "threshold" }] };
  return [
    {
      ...shared,
      name: "values",
      title: "spiked weights, β = 2",
      y: { title: "singular value" },
      legendTitle: "",
      curves: [
        curve(
          "largest",
          ({ outlier, bulk }) => outlier ?? bulk[1],
          ({ singularValues }) => singularValues[0]!,
        ),
        curve(
          "second",
          ({ bulk }) => bulk[1],
          ({ singularValues }) => singularValues[1]!,
        ),
      ],
    },
    {
      ...shared,
      name: "overlaps",
      title: "top singular vectors, γ = 0.8",
      y: { title: "squared overlap" },
      legendTitle: "",
      curves: [
        curve(
          "right, with v",
          ({ overlaps }) => overlaps.input,
          ({ input }) => input,
        ),
        curve(
          "left, with û",
          ({ overlaps }) => overlaps.readout,
          ({ readout }) => readout,
        ),
        curve(
          "right, with θ",
          ({ overlaps }) => overlaps.target,
          ({ target }) => target,
        ),
      ],
    },
  ];
}

const BINS = 60;

/** Singular values of a trained network's weights: how its step deforms the bulk. */
function trainedWeightsPanel({ dimension, trials, seed, points }: Scale): Panel {
  const network = {
    model: "trainedNetwork",
    student: "tanh",
    target: "tanh",
    learningRate: 3,
    stepSampleRatio: 0.5,
    widthRatio: 0.5,
  } as const;
  const description: TrainedNetwork = { ...network, sampleRatio: 1, ridge: 1 };
  const job: Job<"weights"> = { description, grid: { dimension, seed }, trials, observation: { kind: "weights" } };
  const of = (theory: "network" | "srf") => {
    const { grid, density, edges } = trainedWeightSpectrum({ ...network, theory }, { points: 4 * points });
    const [left, right] = [edges[0]![0], edges.at(-1)![1]];
    const x = [left, ...grid, right];
    return { x, right, density: interpolated(x, [0, ...density, 0]) };
  };
  const [exact, surrogate] = [of(NETWORK), of("srf")];
  const bins = linearBins(Math.max(exact.right, surrogate.right), BINS);
  const line = (theory: string, { x, density }: typeof exact) => ({
    theory,
    x,
    values: density,
    compared: (x: readonly number[]) => bins.averages(density, x),
  });
  return {
    name: "trained",
    title: "trained network, tanh, η̃ = 3, α₀ = β = ½",
    x: { title: "singular value of W" },
    y: { title: "density" },
    legendTitle: "",
    barWidth: bins.width,
    curves: [
      {
        label: "weights",
        lines: [line(NETWORK, exact), line(SRF, surrogate)],
        simulated: bins.centers.map((center) =>
          simulatedPoint(center, job, ({ singularValues }) => bins.density(singularValues, center)),
        ),
      },
    ],
  };
}

/** Linear between the places, zero outside. */
function interpolated(places: readonly number[], values: readonly number[]) {
  return (x: readonly number[]) =>
    x.map((at) => {
      const i = places.findIndex((place) => place >= at);
      if (i === 0) return places[0] === at ? values[0]! : 0;
      if (i < 0) return 0;
      const part = (at - places[i - 1]!) / (places[i]! - places[i - 1]!);
      return values[i - 1]! + part * (values[i]! - values[i - 1]!);
    });
}

export const systems: readonly Figure[] = [finiteSupport, vocabulary, weights];
