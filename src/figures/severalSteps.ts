import type { MultiIndexDescription } from "../multiIndex/description.ts";
import { gradientSteps } from "../multiIndex/gradientSteps.ts";
import { learnedSurface } from "../multiIndex/learnedSurface.ts";
import { multiIndexSolver } from "../multiIndex/solver.ts";
import { averageOf } from "../numerics/gaussianAverage.ts";
import {
  type Curve,
  type Figure,
  type Job,
  type Line,
  type Panel,
  type Scale,
  simulatedPoint,
  type Size,
} from "./figure.ts";
import { NETWORK, spaced, SRF } from "./lines.ts";

/** Of the simulated networks: the spikes do not depend on it. */
const POINT = { sampleRatio: 1, widthRatio: 0.5, ridge: 0.1 };
/** η̃₂ */
const SECOND_RATES = [0.25, 0.5, 0.75, 1];

interface SecondStep {
  readonly student: string;
  readonly target: string;
  readonly batch: number;
  readonly directions: readonly string[];
}

/** A network whose second step has the rate η̃₂. */
function twice({ student, target, batch }: SecondStep, learningRate: number, reuseBatch: boolean) {
  const step = { learningRate: 1, stepSampleRatio: batch };
  const steps = [step, { ...step, learningRate, ...(reuseBatch && { reuseBatch }) }];
  return { model: "trainedNetwork", student, target, steps } as const;
}

function spikes(network: ReturnType<typeof twice>): readonly number[] {
  const { reusedStep, spikeAlongTarget } = gradientSteps(network);
  return (reusedStep ?? { spikeAlongTarget }).spikeAlongTarget[0]!;
}

function spikeCurves(task: SecondStep, { dimension, trials, seed }: Scale): Curve[] {
  return [false, true].flatMap((reuse) => {
    const jobs = SECOND_RATES.map((rate): Job<"spikes"> => ({
      description: { ...twice(task, rate, reuse), ...POINT },
      grid: { dimension, seed },
      trials,
      observation: { kind: "spikes" },
    }));
    const known = new Map<number, readonly number[]>();
    const along = (rate: number, i: number) => {
      const found = known.get(rate) ?? spikes(twice(task, rate, reuse));
      known.set(rate, found);
      return found[i]!;
    };
    return task.directions.map((name, i) => ({
      label: `${name}, ${reuse ? "same batch" : "fresh batch"}`,
      lines: [
        { theory: NETWORK, x: SECOND_RATES, values: (rates: readonly number[]) => rates.map((r) => along(r, i)) },
      ],
      simulated: SECOND_RATES.map((x, r) => simulatedPoint(x, jobs[r]!, ({ alongTarget }) => alongTarget[0]![i]!)),
    }));
  });
}

const secondStep: Figure = {
  name: "second-step",
  source: "several steps",
  title: "spike along the target after a second step of rate η̃₂",
  full: { dimension: 500, trials: 16, points: 4 },
  quick: { dimension: 100, trials: 10, points: 4 },
  panels(scale) {
    const shared = { x: { title: "η̃₂" }, y: { title: "R·θ" }, legendTitle: "" };
    return [
      {
        ...shared,
        name: "staircase",
        title: "ReLU, target x₁ + x₁x₂, η̃₁ = 1, α_t = 2",
        curves: spikeCurves({ student: "relu", target: "x1 + x1*x2", batch: 2, directions: ["θ₁", "θ₂"] }, scale),
      },
      {
        ...shared,
        name: "hidden",
        title: "tanh, target (x³ − 3x)/√6, η̃₁ = 1, α_t = 2",
        curves: spikeCurves({ student: "tanh", target: "(x1^3 - 3*x1)/sqrt(6)", batch: 2, directions: ["θ"] }, scale),
      },
    ];
  },
};

/** A target whose second direction shows once the first is known (multiIndex §7). */
const STAIRS = "tanh(2*x1)*(1 + tanh(2*x2))";
const stairs = (s: number, t: number) => Math.tanh(2 * s) * (1 + Math.tanh(2 * t));
const RATES = [2, 3, 3];
/** α_t of the simulated steps. */
const BATCH = 8;
const SAMPLE_RATIOS = [0.5, 1, 2, 4, 8];
const LIMIT = "infinite batches";
/** Half the width of the plane on which functions are drawn. */
const EXTENT = 2.5;
/** Places along one side of a map for each point of a line. */
const MAP_SHARE = 0.5;

const AFTER_STEPS = { student: "relu", target: STAIRS, widthRatio: 1, ridge: 0.1, sampleRatio: SAMPLE_RATIOS.at(-1)! };

/** A network after some steps, each on a batch of the same size. */
function climbing(count: number, stepSampleRatio: number, theory: "network" | "srf" = NETWORK): MultiIndexDescription {
  if (count === 0) return { model: "randomFeatures", ...AFTER_STEPS };
  const steps = RATES.slice(0, count).map((learningRate) => ({ learningRate, stepSampleRatio }));
  return { model: "trainedNetwork", ...AFTER_STEPS, readoutValues: [1, -0.5], steps, theory };
}

/** Test error against α; null where the solver fails. */
function errorsAlong(theory: string, x: readonly number[], description: MultiIndexDescription): Line {
  // A model of steep targets takes seconds.
  let solver: ReturnType<typeof multiIndexSolver> | undefined;
  return {
    theory,
    x,
    values(ratios) {
      const { solve } = (solver ??= multiIndexSolver(description));
      const { widthRatio, ridge } = AFTER_STEPS;
      return ratios.map((sampleRatio) => {
        const solution = solve({ sampleRatio, widthRatio, ridge });
        return solution.status === "converged" ? solution.testError : null;
      });
    },
  };
}

/** E Var(g | x₁) = (E tanh²(2x))²: what the best function of the first direction leaves. */
const withoutSecondDirection = () => averageOf((x) => Math.tanh(2 * x) ** 2, "tanh(2x)²", [], 1e-12) ** 2;

function staircaseErrors({ dimension, trials, seed, points }: Scale): Panel {
  const x = spaced(SAMPLE_RATIOS[0]!, SAMPLE_RATIOS.at(-1)!, points, true);
  const best = withoutSecondDirection();
  const curves = [0, 1, 2, 3].map((count): Curve => {
    const description = climbing(count, BATCH);
    const grid = { sampleRatios: SAMPLE_RATIOS, ridges: [AFTER_STEPS.ridge], dimension, seed };
    const job: Job<"errors"> = { description, grid, trials, observation: { kind: "errors" } };
    // After more than one step the network's own theory takes a minute, which is not for a quick look.
    const theory = count > 1 && points < STAIRCASE_SIZE.points ? SRF : NETWORK;
    return {
      label: String(count),
      lines: [
        errorsAlong(theory, x, climbing(count, BATCH, theory)),
        ...(count === 0 ? [] : [{ ...errorsAlong(LIMIT, x, climbing(count, Infinity)), apart: true }]),
      ],
      baseline: (ratios) => ratios.map(() => best),
      simulated: SAMPLE_RATIOS.map((ratio, i) => simulatedPoint(ratio, job, ({ testErrors }) => testErrors[i]!)),
    };
  });
  return {
    name: "errors",
    title: `test error, α_t = ${BATCH}, β = 1, λ = 0.1`,
    x: { title: "α = n/d", log: true },
    y: { title: "test error" },
    legendTitle: "steps",
    baseline: "best function of x₁",
    curves,
  };
}

/** A function of the plane as a map, a curve for each x₂. */
function surfacePanel(
  name: string,
  title: string,
  theory: string,
  points: number,
  values: (points: readonly (readonly number[])[]) => readonly number[],
): Panel {
  const places = spaced(-EXTENT, EXTENT, Math.ceil(MAP_SHARE * points));
  return {
    name,
    title,
    x: { title: "x₁" },
    y: { title: "x₂" },
    legendTitle: "",
    map: { heights: places, quantity: "output" },
    curves: places.map((height) => ({
      label: `x₂ = ${height}`,
      lines: [{ theory, x: places, values: (x) => values(x.map((first) => [first, height])) }],
    })),
  };
}

function learnedPanel(count: number, points: number): Panel {
  const title = `learned after ${count === 1 ? "one step" : "two steps"}, infinite batches, α = ${SAMPLE_RATIOS.at(-1)}`;
  const { given } = learnedSurface(climbing(count, Infinity));
  const axes = [
    [1, 0],
    [0, 1],
  ];
  return surfacePanel(`learned-${count}`, title, LIMIT, points, (at) => given(axes, at));
}

const STAIRCASE_SIZE: Size = { dimension: 1000, trials: 10, points: 41 };

const staircase: Figure = {
  name: "staircase",
  source: "several steps",
  title: "a target of two directions that steps climb one after the other",
  columns: 2,
  full: STAIRCASE_SIZE,
  quick: { dimension: 150, trials: 10, points: 15 },
  panels: (scale) => [
    staircaseErrors(scale),
    surfacePanel("target", "target tanh(2x₁)(1 + tanh(2x₂))", "target", scale.points, (at) =>
      at.map(([s, t]) => stairs(s!, t!)),
    ),
    learnedPanel(1, scale.points),
    learnedPanel(2, scale.points),
  ],
};

export const severalSteps: readonly Figure[] = [staircase, secondStep];
