import { describe, expect, test } from "vitest";
import { solveCases } from "../../src/json/solve.ts";
import { referenceCases, worstDifference } from "../fixtures/reference.ts";

// Exactness: the eight digits of the reference file, under their own names.
describe("reference file convexLosses", () => {
  test.each(referenceCases("convexLosses").map((item) => ({ loss: JSON.stringify(item["loss"]), item })))(
    "$loss",
    ({ item }) => {
      const [result] = [...solveCases([{ data: item }])];
      expect(result?.status).toBe("converged");
      expect(worstDifference(result, item.expected)).toBeLessThan(2e-7);
    },
  );
});
