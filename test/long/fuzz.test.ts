import { describe, it } from "vitest";
import { fuzzEquations } from "./fuzz/equations.ts";
import { fuzzConfigurationFiles, fuzzJobs, fuzzTrialFiles } from "./fuzz/files.ts";
import {
  fuzzBombs,
  fuzzCommandLines,
  fuzzConfigurations,
  fuzzDescriptions,
  fuzzFormulas,
  fuzzObservables,
} from "./fuzz/properties.ts";

describe("fuzzing: whatever comes in, an answer or a message comes out", () => {
  it("5,000 formulas", () => fuzzFormulas(5000));
  it("300 formulas as long, nested or large as is legal", () => fuzzBombs(300));
  it("3,000 JSON cases", () => fuzzConfigurations(3000));
  it("2,500 JSON cases of every command and loss", () => fuzzObservables(2500));
  it("2,000 command lines", () => fuzzCommandLines(2000));
  it("3,000 problems of typed equations", () => fuzzEquations(3000));
  it("4,000 descriptions with any value of JavaScript", () => fuzzDescriptions(4000));
  it("2,000 configuration files of curves and simulations", () => fuzzConfigurationFiles(2000));
  it("1,500 files of trials", () => fuzzTrialFiles(1500));
  it("3,000 jobs of a queue", () => fuzzJobs(3000));
});
