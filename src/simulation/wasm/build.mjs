// Compiles the AssemblyScript kernels and writes them as a TypeScript module: npm run build:wasm
import { Buffer } from "node:buffer";
import { writeFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { zigguratSource } from "./zigguratTable.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The compiled module, and the text of the generated TypeScript. */
export async function compile() {
  writeFileSync(here("assembly/zigguratTables.ts"), zigguratSource());
  let binary;
  const { error, stderr } = await asc.main(
    [
      "assembly/index.ts",
      "--baseDir",
      here("."),
      "--outFile",
      "kernels.wasm",
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--enable",
      "simd",
      "--importMemory",
    ],
    {
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) binary = contents;
      },
    },
  );
  if (error) throw new Error(stderr.toString(), { cause: error });
  return `// Made from ../assembly by ../build.mjs.\nexport const kernels =\n  "${Buffer.from(binary).toString("base64")}";\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(here("generated"), { recursive: true });
  writeFileSync(here("generated/kernels.ts"), await compile());
}
