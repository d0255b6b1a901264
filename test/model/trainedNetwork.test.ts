import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TrainedNetwork } from "../../src/model/description.ts";
import { featureModel } from "../../src/model/featureModel.ts";
import type { RidgeSolution } from "../../src/ridge/solution.ts";
import { solve } from "../../src/solve/solve.ts";

const BASE: TrainedNetwork = {
  model: "trainedNetwork",
  student: "tanh",
  target: "sin",
  learningRate: 2,
  stepSampleRatio: 1,
  sampleRatio: 1.5,
  widthRatio: 0.8,
  ridge: 0.05,
};
const network = (fields: Partial<TrainedNetwork>) => solve({ ...BASE, ...fields });
const RELU: Partial<TrainedNetwork> = { student: "relu", target: "x+(x^2-1)/2", labelNoise: 0.1 };

function expectSame(actual: RidgeSolution, expected: RidgeSolution, tolerance: number): void {
  for (const name of ["testError", "trainError", "objective"] as const) {
    expect(Math.abs(actual[name] / expected[name] - 1), name).toBeLessThan(tolerance);
  }
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

describe("limits (laws of theory §10)", () => {
  test("an infinite batch of an odd student is the spiked random features model", () => {
    const limit = { stepSampleRatio: Infinity, rowNorms: false };
    expectSame(network(limit), network({ ...limit, theory: "srf" }), 1e-11);
    const large = { stepSampleRatio: 1e4, rowNorms: false };
    const gap = network(large).testError / network({ ...large, theory: "srf" }).testError - 1;
    expect(Math.abs(gap)).toBeLessThan(1e-6);
  });

  // Between 1/α₀ = 1e-8 and 0 the row norms go from a channel of their own to a part of the spike direction.
  test.each([BASE, RELU, { ...RELU, readoutValues: [1, -0.5] }])("α₀ → ∞ is continuous, case %#", (fields) => {
    const limit = network({ ...fields, stepSampleRatio: Infinity });
    for (const stepSampleRatio of [1e5, 1e7, 1e9]) {
      expectSame(network({ ...fields, stepSampleRatio }), limit, 30 / stepSampleRatio + 1e-7);
    }
  });

  test("no step leaves random features, and so does a small one while the mean channel costs something", () => {
    const none = network({ learningRate: 0 });
    const { student, target, sampleRatio, widthRatio, ridge } = BASE;
    expectSame(none, solve({ model: "randomFeatures", student, target, sampleRatio, widthRatio, ridge }), 1e-12);
    expectSame(network({ stepSampleRatio: 0 }), none, 1e-12);
    expectSame(network({ learningRate: 1e-5, finiteDimension: 100 }), none, 1e-7);
  });

  // Students that do not saturate: where features freeze at large κ the limit λ → 0 is slower than any power.
  test.each(["x+tanh(x)", "relu(x)+x/2"])("λ → 0 and α → ∞ are exact limits, %s", (student) => {
    const fields: Partial<TrainedNetwork> = { student, labelNoise: 0.1 };
    for (const sampleRatio of [0.5, 1.5]) {
      const limit = network({ ...fields, sampleRatio, ridge: 0 });
      const near = network({ ...fields, sampleRatio, ridge: 1e-9 });
      expect(Math.abs(near.testError / limit.testError - 1)).toBeLessThan(1e-6);
    }
    const infinite = network({ ...fields, sampleRatio: Infinity });
    expect(infinite.trainError).toBeCloseTo(infinite.testError, 12);
    expectSame(network({ ...fields, sampleRatio: 1e8 }), infinite, 1e-6);
  });

  test("the finite-size option goes over to the limit", () => {
    expectSame(network({ ...RELU, finiteDimension: 1e12 }), network(RELU), 1e-9);
  });
});

describe("invariances (laws)", () => {
  test.each([true, false])("splitting a group changes nothing, rowNorms %s", (rowNorms) => {
    const whole = network({ ...RELU, rowNorms, readoutValues: [1, -0.5], readoutFractions: [0.6, 0.4] });
    const split = network({ ...RELU, rowNorms, readoutValues: [1, -0.5, 1], readoutFractions: [0.2, 0.4, 0.4] });
    expectSame(split, whole, 1e-11);
    expect(total(split.overlaps.Q2) / total(whole.overlaps.Q2) - 1).toBeCloseTo(0, 11);
  });

  test("the sign of an odd student's readout is free, and that of the target", () => {
    const fields: Partial<TrainedNetwork> = { readoutValues: [1, -0.3], readoutFractions: [0.3, 0.7] };
    expectSame(network({ ...fields, readoutValues: [-1, 0.3] }), network(fields), 1e-11);
    expectSame(network({ target: "-sin(x)" }), network({}), 1e-11);
  });

  test("the rate and the readout enter as their product", () => {
    expectSame(network({ ...RELU, learningRate: 1, readoutValues: [1] }), network({ ...RELU, learningRate: 1 }), 1e-13);
    expectSame(network({ learningRate: 1, readoutValues: [3] }), network({ learningRate: 3 }), 1e-11);
  });

  // Law: theory §5's identity between the objective and the norms, which are found in different ways.
  test("objective = training error + λ(β/α)ΣQ2", () => {
    const readouts = fc.constantFrom<(readonly number[])[]>([1], [1, -0.5], [1.5, -1, 0.5], [2, 0]);
    const decades = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true }).map((x) => 10 ** x);
    fc.assert(
      fc.property(
        fc.record({
          student: fc.constantFrom("tanh", "relu", "softplus", "tanh(x)+exp(-x^2/2)/2"),
          target: fc.constantFrom("tanh", "sin", "x+(x^2-1)/2", "sign"),
          learningRate: fc.double({ min: -5, max: 5, noNaN: true }),
          stepSampleRatio: decades(-1, 2),
          labelNoise: fc.constantFrom(0, 0.1, 1),
          sampleRatio: decades(-1, 1),
          widthRatio: decades(-1, 0.7),
          ridge: decades(-5, 1),
          rowNorms: fc.boolean(),
          readoutValues: readouts,
        }),
        (fields) => {
          const { objective, trainError, testError, overlaps } = network(fields);
          const penalty = fields.ridge * (fields.widthRatio / fields.sampleRatio) * total(overlaps.Q2);
          expect(Math.abs((trainError + penalty) / objective - 1)).toBeLessThan(1e-11);
          expect(testError).toBeGreaterThanOrEqual(fields.labelNoise);
        },
      ),
      { numRuns: 25 },
    );
  });
});

test("what the model derives from its parameters", () => {
  const { derived, alignment } = featureModel({ ...BASE, readoutValues: [2, 0] });
  expect(derived!.spikeStrength).toBeGreaterThan(0);
  expect(derived!.bulkVariance[1]).toBe(1);
  expect(derived!.rowNormStrength[1]).toBe(0);
  expect(alignment).toBeGreaterThan(0.5);
});

test.each([
  [{ theory: "neither" }, /theory/],
  [{ rowNorms: 1 }, /rowNorms/],
  [{ student: "sign" }, /student/],
  [{ stepSampleRatio: -1 }, /stepSampleRatio/],
])("illegal input %j names its parameter", (fields, pattern) => {
  expect(() => network(fields as never)).toThrow(pattern);
});
