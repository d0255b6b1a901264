import type { ModelDescription, SpikedRandomFeatures, TrainedNetwork } from "../model/description.ts";
import { bounds } from "../observables/bounds.ts";
import { learnedFunction } from "../observables/learnedFunction.ts";
import { BLACK } from "../plot/palette.ts";
import { type Curve, errorPoint, type Figure, type Job, type Panel, type Scale, simulatedPoint } from "./figure.ts";
import { constantLine, errorLine, FINITE, KERNELS, linearBaseline, NETWORK, spaced, SRF } from "./lines.ts";

/** Sample ratios of the simulation published with the paper. */
const SAMPLE_RATIOS = [0.2, 0.667, 1.133, 1.6, 2.067, 2.533, 3];
/** Its test errors at α₀ = 0.5: tanh/tanh, d = p = 2000, η̃ = 1, λ = 0.01, three trials with one W₀. */
const PUBLISHED_ERRORS = [0.2944, 0.3185, 0.277, 0.2057, 0.1722, 0.1549, 0.1445];
const TEST_SAMPLES = 5000;

/** Test errors of one run of trials over α, beside the theories of the same model. */
function learningCurveOf(label: string, model: ModelDescription, scale: Scale, ratios = SAMPLE_RATIOS): Curve {
  const along = (description: ModelDescription) => (sampleRatio: number) => ({ ...description, sampleRatio });
  const { dimension, trials, seed, points } = scale;
  const grid = { sampleRatios: ratios, ridges: [model.ridge], dimension, seed, testSamples: TEST_SAMPLES };
  const job: Job<"errors"> = { description: model, grid, trials, observation: { kind: "errors" } };
  const x = spaced(ratios[0]!, ratios.at(-1)!, points);
  const trained = model.model === "trainedNetwork" && model.stepSampleRatio > 0;
  const spikes = model.model === "spikedRandomFeatures" && model.spikeStrength !== 0;
  return {
    label,
    lines: [
      errorLine(model.model === "trainedNetwork" ? NETWORK : SRF, x, along(model)),
      ...(trained ? [errorLine(SRF, x, along({ ...model, theory: "srf" }))] : []),
      ...(spikes ? [errorLine(FINITE, x, along({ ...model, finiteDimension: dimension }))] : []),
    ],
    baseline: linearBaseline(along(model)),
    simulated: ratios.map((ratio, i) => simulatedPoint(ratio, job, ({ testErrors }) => testErrors[i]!)),
  };
}

const network = (parameters: Omit<TrainedNetwork, "model">): TrainedNetwork => ({
  model: "trainedNetwork",
  ...parameters,
});
const spiked = (parameters: Omit<SpikedRandomFeatures, "model">): SpikedRandomFeatures => ({
  model: "spikedRandomFeatures",
  ...parameters,
});

const AGAINST_SAMPLES = { x: { title: "α = n/d" }, y: { title: "test error" }, baseline: KERNELS } as const;

const LOG_ERROR = { title: "test error", log: true } as const;

const fig1: Figure = {
  name: "cui24-fig1",
  source: "Cui24 Fig. 1",
  title: "what the network has learned along the target",
  full: { dimension: 2000, trials: 5, points: 111 },
  quick: { dimension: 200, trials: 5, points: 56 },
  panels(scale) {
    const at = spaced(-4, 4, 17);
    const x = spaced(-4, 4, scale.points);
    const curves = [0, 0.5, 1, 4].map((stepSampleRatio): Curve => {
      const model = network({
        student: "tanh",
        target: "tanh",
        learningRate: 2.5,
        stepSampleRatio,
        sampleRatio: 2,
        widthRatio: 1,
        ridge: 0.01,
      });
      const job = functionJob(model, scale, "target", at);
      const line = (theory: string, description: ModelDescription) => ({
        theory,
        x,
        values: (t: readonly number[]) => learnedFunction(description).alongTarget(t),
      });
      return {
        label: String(stepSampleRatio),
        lines: [line(NETWORK, model), ...(stepSampleRatio > 0 ? [line(SRF, { ...model, theory: "srf" })] : [])],
        simulated: at.map((t, i) => simulatedPoint(t, job, ({ values }) => values[0]![i]!)),
      };
    });
    const target: Curve = {
      label: "target",
      color: BLACK,
      lines: [{ theory: NETWORK, x, values: (t) => t.map(Math.tanh) }],
    };
    return [
      {
        name: "function",
        title: "tanh student and target, η̃ = 2.5, α = 2, β = 1, λ = 0.01",
        x: { title: "t = θᵀx" },
        y: { title: "E[f(x) | θᵀx = t]" },
        legendTitle: "α₀",
        curves: [...curves, target],
      },
    ];
  },
};

function functionJob(
  description: ModelDescription,
  scale: Scale,
  along: "target" | "spike",
  at: number[],
): Job<"function"> {
  const { dimension, trials, seed } = scale;
  return {
    description,
    grid: { dimension, seed },
    trials,
    observation: { kind: "function", along, at, samples: 4096 },
  };
}

const fig2: Figure = {
  name: "cui24-fig2",
  source: "Cui24 Fig. 2",
  title: "test error after one gradient step",
  full: { dimension: 2000, trials: 5, points: 111 },
  quick: { dimension: 200, trials: 10, points: 56 },
  panels(scale) {
    const curvesOf = (target: string, ridge: number, ratios: readonly number[]): Curve[] =>
      ratios.map((stepSampleRatio) => {
        const model = network({
          student: "tanh",
          target,
          learningRate: 1,
          stepSampleRatio,
          sampleRatio: 1,
          widthRatio: 1,
          ridge,
        });
        const curve = learningCurveOf(String(stepSampleRatio), model, scale);
        const printed = target === "tanh" && stepSampleRatio === 0.5 ? PUBLISHED_ERRORS : [];
        return { ...curve, published: printed.map((y, i) => ({ x: SAMPLE_RATIOS[i]!, y })) };
      });
    const shared = { ...AGAINST_SAMPLES, legendTitle: "α₀" };
    const ratios = [0, 0.5, 1, 2];
    return [
      {
        ...shared,
        name: "left",
        title: "tanh target, λ = 0.01, η̃ = 1; circles: published",
        curves: curvesOf("tanh", 0.01, ratios),
      },
      { ...shared, name: "right", title: "sin target, λ = 0.1, η̃ = 1", curves: curvesOf("sin", 0.1, ratios) },
    ];
  },
};

const fig3: Figure = {
  name: "cui24-fig3",
  source: "Cui24 Fig. 3",
  title: "bounds on what any readout of the spiked features can do",
  full: { dimension: 1000, trials: 10, points: 111 },
  quick: { dimension: 200, trials: 10, points: 56 },
  panels(scale) {
    const spike = { spikeStrength: 0.9, bulkVariance: 1, alignment: 1, widthRatio: 1 };
    const model = spiked({ student: "tanh", target: "sin", ...spike, sampleRatio: 3, ridge: 0.01 });
    const corrected = { ...model, finiteDimension: scale.dimension };
    const { lower, upper } = bounds(model);
    const at = spaced(-4, 4, 17);
    const x = spaced(-4, 4, scale.points);
    const theory = SRF;
    const job = functionJob(model, scale, "spike", at);
    const functions: Curve[] = [
      { label: "target", color: BLACK, lines: [{ theory, x, values: (kappa) => kappa.map(Math.sin) }] },
      { label: "lower bound", lines: [{ theory, x, values: lower.along }] },
      { label: "upper bound", lines: [{ theory, x, values: upper.along }] },
      {
        label: "ridge, α = 3",
        lines: [
          { theory, x, values: (kappa) => learnedFunction(model).alongSpike(kappa) },
          { theory: FINITE, x, values: (kappa) => learnedFunction(corrected).alongSpike(kappa) },
        ],
        simulated: at.map((kappa, i) => simulatedPoint(kappa, job, ({ values }) => values[0]![i]!)),
      },
    ];
    const ratios = [0.3, 0.6, 1.2, 2, 3, 5, 8];
    const ends = [ratios[0]!, ratios.at(-1)!];
    const errors: Curve[] = [
      { label: "lower bound", lines: [constantLine(theory, ends, lower.testError)] },
      { label: "upper bound", lines: [constantLine(theory, ends, upper.testError)] },
      ...[0.01, 0.1, 1].map((ridge) => learningCurveOf(`ridge, λ = ${ridge}`, { ...model, ridge }, scale, ratios)),
    ];
    return [
      {
        name: "functions",
        title: "tanh student, sin target, r = 0.9, c = γ = 1",
        x: { title: "κ = vᵀx" },
        y: { title: "function along the spike" },
        legendTitle: "",
        curves: functions,
      },
      {
        name: "errors",
        title: "β = 1",
        x: { title: "α = n/d" },
        y: { title: "test error" },
        legendTitle: "",
        baseline: KERNELS,
        curves: errors,
      },
    ];
  },
};

const fig4: Figure = {
  name: "cui24-fig4",
  source: "Cui24 Fig. 4",
  title: "test error of spiked random features",
  full: { dimension: 2000, trials: 10, points: 111 },
  quick: { dimension: 200, trials: 10, points: 56 },
  panels(scale) {
    const curvesOf = (student: string, target: string): Curve[] =>
      [0, 0.5, 1, 2].map((spikeStrength) => {
        const point = { sampleRatio: 1, widthRatio: 1, ridge: 0.1 };
        const model = spiked({ student, target, spikeStrength, bulkVariance: 1, alignment: 1, ...point });
        return learningCurveOf(String(spikeStrength), model, scale);
      });
    const shared = { ...AGAINST_SAMPLES, legendTitle: "r" };
    const panels: Panel[] = [
      { ...shared, name: "left", title: "sin student, sign target, λ = 0.1", curves: curvesOf("sin", "sign") },
      {
        ...shared,
        name: "right",
        title: "tanh student and target, λ = 0.1",
        y: LOG_ERROR,
        curves: curvesOf("tanh", "tanh"),
      },
    ];
    return panels;
  },
};

const fig5: Figure = {
  name: "cui24-fig5",
  source: "Cui24 Fig. 5",
  title: "test error against the width",
  full: { dimension: 5000, trials: 20, points: 111 },
  quick: { dimension: 200, trials: 20, points: 56 },
  panels(scale) {
    const { dimension, trials, seed } = scale;
    const at =
      (stepSampleRatio: number, theory: "network" | "srf" = "network") =>
      (widthRatio: number) =>
        network({
          student: "tanh",
          target: "sin",
          theory,
          learningRate: 1,
          stepSampleRatio,
          sampleRatio: 1.2,
          widthRatio,
          ridge: 0.1,
        });
    const x = spaced(0.15, 2.2, scale.points);
    const trained = at(1.5);
    const curves: Curve[] = [
      {
        label: "after the step",
        lines: [errorLine(NETWORK, x, trained), errorLine(SRF, x, at(1.5, "srf"))],
        baseline: linearBaseline(trained),
        simulated: [0.2, 0.4, 0.7, 1, 1.4, 2].map((beta) =>
          errorPoint(beta, {
            description: trained(beta),
            grid: { dimension, seed, testSamples: TEST_SAMPLES },
            trials,
          }),
        ),
      },
      { label: "no step", lines: [errorLine(NETWORK, x, at(0))] },
    ];
    return [
      {
        name: "width",
        title: "tanh student, sin target, η̃ = 1, α₀ = 1.5, α = 1.2, λ = 0.1",
        x: { title: "β = p/d" },
        y: { title: "test error" },
        legendTitle: "",
        baseline: KERNELS,
        curves,
      },
    ];
  },
};

export const cui24: readonly Figure[] = [fig1, fig2, fig3, fig4, fig5];
