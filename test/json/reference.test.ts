import { describe, expect, test } from "vitest";
import { solveCases } from "../../src/json/solve.ts";
import { referenceCases, worstDifference } from "../fixtures/reference.ts";

const FILES = ["srf", "finiteSupport", "gradientStep", "smallAndIntermediateRate", "trainedNetwork"];

// Exactness: every quantity of the reference files, under its own name and in its own shape.
describe.each(FILES)("reference file %s", (file) => {
  test.each(referenceCases(file).map((item, i) => ({ item, i })))("case $i", ({ item }) => {
    const [result] = [...solveCases([{ data: item }])];
    expect(result?.status).toBe("converged");
    expect(worstDifference(result, item.expected)).toBeLessThan(1e-8);
  });
});
