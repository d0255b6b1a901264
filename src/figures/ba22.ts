import type { TrainedNetwork } from "../model/description.ts";
import { finiteSizeStep } from "../model/intermediateRate.ts";
import { ba22SmallRate, ridgeFromPapers } from "../model/smallRate.ts";
import { type Curve, errorPoint, type Figure, type Line, type Panel, type Scale } from "./figure.ts";
import { errorLine, FINITE, KERNELS, linearBaseline, NETWORK_FINITE, spaced } from "./lines.ts";
import { gaussianQuantiles } from "./gaussianQuantiles.ts";

/** Values of the discretised Gaussian readout of the theory of finite size. */
const READOUT_NODES = 7;

/** Student, target and the step of a figure, in the parameters of the paper; ψ1 = n/d and ψ2 = N/d. */
interface Setting {
  readonly student: string;
  readonly target: string;
  /** λ′ */
  readonly ridge: number;
  /** σε */
  readonly noise: number;
}

interface Step {
  readonly psi1: number;
  readonly psi2: number;
  /** η */
  readonly rate: number;
}

/** The limit of a rate of order one. */
function smallRate({ student, target, ridge, noise }: Setting, { psi1, psi2, rate }: Step) {
  return ba22SmallRate({ student, target, psi1, psi2, learningRate: rate, ridge, noise }).model;
}

/** The network of the simulation: n samples for the step and n fresh ones for the ridge regression. */
function network(setting: Setting, { psi1, psi2, rate }: Step, dimension: number): TrainedNetwork {
  const width = Math.round(psi2 * dimension);
  return {
    model: "trainedNetwork",
    student: setting.student,
    target: setting.target,
    labelNoise: setting.noise ** 2,
    learningRate: rate / Math.sqrt(width),
    stepSampleRatio: psi1,
    sampleRatio: psi1,
    widthRatio: psi2,
    ridge: ridgeFromPapers(setting.ridge, psi1, psi2),
    ...gaussianQuantiles(width),
  };
}

/** The limit with the sizes of the simulation put in. */
function finiteSize(setting: Setting, { psi1, psi2, rate }: Step, dimension: number): TrainedNetwork {
  return finiteSizeStep({
    student: setting.student,
    target: setting.target,
    samples: Math.round(psi1 * dimension),
    dimension,
    width: Math.round(psi2 * dimension),
    learningRate: rate,
    ridge: ridgeFromPapers(setting.ridge, psi1, psi2),
    labelNoise: setting.noise ** 2,
    readoutNodes: READOUT_NODES,
  });
}

interface CurveOptions {
  readonly label: string;
  readonly setting: Setting;
  readonly step: (x: number) => Step;
  readonly scale: Scale;
  readonly simulatedAt: readonly number[];
  readonly lines: readonly Line[];
}

function curveOf({ label, setting, step, scale, simulatedAt, lines }: CurveOptions): Curve {
  const { dimension, trials, seed } = scale;
  return {
    label,
    lines,
    baseline: linearBaseline((x) => smallRate(setting, step(x))),
    simulated: simulatedAt.map((x) =>
      errorPoint(x, {
        description: network(setting, step(x), dimension),
        grid: { dimension, seed },
        trials,
      }),
    ),
  };
}

const SIZES = {
  full: { dimension: 512, trials: 50, points: 111 },
  quick: { dimension: 96, trials: 20, points: 56 },
} as const;

/** A figure of the small rate: curves for several η against one of the ratios. */
function smallRateFigure(
  name: string,
  source: string,
  setting: Setting,
  panel: Omit<Panel, "name" | "curves" | "y" | "legendTitle" | "baseline">,
  simulatedAt: readonly number[],
  step: (x: number, rate: number) => Step,
): Figure {
  return {
    name,
    source,
    title: "prediction risk after a step of rate η = Θ(1)",
    ...SIZES,
    panels(scale) {
      const x = spaced(simulatedAt[0]!, simulatedAt.at(-1)!, scale.points, panel.x.log);
      const curves = [0, 1, 2].map((rate) => {
        const at = (value: number) => step(value, rate);
        const lines = [errorLine("small rate", x, (value) => smallRate(setting, at(value)))];
        return curveOf({ label: String(rate), setting, step: at, scale, simulatedAt, lines });
      });
      return [{ name: "risk", ...panel, y: { title: "test error" }, legendTitle: "η", baseline: KERNELS, curves }];
    },
  };
}

/** Targets of mean zero, as in the paper: an odd student cannot fit a constant, which would hide what the step does. */
const fig3a = smallRateFigure(
  "ba22-fig3a",
  "Ba22 Fig. 3a",
  { student: "tanh", target: "softplus(x) - 0.8060591833", ridge: 1e-4, noise: 0.25 },
  { title: "tanh student, centred softplus target, N/d = 2, λ′ = 1e-4, σε = 0.25", x: { title: "ψ₁ = n/d" } },
  [0.5, 1, 1.5, 2.5, 3.5, 5],
  (psi1, rate) => ({ psi1, psi2: 2, rate }),
);

const fig3b = smallRateFigure(
  "ba22-fig3b",
  "Ba22 Fig. 3b",
  { student: "tanh", target: "relu(x) - 0.3989422804", ridge: 1e-2, noise: 0.1 },
  { title: "tanh student, centred ReLU target, n/d = 5, λ′ = 1e-2, σε = 0.1", x: { title: "ψ₂ = N/d" } },
  [0.25, 0.5, 1, 2, 3, 4],
  (psi2, rate) => ({ psi1: 5, psi2, rate }),
);

const fig3c: Figure = {
  name: "ba22-fig3c",
  source: "Ba22 Fig. 3c",
  title: "prediction risk after a step of rate η = Nᵃ",
  ...SIZES,
  panels(scale) {
    const { dimension } = scale;
    const setting = { student: "erf", target: "erf", ridge: 1e-3, noise: 0.1 };
    const simulatedAt = [0.5, 1, 2, 3, 4.5, 6];
    const x = spaced(simulatedAt[0]!, simulatedAt.at(-1)!, scale.points);
    const curves = [0, 0.125, 0.25, 0.375, 0.5].map((exponent) => {
      const step = (psi1: number) => ({ psi1, psi2: 2, rate: Math.round(2 * dimension) ** exponent });
      const model = (psi1: number) => finiteSize(setting, step(psi1), dimension);
      const trained = (psi1: number): TrainedNetwork => ({ ...model(psi1), theory: "network" });
      const lines = [
        errorLine(FINITE, x, model),
        ...(exponent === 0.5
          ? [errorLine(NETWORK_FINITE, spaced(x[0]!, x.at(-1)!, Math.ceil(scale.points / 2)), trained)]
          : []),
      ];
      return curveOf({ label: String(exponent), setting, step, scale, simulatedAt, lines });
    });
    return [
      {
        name: "risk",
        title: "erf student and target, N/d = 2, λ′ = 1e-3, σε = 0.1",
        x: { title: "ψ₁ = n/d" },
        y: { title: "test error" },
        legendTitle: "a",
        baseline: KERNELS,
        curves,
      },
    ];
  },
};

export const ba22: readonly Figure[] = [fig3a, fig3b, fig3c];
