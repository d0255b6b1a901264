import { describe, expect, it } from "vitest";
import { adaptGaussianRule, averageOf } from "../../src/numerics/gaussianAverage.ts";

describe("exactness: averages of what oscillates faster than the nodes of a rule and of its halves", () => {
  const frequencies = Array.from({ length: 200 }, (_, i) => 5 + 0.3 * i);

  it.each([false, true])("E cos(ωz)² = (1 + exp(−2ω²))/2 at every ω, thrifty: %s", (thrifty) => {
    for (const omega of frequencies) {
      const { weights, values } = adaptGaussianRule(
        (z, out) => {
          out[0] = Math.cos(omega * z) ** 2;
        },
        { dimension: 1, tolerance: 1e-10, name: "cos²", thrifty },
      );
      const average = values.reduce((sum, value, i) => sum + weights[i]! * value, 0);
      expect(Math.abs(average - 0.5), `ω = ${omega}`).toBeLessThan(1e-10);
    }
  });

  it("also in averages of one function", () => {
    for (const omega of frequencies) {
      expect(Math.abs(averageOf((z) => Math.sin(omega * z) ** 2, "sin²") - 0.5)).toBeLessThan(1e-13);
    }
  });
});
