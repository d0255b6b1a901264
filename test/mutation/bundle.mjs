import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { FACED } from "./faced.mjs";

const COLLECT = fileURLToPath(new URL("collect.mjs", import.meta.url));
const ALL = "mutants:all";

/** Each file knows where it was, and every import of vitest is one of the tests' collector. */
const sources = (tests) => ({
  name: "mutants",
  enforce: "pre",
  resolveId: (id, importer) => (id === ALL ? ALL : id === "vitest" && importer !== COLLECT ? COLLECT : undefined),
  load: (id) =>
    id === ALL
      ? [
          ...tests.map((file) => `import ${JSON.stringify(file)};`),
          `export { collected } from ${JSON.stringify(COLLECT)};`,
        ].join("\n")
      : undefined,
  transform: (code, id) =>
    code.includes("import.meta.url")
      ? code.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href))
      : undefined,
});

/**
 * Instrumented sources ask for the active mutant at every operation: by number, in a variable of the module, whose name none of theirs
 * hides.
 */
const quick = (code) =>
  `let mutant$active = -1, mutant$hits = 0, mutant$limit = Infinity, mutant$last = Infinity;
   const mutant$hit = () => {
     if (++mutant$hits > mutant$limit || performance.now() > mutant$last) throw new Error("hit limit");
     return true;
   };
   export const mutate = (mutant, limit, last) => {
     [mutant$active, mutant$hits, mutant$limit, mutant$last] = [mutant, 0, limit, last];
   };
   export const hitCount = () => mutant$hits;
   ${code
     .replaceAll(/stryMutAct_9fa48(?:\$\d+)?\("(\d+)"\)/g, "(mutant$$active === $1 && mutant$$hit())")
     .replaceAll(/stryCov_9fa48(?:\$\d+)?\((?:"\d+"(?:,\s*)?)+\)/g, "0")}`;

/** Two bundles of the tests of directories and their sources: one that counts which test reaches which mutant, one to run them. */
export async function bundle(directories, into) {
  const tests = readdirSync("test", { recursive: true })
    .filter((file) => file.endsWith(".test.ts") && directories.some((directory) => FACED[directory]?.test(file)))
    .map((file) => resolve("test", file))
    .sort();
  await build({
    configFile: false,
    logLevel: "error",
    plugins: [sources([resolve("test/setup.ts"), ...tests])],
    build: {
      ssr: true,
      target: "esnext",
      minify: false,
      outDir: into,
      emptyOutDir: false,
      rollupOptions: {
        treeshake: false,
        input: { counting: ALL },
        output: { entryFileNames: "[name].mjs", codeSplitting: false },
      },
    },
  });
  writeFileSync(`${into}/quick.mjs`, quick(readFileSync(`${into}/counting.mjs`, "utf8")));
}
