import { join, relative } from "node:path";
import ts from "typescript";
import { ROOT } from "./sources.ts";

/**
 * The public surface of an entry: each of its exports with its declaration, then the declarations of the project that
 * those refer to, without comments, in the order of their names.
 */
export function surfaces(entries: readonly string[]): string[] {
  const declarations = declarationFiles(entries);
  const paths = entries.map((entry) => declarationPath(join(ROOT, entry)));
  const options = {
    noLib: true,
    types: [],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram(paths, options, {
    ...host,
    // The sources beside them would come first.
    fileExists: (path) => declarations.has(path),
    readFile: (path) => declarations.get(path),
    getSourceFile: (path, version) => {
      const text = declarations.get(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, version, true);
    },
  });
  return paths.map((path) => surfaceOf(program, path));
}

const declarationPath = (path: string): string => path.replace(/\.ts$/, ".d.ts");

/** The declarations of everything that the entries reach, by the path they would have beside their sources. */
function declarationFiles(entries: readonly string[]): Map<string, string> {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)).config,
    ts.sys,
    ROOT,
  );
  const program = ts.createProgram(
    [...entries.map((entry) => join(ROOT, entry)), join(ROOT, "src/types/gauss-quadrature.d.ts")],
    { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true, removeComments: true },
  );
  const files = new Map<string, string>();
  program.emit(undefined, (path, text) => files.set(path, text.replaceAll(/(from "\.[^"]+)\.ts"/g, '$1.js"')));
  return files;
}

function surfaceOf(program: ts.Program, path: string): string {
  const checker = program.getTypeChecker();
  const resolve = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const exported = checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)!)!)
    .map((symbol) => ({ name: symbol.name, symbol: resolve(symbol) }));
  const seen = new Set(exported.map(({ symbol }) => symbol));
  const lines = exported.map(({ name, symbol }) => `export ${name}: ${textOf(symbol)}`).sort();
  const inner: string[] = [];
  for (const symbol of seen) {
    for (const reference of referencesOf(symbol, checker)) {
      const target = resolve(reference);
      if (seen.has(target) || !target.declarations?.some((node) => isStatement(node))) continue;
      seen.add(target);
      inner.push(`${target.name} of ${relative(ROOT, sourceOf(target))}: ${textOf(target)}`);
    }
  }
  return `${[...lines, "", ...inner.sort()].join("\n")}\n`;
}

const sourceOf = (symbol: ts.Symbol): string => symbol.declarations![0]!.getSourceFile().fileName.replace(".d.ts", "");

/** Interfaces, aliases, classes, functions and constants: what has a name of its own in a file. */
function isStatement(node: ts.Node): boolean {
  return ts.isSourceFile(node.parent) || (ts.isVariableDeclaration(node) && ts.isSourceFile(node.parent.parent.parent));
}

function textOf(symbol: ts.Symbol): string {
  const texts = (symbol.declarations ?? []).map((node) => node.getText().replaceAll(/\s+/g, " "));
  return texts.map((text) => text.replace(/^(?:export )?(?:declare )?/, "")).join(" | ");
}

function referencesOf(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const reference = checker.getSymbolAtLocation(node);
      if (reference) found.push(reference);
    }
    ts.forEachChild(node, visit);
  };
  symbol.declarations?.forEach(visit);
  return found;
}
