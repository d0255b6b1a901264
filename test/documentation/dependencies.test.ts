import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { heading, link, packagesOf } from "../../docs/dependencies.mjs";
import { ROOT } from "./sources.ts";

type Versions = Readonly<Record<string, string>>;
interface Manifest {
  readonly license?: string;
  readonly dependencies: Versions;
  readonly peerDependencies: Versions;
  readonly devDependencies: Versions;
}
const read = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), "utf8"));
const manifest = read("package.json") as Manifest;
const lock = read("package-lock.json") as { packages: Record<string, { resolved?: string }> };
const page = readFileSync(join(ROOT, "docs/dependencies.md"), "utf8");

test("every direct dependency stands on the page in its version, with the licence that it brings along", () => {
  const direct = Object.entries({
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.devDependencies,
  });
  expect(direct.length).toBeGreaterThan(30);
  for (const [name, version] of direct) {
    const { license } = read(`node_modules/${name}/package.json`) as Manifest;
    const row = page.split("\n").find((line) => line.startsWith(`| ${link({ name, version })} |`));
    expect(row, `npm run docs:dependencies: ${name} ${version}`).toBeDefined();
    // The fonts' field refers to two files.
    expect(row!.split("|")[2], name).toContain(license!.startsWith("SEE") ? "Bitstream Vera" : license!);
  }
});

test("everything that is installed with the package, or bundled from it, stands under its licence", () => {
  const installed = packagesOf(lock).filter(({ development }) => !development);
  expect(installed.length).toBeGreaterThan(15);
  for (const entry of installed) {
    expect(entry.licence, entry.name).toBeTruthy();
    const under = page.split(heading(entry.licence!))[1]?.split("###")[0];
    expect(under, `npm run docs:dependencies: ${entry.name}`).toContain(link(entry));
  }
});

test("all of them come from the registry: the lock file names no other host", () => {
  expect(Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});
