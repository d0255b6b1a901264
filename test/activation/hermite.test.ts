import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activation } from "../../src/activation/activation.ts";
import { hermiteCoefficients } from "../../src/activation/hermite.ts";
import { hermitePolynomial } from "../../src/activation/hermitePolynomial.ts";
import { ParameterError, QuadratureError } from "../../src/errors.ts";

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const density = 1 / Math.sqrt(2 * Math.PI);

describe("exactness", () => {
  test("e^x has the coefficients √e/k!", () => {
    hermiteCoefficients(activation("exp(x)"), 12).forEach((c, k) => {
      expect(Math.abs((c * factorial(k)) / Math.sqrt(Math.E) - 1)).toBeLessThan(1e-11);
    });
  });

  test("sign has 2 He_{k−1}(0) φ(0)/k!, relu has He_{k−2}(0) φ(0)/k!", () => {
    const sign = hermiteCoefficients(activation("sign"), 20);
    const relu = hermiteCoefficients(activation("relu"), 20);
    for (let k = 2; k <= 20; k++) {
      const scale = 1e-13 / Math.sqrt(factorial(k));
      expect(Math.abs(sign[k]! - (2 * hermitePolynomial(k - 1, 0) * density) / factorial(k))).toBeLessThan(scale);
      expect(Math.abs(relu[k]! - (hermitePolynomial(k - 2, 0) * density) / factorial(k))).toBeLessThan(scale);
    }
    expect(relu[0]).toBeCloseTo(density, 14);
    expect(relu[1]).toBeCloseTo(0.5, 14);
  });

  test("sin(ωx) has ω^k e^{−ω²/2} cos or sin of πk/2 over k!", () => {
    hermiteCoefficients(activation("sin(3*x)"), 9).forEach((c, k) => {
      const expected = (3 ** k * Math.exp(-4.5) * Math.sin((Math.PI * k) / 2)) / factorial(k);
      expect(Math.abs(c - expected)).toBeLessThan(1e-13);
    });
  });

  test("a steep softplus, nearly a kink, has the averages of 30-digit quadrature (mpmath)", () => {
    const expected = [1.786394194435464, 0.96164381669142018, 0.08323722950559259 / 2];
    const c = hermiteCoefficients(activation("log(1 + exp(56.518*(x + 1.771)))/56.518"), 2);
    expected.forEach((value, k) => expect(Math.abs(c[k]! - value)).toBeLessThan(1e-12));
  });
});

describe("laws", () => {
  test("a Hermite series is given back its coefficients", () => {
    const coefficients = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(coefficients, (given) => {
        const formula = given.map((c, k) => `(${c}) * He${k}(x)`).join(" + ");
        const found = hermiteCoefficients(activation(formula), given.length + 1);
        found.forEach((c, k) => expect(Math.abs(c - (given[k] ?? 0))).toBeLessThan(1e-10));
      }),
    );
  });
});

describe("errors", () => {
  test("the degree is an integer from 0 to 60", () => {
    for (const degree of [-1, 1.5, 61, NaN]) {
      expect(() => hermiteCoefficients(activation("tanh"), degree)).toThrow(ParameterError);
    }
  });

  test("an activation that is undefined somewhere has no coefficients", () => {
    expect(() => hermiteCoefficients(activation("log(x)"), 2)).toThrow(QuadratureError);
  });
});
