/** A problem of the catalogue. */
export interface CatalogueEntry {
  /** Name of its file, without ".json". */
  readonly file: string;
  readonly title: string;
  readonly text: string;
}

/** The catalogue from the texts of its files by path, by title. */
export function catalogueOf(files: Readonly<Record<string, string>>): CatalogueEntry[] {
  return Object.entries(files)
    .map(([path, text]) => {
      const file = path.replace(/^.*\//, "").replace(/\.json$/, "");
      const { name } = JSON.parse(text) as { readonly name?: string };
      return { file, title: name ?? file, text: formatted(JSON.parse(text)) };
    })
    .sort((a, b) => a.title.localeCompare(b.title));
}

/** Characters that the editor shows in a line. */
const WIDTH = 56;

/** JSON in lines that the editor shows whole, as far as formulas are short enough. */
function formatted(value: unknown, indent = "", before = 0): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  const deeper = `${indent}  `;
  const entries = Object.entries(value).map(([name, item]: [string, unknown]) => {
    const label = isList ? "" : `${JSON.stringify(name)}: `;
    return `${label}${formatted(item, deeper, label.length)}`;
  });
  const line = `${open} ${entries.join(", ")} ${close}`;
  if (indent !== "" && !line.includes("\n") && indent.length + before + line.length <= WIDTH) return line;
  return `${open}\n${entries.map((text) => `${deeper}${text}`).join(",\n")}\n${indent}${close}`;
}
