import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rowSolver } from "../../src/curve/sweep.ts";
import { ConvergenceError, ParameterError } from "../../src/errors.ts";
import type { DistributiveOmit, LossDescription, LossInput, ModelDescription } from "../../src/model/description.ts";
import { solve, trySolve } from "../../src/solve/solve.ts";
import { PSEUDO_HUBER, SQUAREPLUS } from "./problems.ts";
import { convergesOrSaysWhy, squareIsDirect } from "./randomProblems.ts";

const relative = (actual: number, expected: number) => Math.abs(actual / expected - 1);

const CLASSIFICATION: ModelDescription = {
  model: "spikedRandomFeatures",
  student: "tanh",
  target: "sign",
  spikeStrength: 1.5,
  bulkVariance: 1.3,
  alignment: 0.9,
  sampleRatio: 2,
  widthRatio: 1,
  ridge: 0.1,
};
const REGRESSION: ModelDescription = { ...CLASSIFICATION, target: "sin(2*x)", labelNoise: 0.3 };

const EVERY_LOSS: [string, LossDescription][] = [
  ["logistic", { ...CLASSIFICATION, loss: "logistic" }],
  ["hinge", { ...CLASSIFICATION, loss: "hinge", labelFlips: 0.1 }],
  ["squaredHinge", { ...CLASSIFICATION, loss: "squaredHinge", labelNoise: 0.2 }],
  ["huber", { ...REGRESSION, loss: { huber: 0.5 } }],
  ["a margin loss of the caller's", { ...CLASSIFICATION, loss: SQUAREPLUS as Exclude<LossInput, "square"> }],
];

/** Three integrals deep, so tested at one point. */
const SLOW_LOSS: [string, LossDescription][] = [
  ["a residual loss of the caller's", { ...REGRESSION, loss: PSEUDO_HUBER as Exclude<LossInput, "square"> }],
];

// Laws: the envelope theorem, by central differences in λ.
test.each([
  ...EVERY_LOSS.flatMap(([name, description]) => [0.1, 1e-3].map((ridge) => ({ name, ridge, description }))),
  ...SLOW_LOSS.map(([name, description]) => ({ name, ridge: 0.1, description })),
])("d objective/dλ = β Q2/(2α) for $name at λ = $ridge", ({ description, ridge }) => {
  const objective = (factor: number) => solve({ ...description, ridge: ridge * factor }).objective;
  const slope = (f: number) => (objective(1 + f) - objective(1 - f)) / (2 * f * ridge);
  const h = 1e-3;
  const extrapolated = (4 * slope(h) - slope(2 * h)) / 3;
  const { overlaps } = solve({ ...description, ridge });
  const expected = (description.widthRatio * overlaps.Q2[0]!) / (2 * description.sampleRatio);
  expect(relative(extrapolated, expected)).toBeLessThan(1e-6);
});

const COMMON = { student: "relu", sampleRatio: 2, widthRatio: 0.8 } as const;
const SPIKED = { ...COMMON, spikeStrength: 1, alignment: 0.7 } as const;
const STEP = { ...COMMON, learningRate: 1, stepSampleRatio: 2 } as const;
const EVERY_MODEL: [string, DistributiveOmit<ModelDescription, "target" | "ridge">][] = [
  ["random features", { ...COMMON, model: "randomFeatures" }],
  ["equal rows", { ...SPIKED, model: "spikedRandomFeatures" }],
  ["Gaussian rows", { ...SPIKED, model: "spikedRandomFeatures", rows: "gaussian" }],
  ["three groups", { ...SPIKED, model: "spikedRandomFeatures", readoutValues: [1, -0.5, 0.2] }],
  ["finite size", { ...SPIKED, model: "spikedRandomFeatures", finiteDimension: 300 }],
  ["a trained network", { ...STEP, model: "trainedNetwork" }],
  ["its surrogate", { ...STEP, model: "trainedNetwork", theory: "srf" }],
  ["a trained network of two groups", { ...STEP, model: "trainedNetwork", readoutValues: [1, -0.5] }],
  ["a small rate", { ...SPIKED, model: "smallRate" }],
  ["power channels", { ...COMMON, model: "powerChannels", powerChannels: [1, 2], alignment: 0.7 }],
];

// Laws: the envelope theorem, which knows nothing of the model.
test.each(
  EVERY_MODEL.flatMap(([name, model]) => [
    { name, description: { ...model, target: "sign", loss: "logistic", labelFlips: 0.1, ridge: 0.05 } },
    { name, description: { ...model, target: "tanh", labelNoise: 0.1, loss: { huber: 0.5 }, ridge: 0.05 } },
  ]),
)("$name: $description.loss", ({ description }) => {
  const at = (factor: number) => solve({ ...description, ridge: 0.05 * factor } as LossDescription);
  const h = 3e-3;
  const slope = (f: number) => (at(1 + f).objective - at(1 - f).objective) / (2 * f * 0.05);
  const Q2 = at(1).overlaps.Q2.reduce((sum, value) => sum + value, 0);
  const expected = (description.widthRatio * Q2) / (2 * description.sampleRatio);
  expect(relative((4 * slope(h) - slope(2 * h)) / 3, expected)).toBeLessThan(1e-6);
});

describe.each(EVERY_LOSS)("%s", (_, description) => {
  test("splitting the neurons into two groups of the same readout value changes nothing", () => {
    const whole = solve(description);
    const split = solve({ ...description, readoutValues: [1, 1], readoutFractions: [0.3, 0.7] } as LossDescription);
    expect(relative(split.testLoss, whole.testLoss)).toBeLessThan(1e-8);
    expect(relative(split.trainLoss, whole.trainLoss)).toBeLessThan(1e-8);
    expect(relative(split.overlaps.Q2[0]! + split.overlaps.Q2[1]!, whole.overlaps.Q2[0]!)).toBeLessThan(1e-8);
  });

  test("an odd student does not see the sign of the readout value", () => {
    const minus = solve({ ...description, readoutValues: [-1] } as LossDescription);
    expect(relative(minus.testLoss, solve(description).testLoss)).toBeLessThan(1e-8);
  });
});

// Regressions: what is refused, and by what name.
describe("refusals", () => {
  test("labels that the mean channel separates have no minimum", () => {
    const separable: LossDescription = { ...CLASSIFICATION, alignment: 1, loss: "logistic" };
    const result = trySolve(separable);
    expect(result.status).toBe("diverged");
    expect(() => solve(separable)).toThrow(ConvergenceError);
    expect(() => solve(separable)).toThrow(/mean channels separate/);
    for (const noise of [{ labelFlips: 0.05 }, { labelNoise: 0.1 }, { finiteDimension: 500 }]) {
      expect(trySolve({ ...separable, ...noise }).status).toBe("converged");
    }
  });

  test.each([
    [{ loss: "logistic", labels: "real" }, "labels"],
    [{ loss: "logistic", teacher: "logistic", labelNoise: 0.1 }, "labelNoise"],
    [{ loss: "logistic", logisticScale: 2 }, "logisticScale"],
    [{ loss: "logistic", teacher: "probit", logisticScale: 2 }, "logisticScale"],
    [{ loss: "logistic", teacher: "logistic", logisticScale: 0 }, "logisticScale"],
    [{ loss: "logistic", teacher: "regression" }, "teacher"],
    [{ loss: "absolute", teacher: "sign", labels: "real" }, "teacher"],
    [{ loss: "absolute", teacherShift: 1 }, "teacherShift"],
    [{ loss: "absolute", outlierShare: 1, outlierVariance: 1 }, "outlierShare"],
    [{ loss: "absolute", outlierVariance: 1 }, "outlierVariance"],
    [{ loss: "hinge", outlierShare: 0.1 }, "outlierShare"],
    [{ loss: { quantile: 1 } }, "loss.quantile"],
    [{ loss: { huber: 1 }, labelFlips: 0.1 }, "labelFlips"],
    [{ loss: "hinge", labelFlips: 0.5 }, "labelFlips"],
    [{ loss: "hinge", labelFlips: NaN }, "labelFlips"],
    [{ labelFlips: 0.1 }, "labelFlips"],
    [{ loss: "lasso" }, "loss"],
    [{ loss: "hinge", sampleRatio: Infinity }, "sampleRatio"],
    [{ loss: "hinge", ridge: -1 }, "ridge"],
  ])("%j", (change, parameter) => {
    const description = { ...CLASSIFICATION, ...change } as LossDescription;
    expect(() => trySolve(description)).toThrow(ParameterError);
    expect(() => trySolve(description)).toThrow(new RegExp(`^${parameter} `));
  });
});

// Laws: limits are approached (convexLosses §6, theory §5).
describe("limits", () => {
  test("hinge and squared hinge tend to the maximal margin as λ → 0", () => {
    const hard = solve({ ...CLASSIFICATION, loss: "hinge", ridge: 0 });
    if (hard.kind !== "margin") throw new Error("not a margin loss");
    // The base case of convexLosses §6.
    expect(hard.testClassificationError).toBeCloseTo(0.15047, 5);
    expect(hard.trainClassificationError).toBe(0);
    for (const loss of ["hinge", "squaredHinge"] as const) {
      const near = solve({ ...CLASSIFICATION, loss, ridge: 1e-6 });
      expect(relative(near.overlaps.Q2[0]!, hard.overlaps.Q2[0]!)).toBeLessThan(1e-4);
    }
  });

  test("logistic regression of separable data has no limit, of others it has", () => {
    expect(trySolve({ ...CLASSIFICATION, loss: "logistic", ridge: 0 }).status).toBe("diverged");
    const noisy: LossDescription = { ...CLASSIFICATION, loss: "logistic", labelFlips: 0.1, sampleRatio: 6 };
    const limit = solve({ ...noisy, ridge: 0 });
    expect(relative(solve({ ...noisy, ridge: 1e-7 }).testLoss, limit.testLoss)).toBeLessThan(1e-5);
  });

  // Separable up to α ≈ 2.63.
  test.each(["logistic", "hinge", "squaredHinge"] as const)("%s without ridge, whatever was solved before", (loss) => {
    const model: LossDescription = {
      ...{ model: "randomFeatures", student: "tanh", target: "sign", labelFlips: 0.1, widthRatio: 1 },
      ...{ sampleRatio: 1, ridge: 0, loss },
    };
    const samples = [1.5, 2.5, 2.8, 5];
    const alone = samples.map((sampleRatio) => trySolve({ ...model, sampleRatio }));
    const statuses = loss === "logistic" ? ["diverged", "diverged"] : ["converged", "converged"];
    expect(alone.map(({ status }) => status)).toEqual([...statuses, "converged", "converged"]);
    for (const order of [samples, samples.toReversed()]) {
      const solveRow = rowSolver();
      for (const sampleRatio of order) {
        const row = solveRow({ ...model, sampleRatio });
        const other = alone[samples.indexOf(sampleRatio)]!;
        expect(row.status).toBe(other.status);
        if (other.status !== "converged" || !("testLoss" in row)) continue;
        expect(relative(row.testLoss, other.testLoss)).toBeLessThan(1e-8);
      }
    }
  });

  const FEW: ModelDescription = {
    ...CLASSIFICATION,
    bulkVariance: 1,
    alignment: 0.8,
    labelNoise: 0.1,
    sampleRatio: 0.3,
  };
  const interpolate = (change: object) => trySolve({ ...FEW, ridge: 0, ...change } as LossDescription);

  test("residuals below the interpolation threshold have the same limit for every loss", () => {
    const model = { ...FEW, target: "sin(2*x)", student: "softplus" };
    const limit = solve({ ...model, loss: { huber: 0.5 }, ridge: 0 });
    if (limit.kind !== "residual") throw new Error("not a residual loss");
    expect(relative(limit.testError, solve({ ...model, ridge: 0 }).testError)).toBeLessThan(1e-9);
    // By continuation to λ = 1e-14.
    const relu = interpolate({ target: "sin(2*x)", student: "relu", spikeStrength: 0.8, loss: { huber: 0.5 } });
    if (relu.status !== "converged" || relu.kind !== "residual") throw new Error(JSON.stringify(relu));
    expect(relative(relu.testError, 1.742391)).toBeLessThan(1e-6);
  });

  // The test error grows as a power of 1/λ: 2585 at 1e-12, 11348 at 1e-14 for the first.
  test.each([
    ["relu", 1.2, { huber: 0.5 }],
    ["erf", 2.5, { huber: 0.5 }],
    ["relu", 1.2, "hinge"],
    ["relu", 2, "squaredHinge"],
    ["tanh", 2.5, "hinge"],
  ] as const)("%s at r = %d has no limit for the loss %j", (student, spikeStrength, loss) => {
    const target = typeof loss === "string" ? "sign" : "sin(2*x)";
    const result = interpolate({ target, student, spikeStrength, loss });
    expect(result.status).toBe("diverged");
    expect(result).toHaveProperty("detail", expect.stringMatching(/features freeze/));
  });

  test("fewer samples than features are separable", () => {
    expect(interpolate({ loss: "logistic" })).toHaveProperty("detail", expect.stringMatching(/separable/));
  });

  test.each(EVERY_LOSS.filter(([name]) => name !== "hinge"))(
    "%s tends to its minimum at infinite data",
    (_, description) => {
      const noisy =
        "labelFlips" in description || description.target !== "sign"
          ? description
          : { ...description, labelFlips: 0.1 };
      const limit = solve({ ...noisy, sampleRatio: Infinity });
      expect(limit.trainLoss).toBe(limit.testLoss);
      const near = solve({ ...noisy, sampleRatio: 1e6 });
      expect(relative(near.testLoss, limit.testLoss)).toBeLessThan(1e-5);
    },
  );

  test("two groups can separate what one cannot", () => {
    const relu: LossDescription = {
      ...CLASSIFICATION,
      model: "spikedRandomFeatures",
      student: "relu",
      alignment: 1,
      loss: "hinge",
    };
    expect(trySolve(relu).status).toBe("converged");
    expect(trySolve({ ...relu, readoutValues: [1, 0.5] } as LossDescription).status).toBe("diverged");
  });
});

// Regression: 71 and 561 nodes of κ agreed on digits of which the kink of the hinge far out left five.
test("a kink far out is resolved", () => {
  const { overlaps } = solve({
    model: "spikedRandomFeatures",
    student: "erf",
    target: "sign",
    spikeStrength: 0.642852,
    bulkVariance: 0.61415,
    alignment: 0.8646784559999999,
    sampleRatio: 0.45059127597859633,
    widthRatio: 2.525103911975688,
    ridge: 0.000027386781696811706,
    rows: "gaussian",
    loss: "hinge",
    labelFlips: 0.1,
  });
  expect(overlaps.Q2[0]).toBeCloseTo(0.68258857585, 10);
});

// Regressions: starts and grids that failed.
describe("hard problems", () => {
  test("large susceptibilities are resolved: V = 3e4", () => {
    const { testLoss, errorEstimate } = solve({ ...CLASSIFICATION, loss: "logistic", ridge: 1e-5 });
    expect(relative(testLoss, 1.1063988971)).toBeLessThan(1e-9);
    expect(errorEstimate).toBeLessThan(1e-9);
  });

  const certain = { ...CLASSIFICATION, student: "sin", alignment: 1 } as const;
  test.each([
    // Few samples, beyond κ = π/r, resist the mean channel.
    [{ ...certain, spikeStrength: 0.97, bulkVariance: 1, ridge: 7, rows: "gaussian", loss: "hinge" }],
    [{ ...certain, spikeStrength: 0.66, ridge: 0.2, loss: "squaredHinge" }],
    // Kinks between the nodes of a coarse grid.
    [{ ...CLASSIFICATION, student: "erf", alignment: -0.53, ridge: 9, readoutValues: [0.65, 0.4], loss: "hinge" }],
    [{ ...CLASSIFICATION, student: "erf", alignment: 0.985, ridge: 1.5, readoutValues: [0.26, -0.79], loss: "hinge" }],
  ] as LossDescription[][])("%j", (description) => {
    const result = solve(description);
    expect(result.errorEstimate).toBeLessThan(1e-7);
  });
});

// Laws: the square loss through the saddle point is ridge regression (convexLosses §1); random problems converge, to a point
// that solves the equations, or are refused for a reason. A thousand of each are in test/long.
test("random problems: the square loss equals the direct solver", () => {
  fc.assert(squareIsDirect, { numRuns: 25, endOnFailure: true });
});

test("random problems converge or are refused for a reason", () => {
  fc.assert(convergesOrSaysWhy, { numRuns: 5, endOnFailure: true });
});
