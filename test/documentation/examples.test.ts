import { describe, expect, test } from "vitest";
import * as library from "../../src/index.ts";
import * as simulation from "../../src/simulation/index.ts";
import { runExample } from "./runExample.ts";
import { readSource, sourceFiles } from "./sources.ts";

const MODULES = { "replica-theory": library, "replica-theory/simulation": simulation };
/** Modules that start the program when they are loaded. */
const PROGRAMS = ["cli/main.ts", "simulation/worker.ts"];

interface Example {
  readonly path: string;
  readonly line: number;
  readonly code: string;
}

/** The @example of every TSDoc comment of a source. */
function examplesOf(path: string): Example[] {
  const source = readSource(path);
  return [...source.matchAll(/\/\*\*.*?\*\//gs)].flatMap((comment) => {
    const text = comment[0].replaceAll(/^ *\/?\*+[/ ]?/gm, "").replace(/\*\/$/, "");
    return text
      .split("@example")
      .slice(1)
      .map((part) => {
        const line = source.slice(0, comment.index).split("\n").length;
        return { path, line, code: part.replaceAll(/^\s*```\w*$/gm, "").split(/^\s*@/m)[0]! };
      });
  });
}

const examples = sourceFiles()
  .filter((path) => !PROGRAMS.includes(path))
  .flatMap(examplesOf);

describe("every @example of the sources gives what its comments say", () => {
  test.each(examples)("$path:$line", async ({ path, code }) => {
    const own = (await import(/* @vite-ignore */ `../../src/${path}`)) as Record<string, unknown>;
    const shown = await runExample(code, MODULES, { ...library, ...own });
    expect(shown.length).toBeGreaterThan(0);
    for (const { got, promised } of shown) expect(got).toBe(promised);
  });
});
