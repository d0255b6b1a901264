import { describe, expect, it } from "vitest";
import { activation, ExpressionError } from "../../src/index.ts";
import { HOSTILE } from "../long/fuzz/inputs.ts";
import { fuzzCommandLines, fuzzConfigurations, fuzzFormulas } from "../long/fuzz/properties.ts";

/** A sample of the fuzzing in `npm run test:long`. */
describe("law: whatever comes in, an answer or a message comes out", () => {
  it("formulas", () => fuzzFormulas(300));
  it("JSON", () => fuzzConfigurations(120));
  it("command lines", () => fuzzCommandLines(120));

  it("text that would be code is refused", () => {
    const harmless = new Set(["x\n+1", "1e999", "sin", "0/0", ...HOSTILE.slice(-6)]);
    for (const text of HOSTILE.filter((one) => !harmless.has(one))) {
      expect(() => activation(text), text).toThrow(ExpressionError);
    }
  });
});
