import { readSource } from "./sources.ts";

/** Example of a TSDoc comment. */
export interface Example {
  readonly path: string;
  readonly line: number;
  readonly code: string;
}

/** The @example of every TSDoc comment of a source. */
export function examplesOf(path: string): Example[] {
  const source = readSource(path);
  return [...source.matchAll(/\/\*\*.*?\*\//gs)].flatMap((comment) => {
    const text = comment[0].replaceAll(/^ *\/?\*+[/ ]?/gm, "").replace(/\*\/$/, "");
    return text
      .split("@example")
      .slice(1)
      .map((part) => {
        const line = source.slice(0, comment.index).split("\n").length;
        return { path, line, code: part.replaceAll(/^\s*```\w*$/gm, "").split(/^\s*@/m)[0]! };
      });
  });
}
