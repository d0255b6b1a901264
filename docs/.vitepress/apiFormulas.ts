/** h1*, σ*, τ*: the star is part of the symbol. */
const STARRED = /(h[012]|[στ])\*(?!\*)/g;
/** The pages of the sections that comments cite. */
const SECTIONS: Readonly<Record<string, string>> = {
  1: "/theory/",
  2: "/theory/gradient-step",
  3: "/theory/conditional-features",
  4: "/theory/deterministic-equivalent",
  5: "/theory/observables",
  6: "/models/",
  7: "/theory/spectra",
  8: "/theory/spectra",
  9: "/theory/trained-network",
  10: "/theory/limits",
  11: "/theory/limits",
  12: "/guide/simulation",
};
const ITEM = /^\s*(?:[-*]|\d+\.)\s/;

/**
 * Makes Markdown of the formulas in the comments of the sources, which are plain text: indented paragraphs are set as they
 * stand, stars of symbols do not mean emphasis, and citations of the theory are links. Code is left alone.
 */
export function withFormulas(page: string): string {
  const paragraphs = page.split(/(^```[^]*?^```$)/m);
  return paragraphs.map((part) => (part.startsWith("```") ? part : prose(part))).join("");
}

function prose(text: string): string {
  let inList = false;
  return text
    .split(/(\n{2,})/)
    .map((paragraph) => {
      if (paragraph.trim() === "") return paragraph;
      const lines = paragraph.replace(/^\n+/, "").split("\n");
      const indented = lines.every((line) => /^ {2,}\S/.test(line));
      if (indented && !inList) {
        return ["```text", ...lines.map((line) => line.slice(2)), "```"].join("\n");
      }
      inList = ITEM.test(lines[0]!) || (inList && indented);
      return paragraph
        .split(/(`[^`\n]+`)/)
        .map((part, i) => (i % 2 === 1 ? part : cited(part.replace(STARRED, "$1\\*"))))
        .join("");
    })
    .join("");
}

function cited(text: string): string {
  return text
    .replaceAll(/theory §(\d+)/g, (citation, section: string) => {
      const page = SECTIONS[section];
      return page === undefined ? citation : `[${citation}](${page})`;
    })
    .replaceAll(/\bconvexLosses( §\d)?/g, "[convex losses$1](/theory/convex-losses)");
}
