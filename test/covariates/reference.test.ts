import { describe, expect, test } from "vitest";
import { solveCases } from "../../src/json/solve.ts";
import { referenceCases, worstDifference } from "../fixtures/reference.ts";

/** Accuracy of the values of each kind; the digits of the file are ten, those of the gradient step seven. */
const ACCURACY: Readonly<Record<string, number>> = {
  gaussianCovariates: 1e-8,
  structuredRandomFeatures: 1e-8,
  structuredGradientStep: 1e-6,
  dataSet: 1e-8,
};

// Exactness: every quantity of the reference file, under its own name and in its own shape.
describe("reference file covariates", () => {
  const cases = referenceCases("covariates").map((item, i) => ({ item, i, model: String(item["model"]) }));
  test.each(cases)("case $i: $model", ({ item, model }) => {
    const [result] = [...solveCases([{ data: item }])];
    expect(result?.status).toBe("converged");
    expect(worstDifference(result, item.expected)).toBeLessThan(ACCURACY[model]!);
    const estimate = (result as { errorEstimate?: number }).errorEstimate;
    if (estimate !== undefined) expect(estimate).toBeLessThan(1e-9);
  });

  test("all kinds are there", () => {
    expect(new Set(cases.map(({ model }) => model))).toEqual(new Set(Object.keys(ACCURACY)));
  });
});
