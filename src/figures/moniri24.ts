import type { TrainedNetwork } from "../model/description.ts";
import { finiteSizeStep, intermediateRate } from "../model/intermediateRate.ts";
import { featureSpikes } from "../observables/featureSpikes.ts";
import {
  type Axis,
  type Curve,
  errorPoint,
  type Figure,
  type Job,
  type JobResult,
  type Line,
  type Scale,
  simulatedPoint,
} from "./figure.ts";
import { gaussianQuantiles, quantilesRule } from "./gaussianQuantiles.ts";
import { errorLine, FINITE, KERNELS, linearBaseline, spaced } from "./lines.ts";

/** An activation without a constant and with both c₁ and c₂, bounded so that the bulk is. */
const STUDENT = "tanh(x) - 2*(exp(-x^2/2) - 0.7071067811865476)";
const EXPONENTS = [0, 0.1, 0.2, 0.25, 0.3, 0.33, 0.36, 0.39, 0.42, 0.45, 0.48];
/** n/d and p/d; the left singular vectors are those of the smaller side, n ≤ p. */
const RATIO = 2;
const READOUT_NODES = 5;
const VECTORS = 2;
const POWERS = [1, 2];

interface Task {
  readonly target: string;
  readonly ridge: number;
}

/** The limit with the sizes n = p of the simulation put in, at η = n^a. */
function step({ target, ridge }: Task, exponent: number, dimension: number): TrainedNetwork {
  const size = Math.round(RATIO * dimension);
  const sizes = { samples: size, dimension, width: size, learningRate: size ** exponent };
  return {
    ...finiteSizeStep({ student: STUDENT, target, ridge, ...sizes }),
    ...quantilesRule(size, READOUT_NODES),
  };
}

function network(task: Task, exponent: number, dimension: number): TrainedNetwork {
  return { ...step(task, exponent, dimension), ...gaussianQuantiles(Math.round(RATIO * dimension)) };
}

const SPIKES: Task = { target: "tanh", ridge: 1 };

function spikeJob(exponent: number, { dimension, trials, seed }: Scale): Job<"spectrum"> {
  return {
    description: network(SPIKES, exponent, dimension),
    grid: { dimension, seed },
    trials,
    observation: { kind: "spectrum", vectors: VECTORS, powers: POWERS },
  };
}

/** Ends of the windows in which as many spikes appear as n → ∞. */
const WINDOWS = [
  { x: 0.25, text: "a = 1/4" },
  { x: 1 / 3, text: "1/3" },
];
const RATE: Axis = { title: "a, with η = nᵃ" };

const spikes: Figure = {
  name: "moniri24-spikes",
  source: "Moniri24 (style)",
  title: "spikes of the features after a step of rate η = nᵃ",
  full: { dimension: 1000, trials: 10, points: 31 },
  quick: { dimension: 60, trials: 5, points: 31 },
  panels(scale) {
    const { dimension } = scale;
    const x = spaced(EXPONENTS[0]!, EXPONENTS.at(-1)!, scale.points);
    const known = new Map<number, ReturnType<typeof featureSpikes>>();
    const spikesAt = (a: number) => {
      const found = known.get(a) ?? featureSpikes(step(SPIKES, a, dimension), POWERS);
      known.set(a, found);
      return found;
    };
    const jobs = new Map(EXPONENTS.map((a) => [a, spikeJob(a, scale)]));
    const simulated = (read: (result: JobResult<"spectrum">) => number) =>
      EXPONENTS.map((a) => simulatedPoint(a, jobs.get(a)!, read));
    const singularValue = (i: number): Curve => ({
      label: ["first", "second"][i]!,
      lines: [
        {
          theory: FINITE,
          x,
          values: (exponents) => exponents.map((a) => Math.sqrt(spikesAt(a).spikes[i]?.eigenvalue ?? spikesAt(a).edge)),
        },
      ],
      simulated: simulated(({ eigenvalues }) => Math.sqrt(eigenvalues[i]!)),
    });
    const alignment = (i: number): Curve => ({
      label: ["first with κ", "second with κ²"][i]!,
      lines: [
        { theory: FINITE, x, values: (exponents) => exponents.map((a) => spikesAt(a).spikes[i]?.alignments[i] ?? 0) },
      ],
      simulated: simulated(({ alignments }) => alignments[i]![i]!),
    });
    const shared = {
      x: RATE,
      legendTitle: "singular value",
    };
    return [
      {
        ...shared,
        name: "values",
        marks: WINDOWS,
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

/** A target of mean zero with both Hermite coefficients, so that both of the first spikes help. */
const ERRORS: Task = { target: STUDENT, ridge: 0.1 };
const LIMIT = "limit n → ∞";

/** Boundaries of the windows that are drawn; from the last on they are too narrow. */
const BOUNDARIES = [0, 1 / 4, 1 / 3, 3 / 8, 2 / 5, 5 / 12, 3 / 7, 7 / 16, 4 / 9];
/** Distance to a boundary, where the limit makes no statement. */
const MARGIN = 1e-4;

/** The limit's errors: constant in each window of exponents, with one spike more from window to window. */
function windowLine(): Line {
  const sizes = { sampleRatio: RATIO, widthRatio: RATIO, stepSampleRatio: RATIO };
  const limit = (rateExponent: number) => intermediateRate({ student: STUDENT, ...ERRORS, ...sizes, rateExponent });
  const inside = (a: number) =>
    a < BOUNDARIES.at(-1)! && BOUNDARIES.every((boundary) => Math.abs(a - boundary) > MARGIN / 2);
  const x = BOUNDARIES.slice(1).flatMap((right, i) => [BOUNDARIES[i]!, BOUNDARIES[i]! + MARGIN, right - MARGIN]);
  return {
    theory: LIMIT,
    x,
    values: (exponents) => exponents.map((a) => (inside(a) ? errorLine(LIMIT, [], limit).values([a])[0]! : null)),
  };
}

const errors: Figure = {
  name: "moniri24-errors",
  source: "Moniri24 (style)",
  title: "test error after a step of rate η = nᵃ",
  full: { dimension: 1000, trials: 10, points: 61 },
  quick: { dimension: 100, trials: 10, points: 31 },
  panels({ dimension, trials, seed, points }) {
    const x = spaced(EXPONENTS[0]!, EXPONENTS.at(-1)!, points);
    const model = (a: number) => step(ERRORS, a, dimension);
    const curve: Curve = {
      label: "error",
      lines: [errorLine(FINITE, x, model), windowLine()],
      baseline: linearBaseline(model),
      simulated: EXPONENTS.map((a) =>
        errorPoint(a, {
          description: network(ERRORS, a, dimension),
          grid: { dimension, seed },
          trials,
        }),
      ),
    };
    return [
      {
        name: "errors",
        title: "n = p = 2d, λ = 0.1; c₁, c₂, c₁*, c₂* ≠ 0",
        x: RATE,
        y: { title: "test error" },
        legendTitle: "",
        baseline: KERNELS,
        marks: WINDOWS,
        curves: [curve],
      },
    ];
  },
};

export const moniri24: readonly Figure[] = [spikes, errors];
