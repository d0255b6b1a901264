import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "./sources.ts";

const ENTRIES = {
  "replica-theory": [join(ROOT, "src/index.ts")],
  "replica-theory/solve": [join(ROOT, "src/solve/index.ts")],
  "replica-theory/data": [join(ROOT, "src/data/index.ts")],
  "replica-theory/equations": [join(ROOT, "src/equations/index.ts")],
  "replica-theory/numerics": [join(ROOT, "src/numerics/index.ts")],
  "replica-theory/compare": [join(ROOT, "src/compare/index.ts")],
  "replica-theory/simulation": [join(ROOT, "src/simulation/index.ts")],
  "replica-theory/simulation/browser": [join(ROOT, "src/simulation/browser.ts")],
};

/** What the project's strict type check says of examples, each with its place. */
export function typeErrors(examples: readonly { readonly place: string; readonly code: string }[]): string[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)).config,
    ts.sys,
    ROOT,
  );
  options.paths = ENTRIES;
  const files = new Map(examples.map(({ place, code }, i) => [join(ROOT, `example${i}.ts`), { place, code }]));
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...files.keys(), join(ROOT, "src/types/gauss-quadrature.d.ts")], options, {
    ...host,
    fileExists: (path) => files.has(path) || host.fileExists(path),
    readFile: (path) => files.get(path)?.code ?? host.readFile(path),
    getSourceFile: (path, target) => {
      const example = files.get(path);
      return example ? ts.createSourceFile(path, example.code, target) : host.getSourceFile(path, target);
    },
  });
  return [...files].flatMap(([path, { place }]) => {
    const source = program.getSourceFile(path)!;
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
  });
}
