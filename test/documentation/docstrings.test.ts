import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { ROOT } from "./sources.ts";

const ENTRIES = [
  "index.ts",
  "solve/index.ts",
  "data/index.ts",
  "equations/index.ts",
  "numerics/index.ts",
  "compare/index.ts",
  "simulation/index.ts",
  "simulation/browser.ts",
  "queue/index.ts",
];
const program = ts.createProgram(
  ENTRIES.map((entry) => join(ROOT, "src", entry)),
  { allowImportingTsExtensions: true, module: ts.ModuleKind.NodeNext, noEmit: true, types: [] },
);
const checker = program.getTypeChecker();

/** What an entry exports, as it is declared. */
function exportsOf(entry: string): ts.Symbol[] {
  const module = checker.getSymbolAtLocation(program.getSourceFile(join(ROOT, "src", entry))!)!;
  return checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
}

const hasExample = (symbol: ts.Symbol): boolean => symbol.getJsDocTags(checker).some(({ name }) => name === "example");

describe.each(ENTRIES)("what src/%s exports", (entry) => {
  const symbols = exportsOf(entry);

  test("has a docstring", () => {
    const silent = symbols.filter((symbol) => symbol.getDocumentationComment(checker).length === 0);
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  test("has an example where it is a function", () => {
    const functions = symbols.filter(({ flags }) => flags & ts.SymbolFlags.Function);
    expect(functions.length).toBeGreaterThan(0);
    expect(functions.filter((symbol) => !hasExample(symbol)).map(({ name }) => name)).toEqual([]);
  });
});
