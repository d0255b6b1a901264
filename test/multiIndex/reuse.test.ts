import { describe, expect, test } from "vitest";
import { gradientSteps, solve } from "../../src/index.ts";

const step = (stepSampleRatio: number, reuseBatch = false) => ({ learningRate: 1, stepSampleRatio, reuseBatch });
const network = (target: string, stepSampleRatio: number, reuseBatch: boolean) =>
  ({
    model: "trainedNetwork",
    student: "tanh",
    target,
    labelNoise: 0.1,
    steps: [step(stepSampleRatio), step(stepSampleRatio, reuseBatch)],
  }) as const;

describe("a batch used twice (multiIndex §5)", () => {
  test("is as good as fresh when it is large", () => {
    const { reusedStep, notices } = gradientSteps(network("x1 + x1^2/4", 1e3, true));
    const fresh = gradientSteps(network("x1 + x1^2/4", 1e3, false));
    expect(notices.join()).toContain("the bulk after it is not derived");
    const difference = reusedStep!.spikeAlongTarget[0]![0]! - fresh.spikeAlongTarget[0]![0]!;
    expect(Math.abs(difference)).toBeLessThan(1e-2);
    expect(Math.abs(reusedStep!.spikeAlongFirst![0]! - fresh.spikeAlongTarget[0]![0]!)).toBeLessThan(1e-2);
  });

  test("shows a direction that fresh batches do not see", () => {
    const target = "(x1^3 - 3*x1)/2";
    const fresh = gradientSteps(network(target, 2, false));
    expect(Math.abs(fresh.spikeAlongTarget[0]![0]!)).toBeLessThan(1e-9);
    const { reusedStep } = gradientSteps(network(target, 2, true));
    expect(reusedStep!.spikeAlongTarget[0]![0]).toBeLessThan(-0.05);
    expect(reusedStep!.errorEstimate).toBeLessThan(1e-5);
  });

  test("that is infinite is fresh", () => {
    const reused = gradientSteps(network("x1 + x1*x2", Infinity, true));
    expect(reused).toEqual(gradientSteps(network("x1 + x1*x2", Infinity, false)));
  });

  test("has no errors, and no third step", () => {
    const twice = network("x1", 2, true);
    expect(() => solve({ ...twice, sampleRatio: 1, widthRatio: 1, ridge: 1 })).toThrow(
      /^steps\[1\]\.reuseBatch = true .*not derived/,
    );
    expect(() => gradientSteps({ ...twice, steps: [...twice.steps, step(2)] })).toThrow(
      /^steps\[1\]\.reuseBatch = true .*second and last/,
    );
  });
});
