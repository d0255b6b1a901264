import { describe, expect, test } from "vitest";
import { solveCases } from "../../src/json/solve.ts";
import { referenceCases, worstDifference } from "../fixtures/reference.ts";

/** Reference files and their accuracy. */
const FILES: readonly [string, number][] = [
  ["srf", 1e-8],
  ["finiteSupport", 1e-8],
  ["gradientStep", 1e-8],
  ["smallAndIntermediateRate", 1e-8],
  ["trainedNetwork", 1e-8],
  ["convexLosses", 1e-6],
];

// Exactness: every quantity of the reference files, under its own name and in its own shape.
describe.each(FILES)("reference file %s, to %s", (file, accuracy) => {
  test.each(referenceCases(file).map((item, i) => ({ item, i })))("case $i", ({ item }) => {
    const [result] = [...solveCases([{ data: item }])];
    expect(result?.status).toBe("converged");
    expect(worstDifference(result, item.expected)).toBeLessThan(accuracy);
  });
});
