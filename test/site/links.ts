import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Every link and picture of the pages of a built site that leads to no file, or to no heading, of it. */
export function deadLinks(site: string): string[] {
  const pages = readdirSync(site, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".html"));
  const html = new Map(pages.map((path) => [path, readFileSync(join(site, path), "utf8")] as const));
  return [...html].flatMap(([page, text]) =>
    [...text.matchAll(/<(?:a|img)\b[^>]*?\s(?:href|src)="([^"]+)"/g)].flatMap(([, link]) =>
      isDead(decodeURIComponent(link!.replaceAll("&amp;", "&")), page) ? [`${page}: ${link!}`] : [],
    ),
  );

  function isDead(link: string, page: string): boolean {
    if (/^(?:https?|mailto|data):/.test(link)) return false;
    const [path = "", heading] = link.split("#");
    const below = path.startsWith("/") ? path.slice(1) : join(path === "" ? page : dirname(page), path);
    const file = below === "" || below.endsWith("/") ? `${below}index.html` : below;
    const target = html.get(file) ?? html.get(`${file}.html`);
    if (target === undefined) return !existsSync(join(site, file));
    return heading !== undefined && heading !== "" && !target.includes(`id="${heading}"`);
  }
}
