import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Branch, SaddlePointSolution } from "../../src/equations/index.ts";
import { equationCases } from "../../src/json/equations.ts";
import { ROOT } from "../documentation/sources.ts";

interface Expected {
  readonly values?: Record<string, number>;
  readonly observables?: Record<string, number>;
  readonly events?: readonly { kind: string; parameters: Record<string, number>; values: Record<string, number> }[];
}
interface ReferenceCase {
  readonly name: string;
  readonly expected: Expected;
}

const file = join(ROOT, "test/fixtures/reference/equations.json");
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: ReferenceCase[] };

/** The digits to which a file gives a value: those of q at the perceptron's fold are six. */
const near = (given: number, tolerance: number): number =>
  String(given).replace(/^-?0?\./, "").length <= 6 ? 5e-7 : tolerance;

function expectNear(got: number | undefined, given: number, tolerance: number, what: string): void {
  expect(Math.abs(got! - given), what).toBeLessThan(near(given, tolerance));
}

describe("exactness: values of an independent solver", () => {
  test("there are as many cases as the file had", () => expect(cases).toHaveLength(7));

  test.each(cases)("$name", ({ expected, ...data }) => {
    const [result] = [...equationCases([{ data }])];
    expect(result).toMatchObject({ status: "converged" });
    if (expected.events) {
      const { events } = result as unknown as Branch & { status: "converged" };
      for (const { kind, parameters, values } of expected.events) {
        const [name, at] = Object.entries(parameters)[0]!;
        const distance = (event: (typeof events)[number]) => Math.abs(event.parameters[name]! - at);
        const found = events.filter((event) => event.kind === kind).sort((a, b) => distance(a) - distance(b))[0]!;
        expectNear(found.parameters[name], at, 1e-8, name);
        for (const [key, value] of Object.entries(values)) expectNear(found.values[key], value, 1e-7, key);
      }
      return;
    }
    const { values, observables, errorEstimate } = result as unknown as SaddlePointSolution & { status: "converged" };
    const got = { ...values, ...observables };
    const given = Object.entries({ ...expected.values, ...expected.observables });
    expect(given.length).toBeGreaterThan(0);
    for (const [key, value] of given) expectNear(got[key], value, 1e-10, key);
    expect(errorEstimate).toBeLessThan(1e-12);
  });
});
