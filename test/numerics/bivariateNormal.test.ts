import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalCdf } from "../../src/numerics/normal.ts";
import { bivariateNormalBelow } from "../../src/numerics/owensT.ts";

const value = fc.double({ min: -6, max: 6, noNaN: true });
const below = (h: number, k: number, r: number) => bivariateNormalBelow(h, k, r, (1 - r) * (1 + r));
const correlation = fc.double({ min: -0.99, max: 0.99, noNaN: true });

// Exactness: the orthant, and what margins and symmetries say.
describe("bivariate normal distribution", () => {
  test("P(X < 0, Y < 0) = 1/4 + asin(r)/2π", () => {
    fc.assert(
      fc.property(correlation, (r) => {
        expect(below(0, 0, r)).toBeCloseTo(0.25 + Math.asin(r) / (2 * Math.PI), 12);
      }),
    );
  });

  test("P(X < h, Y < k) + P(X < h, −Y < −k) = P(X < h)", () => {
    fc.assert(
      fc.property(value, value, correlation, (h, k, r) => {
        expect(below(h, k, r) + below(h, -k, -r)).toBeCloseTo(normalCdf(h), 11);
      }),
    );
  });

  test("is symmetric, and independent at r = 0", () => {
    fc.assert(
      fc.property(value, value, correlation, (h, k, r) => {
        expect(below(h, k, r)).toBeCloseTo(below(k, h, r), 12);
        expect(below(h, k, 0)).toBeCloseTo(normalCdf(h) * normalCdf(k), 14);
      }),
    );
  });
});
