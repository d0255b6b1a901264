import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { activation, type ActivationInput } from "../../src/activation/activation.ts";
import { registersLength, type ElementwiseMap } from "../../src/simulation/arrayProgram.ts";
import { derivativeMap, valueMap } from "../../src/simulation/elementwise.ts";
import { Workspace } from "../../src/simulation/workspace.ts";

const length = 1003;
let workspace: Workspace;
let registers: Float64Array;
let values: Float64Array;

beforeAll(async () => {
  workspace = await Workspace.create(8 * (registersLength + length) + 4096);
  registers = workspace.allocate(registersLength);
  values = workspace.allocate(length);
});

/** Largest |found − expected| / max(scale of the function, |expected|) on the points. */
function worst(map: ElementwiseMap, f: (x: number) => number, points: readonly number[]): number {
  let error = 0;
  for (let first = 0; first < points.length; first += length) {
    const part = points.slice(first, first + length);
    const array = values.subarray(0, part.length);
    array.set(part);
    map(array);
    part.forEach((x, i) => {
      const expected = f(x);
      if (Number.isNaN(expected)) expect(array[i]).toBeNaN();
      else error = Math.max(error, Math.abs(array[i]! - expected) / Math.max(1, Math.abs(expected)));
    });
  }
  return error;
}

const grid = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 137 + 1e-3);

const inputs: readonly ActivationInput[] = [
  ...["identity", "tanh", "erf", "relu", "leakyRelu", "gelu", "sigmoid", "softplus", "sin", "cos", "sign", "heaviside"],
  ...["abs", "He0", "He1", "He2", "He5", "tanh(3*x)", "x + sin(3*x)", "0.3*x^3 - x^2/2 + 1", "x^7 + x^8 + (x+1)^2"],
  ...["exp(-x^2)*cos(x)", "1/(1+x^2)", "(x > 1 ? x : -x) + tanh(x)", "max(x, 0.5) + min(x, -1)", "sqrt(1 + x^2)"],
  ...["log(2 + x^2)", "x^(-2)", "abs(x)^1.5", "2 - tanh(1 - x)", "(x - 1)/(x^2 + 2) - 3", "atan(x)*erf(x/2)", "3"],
  (x: number) => x * x,
];

describe("laws: activations over arrays equal the plain functions", () => {
  it.each(inputs.map((input) => [typeof input === "string" ? input : "a function", input] as const))(
    "%s",
    (_name, input) => {
      const { value, derivative } = activation(input);
      expect(worst(valueMap(workspace.kernels, registers, input), value, grid)).toBeLessThan(4e-15);
      if (derivative) {
        expect(worst(derivativeMap(workspace.kernels, registers, input), derivative, grid)).toBeLessThan(4e-15);
      }
    },
  );

  it("sums and products of random formulas", () => {
    const leaf = fc.constantFrom("x", "2.5", "tanh(x)", "x^3", "sin(2*x)", "erf(x)", "0.25");
    const formula = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        leaf,
        fc
          .tuple(tie("tree"), fc.constantFrom("+", "-", "*"), tie("tree"))
          .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      ),
    })).tree;
    fc.assert(
      fc.property(formula, (text) => {
        const points = [-1.5, -0.3, 0, 0.7, 1.1];
        expect(worst(valueMap(workspace.kernels, registers, text), activation(text).value, points)).toBeLessThan(1e-11);
      }),
    );
  });
});

describe("exactness: kernels", () => {
  const kernel = (name: "tanh" | "exp" | "sin" | "cos" | "log" | "erf" | "softplus"): ElementwiseMap => {
    return ({ byteOffset, length: n }) => workspace.kernels[name](byteOffset, byteOffset, n);
  };
  const relative = (name: Parameters<typeof kernel>[0], f: (x: number) => number, points: readonly number[]): number =>
    Math.max(
      ...points.map((x) => {
        values[0] = x;
        kernel(name)(values.subarray(0, 1));
        const expected = f(x);
        return Object.is(values[0], expected) ? 0 : Math.abs(values[0] - expected) / Math.abs(expected);
      }),
    );
  const small = Array.from({ length: 300 }, (_, i) => 10 ** (-i / 15));
  const both = [...small, ...small.map((x) => -x), ...grid];

  it("relative error of a few units in the last place, tiny arguments included", () => {
    expect(relative("tanh", Math.tanh, both)).toBeLessThan(8e-16);
    expect(relative("exp", Math.exp, [...both, -700, 700])).toBeLessThan(5e-16);
    expect(relative("sin", Math.sin, [...both, 1e3, 99_999, 1e8, -1e300])).toBeLessThan(5e-16);
    expect(relative("cos", Math.cos, [...both, 1e3, 99_999, 1e8, -1e300])).toBeLessThan(5e-16);
    expect(relative("log", Math.log, [...small, 1e-300, 3, 1e300])).toBeLessThan(5e-16);
    // Computed to 40 digits with mpmath 1.3, rounded to double.
    const erf: readonly (readonly [number, number])[] = [
      [1e-9, 1.1283791670955127e-9],
      [0.25, 0.27632639016823696],
      [0.9999, 0.8426592780487595],
      [1.0, 0.8427007929497149],
      [1.5, 0.9661051464753108],
      [3.0, 0.9999779095030014],
      [7.0, 1.0],
    ];
    for (const [x, expected] of erf) expect(relative("erf", () => expected, [x])).toBeLessThan(5e-16);
  });

  it("limits and NaN", () => {
    expect(relative("exp", Math.exp, [-Infinity, Infinity, -750, 710])).toBe(0);
    expect(relative("tanh", Math.tanh, [-Infinity, Infinity, -40, 40])).toBe(0);
    for (const name of ["tanh", "exp", "sin", "erf", "softplus"] as const) {
      values[0] = NaN;
      kernel(name)(values.subarray(0, 1));
      expect(values[0]).toBeNaN();
    }
  });
});
