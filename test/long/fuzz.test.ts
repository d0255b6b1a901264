import { describe, it } from "vitest";
import { fuzzCommandLines, fuzzConfigurations, fuzzFormulas } from "./fuzz/properties.ts";

describe("fuzzing: whatever comes in, an answer or a message comes out", () => {
  it("5,000 formulas", () => fuzzFormulas(5000));
  it("3,000 JSON cases", () => fuzzConfigurations(3000));
  it("2,000 command lines", () => fuzzCommandLines(2000));
});
