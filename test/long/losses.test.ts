import fc from "fast-check";
import { expect, test } from "vitest";
import { solve } from "../../src/index.ts";
import { convergesOrSaysWhy, squareIsDirect } from "../loss/randomProblems.ts";

/** A long run can be cut into parts: fewer cases of each, from several seeds (FC_SEED). */
const RUNS = Number(process.env["LONG_RUNS"] ?? 1000);

// Laws, on as many problems as the suite has no time for.
test("random problems: the square loss equals the direct solver to 1e-10", () => {
  fc.assert(squareIsDirect, { numRuns: RUNS, endOnFailure: true });
});

test("random problems, α .2–8, β .3–3, λ 1e-6–10, r ≤ 3: all converge or are refused for the stated reason", () => {
  fc.assert(convergesOrSaysWhy, { numRuns: RUNS, endOnFailure: true });
});

// Regression: two groups, whose data the mean channel nearly separates.
test("a certain label of a student that oscillates, at a small ridge", () => {
  const { errorEstimate } = solve({
    ...{ model: "spikedRandomFeatures", student: "sin", target: "sign", spikeStrength: 1.5, bulkVariance: 1.3 },
    ...{ alignment: 1, sampleRatio: 2, widthRatio: 1, ridge: 7e-5, readoutValues: [1, 0.4], loss: "logistic" },
  });
  expect(errorEstimate).toBeLessThan(1e-7);
});
