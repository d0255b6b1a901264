import type { BinaryOperator, Syntax } from "./syntax.ts";
import { Refusal, type Token, tokenize } from "./tokens.ts";

/** Longer formulas are mistakes; what is nested more deeply would exceed the stack. */
const MAXIMAL_LENGTH = 4000;
const MAXIMAL_DEPTH = 120;

/** Words that are operators. */
const WORDS = ["and", "or", "not"];
const RELATIONS = ["<", "<=", ">", ">=", "==", "!="];

/**
 * Reads a formula: numbers, names, `f(…)`, `[…]`, `+ − * / ^`, comparisons, also in chains, `and`, `or`, `not`, `c ? a : b`. A product
 * needs no sign before a name or a parenthesis, and then binds more tightly than `/`: `1/2 x` alone is x/2, as in the formulas
 * of activations.
 *
 * @throws Refusal naming the place
 */
export function parse(text: string): Syntax {
  if (text.length > MAXIMAL_LENGTH) throw new Refusal(`longer than ${MAXIMAL_LENGTH} characters`, MAXIMAL_LENGTH);
  return new Parser(tokenize(text)).whole();
}

class Parser {
  private position = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): Syntax {
    const formula = this.choice();
    if (this.next.kind !== "end") throw new Refusal(`unexpected "${this.next.text}"`, this.next.start);
    return formula;
  }

  private get next(): Token {
    return this.tokens[this.position]!;
  }

  private ahead(count: number): Token {
    return this.tokens[Math.min(this.position + count, this.tokens.length - 1)]!;
  }

  private take(): Token {
    return this.tokens[this.position++]!;
  }

  private accept(text: string): boolean {
    if (this.next.text !== text || this.next.kind === "end") return false;
    this.position++;
    return true;
  }

  private expect(text: string): Token {
    if (this.next.text === text && this.next.kind !== "end") return this.take();
    const found = this.next.kind === "end" ? "the end of the formula" : `"${this.next.text}"`;
    throw new Refusal(`expected "${text}", found ${found}`, this.next.start);
  }

  private choice(): Syntax {
    if (++this.depth > MAXIMAL_DEPTH) throw new Refusal("nested too deeply", this.next.start);
    const condition = this.either();
    let result = condition;
    if (this.accept("?")) {
      const yes = this.choice();
      this.expect(":");
      const no = this.choice();
      result = { kind: "choice", condition, yes, no, start: condition.start, end: no.end };
    }
    this.depth--;
    return result;
  }

  private either(): Syntax {
    return this.leftToRight(["or"], () => this.leftToRight(["and"], () => this.comparison()));
  }

  /** A chain a < b < c is (a < b) and (b < c). */
  private comparison(): Syntax {
    let left = this.sum();
    let chain: Syntax | undefined;
    while (RELATIONS.includes(this.next.text)) {
      const operator = this.take().text as BinaryOperator;
      const right = this.sum();
      const link = binary(operator, left, right);
      chain = chain ? binary("and", chain, link) : link;
      left = right;
    }
    return chain ?? left;
  }

  private sum(): Syntax {
    return this.leftToRight(["+", "-"], () => this.leftToRight(["*", "/"], () => this.implicitProduct()));
  }

  private leftToRight(operators: readonly string[], operand: () => Syntax): Syntax {
    let left = operand();
    while (operators.includes(this.next.text) && this.next.kind !== "end") {
      const operator = this.take().text as BinaryOperator;
      left = binary(operator, left, operand());
    }
    return left;
  }

  private implicitProduct(): Syntax {
    let left = this.fraction();
    for (;;) {
      const { kind, text } = this.next;
      const isFactor = (kind === "name" && !WORDS.includes(text)) || text === "(";
      if (!isFactor && !(kind === "number" && left.kind !== "number")) return left;
      left = binary("*", left, this.signed());
    }
  }

  /** A fraction of two numbers before a factor is one number: 1/2 x is x/2. */
  private fraction(): Syntax {
    const left = this.signed();
    if (left.kind !== "number" || this.next.text !== "/" || this.ahead(1).kind !== "number") return left;
    const after = this.ahead(2);
    if (after.text !== "(" && (after.kind !== "name" || WORDS.includes(after.text))) return left;
    this.position++;
    return binary("/", left, this.signed());
  }

  private signed(): Syntax {
    const { text, start, kind } = this.next;
    if (kind === "end" || !["+", "-", "not"].includes(text)) return this.power();
    if (++this.depth > MAXIMAL_DEPTH) throw new Refusal("nested too deeply", start);
    this.position++;
    const operand = this.signed();
    this.depth--;
    return text === "+" ? operand : { kind: "unary", operator: text as "-" | "not", operand, start, end: operand.end };
  }

  private power(): Syntax {
    const base = this.primary();
    if (!this.accept("^")) return base;
    if (++this.depth > MAXIMAL_DEPTH) throw new Refusal("nested too deeply", this.next.start);
    const result = binary("^", base, this.signed());
    this.depth--;
    return result;
  }

  private primary(): Syntax {
    const { kind, text, start, end } = this.take();
    if (kind === "number") {
      if (!Number.isFinite(Number(text))) throw new Refusal(`constant ${text} is not a finite number`, start);
      return { kind: "number", value: Number(text), start, end };
    }
    if (kind === "name" && !WORDS.includes(text)) {
      if (!this.accept("(")) return { kind: "name", name: text, start, end };
      const { items, end: close } = this.items(")");
      return { kind: "call", name: text, parts: items, start, end: close };
    }
    if (text === "(") {
      const inner = this.choice();
      this.expect(")");
      return inner;
    }
    if (text === "[") {
      const { items, end: close } = this.items("]");
      return { kind: "list", items, start, end: close };
    }
    this.position--;
    const found = kind === "end" ? "the formula ends" : `"${text}" stands`;
    throw new Refusal(`${found} where a number, a name or a parenthesis should be`, start);
  }

  private items(close: string): { items: Syntax[]; end: number } {
    const items: Syntax[] = [];
    if (this.next.text !== close) {
      do items.push(this.choice());
      while (this.accept(","));
    }
    return { items, end: this.expect(close).end };
  }
}

function binary(operator: BinaryOperator, left: Syntax, right: Syntax): Syntax {
  return { kind: "binary", operator, left, right, start: left.start, end: right.end };
}
