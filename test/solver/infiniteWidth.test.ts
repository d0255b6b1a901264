import { describe, expect, test } from "vitest";
import { type ModelDescription, ParameterError, solve, trySolve } from "../../src/index.ts";
import { solveCases } from "../../src/json/solve.ts";

const LINE = Array.from({ length: 401 }, (_, i) => (i - 200) / 20);
const WEIGHTS = LINE.map((z) => Math.exp((-z * z) / 2) / 20 / Math.sqrt(2 * Math.PI));
const E = (f: (z: number) => number): number => LINE.reduce((sum, z, i) => sum + WEIGHTS[i]! * f(z), 0);

/** Gaussian elimination. */
function solved(A: number[][], b: number[]): number[] {
  const rows = A.map((row, i) => [...row, b[i]!]);
  for (let k = 0; k < b.length; k++) {
    for (let i = k + 1; i < b.length; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      rows[i] = rows[i]!.map((value, j) => value - factor * rows[k]![j]!);
    }
  }
  const x = new Array<number>(b.length).fill(0);
  for (let k = b.length - 1; k >= 0; k--) {
    x[k] = (rows[k]!.at(-1)! - x.reduce((sum, value, j) => sum + (j > k ? rows[k]![j]! * value : 0), 0)) / rows[k]![k]!;
  }
  return x;
}

interface Spiked {
  readonly r: number;
  readonly c: number;
  readonly gamma: number;
  readonly alpha: number;
  readonly lambda: number;
}

/**
 * Theory §4 at K = 1 with 1/β = 0 put in by hand: g = 1/λ, V1 = cg/(1 + cgv) with v = αE[μ1²/(1 + V)], and of the norms only
 * Q1′ = V1²·αE[μ1²R/(1 + V)²] is left.
 */
function atInfiniteWidth(student: (x: number) => number, target: (x: number) => number, given: Spiked) {
  const { r, c, gamma, alpha, lambda } = given;
  const [root, rho] = [Math.sqrt(c), Math.sqrt(1 - gamma * gamma)];
  const nodes = LINE.map((kappa) => {
    const mu0 = E((z) => student(r * kappa + root * z));
    const mu1 = E((z) => z * student(r * kappa + root * z)) / root;
    const mu2 = E((z) => student(r * kappa + root * z) ** 2) - mu0 ** 2 - c * mu1 ** 2;
    const h = E((z) => target(gamma * kappa + rho * z));
    const slope = E((z) => z * target(gamma * kappa + rho * z));
    const hh = E((z) => target(gamma * kappa + rho * z) ** 2);
    return { kappa, mu0, mu1, mu2, h, slope, hh };
  });
  type Node = (typeof nodes)[number];
  const average = (f: (node: Node) => number) => nodes.reduce((sum, node, i) => sum + WEIGHTS[i]! * f(node), 0);
  const g = 1 / lambda;
  let V1 = c * g;
  const damp = (node: Node) => 1 / (1 + node.mu1 ** 2 * V1 + node.mu2 * g);
  for (let i = 0; i < 4000; i++) {
    V1 = (c * g) / (1 + c * g * alpha * average((node) => node.mu1 ** 2 * damp(node)));
  }
  const columns = [(n: Node) => n.mu0, (n: Node) => n.kappa * n.mu1];
  const gram = columns.map((f, i) =>
    columns.map((k, j) => average((n) => f(n) * k(n) * damp(n)) + (i === 1 && j === 1 ? 1 / (alpha * c * g) : 0)),
  );
  const t = solved(
    gram,
    columns.map((f) => average((n) => f(n) * n.h * damp(n))),
  );
  const psi = V1 * alpha * average((n) => n.mu1 * n.slope * damp(n));
  const mean = (n: Node) => t[0]! * columns[0]!(n) + t[1]! * columns[1]!(n);
  const bias = (n: Node) => n.hh + mean(n) ** 2 - 2 * mean(n) * n.h - 2 * n.slope * n.mu1 * psi + (n.mu1 * psi) ** 2;
  const kernel = (f: (n: Node) => number) => V1 ** 2 * alpha * average((n) => n.mu1 ** 2 * f(n) * damp(n) ** 2);
  const Q = kernel(bias) / (1 - kernel((n) => n.mu1 ** 2));
  return {
    testError: average((n) => bias(n) + n.mu1 ** 2 * Q),
    trainError: average((n) => (bias(n) + n.mu1 ** 2 * Q) * damp(n) ** 2),
    V1,
    m: t[0]!,
    theta: t[1]!,
    psi,
  };
}

const close = (value: number, expected: number, tolerance: number) => {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));
};

test("β = ∞ solves the equations in which 1/β is 0", () => {
  const student = (x: number) => Math.tanh(x) + 0.3 * Math.cos(x);
  const points = [
    { r: 1.5, c: 1.3, gamma: 0.8, alpha: 1.5, lambda: 0.1 },
    { r: 0.7, c: 1, gamma: 0.3, alpha: 0.4, lambda: 2 },
    { r: 2, c: 2, gamma: 0.95, alpha: 5, lambda: 0.02 },
  ];
  for (const point of points) {
    const expected = atInfiniteWidth(student, Math.sin, point);
    const { testError, trainError, objective, overlaps } = solve({
      model: "spikedRandomFeatures",
      student: "tanh(x) + 0.3cos(x)",
      target: "sin",
      spikeStrength: point.r,
      bulkVariance: point.c,
      alignment: point.gamma,
      sampleRatio: point.alpha,
      widthRatio: Infinity,
      ridge: point.lambda,
    });
    close(testError, expected.testError, 1e-10);
    close(trainError, expected.trainError, 1e-10);
    close(overlaps.V1[0]![0]!, expected.V1, 1e-10);
    close(overlaps.theta[0]!, expected.theta, 1e-10);
    close(overlaps.psi[0]!, expected.psi, 1e-10);
    close(overlaps.m[0]!, expected.m, 1e-10);
    expect(overlaps.Q2).toEqual([0]);
    expect(objective).toBeGreaterThan(trainError);
  }
});

test("linear neurons without number are ridge regression on the inputs", () => {
  for (const [sampleRatio, ridge] of [
    [0.5, 0.1],
    [1.5, 0],
    [3, 1e-9],
  ] as const) {
    const point = { target: "sin" as const, labelNoise: 0.1, ridge };
    const wide = solve({ model: "randomFeatures", student: "identity", widthRatio: Infinity, sampleRatio, ...point });
    const b = Math.exp(-0.5);
    const [inputs] = solveCases([
      {
        data: {
          model: "gaussianCovariates",
          eigenvalues: [1],
          signal: [b * b],
          unexplained: (1 - Math.exp(-2)) / 2 - b * b,
          labelNoise: 0.1,
          samples: sampleRatio,
          ridge,
        },
      },
    ]);
    close(wide.testError, (inputs as Record<string, unknown>)["testError"] as number, 1e-9);
  }
});

const MODELS: readonly object[] = [
  { model: "randomFeatures", student: "relu", target: "sin", finiteDimension: 200 },
  {
    model: "spikedRandomFeatures",
    ...{
      student: "relu",
      target: "sin",
      spikeStrength: 1.5,
      alignment: 0.8,
      readoutValues: [1, -0.5],
      rows: "gaussian",
    },
  },
  { model: "trainedNetwork", student: "tanh", target: "sin", learningRate: 3, stepSampleRatio: 0.5 },
  {
    model: "trainedNetwork",
    ...{ student: "relu", target: "He1(x) + He2(x) / 2", learningRate: 1, stepSampleRatio: 2, readoutValues: [1, 2] },
  },
  { model: "smallRate", student: "tanh", target: "sin", spikeStrength: 2, alignment: 0.8 },
  { model: "powerChannels", student: "relu", target: "He1(x) + He2(x) / 2", alignment: 0.8, powerChannels: [1, 2] },
  {
    model: "spikedRandomFeatures",
    ...{ student: "tanh", target: "sign", spikeStrength: 1.5, alignment: 0.9, loss: "logistic" },
  },
  { model: "trainedNetwork", student: "tanh", target: "x1 + x1 * x2", learningRate: 1, stepSampleRatio: 2 },
  {
    model: "structuredGradientStep",
    ...{ student: "tanh", target: "sin", learningRate: 1, stepSampleRatio: 2 },
    ...{ inputEigenvalues: [1, 0.5], inputMultiplicities: [20, 20], teacherPower: [1, 1] },
  },
];

describe.each(MODELS)("%j", (model) => {
  const observe = (widthRatio: number | "inf", ridge = 0.1, sampleRatio: number | "inf" = 1.5) =>
    [...solveCases([{ data: { ...model, sampleRatio, widthRatio, ridge } }])][0] as Record<string, unknown>;

  test("large widths tend to β = ∞ as 1/β", () => {
    const limit = observe("inf");
    expect(limit["status"]).toBe("converged");
    const measure = "testError" in limit ? "testError" : "testClassificationError";
    const [far, farther] = [1e4, 1e5].map((width) => (observe(width)[measure] as number) - (limit[measure] as number));
    expect(Math.abs(farther!)).toBeLessThan(1e-4 * (limit[measure] as number));
    expect(far! / farther!).toBeGreaterThan(9);
    expect(far! / farther!).toBeLessThan(11);
    expect([limit["Q2"]].flat().every((value) => value === 0)).toBe(true);
  });

  test("α = β = ∞ is refused", () => {
    expect(observe("inf", 0.1, "inf")["error"]).toMatchObject({ name: "ParameterError", parameter: "widthRatio" });
  });
});

test("the limits α → ∞ and β → ∞ cannot be exchanged", () => {
  const model = { model: "spikedRandomFeatures", student: "tanh", target: "sin", spikeStrength: 1.5, alignment: 0.8 };
  const at = (sampleRatio: number, widthRatio: number) =>
    solve({ ...model, sampleRatio, widthRatio, ridge: 0.1 } as ModelDescription).testError;
  expect(Math.abs(at(1e7, Infinity) / at(Infinity, 1e7) - 1)).toBeGreaterThan(1e-4);
  expect(() =>
    trySolve({ ...model, sampleRatio: Infinity, widthRatio: Infinity, ridge: 0.1 } as ModelDescription),
  ).toThrow(ParameterError);
});
