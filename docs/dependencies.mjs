// Writes docs/dependencies.md from the lock file: node docs/dependencies.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

/** What the direct dependencies are for. */
const PURPOSE = {
  "@napi-rs/canvas": "draws figures as PNG and PDF",
  "cli-progress": "progress bars of the command line",
  commander: "parses the command line",
  "dejavu-fonts-ttf": "the font of rendered figures",
  "gauss-quadrature": "nodes and weights of Gauss–Legendre panels",
  koffi: "calls the machine's OpenBLAS from the simulation",
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

/**
 * Every package of a lock file once per version, without the binaries of single platforms: which of those are listed depends on
 * where it was made.
 */
export function packagesOf(lock) {
  const found = new Map();
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === "" || entry.os !== undefined || entry.cpu !== undefined) continue;
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const key = `${name}@${entry.version}`;
    const development = Boolean(entry.dev) && (found.get(key)?.development ?? true);
    found.set(key, { name, version: entry.version, licence: LICENCES[name] ?? entry.license, development });
  }
  return [...found.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
  );
}

/** Where a package's source of this version is. */
export const link = ({ name, version }) => `[${name}](https://www.npmjs.com/package/${name}/v/${version}) ${version}`;

/** A package under the heading of its licence. */
export const heading = (licence) => `### ${licence}\n`;

function byLicence(packages) {
  const groups = new Map();
  for (const entry of packages) groups.set(entry.licence, [...(groups.get(entry.licence) ?? []), entry]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([licence, list]) => ({ licence, list }));
}

const section = ({ licence, list }) => `${heading(licence)}\n${list.length}: ${list.map(link).join(", ")}.\n`;

/** The page, from package.json and package-lock.json. */
export function dependenciesPage(manifest, lock) {
  const all = packagesOf(lock);
  const find = ([name, version]) => all.find((one) => one.name === name && one.version === version);
  const direct = { ...manifest.dependencies, ...manifest.peerDependencies };
  const rows = Object.entries(direct).map((named) => {
    const entry = find(named);
    if (!PURPOSE[entry.name]) throw new Error(`docs/dependencies.mjs does not say what ${entry.name} is for`);
    return `| ${link(entry)} | ${entry.licence} | ${PURPOSE[entry.name]} |`;
  });
  const tools = Object.entries(manifest.devDependencies)
    .filter(([name]) => !(name in direct))
    .map((named) => `| ${link(find(named))} | ${find(named).licence} |`);
  const used = all.filter(({ development }) => !development);
  return `# Dependencies

What the package installs, and what its development uses directly. All of it comes from the npm registry, in exact versions; the
links lead to the sources, and \`package-lock.json\` holds everything else that development installs, with a SHA-512 of
each. \`npm run docs:dependencies\` makes this page. Of it, the package has gauss-quadrature and ml-matrix,
with what they import, in its own files.

## Direct dependencies

| Package | Licence | What for |
|---|---|---|
${rows.join("\n")}

## Installed with the package

${used.length} packages, the optional peers of the queue included, by licence; besides, the binaries of koffi, @napi-rs/canvas and others for
the platform, under the licences of these.

${byLicence(used).map(section).join("\n")}
## Development

What builds, tests, measures and documents the project, and is not installed with it.

| Package | Licence |
|---|---|
${tools.join("\n")}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = dependenciesPage(JSON.parse(read("../package.json")), JSON.parse(read("../package-lock.json")));
  writeFileSync(new URL("dependencies.md", import.meta.url), page);
}
