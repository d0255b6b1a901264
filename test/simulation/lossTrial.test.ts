import { describe, expect, it } from "vitest";
import { ParameterError } from "../../src/errors.ts";
import { solve } from "../../src/solve/solve.ts";
import type { LossDescription } from "../../src/model/description.ts";
import { createTrialRunner, estimate, specify, wasmAlgebra, type TrialResult } from "../../src/simulation/browser.ts";
import { algebraOf } from "../../src/simulation/index.ts";
import { simulateInThread } from "../../src/simulation/simulate.ts";
import { PSEUDO_HUBER, SQUAREPLUS } from "../loss/problems.ts";

const classification = {
  model: "spikedRandomFeatures",
  student: "tanh",
  target: "sign",
  spikeStrength: 1.5,
  bulkVariance: 1.3,
  alignment: 0.9,
  sampleRatio: 2,
  widthRatio: 1,
  ridge: 0.1,
} as const;
const losses: readonly [string, LossDescription][] = [
  ["logistic", { ...classification, loss: "logistic", labelNoise: 0.1 }],
  ["hinge", { ...classification, loss: "hinge", labelFlips: 0.05 }],
  ["squared hinge", { ...classification, loss: "squaredHinge" }],
  ["Huber", { ...classification, loss: { huber: 0.5 }, target: "sin(2*x)", labelNoise: 0.3 }],
];

describe.each(losses)("%s", (_, description) => {
  it("is the same for every backend and for nested training sets", async () => {
    const grid = { dimension: 30, sampleRatios: [0.7, 2], ridges: [0.1, 1e-3], testSamples: 100, seed: 3 };
    const numbers = ({ points }: TrialResult) =>
      points.flatMap(({ objective, testError, losses: more }) => [
        objective,
        testError,
        more!.testLoss,
        more!.trainLoss,
      ]);
    const specification = specify(description, grid);
    const oracle = numbers((await createTrialRunner(specification, algebraOf("ml-matrix"))).run(1));
    const found = numbers((await createTrialRunner(specification, wasmAlgebra)).run(1));
    found.forEach((value, i) => expect(value).toBeCloseTo(oracle[i]!, 3));
    const alone = specify({ ...description, sampleRatio: 0.7 }, { ...grid, sampleRatios: [0.7] });
    const first = (await createTrialRunner(alone, wasmAlgebra)).run(1);
    expect(first.points[0]!.objective).toBeCloseTo(found[0]!, 8);
  });

  // Laws: theory within four standard errors and the O(1/d) of a small network.
  it("agrees with theory", async () => {
    const specification = specify(description, { dimension: 150, testSamples: 2000, seed: 5 });
    const runner = await createTrialRunner(specification, wasmAlgebra);
    const trials = Array.from({ length: 8 }, (__, trial) => runner.run(trial).points[0]!);
    const theory = solve(description);
    const compare = (simulated: readonly number[], expected: number) => {
      const { mean, standardError } = estimate(simulated);
      expect(Math.abs(mean - expected)).toBeLessThan(4 * standardError + 0.06 * Math.abs(expected));
    };
    compare(
      trials.map(({ objective }) => objective),
      theory.objective,
    );
    compare(
      trials.map(({ losses: more }) => more!.testLoss),
      theory.testLoss,
    );
    compare(
      trials.map(({ overlaps }) => overlaps.Q2[0]!),
      theory.overlaps.Q2[0]!,
    );
  });
});

// Exactness: the readout is the minimum, which Newton's method has to reach from far away where λ is small.
describe.each(losses)("the readout of %s", (_, description) => {
  it("is at the minimum", async () => {
    const ridges = [10, 1e-2, 1e-5, 1e-8];
    const specification = specify(description, { dimension: 30, ridges, testSamples: 100, seed: 1 });
    const { points } = (await createTrialRunner(specification, wasmAlgebra)).run(0);
    for (const { losses: more, objective } of points) {
      expect(more!.optimalityGap).toBeLessThan(1e-9);
      expect(objective).toBeGreaterThanOrEqual(more!.trainLoss);
    }
    // The minimum of the objective is concave in λ, and its slope is positive.
    const objectives = points.map(({ objective }) => objective);
    expect(objectives).toEqual([...objectives].sort((a, b) => b - a));
  });
});

describe("a loss of the caller's", () => {
  it.each([
    ["margin", { ...classification, labelNoise: 0.1 }, SQUAREPLUS],
    ["residual", { ...classification, target: "sin(2*x)", labelNoise: 0.3 }, PSEUDO_HUBER],
  ])("%s: simulation agrees with theory", async (__, model, loss) => {
    const description = { ...model, loss } as LossDescription;
    const options = { dimension: 100, trials: 6, testSamples: 1000, seed: 3 };
    const { points } = await simulateInThread(description, options);
    const theory = solve(description);
    for (const name of ["testLoss", "trainLoss"] as const) {
      const { mean, standardError } = points[0]!.losses![name];
      expect(Math.abs(mean - theory[name])).toBeLessThan(4 * standardError + 0.06 * theory[name]);
    }
  });
});

describe("refusals", () => {
  it.each([
    [{ loss: "hinge", labels: "real" }, "labels"],
    [{ loss: { huber: 1 }, labelFlips: 0.1 }, "labelFlips"],
    [{ loss: "hinge", ridge: 0 }, "ridge"],
    [{ loss: "lasso" }, "loss"],
  ])("%j", (change, parameter) => {
    const specifyIt = () => specify({ ...classification, ...change } as unknown as LossDescription, { dimension: 20 });
    expect(specifyIt).toThrow(ParameterError);
    expect(specifyIt).toThrow(new RegExp(`^${parameter} `));
  });
});

it("adds trials for the error that the loss is about, of residual losses on labels ±1 the square one", async () => {
  const signs = { ...classification, target: "x", labels: "sign", labelFlips: 0.1 } as const;
  for (const [loss, read] of [
    [{ huber: 1 }, ({ testError }: { testError: { standardError: number } }) => testError],
    [
      "hinge",
      ({ losses }: { losses?: { testClassificationError: { standardError: number } } }) =>
        losses!.testClassificationError,
    ],
  ] as const) {
    const adaptive = { dimension: 12, trials: 2, testSamples: 40, seed: 3, standardError: 0.05 };
    const { points, trials } = await simulateInThread({ ...signs, loss }, adaptive);
    expect(read(points[0]! as never).standardError).toBeLessThanOrEqual(0.05);
    expect(trials.length).toBeGreaterThan(2);
    const fewer = await simulateInThread(
      { ...signs, loss },
      { ...adaptive, standardError: 1e9, trials: trials.length - 1 },
    );
    expect(read(fewer.points[0]! as never).standardError).toBeGreaterThan(0.05);
  }
});
