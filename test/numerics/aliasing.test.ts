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

describe("exactness: averages of what is smooth, but for a small part that is nearly sharp", () => {
  /** The trapezoid rule of a step that resolves everything here to the last digits. */
  function reference(f: (z: number) => number): readonly [average: number, size: number] {
    let [sum, size] = [0, 0];
    for (let i = -24_000; i <= 24_000; i++) {
      const term = f(i / 2000) * Math.exp(-0.5 * (i / 2000) ** 2);
      sum += term;
      size += Math.abs(term);
    }
    const weight = 1 / (2000 * Math.sqrt(2 * Math.PI));
    return [sum * weight, size * weight];
  }
  const shapes: Record<string, (steepness: number, place: number) => (z: number) => number> = {
    "a soft kink": (s, a) => (z) => Math.sqrt(s ** -2 + (z - a) ** 2),
    "a small step on a line": (s, a) => (z) => z + 1e-3 * Math.tanh(s * (z - a)),
    "a logarithm": (s, a) => (z) => Math.log(s ** -2 + (z - a) ** 2),
  };
  const cases = [1, 3, 10, 30, 90].flatMap((s) => [-2.9, -1.3, 0.2, 2.2].map((a) => [s, a] as const));

  it.each(Object.entries(shapes))("%s, far out or in the body, at any steepness", (_name, shape) => {
    for (const [steepness, place] of cases) {
      const f = shape(steepness, place);
      const [expected, size] = reference(f);
      expect(Math.abs(averageOf(f, "f") - expected) / size, `${steepness}, ${place}`).toBeLessThan(1e-12);
    }
  });
});
