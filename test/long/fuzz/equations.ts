import fc from "fast-check";
import { expect } from "vitest";
import { saddlePoint } from "../../../src/equations/index.ts";
import { contained, expectNumbers, legal } from "./contained.ts";
import { texts } from "./inputs.ts";

const leaf = fc.constantFrom("x", "y", "beta", "z", "t", "0.5", "2", "-1", "pi", "w", "1e300", "0");

/** Formulas with averages, integrals, sums and roots, some of whose variables are bound and some are not. */
const formulas: fc.Arbitrary<string> = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    { weight: 3, arbitrary: leaf },
    fc.tuple(tie("tree"), fc.constantFrom("+", "-", "*", "/", "^"), tie("tree")).map(([a, o, b]) => `(${a}${o}${b})`),
    fc.tuple(fc.constantFrom("tanh", "exp", "log", "relu", "sign"), tie("tree")).map(([f, a]) => `${f}(${a})`),
    fc.tuple(fc.constantFrom("z", "t"), tie("tree")).map(([v, f]) => `E(${v}, ${f})`),
    fc.tuple(tie("tree"), tie("tree")).map(([a, f]) => `integral(t, ${a}, 1, ${f})`),
    tie("tree").map((f) => `sum(z, [-1, 1], ${f})`),
    tie("tree").map((f) => `root(t, -3, 3, t^3 + ${f})`),
  ),
})).tree;

const anything = fc.oneof({ weight: 4, arbitrary: formulas }, { weight: 1, arbitrary: texts });

/** Typed equations have solutions with an error estimate, a reason why there is none, or an error that names what is wrong. */
export async function fuzzEquations(numRuns: number): Promise<void> {
  let solved = 0;
  await fc.assert(
    fc.asyncProperty(anything, anything, anything, (x, y, w) =>
      contained(() => {
        const result = legal(() =>
          saddlePoint({
            unknowns: { x: { start: 0.3 }, y: { start: 0.4, min: 0, max: 1 } },
            parameters: { beta: 0.7 },
            where: { w },
            equations: { x: `0.2*tanh(${x})`, y: `0.5 + 0.1*tanh(${y})` },
            observables: { size: "x^2 + y^2" },
          }).trySolve(),
        );
        if (result?.status === "converged") {
          solved++;
          expectNumbers(result);
          expect(result.errorEstimate).toBeLessThan(Infinity);
          expect(result.residual).toBeLessThan(1e-6);
        } else if (result) expect(result.detail).not.toBe("");
      }),
    ),
    { numRuns },
  );
  expect(solved).toBeGreaterThan(numRuns / 20);
}
