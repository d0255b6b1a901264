import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DefaultTheme } from "vitepress";

const directory = fileURLToPath(new URL("../api", import.meta.url));

/** Entries of the package. */
const ENTRIES = [
  "replica-theory",
  "replica-theory/solve",
  "replica-theory/equations",
  "replica-theory/numerics",
  "replica-theory/data",
  "replica-theory/data/browser",
  "replica-theory/compare",
  "replica-theory/simulation",
  "replica-theory/simulation/browser",
  "replica-theory/queue",
];
const KINDS = ["functions", "classes", "interfaces", "type-aliases", "variables"];

/** The sidebar of the pages that TypeDoc wrote; none before it has run. */
export function apiSidebar(): DefaultTheme.SidebarItem[] {
  return ENTRIES.map((entry) => ({
    text: entry,
    link: `/api/${entry}/`,
    collapsed: entry !== ENTRIES[0],
    items: KINDS.flatMap((kind) => group(entry, kind)),
  }));
}

function group(entry: string, kind: string): DefaultTheme.SidebarItem[] {
  const path = `${directory}/${entry}/${kind}`;
  if (!existsSync(path)) return [];
  const names = readdirSync(path).map((file) => file.replace(/\.md$/, ""));
  const items = names.map((name) => ({ text: name, link: `/api/${entry}/${kind}/${name}` }));
  return [{ text: kind.replace("-", " "), collapsed: kind !== "functions", items }];
}
