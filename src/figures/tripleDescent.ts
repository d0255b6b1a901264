import type { RandomFeatures } from "../model/description.ts";
import { titleOf } from "../plot/quantities.ts";
import { PARTS } from "../statistics/decomposition.ts";
import { statistics } from "../statistics/statistics.ts";
import { type Axis, type Curve, type Figure, type Job, type Panel, type Scale, simulatedPoint } from "./figure.ts";
import { FINITE, spaced } from "./lines.ts";

/** p = 4d, so that n = d and n = p are apart; λ → 0. */
const WIDTH_RATIO = 4;
const RIDGE = 1e-6;
const NOISE = 4;
const RANGE = [0.2, 12] as const;
/** Not n = p itself, where the mean over trials is that of the worst of them. */
const SIMULATED = [0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4.6, 5.5, 7, 10];
/** Parts that are large against their standard errors. */
const LARGE: readonly string[] = [
  ...["biasSquared", "varianceInputsNoise", "varianceWeightsInputs", "varianceWeightsInputsNoise", "testError"],
  ...["freshWeightsSameSamples", "sameWeightsFreshSamples", "freshBoth"],
];

type Model = RandomFeatures & { readonly finiteDimension: number };
type Quantity = (typeof PARTS)[number] | (typeof MEANS)[number][0];

/** The networks that are averaged over, and what of their errors is left for infinitely many. */
const MEANS = [
  ["testError", "one network"],
  ["freshWeightsSameSamples", "mean over weights"],
  ["sameWeightsFreshSamples", "mean over samples"],
  ["freshBoth", "mean over both"],
] as const;

function model(sampleRatio: number, dimension: number): Model {
  const fixed = { widthRatio: WIDTH_RATIO, ridge: RIDGE, labelNoise: NOISE };
  return { model: "randomFeatures", student: "relu", target: "x", sampleRatio, ...fixed, finiteDimension: dimension };
}

/** Theory at every α once, whatever is read from it. */
function theoryOf(dimension: number) {
  const known = new Map<number, ReturnType<typeof statistics>>();
  return (sampleRatio: number) => {
    const found = known.get(sampleRatio) ?? statistics(model(sampleRatio, dimension));
    known.set(sampleRatio, found);
    return found;
  };
}

function job({ dimension, trials, seed }: Scale): Job<"statistics"> {
  const grid = { dimension, seed, sampleRatios: SIMULATED, testSamples: 1000 };
  return { description: model(1, dimension), grid, trials, observation: { kind: "statistics" } };
}

/**
 * The parts of the test error of random features and what averages leave of it, along α (statistics §3): the part of the inputs with the noise
 * of their labels is largest near n = d, the parts that weights have with both diverge at n = p.
 */
export const tripleDescent: Figure = {
  name: "triple-descent",
  source: "dAscoli20 (style)",
  title: "triple descent: what peaks at n = d and at n = p",
  full: { dimension: 200, trials: 30, points: 161 },
  quick: { dimension: 40, trials: 6, points: 61 },
  panels(scale) {
    const theory = theoryOf(scale.dimension);
    const pairs = job(scale);
    const x = spaced(...RANGE, scale.points, true);
    const curve = (name: Quantity, label: string): Curve => ({
      label,
      lines: [{ theory: FINITE, x, values: (ratios) => ratios.map((ratio) => theory(ratio)[name]) }],
      ...(LARGE.includes(name) && {
        simulated: SIMULATED.map((ratio, i) => simulatedPoint(ratio, pairs, (trial) => trial.statistics[i]![name]!)),
      }),
    });
    const panel = (name: string, title: string, range: Axis["range"], curves: readonly Curve[]): Panel => ({
      ...{ name, title, curves, legendTitle: "" },
      x: { title: "α = n/d", log: true },
      y: { title: "square error", log: true, ...(range && { range }) },
      marks: [
        { x: 1, text: "n = d" },
        { x: WIDTH_RATIO, text: "n = p" },
      ],
    });
    const shared = `ReLU, Δ = ${NOISE}, p = ${WIDTH_RATIO}d, λ → 0`;
    return [
      panel("errors", `means of infinitely many: ${shared}`, undefined, MEANS.map(([name, label]) => curve(name, label))), // prettier-ignore
      panel("parts", "parts of one network's test error", [0.01, 1000], PARTS.map((name) => curve(name, titleOf(name)))), // prettier-ignore
    ];
  },
};
