import { describe, expect, test } from "vitest";
import { exponentCases } from "../../src/json/multiIndex.ts";
import { solveCases } from "../../src/json/solve.ts";
import { referenceCases, worstDifference } from "../fixtures/reference.ts";

/** A value this small is compared with this. */
const FLOOR = 1e-3;

// Exactness: every quantity of the reference file, under its own name and in its own shape; two finite steps to 1e-7.
describe("reference file multiIndex", () => {
  test.each(referenceCases("multiIndex").map((item, i) => ({ item, i })))("case $i", ({ item }) => {
    const ofExponents = item["model"] === "exponents";
    const [result] = [...(ofExponents ? exponentCases : solveCases)([{ data: item }])];
    expect(result).toMatchObject({ status: "converged" });
    const steps = (item["steps"] ?? []) as readonly { readonly stepSampleRatio: unknown }[];
    const pencil = item["theory"] === "network" && steps.every(({ stepSampleRatio }) => stepSampleRatio !== "Infinity");
    expect(worstDifference(result, item.expected, FLOOR)).toBeLessThan(pencil && steps.length > 1 ? 1e-7 : 1e-8);
  });
});
