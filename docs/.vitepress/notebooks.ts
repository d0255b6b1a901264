/** A notebook as far as its page needs it (nbformat 4.5). */
interface Notebook {
  readonly cells: readonly Cell[];
}
type Cell = { readonly source: readonly string[] } & (
  { readonly cell_type: "markdown" } | { readonly cell_type: "code"; readonly outputs: readonly Output[] }
);
type Output =
  | { readonly output_type: "stream"; readonly text: readonly string[] }
  | { readonly output_type: "execute_result"; readonly data: Readonly<Record<string, readonly string[]>> };

/** A notebook as a page: text, code, and below it what it has printed and drawn. */
export function notebookPage(text: string): string {
  const { cells } = JSON.parse(text) as Notebook;
  return cells.map(cellText).join("\n\n");
}

function cellText(cell: Cell): string {
  const source = cell.source.join("");
  if (cell.cell_type === "markdown") return source;
  return [fenced("python", source), ...cell.outputs.map(outputText)].join("\n\n");
}

function outputText(output: Output): string {
  if (output.output_type === "stream") return fenced("text", output.text.join("").trimEnd());
  const svg = output.data["image/svg+xml"]?.join("");
  if (svg === undefined) return fenced("text", (output.data["text/plain"] ?? []).join(""));
  return `<img alt="figure of the cell above" src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`;
}

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
