import { describe, expect, test } from "vitest";
import { activation } from "../../src/activation/activation.ts";
import { conditionalMoments } from "../../src/activation/conditionalMoments.ts";
import { featureMoments, featureMomentsOnLine } from "../../src/activation/featureMoments.ts";

const LINES = ["tanh", "erf", "relu", "leakyRelu", "gelu", "sigmoid", "softplus", "sign", "abs", "identity"];
const FORMULAS = ["tanh(3*x) + x/2", "relu(1 - x)/2", "2*sigmoid(x) - exp(-x^2)", "max(x, 0)", "x > 0 ? x : 0"];

describe("asymptotes", () => {
  // Law: line and remainder are the function, and the remainder decays.
  test.each([...LINES, ...FORMULAS])("%s", (name) => {
    const { value, asymptotes } = activation(name);
    for (const [line, side] of [
      [asymptotes?.left, -1],
      [asymptotes?.right, 1],
    ] as const) {
      const { offset, slope, remainder } = line!;
      for (const x of [-4, -0.5, 0.5, 2, 9]) {
        expect(Math.abs(offset + slope * x + remainder(x) - value(x))).toBeLessThan(1e-14 * (1 + Math.abs(x)));
      }
      expect(Math.abs(remainder(60 * side))).toBeLessThan(1e-25);
    }
  });

  test("none of functions that run into no line", () => {
    for (const name of ["He2", "sin", "x*tanh(x)^2", "atan(x)"]) expect(activation(name).asymptotes).toBeUndefined();
  });

  test("of an object: given, or found beyond its kinks; checked", () => {
    const value = (x: number) => Math.max(x, 0);
    expect(activation({ value, kinks: [0] }).asymptotes?.right).toMatchObject({ offset: 0, slope: 1 });
    const right = { offset: 1, slope: 0, remainder: (x: number) => -2 / (Math.exp(2 * x) + 1) };
    expect(activation({ value: Math.tanh, asymptotes: { right } }).asymptotes).toEqual({ right });
    const wrong = { right: { ...right, offset: NaN } };
    expect(() => activation({ value: Math.tanh, asymptotes: wrong })).toThrow(/asymptotes.right/);
  });
});

// Exactness: mpmath, 40 digits, and for the ReLU at 20 the expansion of (1 + a²)Q(a) − aφ(a).
test.each([
  ["relu", 8, 1, 1.80750644715e-17],
  ["relu", 12, 1, 2.38579716962e-35],
  ["relu", -12, 1, 2.38579716962e-35],
  ["relu", 20, 2, 5.81171078285e-25],
  ["tanh", 8, 1, 1.3649853861e-10],
  ["tanh", 20, 1, 1.95499137029e-31],
  ["tanh", 20, 2, 5.40735773552e-21],
  ["tanh", 100, 10, 2.38838347127e-23],
])("μ2² of %s(%d + %d z) keeps its digits", (name, shift, scale, expected) => {
  const { residual, residualError } = featureMoments(activation(name), shift, scale, "student");
  expect(Math.abs(residual / expected - 1)).toBeLessThan(1e-10);
  expect(residualError).toBeLessThan(1e-10 * residual);
});

// Law: both ways to compute the moments agree where both hold.
test.each(LINES)("%s moments from the line are the plain ones", (name) => {
  const f = activation(name);
  for (const [shift, scale] of [
    [4, 1],
    [-5, 1],
    [-9, 2],
  ] as const) {
    const [line, plain] = [featureMoments(f, shift, scale, "student"), conditionalMoments(f, shift, scale, "student")];
    const size = Math.sqrt(plain.square);
    for (const moment of ["mean", "first", "second"] as const) {
      expect(Math.abs(line[moment] - plain[moment])).toBeLessThan(1e-13 * (size + 1e-3));
    }
    expect(Math.abs(line.residual - plain.residual)).toBeLessThan(1e-12 * plain.square);
  }
});

test("without a line the error of μ2² is told", () => {
  const { residual, residualError } = featureMoments(activation({ value: Math.tanh }), 20, 1, "student");
  expect(residual).toBe(0);
  expect(residualError).toBeGreaterThan(1.95e-31);
});

describe("moments on a line of shifts", () => {
  const lines: [number, number, number][] = [
    [-9, 0.3, 1],
    [12, -0.54, 1.3],
    [-40, 1.7, 2.5],
    [-0.5, 0.013, 0.7],
    [-60, 2, 6],
  ];

  test.each(["tanh", "erf", "sigmoid", "softplus", "gelu"])("are those at each shift by itself: %s", (name) => {
    const student = activation(name, "student");
    let compared = 0;
    for (const [first, step, scale] of lines) {
      const line = { first, step, count: 60 };
      featureMomentsOnLine(student, line, scale, "student").forEach((found, k) => {
        if (!found) return;
        const one = featureMoments(student, first + k * step, scale, "student");
        const size = Math.sqrt(one.square);
        for (const key of ["mean", "first", "second"] as const) {
          expect(Math.abs(found[key] - one[key])).toBeLessThan(4e-14 * size + 1e-300);
        }
        expect(Math.abs(found.square / one.square - 1)).toBeLessThan(4e-14);
        // Farther out the average by itself underflows.
        const allowed = found.residualError + one.residualError + 1e-13 * one.residual + 1e-85;
        expect(Math.abs(found.residual - one.residual)).toBeLessThanOrEqual(allowed);
        compared++;
      });
    }
    expect(compared).toBeGreaterThan(150);
  });

  test("leave kinks, and lines that do not move, to each average", () => {
    const line = { first: 0, step: 0.5, count: 10 };
    expect(featureMomentsOnLine(activation("relu"), line, 1, "student")).toEqual([]);
    expect(featureMomentsOnLine(activation("tanh"), { ...line, step: 0 }, 1, "student")).toEqual([]);
  });
});
