import { describe, it } from "vitest";
import { fuzzDataCommand, fuzzTables } from "./fuzz/dataFiles.ts";
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
import { fuzzMethods, fuzzSessions } from "./fuzz/protocol.ts";
import { fuzzCovariates, fuzzEquationCases, fuzzSeveral, fuzzTargets, fuzzTuning } from "./fuzz/several.ts";

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
  it("600 targets of several variables", () => fuzzTargets(600));
  it("1,500 cases of several steps and directions", () => fuzzSeveral(1500));
  it("2,500 cases of covariates and data sets", () => fuzzCovariates(2500));
  it("300 cases of optima, derivatives and maps", () => fuzzTuning(300));
  it("600 cases of typed equations", () => fuzzEquationCases(600));
  it("10,000 tables and NumPy files", () => fuzzTables(10_000));
  it("800 command lines of data sets", () => fuzzDataCommand(800));
  it("500 sessions of the server, of up to 24 lines", () => fuzzSessions(500));
  it("4,000 calls of the server's methods", () => fuzzMethods(4000));
});
