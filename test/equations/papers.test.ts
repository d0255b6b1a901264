import { describe, expect, test } from "vitest";
import { bayesOptimal, solve } from "../../src/index.ts";
import { saddlePoint } from "../../src/equations/index.ts";
import { lassoErrors, ridgePerceptronErrors } from "./finiteProblems.ts";
import { fromCatalogue } from "./problems.ts";

const problem = (name: string) => saddlePoint(fromCatalogue(name).description);

describe("exactness: typed equations are the library's own", () => {
  test.each([
    {},
    { alpha: 0.5, lambda: 0.01 },
    { beta: 0.4, r: 2, c: 1.3 },
    { gamma: 0.95, r: 0.5, noise: 0, alpha: 4 },
    { alpha: 3, beta: 2.5, lambda: 1, r: 1.7, c: 2, gamma: -0.3 },
  ])("one gradient step, K = 1: %j", (change) => {
    const all = { ...fromCatalogue("gradient-step").description.parameters!, ...change } as Record<string, number>;
    const typed = problem("gradient-step").solve(change);
    const own = solve({
      ...{ model: "spikedRandomFeatures", student: "tanh", target: "sin" },
      ...{ spikeStrength: all["r"]!, bulkVariance: all["c"]!, alignment: all["gamma"]! },
      ...{ sampleRatio: all["alpha"]!, widthRatio: all["beta"]!, ridge: all["lambda"]!, labelNoise: all["noise"]! },
    });
    const { testError, trainError } = typed.observables;
    const { overlaps } = own;
    const { m, theta, Q2, V1 } = typed.values;
    expect(testError).toBeCloseTo(own.testError, 10);
    expect(trainError).toBeCloseTo(own.trainError, 10);
    const given = [overlaps.m[0], overlaps.theta[0], overlaps.Q2[0]];
    [m, theta, Q2].forEach((value, i) => expect(value).toBeCloseTo(given[i]!, 9));
    expect(V1).toBeCloseTo(overlaps.V1[0]![0]!, 9);
  });

  test.each([
    { N: 2, n: 3, ridge: 0.01 },
    { N: 0.6, n: 1.4, ridge: 0.2 },
    { N: 5, n: 5, ridge: 1e-3 },
  ])("random features: %j", ({ N, n, ridge }) => {
    const own = solve({
      ...{ model: "randomFeatures", student: "tanh", target: "identity", labelNoise: 0.1 },
      ...{ sampleRatio: n, widthRatio: N, ridge: n * ridge },
    });
    expect(problem("random-features").solve({ N, n, ridge }).observables["testError"]).toBeCloseTo(own.testError, 9);
  });

  test("sign seen through noise, Bayes-optimal", () => {
    const { overlap, testError } = bayesOptimal({ target: "sign", sampleRatio: 1, labelNoise: 0.5 });
    const { values, observables } = problem("single-index").solve();
    expect(values["q"]).toBeCloseTo(overlap, 11);
    expect(observables["testError"]).toBeCloseTo(testError, 11);
  });
});

describe("exactness: what the papers say", () => {
  test("phase retrieval: nothing is found below α = 1/2", () => {
    expect(problem("phase-retrieval").solve({ alpha: 0.49 }).values["q"]).toBe(0);
    expect(problem("phase-retrieval").solve({ alpha: 0.51 }).values["q"]).toBeGreaterThan(1e-3);
  });

  test("sparse Wigner: two folds, and a continuous transition at λ = 1", () => {
    const { description, branch } = fromCatalogue("spiked-wigner-sparse");
    const found = saddlePoint(description).branch(branch!);
    if (found.status !== "converged") throw new Error(found.detail);
    const kinds = found.events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "fold")).toHaveLength(2);
    const [transition] = found.events.filter(({ kind }) => kind === "bifurcation");
    expect(transition!.parameters["lambda"]).toBeCloseTo(1, 8);
    expect(kinds).toContain("crossing");
  });

  test("the Bayes-optimal perceptron errs least, and ridge and logistic regression little more", () => {
    const errorOf = (name: string) => problem(name).solve({ alpha: 3 }).observables["generalisationError"]!;
    const [bayes, ridge, logistic] = ["bayes", "ridge", "logistic"].map((rule) => errorOf(`perceptron-${rule}`));
    expect(bayes).toBeLessThan(logistic!);
    expect(logistic).toBeLessThan(ridge! + 0.01);
    expect(ridge! - bayes!).toBeLessThan(0.05);
  });

  test("perceptron: learning curves fall as .44/α", () => {
    const error = problem("perceptron-bayes").solve({ alpha: 100 }).observables["generalisationError"]!;
    expect(100 * error).toBeCloseTo(0.442, 2);
  });
});

describe("simulation: within three standard errors", () => {
  test("LASSO", () => {
    const { mean, standardError } = lassoErrors({
      size: 300,
      trials: 12,
      delta: 0.64,
      rho: 0.2,
      noise: 0.1,
      lambda: 0.3,
    });
    const theory = problem("lasso").solve().observables["meanSquaredError"]!;
    // O(1/N) of a problem of this size.
    expect(Math.abs(mean - theory)).toBeLessThan(3 * standardError + 1 / 300);
    expect(standardError).toBeLessThan(0.1 * theory);
  });

  test("ridge regression of a teacher's signs", () => {
    const { mean, standardError } = ridgePerceptronErrors({ size: 150, trials: 16, alpha: 1.5, lambda: 0.5 });
    const theory = problem("perceptron-ridge").solve().observables["generalisationError"]!;
    expect(Math.abs(mean - theory)).toBeLessThan(3 * standardError + 0.2 / 150);
    expect(standardError).toBeLessThan(0.03 * theory);
  });
});
