import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = normalize(join(dirname(fileURLToPath(import.meta.url)), "../.."));

/** Every TypeScript source below src, as a path from there. AssemblyScript is another language. */
export function sourceFiles(): string[] {
  return readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts") && !path.includes("assembly"))
    .sort();
}

export function readSource(path: string): string {
  return readFileSync(join(ROOT, "src", path), "utf8");
}

export interface Import {
  /** Path below src, or the name of a package. */
  readonly to: string;
  readonly internal: boolean;
  /** Gone at run time. */
  readonly typeOnly: boolean;
}

/** What a source imports, exports again, or loads later. */
export function importsOf(path: string): Import[] {
  const code = readSource(path).replaceAll(/\/\*.*?\*\//gs, "");
  const statements = [...code.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;]*?\sfrom\s+)?"([^"]+)"/gm)];
  const later = [...code.matchAll(/\bimport\("([^"]+)"\)|new URL\("(\.[^"]+\.(?:ts|js))"/g)];
  const found = [
    ...statements.map((match) => ({ name: match[2]!, typeOnly: match[1] !== undefined })),
    ...later.map((match) => ({ name: (match[1] ?? match[2])!, typeOnly: false })),
  ];
  return found.map(({ name, typeOnly }) => {
    const internal = name.startsWith(".");
    // A worker is named by the file that it is built to.
    const source = name.endsWith(".json") ? name : name.replace(/\.js$/, ".ts");
    return { to: internal ? normalize(join(dirname(path), source)) : name, internal, typeOnly };
  });
}
