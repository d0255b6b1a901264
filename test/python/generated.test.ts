import { expect, test } from "vitest";
import { legalWords } from "../../src/parameters/legal.ts";
import { SIMULATION_PARAMETERS } from "../../src/parameters/simulation.ts";
import { PARAMETERS } from "../../src/parameters/table.ts";
import { pythonFunctions } from "../../src/python/generate.mjs";

/** `vitest run test/python -u` writes the functions after a change of the table. */
test("the functions of the Python package have the parameters of the table", async () => {
  const text = pythonFunctions({ parameters: PARAMETERS, simulation: SIMULATION_PARAMETERS, words: legalWords });
  await expect(text).toMatchFileSnapshot("../../src/python/replica_theory/_functions.py");
});
