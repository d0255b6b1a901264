import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { erf, erfc, normalCdf, normalPdf } from "../../src/numerics/normal.ts";
import { normalReference } from "../fixtures/normal.ts";

/** |got/expected − 1|; 0 if both vanish. */
const relativeError = (got: number, expected: number): number =>
  got === expected ? 0 : Math.abs(got - expected) / Math.abs(expected);

describe("exactness", () => {
  test.each(normalReference)("all four at x = $x to 1e-15 relative", ({ x, ...reference }) => {
    expect(relativeError(erf(x), reference.erf)).toBeLessThan(1e-15);
    // Below 1e-300 the result is subnormal and holds fewer digits.
    if (reference.erfc > 1e-300) expect(relativeError(erfc(x), reference.erfc)).toBeLessThan(1e-15);
    expect(relativeError(normalCdf(x), reference.normalCdf)).toBeLessThan(1e-15);
    expect(relativeError(normalPdf(x), reference.normalPdf)).toBeLessThan(1e-15);
  });

  test("values at 0 and at infinity", () => {
    expect([erf(0), erf(Infinity), erf(-Infinity), erf(30)]).toEqual([0, 1, -1, 1]);
    expect([erfc(0), erfc(Infinity), erfc(-Infinity)]).toEqual([1, 0, 2]);
    expect([normalCdf(0), normalCdf(Infinity), normalCdf(-Infinity)]).toEqual([0.5, 1, 0]);
    expect([normalPdf(Infinity), normalPdf(-Infinity), normalPdf(1e200)]).toEqual([0, 0, 0]);
  });

  test("NaN stays NaN", () => {
    for (const f of [erf, erfc, normalCdf, normalPdf]) expect(f(NaN)).toBeNaN();
  });
});

describe("laws", () => {
  const real = fc.double({ min: -8, max: 8, noNaN: true });

  test("erf is odd, erfc is its complement, Φ(x) + Φ(−x) = 1", () => {
    fc.assert(
      fc.property(real, (x) => {
        expect(erf(-x)).toBe(-erf(x));
        expect(Math.abs(erf(x) + erfc(x) - 1)).toBeLessThan(3e-16);
        expect(Math.abs(normalCdf(x) + normalCdf(-x) - 1)).toBeLessThan(3e-16);
      }),
    );
  });

  test("Φ increases", () => {
    fc.assert(
      fc.property(real, fc.double({ min: 1e-6, max: 1, noNaN: true }), (x, step) => {
        expect(normalCdf(x + step)).toBeGreaterThanOrEqual(normalCdf(x));
      }),
    );
  });
});
