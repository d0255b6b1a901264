import { execFile, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeBlocks } from "../documentation/markdown.ts";
import { printsAs } from "../documentation/printed.ts";
import { ROOT } from "../documentation/sources.ts";

/** Debian's, which has the packages of Debian. */
const PYTHON = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
const needs = "import build, ensurepip, hatchling, numpy, pandas, venv";
const missing = spawnSync(PYTHON, ["-c", needs], { encoding: "utf8" });
const skipped = missing.status !== 0;
if (skipped) {
  const reason = missing.stderr.trim().split("\n").at(-1) ?? missing.error?.message ?? "";
  console.warn(`the Python package is not tested (${reason}); Debian: apt-get install python3-venv python3-hatchling
    python3-build python3-numpy python3-pandas`);
}
/** As far as it is compared. */
interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly outputs?: readonly { readonly text?: string[]; readonly data?: Record<string, string[]> }[];
  }[];
}

const hasMypy = spawnSync(PYTHON, ["-m", "mypy", "--version"]).status === 0;

describe.skipIf(skipped)("the Python package, from its wheel in a fresh environment", () => {
  let directory: string;
  let python: string;
  let wheel: string;
  const run = (program: string, ...argv: string[]) =>
    promisify(execFile)(program, argv, { cwd: directory, env: { ...process.env, PYTHONPATH: "" } });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "python-"));
    await promisify(execFile)(process.execPath, ["src/python/build.mjs"], { cwd: ROOT });
    await cp(join(ROOT, "src/python"), join(directory, "source"), { recursive: true });
    await run(
      PYTHON,
      "-m",
      "build",
      "--wheel",
      "--no-isolation",
      "--skip-dependency-check",
      "--outdir",
      "wheels",
      "source",
    );
    wheel = join(directory, "wheels", (await readdir(join(directory, "wheels")))[0]!);
    // NumPy and pandas are the system's.
    await run(PYTHON, "-m", "venv", "--system-site-packages", "environment");
    python = join(directory, "environment/bin/python");
    await run(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel);
  });
  afterAll(() => rm(directory, { recursive: true }));

  test("its own tests pass", async () => {
    await cp(join(ROOT, "test/python/test_package.py"), join(directory, "test_package.py"));
    const { stderr } = await run(python, "-W", "error", "test_package.py");
    expect(stderr).toMatch(/Ran \d\d tests/);
    expect(stderr.trim().endsWith("OK"), stderr).toBe(true);
  });

  const shown = ["README.md", "docs/guide/embedding.md"].flatMap((path) =>
    codeBlocks(path, "python", "all").filter(({ code }) => code.includes("replica_theory")),
  );
  test.each(shown)("prints what is promised: $path:$line", async ({ code, output }) => {
    const { stdout } = await run(python, "-c", code);
    if (output === undefined || !printsAs(stdout, output)) expect(stdout).toBe(output);
  });

  const notebooks = readdirSync(join(ROOT, "docs/notebooks")).filter((name) => name.endsWith(".ipynb"));
  test("there are three notebooks", () => expect(notebooks).toHaveLength(3));

  test.each(notebooks)("the notebook %s prints and draws what it shows", async (name) => {
    const path = join(ROOT, "docs/notebooks", name);
    const { stdout } = await run(python, "-W", "error", join(ROOT, "test/python/notebook.py"), path);
    const now = JSON.parse(stdout) as { printed: string; value: string | null; svg: string | null }[];
    const { cells } = JSON.parse(await readFile(path, "utf8")) as Notebook;
    const then = cells.filter(({ cell_type: type }) => type === "code");
    expect(now).toHaveLength(then.length);
    for (const [i, { outputs = [] }] of then.entries()) {
      const { printed, value, svg } = now[i]!;
      const shown = outputs.flatMap(({ text = [] }) => text).join("");
      if (!printsAs(printed, shown)) expect(printed).toBe(shown);
      const data = outputs.find((output) => output.data)?.data;
      expect(svg?.startsWith("<svg") ?? false).toBe(data !== undefined && "image/svg+xml" in data);
      if (data && svg === null) expect(value).toBe(data["text/plain"]!.join(""));
    }
  });

  test("three blocks of the documentation are run", () => {
    expect(shown.map(({ path }) => path)).toEqual(["README.md", "docs/guide/embedding.md", "docs/guide/embedding.md"]);
  });

  test.skipIf(!hasMypy)("its types pass the strict check, for those who use it, too", async () => {
    const use = `import replica_theory as rt\nerror: float | None = rt.solve(student="tanh").test_error\n`;
    await writeFile(join(directory, "use.py"), use);
    await run(PYTHON, "-m", "mypy", "--strict", "--config-file", "source/pyproject.toml", "source/replica_theory");
    await run(PYTHON, "-m", "mypy", "--strict", "--python-executable", python, "use.py");
  });

  test("is small, and has its types and licences", async () => {
    expect((await stat(wheel)).size).toBeLessThan(3e6);
    const { stdout } = await run(PYTHON, "-m", "zipfile", "--list", wheel);
    for (const file of ["py.typed", "javascript/replica-theory.mjs", "javascript/licenses/commander"]) {
      expect(stdout).toContain(`replica_theory/${file}`);
    }
  });
});
