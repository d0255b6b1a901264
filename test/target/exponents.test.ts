import { describe, expect, test } from "vitest";
import { exponents } from "../../src/index.ts";

// Exactness: the examples of the literature.
describe("exponents", () => {
  test.each([
    ["x1 + x1*x2", 1, 1],
    ["x1 + x2 + x1*x2", 1, 2],
    ["x1*x2", 2, 2],
    ["x1*x2*x3 + x1", 1, 2],
    ["x1 + x1*x2 + x1*x2*x3", 1, 1],
    ["tanh(2*x1)*(1 + tanh(2*x2))", 1, 1],
    ["abs(x1) + x2", 1, 2],
    ["relu(x1)*x2", 1, 1],
    ["x1*x2*x3*x4", 4, 4],
    // Variables that the target does not depend on are no directions to be found.
    ["x2 + x4", 1, 1],
    ["(x3 < 1 ? x2 : x3)", 1, 1],
  ])("%s", (target, informationExponent, leap) => {
    expect(exponents(target)).toMatchObject({ informationExponent, leap });
  });

  test.each([
    ["x1^3 - 3*x1", 3, 1],
    ["x1^2", 2, 2],
    ["x1^2*exp(-x1^2)", 4, 4],
    ["tanh", 1, 1],
    ["sign", 1, 1],
  ])("%s alone", (target, informationExponent, generativeExponent) => {
    expect(exponents(target)).toMatchObject({ informationExponent, leap: informationExponent, generativeExponent });
  });

  test("do not depend on the axes", () => {
    expect(exponents("(x1 + x2)/sqrt(2) + (x1^2 - x2^2)/2").leap).toBe(exponents("x1 + x1*x2").leap);
  });

  test("of more directions than averages can be taken over are refused at once", () => {
    expect(() => exponents("x1*x2*x3*x4*x5*x6")).toThrow(/over 6 directions need 3.9e\+8 nodes/);
  });

  test("a constant has none", () => {
    expect(() => exponents("1 + 0*x1")).toThrow(/constant/);
  });
});
