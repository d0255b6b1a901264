import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./sources.ts";

/** A fenced block of code. */
export interface CodeBlock {
  /** Path of the file from the root. */
  readonly path: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  readonly language: string;
  /** Words after the language: `continue` goes on with the names of the block before, `no-run` is not executed. */
  readonly flags: readonly string[];
  readonly code: string;
  /** What it prints, where a block `text output` follows; a line of … stands for any lines. */
  readonly output?: string;
}

/** The pages of the documentation that are written by hand, as paths from the root. */
export function pages(directory = "docs"): string[] {
  return readdirSync(join(ROOT, directory), { withFileTypes: true })
    .filter(({ name }) => name !== "api" && !name.startsWith("."))
    .flatMap((entry) => {
      const path = `${directory}/${entry.name}`;
      if (entry.isDirectory()) return pages(path);
      return entry.name.endsWith(".md") ? [path] : [];
    })
    .sort();
}

/** The fenced blocks of a page in one language, those to be run or all; those that continue another are joined to it. */
export function codeBlocks(path: string, language: string, which: "run" | "all" = "run"): CodeBlock[] {
  const text = readFileSync(join(ROOT, path), "utf8");
  const blocks: CodeBlock[] = [];
  let before = "";
  for (const match of text.matchAll(/^```(\S+)([^\n]*)\n(.*?)^```$/gms)) {
    const [, found, more, code] = match as unknown as [string, string, string, string];
    const flags = more.split(" ").filter((word) => word !== "");
    const last = blocks.at(-1);
    const isOutput = found === "text" && flags.includes("output") && before === language;
    before = found;
    if (isOutput && last) blocks[blocks.length - 1] = { ...last, output: code };
    if (found !== language) continue;
    const line = text.slice(0, match.index).split("\n").length + 1;
    if (flags.includes("continue") && last) blocks[blocks.length - 1] = { ...last, code: `${last.code}\n${code}` };
    else blocks.push({ path, line, language, flags, code });
  }
  return which === "all" ? blocks : blocks.filter(({ flags }) => !flags.includes("no-run"));
}
