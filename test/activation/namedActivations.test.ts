import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activationNames, namedActivation } from "../../src/activation/namedActivations.ts";
import { normalCdf } from "../../src/numerics/normal.ts";
import { differenceQuotient } from "./differences.ts";

const named = (name: string) => {
  const found = namedActivation(name);
  if (!found) throw new Error(`${name} is missing`);
  return found;
};

/** Closed forms written with other formulas than the implementation's, valid for moderate x. */
const closedForms: Readonly<Record<string, (x: number) => number>> = {
  identity: (x) => x,
  tanh: (x) => (Math.exp(2 * x) - 1) / (Math.exp(2 * x) + 1),
  erf: (x) => 2 * normalCdf(Math.SQRT2 * x) - 1,
  relu: (x) => (x + Math.abs(x)) / 2,
  leakyRelu: (x) => (1.01 * x + 0.99 * Math.abs(x)) / 2,
  gelu: (x) => (x * (1 + Math.sign(x) * (1 - 2 * normalCdf(-Math.abs(x))))) / 2,
  sigmoid: (x) => (1 + Math.tanh(x / 2)) / 2,
  softplus: (x) => Math.log(1 + Math.exp(x)),
  sin: (x) => Math.cos(x - Math.PI / 2),
  cos: (x) => Math.sin(x + Math.PI / 2),
  sign: (x) => x / Math.abs(x),
  heaviside: (x) => (1 + x / Math.abs(x)) / 2,
  abs: (x) => Math.sqrt(x * x),
  He0: () => 1,
  He1: (x) => x,
  He2: (x) => x ** 2 - 1,
  He3: (x) => x ** 3 - 3 * x,
  He4: (x) => x ** 4 - 6 * x ** 2 + 3,
  He5: (x) => x ** 5 - 10 * x ** 3 + 15 * x,
};

const awayFromZero = fc
  .tuple(fc.double({ min: 0.4, max: 6, noNaN: true }), fc.boolean())
  .map(([x, negative]) => (negative ? -x : x));

describe("exactness", () => {
  test.each(Object.entries(closedForms))("%s is its closed form", (name, closedForm) => {
    const { value } = named(name);
    fc.assert(
      fc.property(awayFromZero, (x) => {
        const expected = closedForm(x);
        expect(Math.abs(value(x) - expected)).toBeLessThan(1e-13 * (1 + Math.abs(expected) + x ** 4));
      }),
    );
  });

  test.each([...Object.keys(closedForms), "He17"])("%s has its derivative", (name) => {
    const { value, derivative } = named(name);
    fc.assert(
      fc.property(awayFromZero, (x) => {
        const size = Math.max(Math.abs(value(x - 0.05)), Math.abs(value(x + 0.05)), 1);
        expect(Math.abs(derivative(x) - differenceQuotient(value, x))).toBeLessThan(1e-10 * size);
      }),
    );
  });

  test("kinks and jumps are at 0 and nowhere else", () => {
    for (const name of Object.keys(closedForms)) {
      const { kinks, jumps } = named(name);
      expect(kinks).toEqual(["relu", "leakyRelu", "abs"].includes(name) ? [0] : []);
      expect(jumps).toEqual(["sign", "heaviside"].includes(name) ? [0] : []);
    }
  });

  test("at a break point, value and derivative are the mean of their one-sided limits", () => {
    expect(named("heaviside").value(0)).toBe(0.5);
    expect(named("sign").value(0)).toBe(0);
    expect(named("relu").derivative(0)).toBe(0.5);
    expect(named("leakyRelu").derivative(0)).toBe(0.505);
    expect(named("abs").derivative(0)).toBe(0);
  });

  test("nothing overflows far out", () => {
    expect(named("softplus").value(800)).toBe(800);
    expect(named("softplus").value(-700)).toBeCloseTo(0, 300);
    expect(named("softplus").derivative(-800)).toBe(0);
    expect(named("sigmoid").derivative(-800)).toBe(0);
    expect(named("tanh").derivative(800)).toBe(0);
    expect(named("gelu").value(-60)).toBeCloseTo(0, 300);
  });

  test("an undefined argument stays undefined", () => {
    for (const name of Object.keys(closedForms).filter((key) => key !== "He0")) {
      expect(named(name).value(NaN)).toBeNaN();
    }
  });

  test("Hermite polynomials go up to degree 60, and names are exact", () => {
    // He_60(0) = 59!!
    let doubleFactorial = 1;
    for (let odd = 59; odd > 1; odd -= 2) doubleFactorial *= odd;
    expect(named("He60").value(0) / doubleFactorial).toBeCloseTo(1, 13);
    for (const name of ["He61", "He-1", "He02", "He", "he2", "Tanh", "constructor", "__proto__", "toString", ""]) {
      expect(namedActivation(name)).toBeUndefined();
    }
    expect(activationNames).toContain("gelu");
  });
});

describe("laws", () => {
  test("He_n(x + y) = Σ_k C(n,k) x^{n−k} He_k(y)", () => {
    const degree = fc.integer({ min: 0, max: 12 });
    const real = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(degree, real, real, (n, x, y) => {
        let sum = 0;
        let size = 1;
        for (let k = 0, binomial = 1; k <= n; k++) {
          const term = binomial * x ** (n - k) * named(`He${k}`).value(y);
          sum += term;
          size += Math.abs(term);
          binomial *= (n - k) / (k + 1);
        }
        expect(Math.abs(named(`He${n}`).value(x + y) - sum)).toBeLessThan(1e-11 * size);
      }),
    );
  });
});
