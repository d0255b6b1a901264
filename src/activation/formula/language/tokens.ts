/** A word of a formula. */
export interface Token {
  readonly kind: "number" | "name" | "symbol" | "end";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Why a formula is refused, and where in its text; the formula itself is added where it is known. */
export class Refusal extends Error {
  constructor(
    readonly reason: string,
    readonly offset: number,
  ) {
    super(reason);
  }
}

const SPACE = /\s+/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const SYMBOL = /<=|>=|==|!=|[-+*/^()[\],<>?:]/y;
/** What other languages write, and what stands for it here. */
const FOREIGN = /\*\*|&&|\|\||!(?!=)|(?:np|numpy|jnp|math|Math|torch|tf|scipy)\s*\.\s*(?=[A-Za-z])/y;
const INSTEAD: Readonly<Record<string, string>> = { "**": "^", "&&": "and", "||": "or", "!": "not" };

/** @throws Refusal at the first character that begins no word */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const space = match(SPACE, text, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const foreign = match(FOREIGN, text, at);
    if (foreign !== undefined) {
      const instead = INSTEAD[foreign];
      const hint = instead === undefined ? "functions have plain names: sin(x)" : `write ${instead}`;
      throw new Refusal(`"${foreign}" is not allowed; ${hint}`, at);
    }
    const number = match(NUMBER, text, at);
    const name = number === undefined ? match(NAME, text, at) : undefined;
    const found = number ?? name ?? match(SYMBOL, text, at);
    if (found === undefined) throw new Refusal(`"${String.fromCodePoint(text.codePointAt(at)!)}" is not allowed`, at);
    const kind = number !== undefined ? "number" : name !== undefined ? "name" : "symbol";
    tokens.push({ kind, text: found, start: at, end: at + found.length });
    at += found.length;
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
