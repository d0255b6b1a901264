import { readFileSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../documentation/sources.ts";
import { type Consumer, installPacked, output, tool } from "./consumer.ts";

let consumer: Consumer;
beforeAll(async () => {
  consumer = await installPacked();
});
afterAll(() => consumer.remove());

const THEORY = `
import { type RidgeSolution, solve } from "replica-theory";
const solution: RidgeSolution = solve(
  { model: "randomFeatures", student: "tanh", target: "sin", sampleRatio: 1, widthRatio: 1, ridge: 0.1 },
);
console.log(solution.testError.toFixed(6));
`;
/** Ridge regression alone: half of the theory. */
const SQUARE_LOSS = THEORY.replace('"replica-theory"', '"replica-theory/solve"');
const BROWSER = `${THEORY}
import * as browser from "replica-theory/simulation/browser";
console.log(typeof browser.simulate);
`;
const ENTRIES = `${BROWSER}
import * as simulation from "replica-theory/simulation";
console.log(typeof simulation.simulate);
`;

const ENTRIES_WITHOUT_PEERS = ["", "/solve", "/equations", "/numerics", "/data", "/data/browser"]
  .concat("/compare", "/simulation", "/simulation/browser")
  .map((entry) => `replica-theory${entry}`);

const messageOf = (error: unknown): string => (error as Error).message;

describe("package", () => {
  test("publint finds nothing", async () => {
    expect(await output(ROOT, tool("publint"), ["run", "--strict", consumer.tarball])).toContain("All good!");
  });

  test("are-the-types-wrong finds nothing under the resolutions of an ES module", async () => {
    await output(ROOT, tool("attw"), [consumer.tarball, "--profile", "esm-only", "--no-emoji", "--no-color"]);
  });

  test("every file, export and dependency of the project is used", async () => {
    await output(ROOT, tool("knip"), ["--treat-config-hints-as-errors"]);
  });

  test("no dependency of the package has a known hole of high severity", async () => {
    const audit = output(ROOT, "npm", ["audit", "--omit=dev", "--audit-level=high"]);
    // A mirror of the registry may not know of advisories: then there is nothing to learn from it.
    const found = await audit.catch(messageOf);
    if (!found.includes("audit endpoint returned an error")) expect(found).not.toMatch(/Command failed/);
  });

  test("contains the library and its papers, and nothing else", () => {
    const tops = new Set(consumer.packed.files.map(({ path }) => path.split("/")[0]));
    expect([...tops].sort()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "dist", "package.json"]);
    // 1.36 MB packed when this was written: the kernels, the source maps and the types.
    expect(consumer.packed.size).toBeLessThan(1.6e6);
    expect(consumer.packed.unpackedSize).toBeLessThan(8e6);
  });
});

describe("installed in an empty project", () => {
  test.each([
    ["node16", { module: "node16" }],
    ["bundler", { module: "esnext", moduleResolution: "bundler" }],
  ])("its types pass the strict check under the resolution %s", async (_name, resolution) => {
    const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
    const common = { target: "es2022", lib: ["es2022", "dom"], types: [], noEmit: true, ...strict, ...resolution };
    const compilerOptions = { ...common, skipLibCheck: false };
    await consumer.write("use.ts", ENTRIES);
    await consumer.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["use.ts"] }));
    // Its own declarations as well; those of vega-lite have errors of their own.
    const errors = await consumer.run(tool("tsc"), "-p", ".").catch(messageOf);
    expect(errors.split("\n").filter((line) => /replica-theory\/dist|^use\.ts/.test(line))).toEqual([]);
  });

  test("types of the theory, the data and the simulation ask for neither the DOM nor Node", async () => {
    const compilerOptions = {
      target: "es2022",
      lib: ["es2022"],
      types: [],
      noEmit: true,
      strict: true,
      module: "node16",
    };
    const imports = ENTRIES_WITHOUT_PEERS.map((entry, i) => `import * as entry${i} from "${entry}";`);
    const uses = imports.map((_, i) => `entry${i}`);
    await consumer.write("plain.ts", `${imports.join("\n")}\nexport const all = [${uses.join(", ")}];\n`);
    const config = { compilerOptions: { ...compilerOptions, skipLibCheck: false }, files: ["plain.ts"] };
    await consumer.write("tsconfig.json", JSON.stringify(config));
    expect(await consumer.run(tool("tsc"), "-p", ".")).toBe("");
  });

  test("nothing native is installed with it, and none of its optional packages", async () => {
    interface Installed {
      readonly dependencies?: Readonly<Record<string, Installed>>;
      readonly version?: string;
    }
    const listed = JSON.parse(await consumer.run("npm", "ls", "--all", "--json")) as Installed;
    const names = function* ({ dependencies = {} }: Installed): Generator<string> {
      for (const [name, below] of Object.entries(dependencies)) {
        if (below.version !== undefined) yield name;
        yield* names(below);
      }
    };
    const installed = new Set(names(listed));
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<
      string,
      Record<string, string>
    >;
    expect([...installed]).toEqual(expect.arrayContaining(["replica-theory", ...Object.keys(dependencies!)]));
    expect(Object.keys(peerDependencies!).filter((name) => installed.has(name))).toEqual([]);
    const files = await readdir(join(consumer.directory, "node_modules"), { recursive: true });
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => /\.node$|\.so$|\.dll$|\.dylib$|binding\.gyp$/.test(file))).toEqual([]);
  });

  test("Node imports it as an ES module", async () => {
    await consumer.write("use.mjs", ENTRIES.replace("type RidgeSolution, ", "").replace(": RidgeSolution", ""));
    expect(await consumer.run("node", "use.mjs")).toBe("0.312272\nfunction\nfunction\n");
  });

  test("the queue asks for its optional peers by name", async () => {
    await consumer.write("queue.mjs", `await import("replica-theory/queue");`);
    await expect(consumer.run("node", "queue.mjs")).rejects.toThrow(/bullmq|ioredis/);
  });

  test("its command runs", async () => {
    const command = join(consumer.directory, "node_modules/.bin/replica-theory");
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    expect(await consumer.run(command, "--version")).toBe(`${version}\n`);
    const model = ["--model", "randomFeatures", "--student", "tanh", "--target", "sin"];
    const point = ["--sample-ratio", "1", "--width-ratio", "1", "--ridge", "0.1"];
    expect(await consumer.run(command, "solve", ...model, ...point)).toContain("0.31227");
  });

  test("Vite bundles it for browsers without a module of Node", async () => {
    const [squareLoss, theory, simulation] = [await bundle(SQUARE_LOSS), await bundle(THEORY), await bundle(BROWSER)];
    const modulesOfNode = [squareLoss, theory, simulation].flatMap((bundled) => bundled.modulesOfNode);
    expect(modulesOfNode).toEqual([]);
    expect(squareLoss.compressed).toBeLessThan(61_000);
    expect(theory.compressed).toBeLessThan(132_000);
    console.log(await sizeReport(squareLoss.compressed, theory.compressed, simulation.compressed));
  });
});

async function bundle(source: string): Promise<{ modulesOfNode: string[]; compressed: number }> {
  const modulesOfNode: string[] = [];
  await consumer.write("bundle.ts", source);
  const result = await build({
    root: consumer.directory,
    configFile: false,
    logLevel: "error",
    plugins: [
      {
        name: "modules-of-node",
        enforce: "pre",
        resolveId: (id, importer = "") => {
          if (isBuiltin(id)) modulesOfNode.push(`${id} from ${importer}`);
        },
      },
    ],
    // As for a page: the build of a library would keep its white space.
    build: { write: false, rolldownOptions: { input: join(consumer.directory, "bundle.ts") }, minify: true },
  });
  const { output } = (Array.isArray(result) ? result[0]! : result) as Rolldown.RolldownOutput;
  const code = output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("\n");
  return { modulesOfNode, compressed: gzipSync(code).length };
}

async function sizeReport(squareLoss: number, theory: number, simulation: number): Promise<string> {
  const { size, unpackedSize } = consumer.packed;
  const directory = join(consumer.directory, "node_modules");
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    names.filter((file) => file.isFile()).map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  const installed = sizes.reduce((sum, bytes) => sum + bytes, 0);
  const index = await readFile(join(directory, "replica-theory/dist/index.js"));
  const lines: [string, number][] = [
    ["tarball", size],
    ["unpacked", unpackedSize],
    ["installed with dependencies", installed],
    ["table of contents (index.js)", index.length],
    ["browser bundle of solve for ridge regression, gzip", squareLoss],
    ["browser bundle of solve, gzip", theory],
    ["browser bundle with simulation, gzip", simulation],
  ];
  return lines.map(([name, bytes]) => `${name}: ${(bytes / 1000).toFixed(0)} kB`).join("\n");
}
