import fc from "fast-check";
import { expect } from "vitest";
import { command, contained, expectNumbers } from "./contained.ts";

/** Points of a map that have no value are null there. */
const WITH_GAPS = ["values", "errorEstimates"];

/** A command with `--json` gives every case its numbers, or an error that says what is wrong. */
export function fuzzCases(name: string, texts: fc.Arbitrary<string>, numRuns: number): Promise<void> {
  return fc.assert(
    fc.asyncProperty(texts, (json) =>
      contained(async () => {
        const { code, out } = await command([name, "--json"], json);
        if (code === 2) return;
        const whole =
          legalJson(out) ??
          out
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as unknown);
        for (const result of [whole].flat() as Record<string, unknown>[]) {
          const skipped = ["id", ...(name === "map" ? WITH_GAPS : [])];
          const numbers = Object.fromEntries(Object.entries(result).filter(([field]) => !skipped.includes(field)));
          if (result["status"] === "converged") expectNumbers(numbers);
          else expectReason(result);
        }
      }),
    ),
    { numRuns },
  );
}

/** An error of the library, or the detail of an equation without a solution; not one that the engine threw. */
function expectReason(result: Readonly<Record<string, unknown>>): void {
  const error = result["error"] as { readonly name: string; readonly message: string } | undefined;
  expect(error?.message ?? result["detail"]).toBeTruthy();
  expect(["TypeError", "RangeError", "SyntaxError", "ReferenceError", "Error"]).not.toContain(error?.name);
}

function legalJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
