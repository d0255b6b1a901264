import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dependenciesPage, packagesOf } from "../../docs/dependencies.mjs";
import { ROOT } from "./sources.ts";

const read = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), "utf8"));
const lock = read("package-lock.json") as { packages: Record<string, { version: string; resolved?: string }> };
const page = readFileSync(join(ROOT, "docs/dependencies.md"), "utf8");

test("the page of the dependencies is what its script makes of the lock file", () => {
  expect(page, "npm run docs:dependencies").toBe(dependenciesPage(read("package.json"), lock));
});

test("it names every package of the lock file, with a licence", () => {
  for (const [path, { version }] of Object.entries(lock.packages)) {
    if (path === "") continue;
    const name = path.split("node_modules/").at(-1)!;
    expect(page).toContain(`[${name}](https://www.npmjs.com/package/${name}/v/${version}) ${version}`);
  }
  expect(packagesOf(lock).filter(({ licence }) => !licence)).toEqual([]);
});

test("all of them come from the registry: the lock file names no other host", () => {
  expect(Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});
