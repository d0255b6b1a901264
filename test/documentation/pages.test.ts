import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as compare from "../../src/compare/index.ts";
import * as equations from "../../src/equations/index.ts";
import * as library from "../../src/index.ts";
import * as numerics from "../../src/numerics/index.ts";
import * as browserSimulation from "../../src/simulation/browser.ts";
import * as data from "../../src/data/index.ts";
import * as simulation from "../../src/simulation/index.ts";
import * as squareLoss from "../../src/solve/index.ts";
import { type Built, builtLibrary } from "../built.ts";
import { type CodeBlock, codeBlocks, pages } from "./markdown.ts";
import { printsAs } from "./printed.ts";
import { runExample } from "./runExample.ts";
import { ROOT } from "./sources.ts";
import { typeErrors } from "./typeErrors.ts";

const MODULES = {
  "replica-theory": library,
  "replica-theory/solve": squareLoss,
  "replica-theory/data": data,
  "replica-theory/equations": equations,
  "replica-theory/numerics": numerics,
  "replica-theory/compare": compare,
  "replica-theory/simulation": simulation,
  "replica-theory/simulation/browser": browserSimulation,
};
/** Of a pixel, in drawings. */
const HUNDREDTH = 0.01;
const blocks = (language: string): CodeBlock[] => pages().flatMap((path) => codeBlocks(path, language));

describe("the code of the pages", () => {
  test.each(blocks("ts"))("gives what its comments say: $path:$line", async ({ code }) => {
    const shown = await runExample(code, MODULES, {});
    expect(shown.length).toBeGreaterThan(0);
    for (const { got, promised } of shown) expect(got).toBe(promised);
  });

  test("passes the strict type check, as that of the README does", () => {
    const checked = [...blocks("ts"), ...codeBlocks("README.md", "ts")];
    expect(typeErrors(checked.map(({ path, line, code }) => ({ place: `${path}:${line}`, code })))).toEqual([]);
  });
});

const hasR = spawnSync("Rscript", ["-e", "library(jsonlite)"]).status === 0;
if (!hasR)
  console.warn(
    "Rscript with jsonlite is not installed: the R of the pages is not run (apt-get install r-cran-jsonlite)",
  );
const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) console.warn("python3 is not installed: the Python of the pages is not run");

describe("the commands of the pages", () => {
  let built: Built;
  let directory: string;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    built = await builtLibrary();
    directory = await mkdtemp(join(tmpdir(), "pages-"));
    const bin = join(directory, "bin");
    await mkdir(bin);
    const command = join(bin, "replica-theory");
    await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${built.directory}/cli/main.js" "$@"\n`);
    await chmod(command, 0o755);
    environment = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };
  });

  afterAll(async () => {
    await rm(directory, { recursive: true });
  });

  const run = (program: string, ...input: string[]) =>
    promisify(execFile)(program, input, { cwd: directory, env: environment });

  /** What is printed is what the page says, and something. */
  function expectOutput(printed: string, { output }: CodeBlock): void {
    expect(printed.trim()).not.toBe("");
    if (output === undefined) expect(printed).not.toMatch(/^error:/m);
    else if (!printsAs(printed, output)) expect(printed).toBe(output);
  }

  /** Pictures that a page shows and its commands have just drawn are the same. */
  async function expectPictures(path: string): Promise<void> {
    const page = await readFile(join(ROOT, path), "utf8");
    for (const [, shown] of page.matchAll(/!\[[^\]]*\]\(([^)]+\.svg)\)/g)) {
      const drawn = join(directory, basename(shown!));
      if (!existsSync(drawn)) continue;
      const [now, then] = await Promise.all(
        [drawn, join(ROOT, dirname(path), shown!)].map((file) => readFile(file, "utf8")),
      );
      if (!printsAs(now!, then!, HUNDREDTH)) expect(now).toBe(then);
      await rm(drawn);
    }
  }

  test.each(blocks("sh"))("run: $path:$line", async (block) => {
    const { stdout } = await run("bash", "-euo", "pipefail", "-c", `exec 2>&1\n${block.code}`);
    expectOutput(stdout, block);
    await expectPictures(block.path);
  });

  test.skipIf(!hasR).each(blocks("r"))("run in R: $path:$line", async (block) => {
    const { stdout } = await run("Rscript", "-e", block.code);
    expectOutput(stdout.replaceAll(/ +$/gm, ""), block);
  });

  test.skipIf(!hasPython).each(blocks("python"))("run in Python: $path:$line", async (block) => {
    const { stdout } = await run("python3", "-c", block.code);
    expectOutput(stdout, block);
  });
});
