import { describe, expect, test } from "vitest";
import { activation, hermiteCoefficients, ridgeFromPapers, solve, toCsv, trySolve } from "../../src/index.ts";

const SELU = [1.0507009873554805, 1.6732632423543772] as const;
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const KNOWN: readonly (readonly [string, (x: number) => number])[] = [
  ["elu", (x) => (x > 0 ? x : Math.expm1(x))],
  ["celu", (x) => (x > 0 ? x : Math.expm1(x))],
  ["selu", (x) => SELU[0] * (x > 0 ? x : SELU[1] * Math.expm1(x))],
  ["silu", (x) => x * sigmoid(x)],
  ["swish", (x) => x * sigmoid(x)],
  ["mish", (x) => x * Math.tanh(Math.log1p(Math.exp(x)))],
  ["hardtanh", (x) => Math.max(-1, Math.min(1, x))],
  ["relu6", (x) => Math.min(6, Math.max(0, x))],
  ["softsign", (x) => x / (1 + Math.abs(x))],
  ["quad", (x) => x * x],
  ["cbrt", Math.cbrt],
];
const moment = (f: (x: number) => number) => {
  let sum = 0;
  for (let i = 0; i < 40000; i++) {
    const z = -10 + (i + 0.5) / 2000;
    sum += (f(z) ** 2 * Math.exp((-z * z) / 2)) / 2000 / Math.sqrt(2 * Math.PI);
  }
  return sum;
};

test.each(KNOWN)("%s is the function of that name, with derivative and certain averages", (name, f) => {
  const { value, derivative, smoothness } = activation(name);
  for (const x of [-7.3, -2.1, -0.4, 0.3, 1.7, 6.4]) {
    expect(value(x)).toBeCloseTo(f(x), 12);
    expect(derivative!(x)).toBeCloseTo((f(x + 1e-5) - f(x - 1e-5)) / 2e-5, 5);
    expect(activation(`${name}(2x) + 1`).value(x)).toBeCloseTo(f(2 * x) + 1, 12);
  }
  expect(smoothness).toBeDefined();
  const { testError } = solve({
    ...{ model: "randomFeatures", student: "x", target: name, sampleRatio: 1, widthRatio: 1, ridge: 1e300 },
  } as never);
  expect(testError).toBeCloseTo(moment(f), 6);
});

test.each([
  ["x**3", /write \^/],
  ["x > 0 && x < 1", /write and/],
  ["x > 0 || x < -1", /write or/],
  ["np.sin(x)", /plain names/],
  ["math.tanh(x)", /plain names/],
  ["floor(x)", /jumps without end/],
  ["round(2x)", /jumps without end/],
])("%s is refused with what to write", (formula, hint) => {
  expect(() => activation(formula)).toThrow(hint);
});

test("π, ln and names are read", () => {
  expect(activation("ln(x^2) * π").value(2)).toBeCloseTo(Math.log(4) * Math.PI, 14);
  expect(hermiteCoefficients("tanh", 2)[1]).toBeCloseTo(0.6057055096021586, 12);
  expect(() => ridgeFromPapers(0.1, {} as never, undefined as never)).toThrow(/sampleRatio/);
});

describe("derivatives of functions", () => {
  const network = { model: "trainedNetwork", target: "sin", learningRate: 3, stepSampleRatio: 2 } as const;
  const point = { sampleRatio: 1.5, widthRatio: 1, ridge: 0.1 };
  const at = (student: unknown, more: object = {}) => solve({ ...network, ...point, student, ...more } as never);

  test.each([
    [(x: number) => Math.tanh(x), "tanh"],
    [{ value: (x: number) => Math.max(x, 0), kinks: [0] }, "relu"],
    [(x: number) => x + Math.cos(3 * x), "x + cos(3x)"],
  ])("are found by differences, within the error that is stated", (bare, name) => {
    for (const theory of ["network", "srf"]) {
      const [found, exact] = [at(bare, { theory }), at(name, { theory })];
      expect(found.errorEstimate).toBeLessThan(1e-8);
      expect(Math.abs(found.testError / exact.testError - 1)).toBeLessThanOrEqual(found.errorEstimate);
    }
  });

  test("are refused where differences do not give them, or where they are wrong", () => {
    expect(() => at((x: number) => Math.max(x, 0))).toThrow(/derivative/);
    expect(() => at({ value: Math.tanh, derivative: (x: number) => 1 - Math.tanh(x) })).toThrow(/own derivative/);
    expect(at({ value: Math.tanh, derivative: (x: number) => 1 - Math.tanh(x) ** 2 }).testError).toBeGreaterThan(0);
  });
});

test("CSV has the columns of all rows", () => {
  const rows = [0, 1].map((learningRate) => {
    const step = { model: "trainedNetwork", student: "relu", target: "sin", learningRate, stepSampleRatio: 1 } as const;
    return trySolve({ ...step, sampleRatio: 1, widthRatio: 1, ridge: 0.1 });
  });
  const [header, first, second] = toCsv(rows).split("\n");
  const position = header!.split(",").indexOf("nu");
  expect(position).toBeGreaterThan(0);
  expect(first!.split(",")[position]).toBe("");
  expect(Number(second!.split(",")[position])).not.toBe(0);
});
