import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  finiteSizeNotice,
  learnedFunction,
  type ModelDescription,
  solve,
  type TrainedNetwork,
} from "../../src/index.ts";
import { solveCases } from "../../src/json/solve.ts";

const weak: Omit<TrainedNetwork, "learningRate"> = {
  model: "trainedNetwork",
  student: "sin(2*x)",
  target: "sin",
  stepSampleRatio: 0.5,
  sampleRatio: 0.7,
  widthRatio: 1,
  ridge: 0.001,
};
describe("mean channels that are weak", () => {
  // Values of an independent solution, with m up to 3e9.
  test.each([
    [0.5, 1.019, 1.275],
    [1, 1.038, 1.395],
    [2.5, 1.187, 1.399],
  ])("η̃ = %f: the limit is %f, at F = 600 %f, and the solution says so", (learningRate, limit, finite) => {
    const solution = solve({ ...weak, learningRate });
    expect(Math.abs(solution.testError - limit)).toBeLessThan(6e-4);
    expect(Math.abs(solve({ ...weak, learningRate, finiteDimension: 600 }).testError - finite)).toBeLessThan(6e-4);
    const { testError } = solve({ ...weak, learningRate, finiteDimension: 1e4 });
    expect(solution.finiteSize?.dimension).toBe(1e4);
    expect(Math.abs(solution.finiteSize!.testError / testError - 1)).toBeLessThan(1e-12);
    expect(finiteSizeNotice(solution).join()).toContain("finiteDimension");
  });

  test("the smallest step is a jump that no finite network makes", () => {
    const step = { ...weak, student: "tanh", stepSampleRatio: 1, sampleRatio: 1.5, ridge: 0.1 };
    const still = solve({ ...step, learningRate: 0 });
    const moved = solve({ ...step, learningRate: 1e-3 });
    expect(moved.testError).toBeLessThan(0.71 * still.testError);
    expect(still.finiteSize).toBeUndefined();
    expect(Math.abs(moved.finiteSize!.testError / still.testError - 1)).toBeLessThan(1e-3);
  });

  test("every interface says it", () => {
    const description = { ...weak, learningRate: 1 };
    expect(learnedFunction(description).notices).toEqual(finiteSizeNotice(solve(description)));
    const [json] = [...solveCases([{ data: description }])] as { notices?: string[]; finiteSize?: object }[];
    expect(json!.notices).toEqual(finiteSizeNotice(solve(description)));
    expect(json!.finiteSize).toEqual(solve(description).finiteSize);
  });
});

const log = (min: number, max: number) =>
  fc.double({ min: Math.log(min), max: Math.log(max), noNaN: true }).map(Math.exp);
const point = {
  sampleRatio: fc.oneof(log(0.1, 20), fc.constant(Infinity)),
  widthRatio: log(0.1, 10),
  ridge: fc.oneof(log(1e-8, 10), fc.constant(0)),
};
const activations = { student: fc.constantFrom("tanh", "relu", "sin(2*x)"), target: fc.constantFrom("sin", "relu") };
const readout = fc.constantFrom([1], [1, -0.5], [1, 0.9], [1, 0]);
const problem = fc.oneof(
  fc.record({ model: fc.constant("randomFeatures"), ...activations, ...point }),
  fc.record({
    ...{ model: fc.constant("spikedRandomFeatures"), ...activations, ...point, readoutValues: readout },
    ...{ spikeStrength: log(1e-3, 20), alignment: fc.double({ min: -1, max: 1, noNaN: true }) },
  }),
  fc.record({
    ...{ model: fc.constant("trainedNetwork"), ...activations, ...point, readoutValues: readout },
    ...{ theory: fc.constantFrom("srf", "network"), learningRate: log(1e-3, 5), stepSampleRatio: log(0.2, 20) },
  }),
);

test("a solution says it exactly where F = 10⁴ moves the test error by more than 2 %", () => {
  const count = { said: 0, silent: 0 };
  fc.assert(
    fc.property(problem, (data) => {
      const description = data as ModelDescription;
      const [limit, finite] = [description, { ...description, finiteDimension: 1e4 }].map(solvedOrNot);
      if (!limit || !finite) return;
      const change = Math.abs(finite.testError / limit.testError - 1);
      const error = 1e-7 + 10 * (limit.errorEstimate + finite.errorEstimate);
      if (Math.abs(change - 0.02) < error) return;
      expect(limit.finiteSize !== undefined).toBe(change > 0.02);
      count[limit.finiteSize ? "said" : "silent"]++;
      if (limit.finiteSize) expect(Math.abs(limit.finiteSize.testError / finite.testError - 1)).toBeLessThan(error);
    }),
    { numRuns: 100 },
  );
  expect(count.said).toBeGreaterThan(10);
  expect(count.silent).toBeGreaterThan(60);
});

function solvedOrNot(description: ModelDescription) {
  try {
    return solve(description);
  } catch {
    return undefined;
  }
}
