import { gradientSteps } from "../multiIndex/gradientSteps.ts";
import { type Curve, type Figure, type Job, type Scale, simulatedPoint } from "./figure.ts";
import { NETWORK } from "./lines.ts";

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

export const severalSteps: readonly Figure[] = [secondStep];
