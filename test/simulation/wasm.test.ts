import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

// The build script is plain JavaScript without types.
interface Build {
  compile: () => Promise<{ readonly tables: string; readonly kernels: string }>;
}

describe("exactness: generated files", () => {
  it("compiling the kernels again gives the same bytes, and the same ziggurat tables", async () => {
    const path = "../../src/simulation/wasm/build.mjs";
    const { compile } = (await import(/* @vite-ignore */ path)) as Build;
    const { tables, kernels } = await compile();
    const read = (file: string): string =>
      readFileSync(new URL(`../../src/simulation/wasm/${file}`, import.meta.url), "utf8");
    expect(tables).toBe(read("assembly/zigguratTables.ts"));
    expect(kernels).toBe(read("generated/kernels.ts"));
  });
});
