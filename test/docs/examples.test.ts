import { describe, expect, test } from "vitest";
import * as theory from "../../src/index.ts";
import * as browserSimulation from "../../src/simulation/browser.ts";
import * as simulation from "../../src/simulation/index.ts";
import { codeBlocks, markdownFiles, runExample, withContinuations } from "./markdownExamples.ts";

const modules = {
  "replica-theory": theory,
  "replica-theory/simulation": simulation,
  "replica-theory/simulation/browser": browserSimulation,
};

describe("examples of the documentation give what they say", () => {
  for (const file of markdownFiles("docs")) {
    const examples = withContinuations(codeBlocks(file).filter(({ language }) => language === "ts"));
    for (const { line, code } of examples) {
      test(`${file}:${line}`, async () => {
        const comparisons = await runExample(code, modules);
        expect(comparisons.length).toBeGreaterThan(0);
        for (const { expected, actual } of comparisons) expect(actual).toBe(expected);
      });
    }
  }
});
