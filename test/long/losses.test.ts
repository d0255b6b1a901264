import fc from "fast-check";
import { test } from "vitest";
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
