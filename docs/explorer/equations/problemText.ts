import { type Expression, type Node, parseExpressionAt, type Property, type SpreadElement } from "acorn";

/** A stretch of the text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A text that stands in the problem's text, perhaps with escapes. */
export interface PlacedValue extends Range {
  /** As it is written; undefined for what is no text. */
  readonly raw?: string;
  readonly value?: string;
}

/** A problem as it was typed: its fields, and where each of them stands. */
export interface ProblemText {
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** By path, as "equations.m". */
  readonly places: ReadonlyMap<string, PlacedValue>;
}

/** What is wrong with a text, and where. */
export interface TextProblem extends Range {
  readonly message: string;
}

class Unreadable extends Error {
  constructor(
    message: string,
    readonly range: Range,
  ) {
    super(message);
  }
}

/** Nobody types more. */
const LONGEST = 50_000;
/** What may stand around the object: `const hopfield = saddlePoint({ … });`. */
const BEFORE = /^\s*(?:(?:export\s+)?(?:const|let|var)\s+[\p{L}\p{N}_$]+\s*=\s*)?(?:saddlePoint\s*\(\s*)?$/u;
const AFTER = /^\s*\)?\s*;?\s*$/;

/** Reads a problem in JSON, or as it stands in code: names without quotes, texts in any quotes, comments. */
export function readProblem(text: string): { readonly problem: ProblemText } | { readonly error: TextProblem } {
  try {
    if (text.trim() === "") throw new Unreadable("no equations yet", { start: 0, end: 0 });
    if (text.length > LONGEST)
      throw new Unreadable(`at most ${LONGEST} characters`, { start: LONGEST, end: text.length });
    const begin = withoutComments(text).indexOf("{");
    const stray = /\S/.exec(text)!.index;
    if (begin < 0 || !BEFORE.test(withoutComments(text.slice(0, begin)))) {
      throw new Unreadable("an object should begin here: { unknowns: …, equations: … }", {
        start: stray,
        end: stray + 1,
      });
    }
    const root = parse(text, begin);
    if (root.type !== "ObjectExpression") throw new Unreadable("an object is needed: { … }", root);
    const rest = withoutComments(text.slice(root.end));
    if (!AFTER.test(rest)) {
      const at = root.end + rest.search(/[^\s);]/);
      throw new Unreadable("nothing should follow the closing brace", {
        start: Math.max(at, root.end),
        end: text.length,
      });
    }
    const places = new Map<string, PlacedValue>();
    return { problem: { text, fields: valueOf(root, "", text, places) as ProblemText["fields"], places } };
  } catch (error) {
    if (error instanceof Unreadable) return { error: { message: error.message, ...error.range } };
    if (error instanceof RangeError) return { error: { message: "nested too deeply", start: 0, end: text.length } };
    throw error;
  }
}

/** Comments as blanks, so that places stay. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\/|\/\/[^\n]*/g, (comment) => " ".repeat(comment.length));
}

function parse(text: string, begin: number): Expression {
  try {
    return parseExpressionAt(text, begin, { ecmaVersion: "latest" });
  } catch (error) {
    if (!(error instanceof SyntaxError) || !("pos" in error)) throw error;
    const at = Math.min(Number(error.pos), text.length);
    const message = error.message.replace(/\s*\(\d+:\d+\)$/, "");
    if (at >= text.trimEnd().length)
      throw new Unreadable("the text ends too early: a brace or quote is open", around(text, at));
    const found = /^"[^"\n]*"?|^[\p{L}\p{N}_]+|^./u.exec(text.slice(at))?.[0] ?? "";
    const reason = message.startsWith("Unexpected token")
      ? `${found} should not stand here: is a comma or quote missing before it?`
      : message;
    throw new Unreadable(reason, { start: at, end: at + Math.max(found.length, 1) });
  }
}

/** The last character before the end of a text, where there is nothing to mark. */
function around(text: string, at: number): Range {
  const last = text.slice(0, at).trimEnd().length;
  return { start: Math.max(0, last - 1), end: Math.max(1, last) };
}

function valueOf(node: Node, path: string, text: string, places: Map<string, PlacedValue>): unknown {
  const expression = node as Expression;
  const { start, end } = expression;
  switch (expression.type) {
    case "ObjectExpression":
      places.set(path, { start, end });
      return objectOf(expression.properties, path, text, places);
    case "ArrayExpression":
      places.set(path, { start, end });
      return expression.elements.map((item, i) => {
        if (!item) throw new Unreadable("a value is missing in the list", expression);
        return valueOf(item, `${path}[${i}]`, text, places);
      });
    case "Literal": {
      const { value } = expression;
      const isText = typeof value === "string";
      places.set(path, { start, end, ...(isText && { raw: text.slice(start + 1, end - 1), value }) });
      if (isText || typeof value === "number" || typeof value === "boolean" || value === null) return value;
      break;
    }
    case "TemplateLiteral": {
      const value = expression.quasis[0]?.value.cooked;
      if (expression.expressions.length > 0 || typeof value !== "string") break;
      places.set(path, { start, end, raw: text.slice(start + 1, end - 1), value });
      return value;
    }
    case "Identifier":
      places.set(path, { start, end });
      if (expression.name === "Infinity") return Infinity;
      throw new Unreadable(`${expression.name} should stand in quotes`, expression);
    case "UnaryExpression": {
      const value = valueOf(expression.argument, path, text, places);
      places.set(path, { start, end });
      if (typeof value === "number" && /[-+]/.test(expression.operator))
        return expression.operator === "-" ? -value : value;
      break;
    }
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      throw new Unreadable("functions are for programs: here, formulas stand in quotes", expression);
  }
  throw new Unreadable("a number, a formula in quotes, a list or an object should stand here", expression);
}

function objectOf(
  properties: readonly (Property | SpreadElement)[],
  path: string,
  text: string,
  places: Map<string, PlacedValue>,
): Record<string, unknown> {
  const entries = properties.map((property): [string, unknown] => {
    if (property.type !== "Property" || property.computed || property.kind !== "init" || property.shorthand)
      throw new Unreadable("name: value should stand here", property);
    const { key } = property;
    const name = key.type === "Identifier" ? key.name : key.type === "Literal" ? String(key.value) : "";
    const below = path === "" ? name : `${path}.${name}`;
    if (places.has(below)) throw new Unreadable(`${name} is given twice`, key);
    const value = valueOf(property.value, below, text, places);
    places.set(`${below}:`, { start: key.start, end: key.end });
    return [name, value];
  });
  // Own fields, whatever they are called.
  return Object.fromEntries(entries);
}

/** The text with another number at a path. */
export function withNumber({ text, places }: ProblemText, path: string, value: number): string {
  const place = places.get(path);
  return place ? `${text.slice(0, place.start)}${value}${text.slice(place.end)}` : text;
}
