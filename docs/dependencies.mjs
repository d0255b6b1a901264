// Writes docs/dependencies.md from the lock file: node docs/dependencies.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

/** What the direct dependencies are for. */
const PURPOSE = {
  "@resvg/resvg-js": "renders figures as PNG",
  "cli-progress": "progress bars of the command line",
  commander: "parses the command line",
  "dejavu-fonts-ttf": "the font of rendered figures",
  "gauss-quadrature": "nodes and weights of Gauss–Legendre panels",
  koffi: "calls the machine's OpenBLAS from the simulation",
  mathjs: "parses formulas",
  "ml-matrix": "eigenvalues and small linear systems",
  piscina: "threads of the simulation",
  vega: "draws figures",
  "vega-lite": "the language of figures",
  zod: "validates JSON files of the simulation and the queue",
  bullmq: "the queue of many machines; only for those who use it",
  ioredis: "the connection of that queue; only for those who use it",
};

/** Where a licence field says less than the licence. */
const LICENCES = {
  "dejavu-fonts-ttf": "Bitstream Vera licence (fonts), MIT (package)",
};

/** Every package of a lock file, once per version. */
export function packagesOf(lock) {
  const found = new Map();
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === "") continue;
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const key = `${name}@${entry.version}`;
    const development = Boolean(entry.dev) && (found.get(key)?.development ?? true);
    const { version, license, integrity, optional = false, peer = false } = entry;
    found.set(key, { name, version, licence: LICENCES[name] ?? license, integrity, optional, peer, development });
  }
  return [...found.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
  );
}

const link = ({ name, version }) => `[${name}](https://www.npmjs.com/package/${name}/v/${version}) ${version}`;

function byLicence(packages) {
  const groups = new Map();
  for (const entry of packages) groups.set(entry.licence, [...(groups.get(entry.licence) ?? []), entry]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([licence, list]) => ({ licence, list }));
}

const section = ({ licence, list }) => `### ${licence}\n\n${list.length}: ${list.map(link).join(", ")}.\n`;

/** The page, from package.json and package-lock.json. */
export function dependenciesPage(manifest, lock) {
  const all = packagesOf(lock);
  const direct = { ...manifest.dependencies, ...manifest.peerDependencies };
  const rows = Object.entries(direct).map(([name, version]) => {
    const entry = all.find((one) => one.name === name && one.version === version);
    if (!PURPOSE[name]) throw new Error(`docs/dependencies.mjs does not say what ${name} is for`);
    return `| ${link(entry)} | ${entry.licence} | ${PURPOSE[name]} |`;
  });
  const used = all.filter(({ development }) => !development);
  const tools = all.filter(({ development }) => development);
  return `# Dependencies

Everything that the package installs or that its development uses, from \`package-lock.json\`, which also holds a SHA-512 of
each. All of it comes from the npm registry, in exact versions; the links lead to the sources. \`npm run docs:dependencies\` makes
this page. Nothing of it is copied into the package. A browser bundle of the theory holds gauss-quadrature, mathjs
and ml-matrix with what they import.

## Direct dependencies

| Package | Licence | What for |
|---|---|---|
${rows.join("\n")}

## Installed with the package

${used.length} packages, those of other platforms and the optional peers of the queue included, by licence.

${byLicence(used).map(section).join("\n")}
## Development

${tools.length} packages build, test, measure and document the project, and are not installed with it.

${byLicence(tools).map(section).join("\n")}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = dependenciesPage(JSON.parse(read("../package.json")), JSON.parse(read("../package-lock.json")));
  writeFileSync(new URL("dependencies.md", import.meta.url), page);
}
