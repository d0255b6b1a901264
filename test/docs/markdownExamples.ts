import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { format, inspect } from "node:util";
import ts from "typescript";

/** A fenced block of code. */
export interface CodeBlock {
  readonly file: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  readonly language: string;
  /** Words after the language: `continue` goes on with the names of the block before, `no-run` is not executed. */
  readonly flags: readonly string[];
  readonly code: string;
}

/** All Markdown files under a directory, but for generated ones. */
export function markdownFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => !["api", ".vitepress", "public", "figures"].includes(name))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return markdownFiles(path);
      return entry.name.endsWith(".md") ? [path] : [];
    })
    .sort();
}

/** The fenced blocks of a Markdown file, in order. */
export function codeBlocks(file: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { info: string; line: number; code: string[] } | undefined;
  readFileSync(file, "utf8")
    .split("\n")
    .forEach((text, i) => {
      const fence = /^```(.*)$/.exec(text);
      if (!fence) open?.code.push(text);
      else if (!open) open = { info: fence[1]!.trim(), line: i + 2, code: [] };
      else {
        const [language = "", ...flags] = open.info.split(/\s+/);
        blocks.push({ file, line: open.line, language, flags, code: open.code.join("\n") });
        open = undefined;
      }
    });
  return blocks;
}

/** Joins every block flagged `continue` to the one before it. */
export function withContinuations(blocks: readonly CodeBlock[]): CodeBlock[] {
  const joined: CodeBlock[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    if (block.flags.includes("continue") && last)
      joined[joined.length - 1] = { ...last, code: last.code + "\n" + block.code };
    else joined.push(block);
  }
  return joined;
}

/** What an example says it gives, and what it gave. */
export interface Comparison {
  readonly expected: string;
  readonly actual: string;
}

type Modules = Readonly<Record<string, object>>;

/**
 * Runs an example whose imports are among `modules` and compares every statement that has a comment behind it: an expression with
 * its value, `console.log` with what it prints.
 */
export async function runExample(code: string, modules: Modules): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  const scope = {
    modules,
    check: (expected: string, value: unknown) =>
      comparisons.push({
        expected: normalize(expected),
        actual: normalize(inspect(value, { depth: 10, breakLength: Infinity })),
      }),
    checkPrinted: (expected: string, ...values: unknown[]) =>
      comparisons.push({ expected: normalize(expected), actual: normalize(format(...values)) }),
    console: { log: () => undefined },
  };
  const { outputText } = ts.transpileModule(instrument(code), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  // Top-level await needs a function of the async kind, whose constructor has no global name.
  const AsyncFunction = Reflect.get(async () => Promise.resolve(), "constructor") as new (
    ...parts: string[]
  ) => (...values: unknown[]) => Promise<void>;
  const body = outputText.replaceAll(/^export \{\};?$/gm, "");
  await new AsyncFunction(...Object.keys(scope), body)(...Object.values(scope));
  return comparisons;
}

/** Quotes and blanks do not matter. */
function normalize(text: string): string {
  return text.replaceAll("'", '"').replaceAll(/\s+/g, " ").trim();
}

/** Imports become destructured modules, and statements with a comment behind them checks. */
function instrument(code: string): string {
  const source = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ES2022, true);
  const edits: { start: number; end: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) edits.push({ start: node.getStart(), end: node.end, text: destructured(node) });
    else if (ts.isExpressionStatement(node)) {
      const [comment] = ts.getTrailingCommentRanges(code, node.end) ?? [];
      if (comment)
        edits.push({
          start: node.getStart(),
          end: node.end,
          text: checked(node, code.slice(comment.pos + 2, comment.end)),
        });
    } else ts.forEachChild(node, visit);
  };
  visit(source);
  return edits.reduceRight((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), code);
}

function destructured(node: ts.ImportDeclaration): string {
  const bindings = node.importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) throw new Error(`examples import names: ${node.getText()}`);
  const names = bindings.elements.filter(({ isTypeOnly }) => !isTypeOnly).map(({ name }) => name.text);
  return `const { ${names.join(", ")} } = modules[${node.moduleSpecifier.getText()}];`;
}

function checked({ expression }: ts.ExpressionStatement, comment: string): string {
  const expected = JSON.stringify(comment);
  const printed =
    ts.isCallExpression(expression) && expression.expression.getText() === "console.log"
      ? expression.arguments.map((argument) => argument.getText())
      : undefined;
  return printed
    ? `checkPrinted(${[expected, ...printed].join(", ")});`
    : `check(${expected}, ${expression.getText()});`;
}
