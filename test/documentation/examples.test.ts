import { describe, expect, test } from "vitest";
import * as compare from "../../src/compare/index.ts";
import * as data from "../../src/data/index.ts";
import * as equations from "../../src/equations/index.ts";
import * as library from "../../src/index.ts";
import * as numerics from "../../src/numerics/index.ts";
import * as simulation from "../../src/simulation/index.ts";
import { runExample } from "./runExample.ts";
import { examplesOf } from "./sourceExamples.ts";
import { sourceFiles } from "./sources.ts";

const MODULES = {
  "replica-theory": library,
  "replica-theory/data": data,
  "replica-theory/equations": equations,
  "replica-theory/numerics": numerics,
  "replica-theory/compare": compare,
  "replica-theory/simulation": simulation,
};
/** Modules that start the program when they are loaded. */
const PROGRAMS = ["cli/main.ts", "simulation/worker.ts"];

const examples = sourceFiles()
  // Those of the queue need a server: test/queue/examples.test.ts.
  .filter((path) => !PROGRAMS.includes(path) && !path.startsWith("queue/"))
  .flatMap(examplesOf);

describe("every @example of the sources gives what its comments say", () => {
  test.each(examples)("$path:$line", async ({ path, code }) => {
    const own = (await import(/* @vite-ignore */ `../../src/${path}`)) as Record<string, unknown>;
    const shown = await runExample(code, MODULES, { ...library, ...equations, ...own });
    expect(shown.length).toBeGreaterThan(0);
    for (const { got, promised } of shown) expect(got).toBe(promised);
  });
});
