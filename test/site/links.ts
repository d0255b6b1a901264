import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withFormulas } from "../../docs/.vitepress/apiFormulas.ts";

/**
 * Every link and picture of the pages of a built site that leads to no file, or to no heading, of it.
 *
 * @param reference directory of the pages of the reference, as Markdown, where the site was built without them
 */
export function deadLinks(site: string, reference: string): string[] {
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
    if (target === undefined) return !existsSync(join(site, file)) && !isOfReference(file);
    return heading !== undefined && heading !== "" && !target.includes(`id="${heading}"`);
  }
  function isOfReference(file: string): boolean {
    return /^api\/.*\.html$/.test(file) && existsSync(join(reference, `${file.slice(4, -5)}.md`));
  }
}

/** Links of the Markdown pages of the reference that lead to no page of it, or to no page of the site. */
export function deadReferences(reference: string, site: string): { readonly dead: string[]; readonly checked: number } {
  const pages = readdirSync(reference, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".md"));
  const links = pages.flatMap((page) => {
    const text = withFormulas(readFileSync(join(reference, page), "utf8")).replaceAll(/^```[^]*?^```$/gm, "");
    return [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)].map(([, link]) => ({ page, link: link! }));
  });
  const dead = links.filter(({ page, link }) => {
    if (/^(?:https?|mailto):/.test(link)) return false;
    if (link.startsWith("/")) return !existsSync(join(site, link.endsWith("/") ? `${link}index.html` : `${link}.html`));
    return !existsSync(join(reference, dirname(page), link));
  });
  return { dead: dead.map(({ page, link }) => `${page}: ${link}`), checked: links.length };
}
