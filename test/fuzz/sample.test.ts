import { describe, expect, it } from "vitest";
import { activation, ExpressionError } from "../../src/index.ts";
import { fuzzDataCommand, fuzzTables } from "../long/fuzz/dataFiles.ts";
import { fuzzEquations } from "../long/fuzz/equations.ts";
import { fuzzConfigurationFiles, fuzzJobs, fuzzTrialFiles } from "../long/fuzz/files.ts";
import { HOSTILE } from "../long/fuzz/inputs.ts";
import {
  fuzzBombs,
  fuzzCommandLines,
  fuzzConfigurations,
  fuzzDescriptions,
  fuzzFormulas,
  fuzzObservables,
} from "../long/fuzz/properties.ts";

import { fuzzMethods, fuzzSessions } from "../long/fuzz/protocol.ts";
import { fuzzCovariates, fuzzEquationCases, fuzzSeveral, fuzzTargets, fuzzTuning } from "../long/fuzz/several.ts";

/** A sample of the fuzzing in `npm run test:long`. */
describe("law: whatever comes in, an answer or a message comes out", () => {
  it("formulas", () => fuzzFormulas(300));
  it("formulas as long, nested or large as is legal", () => fuzzBombs(15));
  it("equations", () => fuzzEquations(60));
  it("JSON", () => fuzzConfigurations(120));
  it("JSON of every command and loss", () => fuzzObservables(50));
  it("command lines", () => fuzzCommandLines(120));
  it("descriptions", () => fuzzDescriptions(100));
  it("configuration files", () => fuzzConfigurationFiles(60));
  it("files of trials", () => fuzzTrialFiles(40));
  it("jobs of a queue", () => fuzzJobs(200));
  it("targets of several variables", () => fuzzTargets(20));
  it("several steps and directions", () => fuzzSeveral(30));
  it("covariates and data sets", () => fuzzCovariates(60));
  it("optima, derivatives and maps", () => fuzzTuning(6));
  it("equations in JSON", () => fuzzEquationCases(15));
  it("tables and NumPy files", () => fuzzTables(200));
  it("the command of data sets", () => fuzzDataCommand(20));
  it("sessions of the server", () => fuzzSessions(10));
  it("methods of the server", () => fuzzMethods(60));

  it("text that would be code is refused", () => {
    const harmless = new Set(["x\n+1", "1e999", "sin", "0/0", ...HOSTILE.slice(-6)]);
    for (const text of HOSTILE.filter((one) => !harmless.has(one))) {
      expect(() => activation(text), text).toThrow(ExpressionError);
    }
  });
});
