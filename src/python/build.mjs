// The library as one file for the Python package: `npm run build:python`.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "tsdown";

/** Native and optional: simulation without threads and OpenBLAS, pictures as SVG alone. */
const LEFT_OUT = ["koffi", "piscina", "@napi-rs/canvas", "bullmq", "ioredis"];

/** The licences of the packages whose code is in the file ask for their notices beside it. */
const licences = {
  name: "licences",
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
    const folders = modules.flatMap((id) => /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id) ?? []);
    for (let i = 0; i < folders.length; i += 2) {
      const source = licenceOf(folders[i]);
      this.emitFile({ type: "asset", fileName: `licenses/${folders[i + 1].replace("/", "-")}`, source });
    }
  },
};

/** The notice of a package; where it has none, what its manifest says. */
function licenceOf(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file) return readFileSync(join(folder, file), "utf8");
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return `${name} ${version}: ${license}, ${author?.name ?? author}\n`;
}

await build({
  config: false,
  entry: { "replica-theory": "src/cli/serve/standalone.ts" },
  outDir: "src/python/replica_theory/javascript",
  format: "esm",
  platform: "node",
  target: "es2022",
  dts: false,
  minify: true,
  clean: true,
  logLevel: "error",
  deps: { neverBundle: LEFT_OUT, alwaysBundle: [/.*/], onlyBundle: false },
  outputOptions: { codeSplitting: false },
  plugins: [licences],
});
