import { inspect } from "node:util";
import ts from "typescript";

/** What an example showed, beside what its comments promise. */
export interface Shown {
  readonly promised: string;
  readonly got: string;
}

type Scope = Readonly<Record<string, unknown>>;

/**
 * Executes TypeScript of the documentation. After an expression, a comment at the end of its line or on the lines that
 * follow is its value; after a `console.log`, its output; a loop is followed by all that it prints.
 *
 * @param modules what `import { … } from` a name gives
 * @param scope names that need no import
 */
export async function runExample(
  code: string,
  modules: Readonly<Record<string, Scope>>,
  scope: Scope,
): Promise<Shown[]> {
  const file = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ES2022, true);
  const imported: Record<string, unknown> = {};
  const shown: Shown[] = [];
  let printed: string[] = [];
  const statements = file.statements.flatMap((statement): string[] => {
    if (ts.isImportDeclaration(statement)) {
      Object.assign(imported, importsOf(statement, modules));
      return [];
    }
    const promised = commentAfter(code, statement.end);
    const text = statement.getText();
    if (promised === undefined) return [text];
    const isPrint = !ts.isExpressionStatement(statement) || text.startsWith("console.log(");
    if (isPrint) return [text, `__printed(${JSON.stringify(promised)});`];
    return [`__value(${JSON.stringify(promised)}, ${statement.expression.getText()});`];
  });
  const names: Scope = {
    ...scope,
    ...imported,
    console: { log: (...items: unknown[]) => void printed.push(items.map(print).join(" ")) },
    __printed: (promised: string) => {
      shown.push({ promised: compact(promised), got: compact(printed.join("\n")) });
      printed = [];
    },
    __value: (promised: string, value: unknown) => {
      shown.push({ promised: compact(promised), got: compact(inspect(value)) });
    },
  };
  const { outputText } = ts.transpileModule(`async function example() {${statements.join("\n")}}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  // The text is the repository's own documentation.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  await new Function(...Object.keys(names), `${outputText}; return example();`)(...Object.values(names));
  return shown;
}

function importsOf(statement: ts.ImportDeclaration, modules: Readonly<Record<string, Scope>>): Scope {
  const name = (statement.moduleSpecifier as ts.StringLiteral).text;
  const module = modules[name];
  if (!module) throw new Error(`the example imports "${name}"`);
  const bindings = statement.importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) throw new Error("an example imports by name");
  const values = bindings.elements.filter((element) => !element.isTypeOnly).map(({ name: { text } }) => text);
  const missing = values.find((text) => !(text in module));
  if (missing !== undefined) throw new Error(`"${name}" does not export ${missing}`);
  return Object.fromEntries(values.map((text) => [text, module[text]]));
}

/** The comment at the end of the line and on the whole lines that follow. */
function commentAfter(code: string, end: number): string | undefined {
  const lines = code.slice(end).split("\n");
  const first = /^\s*\/\/ ?(.*)$/.exec(lines[0]!)?.[1];
  const rest = lines.slice(1).map((line) => /^\s*\/\/ ?(.*)$/.exec(line)?.[1]);
  const count = rest.indexOf(undefined);
  const parts = [first, ...rest.slice(0, count < 0 ? rest.length : count)].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join("\n") : undefined;
}

function print(item: unknown): string {
  return typeof item === "string" ? item : inspect(item);
}

/** Spacing and the kind of quotes do not matter. */
function compact(text: string): string {
  return text.replaceAll("'", '"').replaceAll(/\s+/g, "");
}
