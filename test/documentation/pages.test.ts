import { execFile, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as library from "../../src/index.ts";
import * as browserSimulation from "../../src/simulation/browser.ts";
import * as simulation from "../../src/simulation/index.ts";
import { type Built, buildLibrary } from "../built.ts";
import { type CodeBlock, codeBlocks, pages } from "./markdown.ts";
import { runExample } from "./runExample.ts";
import { typeErrors } from "./typeErrors.ts";

const MODULES = {
  "replica-theory": library,
  "replica-theory/simulation": simulation,
  "replica-theory/simulation/browser": browserSimulation,
};
const blocks = (language: string): CodeBlock[] => pages().flatMap((path) => codeBlocks(path, language));

describe("the code of the pages", () => {
  test.each(blocks("ts"))("gives what its comments say: $path:$line", async ({ code }) => {
    const shown = await runExample(code, MODULES, {});
    expect(shown.length).toBeGreaterThan(0);
    for (const { got, promised } of shown) expect(got).toBe(promised);
  });

  test("passes the strict type check", () => {
    expect(typeErrors(blocks("ts").map(({ path, line, code }) => ({ place: `${path}:${line}`, code })))).toEqual([]);
  });
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) console.warn("python3 is not installed: the Python of the pages is not run");

describe("the commands of the pages", () => {
  let built: Built;
  let directory: string;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    built = await buildLibrary();
    directory = await mkdtemp(join(tmpdir(), "pages-"));
    const bin = join(directory, "bin");
    await mkdir(bin);
    const command = join(bin, "replica-theory");
    await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${built.directory}/cli/main.js" "$@"\n`);
    await chmod(command, 0o755);
    environment = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };
  });

  afterAll(async () => {
    await built.remove();
    await rm(directory, { recursive: true });
  });

  const run = (program: string, ...input: string[]) =>
    promisify(execFile)(program, input, { cwd: directory, env: environment });

  test.each(blocks("sh"))("run: $path:$line", async ({ code }) => {
    const { stdout, stderr } = await run("bash", "-euo", "pipefail", "-c", code);
    expect(stdout + stderr).not.toBe("");
    expect(stderr).not.toMatch(/^error:/m);
  });

  test.skipIf(!hasPython).each(blocks("python"))("run in Python: $path:$line", async ({ code }) => {
    const { stdout } = await run("python3", "-c", code);
    expect(stdout.trim()).not.toBe("");
  });
});
