import { describe, expect, test } from "vitest";
import { activation, type ActivationInput } from "../../src/activation/activation.ts";
import { ExpressionError, ParameterError } from "../../src/errors.ts";

describe("exactness", () => {
  test("a name, a formula, a function and an object are all activations", () => {
    const square = (x: number): number => x * x;
    expect(activation("tanh").name).toBe("tanh");
    expect(activation(" relu( x - 1 ) ")).toMatchObject({ name: "relu( x - 1 )", kinks: [1], jumps: [] });
    expect(activation(square)).toEqual({ name: "square", value: square, kinks: [], jumps: [] });
    expect(activation((x) => x).name).toBe("user function");
    expect(activation({ value: (x) => x }).name).toBe("user function");
    expect(activation({ value: square, derivative: (x) => 2 * x, name: "mine" }).derivative?.(3)).toBe(6);
  });

  test("break points are sorted and merged, and a jump is not listed as a kink too", () => {
    const given = { value: Math.sign, kinks: [2, -1, 2, 0], jumps: [0, -3, 0] };
    expect(activation(given)).toMatchObject({ kinks: [-1, 2], jumps: [-3, 0] });
    expect(given.kinks).toEqual([2, -1, 2, 0]);
  });

  test("resolving twice changes nothing", () => {
    for (const input of ["abs(x^2 - 2)", "gelu", Math.exp] as const) {
      const once = activation(input);
      expect(activation(once)).toEqual(once);
    }
  });
});

describe("errors", () => {
  const illegal: readonly (readonly [string, unknown])[] = [
    ["null", null],
    ["a number", 3],
    ["no value", {}],
    ["a value that is no function", { value: "tanh" }],
    ["a function of strings", () => "1"],
    ["a function of nothing", () => undefined],
    ["a promise", () => Promise.resolve(1)],
    ["a derivative that is no function", { value: Math.tanh, derivative: 1 }],
    ["a derivative without a number", { value: Math.tanh, derivative: () => null }],
    ["NaN as a kink", { value: Math.abs, kinks: [NaN] }],
    ["infinity as a jump", { value: Math.abs, jumps: [Infinity] }],
    ["a single kink", { value: Math.abs, kinks: 0 }],
    ["a misspelt field", { value: Math.abs, kink: [0] }],
    ["a name that is no string", { value: Math.abs, name: 3 }],
  ];

  test.each(illegal)("%s is a ParameterError under the name of the parameter", (_label, input) => {
    const attempt = (): unknown => activation(input as ActivationInput, "student");
    expect(attempt).toThrow(ParameterError);
    expect(attempt).toThrow(/^student = /);
  });

  test.each(["", "   ", "thanh", "tanh("])("the formula %j is an ExpressionError", (formula) => {
    expect(() => activation(formula)).toThrow(ExpressionError);
  });

  test("a function may be undefined somewhere: that is for the quadrature to report", () => {
    expect(activation(Math.log).value(-1)).toBeNaN();
  });
});
