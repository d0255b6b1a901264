import { describe, expect, test } from "vitest";
import { saddlePoint } from "../../src/equations/index.ts";
import { catalogue, fromCatalogue } from "./problems.ts";

const entries = catalogue();

describe("the catalogue", () => {
  test.each(entries)("$file is short, says where it is from, and is solved", ({ text, description }) => {
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
    const { name, source } = description as { name?: string; source?: string };
    expect([name?.length, source?.length].every((length) => length! > 10)).toBe(true);
    const solution = saddlePoint(description).solve();
    expect(solution.residual).toBeLessThan(1e-12);
    expect(solution.errorEstimate).toBeLessThan(1e-9);
  });
});

/** The event of a kind nearest to a value of the parameter. */
function eventOf(name: string, kind: string, near: number, window = {}) {
  const { description, branch } = fromCatalogue(name);
  const found = saddlePoint(description).branch({ ...branch!, ...window });
  if (found.status !== "converged") throw new Error(found.detail);
  const distance = (event: (typeof found.events)[number]) => Math.abs(Object.values(event.parameters)[0]! - near);
  return found.events.filter((event) => event.kind === kind).sort((a, b) => distance(a) - distance(b))[0]!;
}

describe("exactness: known values", () => {
  test("Hopfield at T = 0: the capacity", () => {
    const { parameters, values } = eventOf("hopfield-zero-temperature", "fold", 0.138);
    expect(parameters["alpha"]).toBeCloseTo(0.13790556649, 10);
    expect(values["m"]).toBeCloseTo(0.96741711, 7);
  });

  test("Curie–Weiss: magnetisations of both signs are as good at h = 0", () => {
    const { parameters, values, other } = eventOf("curie-weiss", "crossing", 0);
    expect(parameters["h"]).toBeCloseTo(0, 10);
    expect((other as Record<string, number>)["m"]).toBeCloseTo(-values["m"]!, 9);
  });

  test("spiked Wigner: the overlap vanishes at λ = 1", () => {
    const { parameters, values } = eventOf("spiked-wigner", "bifurcation", 1);
    expect(parameters["lambda"]).toBeCloseTo(1, 9);
    expect(values).toEqual({ q: 0 });
  });

  test("Gardner capacity", () => {
    expect(saddlePoint(fromCatalogue("gardner").description).solve().values["alpha"]).toBeCloseTo(2, 12);
  });

  test("binary perceptron: perfect learning has zero entropy", () => {
    const { parameters, other } = eventOf("binary-perceptron", "crossing", 1.24, { from: 1.2, to: 1.3 });
    expect(parameters["alpha"]).toBeCloseTo(1.24468398985, 9);
    expect(other).toBe("perfect");
  });
});
