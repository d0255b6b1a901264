// Compiles the AssemblyScript kernels and writes them as a TypeScript module: npm run build:wasm
import { Buffer } from "node:buffer";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { zigguratSource } from "./zigguratTable.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Text of the generated files; the kernels are compiled against the tables given, not those on disk. */
export async function compile() {
  const tables = zigguratSource();
  let binary;
  const { error, stderr } = await asc.main(
    [
      "assembly/index.ts",
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
      readFile: (name) => (name === "assembly/zigguratTables.ts" ? tables : readSource(name)),
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(stderr.toString(), { cause: error });
  const base64 = Buffer.from(binary).toString("base64");
  return { tables, kernels: `// Made from ../assembly by ../build.mjs.\nexport const kernels =\n  "${base64}";\n` };
}

function readSource(name) {
  const file = here(name);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { tables, kernels } = await compile();
  mkdirSync(here("generated"), { recursive: true });
  writeFileSync(here("assembly/zigguratTables.ts"), tables);
  writeFileSync(here("generated/kernels.ts"), kernels);
}
