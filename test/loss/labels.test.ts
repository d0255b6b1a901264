import { describe, expect, test } from "vitest";
import type { AnyDescription, LossDescription } from "../../src/parameters/description.ts";
import type { LossInput } from "../../src/parameters/loss.ts";
import { ParameterError } from "../../src/errors.ts";
import { statistics } from "../../src/statistics/statistics.ts";
import { solve, trySolve } from "../../src/solve/solve.ts";
import { simulate } from "../../src/simulation/simulateNode.ts";

const features = {
  ...{ model: "spikedRandomFeatures", student: "tanh", spikeStrength: 1.5, bulkVariance: 1.3, alignment: 0.8 },
  ...{ sampleRatio: 2, widthRatio: 1, ridge: 0.2 },
} as const;
const at = (change: object): LossDescription => ({ ...features, target: "x", ...change }) as unknown as LossDescription;
const near = (actual: number, expected: number, accuracy: number) => {
  expect(Math.abs(actual / expected - 1)).toBeLessThan(accuracy);
};

describe("labels ±1", () => {
  // Exactness: a formula has the integral over its mean label, its name the closed form.
  test.each(["logistic", "hinge", "squaredHinge", "absolute", { huber: 0.5 }] as LossInput[])(
    "%j: a mean label and its steps are the same",
    (loss) => {
      const labels = { labels: "sign", labelNoise: 0.3, labelFlips: 0.05, loss };
      const [curve, steps] = [solve(at({ ...labels, target: "1*x" })), solve(at(labels))];
      near(curve.testLoss, steps.testLoss, 1e-8);
      near(curve.trainLoss, steps.trainLoss, 1e-8);
      near(curve.testClassificationError, steps.testClassificationError, 1e-8);
      near(curve.overlaps.Q2[0]!, steps.overlaps.Q2[0]!, 1e-7);
    },
  );

  test("a loss of residuals that is a parabola where residuals are is the square", () => {
    const labels = { target: "sin(2*x)", labels: "sign", labelFlips: 0.1 };
    const [huber, square] = [
      solve(at({ ...labels, loss: { huber: 1e3 } })),
      statistics(at({ ...labels, loss: "square" }) as never),
    ];
    if (huber.kind !== "residual") throw new Error("a loss of residuals");
    near(huber.testError, square.testError, 1e-9);
    near(huber.excessRisk, square.excessRisk, 1e-9);
    near(huber.testClassificationError, square.classificationError, 1e-9);
  });

  test("for real labels: the error of the sign", () => {
    const noisy = { target: "sin(2*x)", labelNoise: 0.2 };
    const { testClassificationError } = solve(at({ ...noisy, loss: { huber: 1e3 } }));
    near(testClassificationError, statistics(at({ ...noisy, loss: "square" }) as never).classificationError, 1e-8);
  });

  test.each([
    { target: "sin", alignment: 1, ridge: 10, student: "erf", spikeStrength: 0.85, bulkVariance: 0.53 },
    { target: "x^3-3*x", alignment: 0.95, ridge: 10, student: "erf", spikeStrength: 0.35 },
  ])("for real labels whose sign turns fast with κ: %j", (sharp) => {
    const { testClassificationError } = solve(at({ ...sharp, labelNoise: 0.3, loss: { huber: 1e3 } }));
    const { classificationError } = statistics(at({ ...sharp, labelNoise: 0.3, loss: "square" }) as never);
    expect(Math.abs(testClassificationError - classificationError)).toBeLessThan(1e-10);
  });

  test("a teacher is what its labels say", () => {
    const probit = { labelNoise: 0.4, loss: "logistic" };
    near(
      solve(at({ ...probit, teacher: "probit" })).testLoss,
      solve(at({ ...probit, labels: "sign" })).testLoss,
      1e-12,
    );
    const shifted = { teacher: "probit", labelNoise: 0.4, loss: "hinge" };
    near(
      solve(at({ ...shifted, teacherShift: 0.3 })).testLoss,
      solve(at({ ...shifted, target: "x + 0.3" })).testLoss,
      1e-8,
    );
    // Steep logistic labels are signs, to the order of 1/k².
    const steep = solve(at({ teacher: "logistic", logisticScale: 200, loss: "hinge" })).testLoss;
    near(steep, solve(at({ teacher: "sign", loss: "hinge" })).testLoss, 1e-3);
  });

  // Values: independent simulation of the same description.
  test.each([
    { target: "sin(2*x)", teacher: "logistic", logisticScale: 2, labelFlips: 0.05, loss: "logistic" },
    { target: "x^2 - 1", labels: "sign", loss: "hinge", ridge: 0.5 },
    { target: "sin(2*x)", labels: "sign", labelNoise: 0.1, loss: "square" },
    { target: "x", outlierShare: 0.2, outlierVariance: 4, labelNoise: 0.05, loss: "absolute", ridge: 0.5 },
    { target: "x", labelNoise: 0.1, loss: { quantile: 0.8 }, ridge: 0.5 },
  ])("simulation: %j", async (change) => {
    const description = at(change) as AnyDescription;
    const { points } = await simulate(description, {
      dimension: 60,
      trials: 6,
      testSamples: 1500,
      seed: 3,
      workers: 0,
    });
    const { losses, classificationError } = points[0]!;
    const theory = trySolve({ ...description, finiteDimension: 60 } as LossDescription);
    if (theory.status !== "converged") throw new Error(theory.detail);
    const rate =
      "testClassificationError" in theory
        ? theory.testClassificationError
        : statistics(description as never).classificationError;
    const within = ({ mean, standardError }: { mean: number; standardError: number }, value: number) =>
      expect(Math.abs(mean - value)).toBeLessThan(3.5 * standardError + (4 / 60) * value);
    within(losses?.testClassificationError ?? classificationError!, rate);
    if ("testLoss" in theory) within(losses!.testLoss, theory.testLoss);
  });
});

describe("losses of residuals", () => {
  test("|x| is twice the median's loss", () => {
    const noisy = { target: "sin(2*x)", labelNoise: 0.2 };
    const absolute = solve(at({ ...noisy, loss: "absolute", ridge: 0.4 }));
    const median = solve(at({ ...noisy, loss: { quantile: 0.5 }, ridge: 0.2 }));
    near(absolute.testLoss, 2 * median.testLoss, 1e-9);
    near(absolute.overlaps.Q2[0]!, median.overlaps.Q2[0]!, 1e-8);
  });

  test("outliers are noise to the square, and less than that to robust losses", () => {
    const outliers = { outlierShare: 0.1, outlierVariance: 9, labelNoise: 0.1 };
    const [square, huge] = [
      solve(at({ ...outliers, loss: "square" })),
      solve(at({ ...outliers, loss: { huber: 1e3 } })),
    ];
    if (huge.kind !== "residual" || "kind" in square) throw new Error("losses of residuals");
    near(huge.testError, (square as { testError: number }).testError, 1e-9);
    const robust = solve(at({ ...outliers, loss: { huber: 0.5 } }));
    if (robust.kind !== "residual") throw new Error("a loss of residuals");
    expect(robust.excessRisk).toBeLessThan(huge.excessRisk);
    expect(() => solve(at({ ...outliers, labels: "sign", loss: "square" }))).toThrow(ParameterError);
  });
});
