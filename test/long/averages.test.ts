import { expect, test } from "vitest";
import { activation } from "../../src/activation/activation.ts";
import { conditionalMoments } from "../../src/activation/conditionalMoments.ts";
import { momentErrors, randomFormula } from "../activation/randomFormulas.ts";

const FORMULAS = Number(process.env["LONG_RUNS"] ?? 10_000);

// Law: averages of oscillations to ω = 200, steps to 1e4 and bumps to 1e-4, in sums and products, are within their estimate.
test(`${FORMULAS} random formulas are within their estimate`, () => {
  let checked = 0;
  for (let seed = 0; seed < FORMULAS; seed++) {
    const one = randomFormula(seed);
    const found = conditionalMoments(activation(one.formula), one.shift, one.scale, "f");
    for (const excess of momentErrors(one, found)) expect(excess, `${seed}: ${one.formula}`).toBeLessThanOrEqual(0);
    checked++;
  }
  expect(checked).toBe(FORMULAS);
}, 7_200_000);
