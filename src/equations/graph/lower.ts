import { ExpressionError } from "../../errors.ts";
import { placeAt, type Syntax } from "../../activation/formula/language/syntax.ts";
import { formulaFunction, functionNames } from "./functions.ts";
import { type Graph, GraphTooLarge } from "./graph.ts";
import type { Node, Operator, Scope, Source } from "./node.ts";

/** A formula that has been read, and where it stood. */
export interface Formula {
  readonly source: Source;
  readonly syntax: Syntax;
}

/** What the names of a problem mean: an input, or a definition. */
export type Meanings = ReadonlyMap<string, Node | Formula>;

/** What bound variables are at a place. */
type Environment = ReadonlyMap<string, Node>;

const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ["pi", Math.PI],
  ["e", Math.E],
]);
const INFINITE = ["inf", "infinity", "Infinity"];
/** Constructs that bind a variable: how they are written. */
const BINDERS: ReadonlyMap<string, string> = new Map([
  ["E", "E(z, f)"],
  ["integral", "integral(y, a, b, f)"],
  ["sum", "sum(s, [-1, 1], f)"],
  ["root", "root(u, a, b, f)"],
]);
/** Averages and integrals within each other; roots count, too, but less. */
const MOST_AVERAGES = 3;
const MOST_SCOPES = 6;

/** Names that no unknown, parameter, definition or bound variable may have. */
export function isReserved(name: string): boolean {
  const words =
    CONSTANTS.has(name) || INFINITE.includes(name) || BINDERS.has(name) || ["min", "max", "pow"].includes(name);
  return words || formulaFunction(name) !== undefined;
}

/** An error at a place of a formula. */
export function refusal(source: Source, reason: string, offset: number): ExpressionError {
  return new ExpressionError(source.text, reason, source.name, placeAt(source.text, offset));
}

/** Turns formulas into nodes of a graph: definitions are expanded where they stand, and averages find their scopes. */
export class Lowering {
  private readonly nodes = new Map<Syntax, Map<string, Node>>();
  private readonly free = new Map<Syntax, ReadonlySet<string>>();
  private readonly heights = new Map<Syntax, number>();
  private readonly open: Formula[] = [];

  /**
   * @param bound every name that some formula binds, for messages
   * @param group keeps the averages of some formulas apart from those of others
   */
  constructor(
    private readonly graph: Graph,
    private readonly meanings: Meanings,
    private readonly bound: ReadonlySet<string>,
    private readonly group: string,
  ) {}

  /** @throws ExpressionError with the place in the text */
  lower(formula: Formula): Node {
    try {
      return this.node(formula.syntax, new Map(), formula.source);
    } catch (error) {
      if (!(error instanceof GraphTooLarge) && !(error instanceof RangeError)) throw error;
      throw refusal(formula.source, "the formulas together are too large", 0);
    }
  }

  private node(syntax: Syntax, environment: Environment, source: Source): Node {
    const key = this.key(syntax, environment);
    const known = this.nodes.get(syntax)?.get(key);
    if (known) return known;
    const node = this.make(syntax, environment, source);
    if (!this.nodes.has(syntax)) this.nodes.set(syntax, new Map());
    this.nodes.get(syntax)!.set(key, node);
    return node;
  }

  /** What a formula depends on of what is bound around it. */
  private key(syntax: Syntax, environment: Environment): string {
    const names = [...this.freeNames(syntax)].filter((name) => environment.has(name)).sort();
    return names.map((name) => `${name} ${environment.get(name)!.id}`).join();
  }

  private make(syntax: Syntax, environment: Environment, source: Source): Node {
    const { graph } = this;
    const part = (inner: Syntax): Node => this.node(inner, environment, source);
    const within = <T>(build: () => T): T => {
      graph.origin = { source, start: syntax.start, end: syntax.end };
      return build();
    };
    switch (syntax.kind) {
      case "number":
        return graph.constant(syntax.value);
      case "name":
        return this.symbol(syntax, environment, source);
      case "unary": {
        const operand = part(syntax.operand);
        return within(() =>
          syntax.operator === "-" ? graph.negate(operand) : graph.operation("==", operand, graph.constant(0)),
        );
      }
      case "binary": {
        const [left, right] = [part(syntax.left), part(syntax.right)];
        return within(() => this.binary(syntax.operator, left, right));
      }
      case "choice": {
        const [condition, yes, no] = [part(syntax.condition), part(syntax.yes), part(syntax.no)];
        return within(() => graph.choice(condition, yes, no));
      }
      case "list":
        throw refusal(source, "a list may stand only where sum(s, list, f) expects one", syntax.start);
      case "call":
        if (BINDERS.has(syntax.name)) return this.binder(syntax, environment, source);
        return this.call(syntax, part, within, source);
    }
  }

  private binary(operator: Extract<Syntax, { kind: "binary" }>["operator"], left: Node, right: Node): Node {
    const { graph } = this;
    switch (operator) {
      case "+":
        return graph.add(left, right);
      case "-":
        return graph.subtract(left, right);
      case "*":
        return graph.multiply(left, right);
      case "/":
        return graph.divide(left, right);
      case "^":
        return graph.power(left, right);
      case ">":
        return graph.operation("<", right, left);
      case ">=":
        return graph.operation("<=", right, left);
      case "!=":
        return graph.operation("==", graph.operation("==", left, right), graph.constant(0));
      default:
        return graph.operation(operator satisfies Operator, left, right);
    }
  }

  private symbol(syntax: Extract<Syntax, { kind: "name" }>, environment: Environment, source: Source): Node {
    const { name, start } = syntax;
    const variable = environment.get(name);
    if (variable) return variable;
    const meaning = this.meanings.get(name);
    if (meaning && "syntax" in meaning) return this.definition(meaning, environment, source, start);
    if (meaning) return meaning;
    const value = CONSTANTS.get(name);
    if (value !== undefined) return this.graph.constant(value);
    if (INFINITE.includes(name)) throw refusal(source, `"${name}" may stand only as an end of an integral`, start);
    if (this.bound.has(name)) {
      throw refusal(source, `"${name}" is a bound variable, used outside of what binds it`, start);
    }
    if (isReserved(name)) throw refusal(source, `function "${name}" needs an argument`, start);
    const legal = [...this.meanings.keys()].join(", ");
    throw refusal(source, `unknown symbol "${name}"; legal are ${legal}, pi and e`, start);
  }

  private definition(formula: Formula, environment: Environment, source: Source, start: number): Node {
    if (this.open.includes(formula)) {
      const circle = [...this.open.slice(this.open.indexOf(formula)), formula].map((item) => item.source.name);
      throw refusal(source, `definitions in a circle: ${circle.join(" → ")}`, start);
    }
    this.open.push(formula);
    try {
      return this.node(formula.syntax, environment, formula.source);
    } finally {
      this.open.pop();
    }
  }

  private call(
    syntax: Extract<Syntax, { kind: "call" }>,
    part: (inner: Syntax) => Node,
    within: (build: () => Node) => Node,
    source: Source,
  ): Node {
    const { graph } = this;
    const { name, parts, start } = syntax;
    const operator = name === "max" || name === "min" ? name : undefined;
    if (operator) {
      if (parts.length < 2) throw refusal(source, `function "${name}" takes at least 2 arguments`, start);
      const operands = parts.map(part);
      return within(() => operands.reduce((left, right) => this.extremum(operator, left, right)));
    }
    if (this.meanings.has(name) || this.bound.has(name) || CONSTANTS.has(name)) {
      throw refusal(source, `"${name}" is not a function: write ${name} * (…)`, start);
    }
    if (name !== "pow" && !formulaFunction(name)) {
      const legal = [...BINDERS.keys(), ...functionNames].join(", ");
      throw refusal(source, `unknown function "${name}"; legal are ${legal}`, start);
    }
    const arity = name === "pow" ? 2 : 1;
    if (parts.length !== arity) {
      throw refusal(
        source,
        `function "${name}" takes ${arity} argument${arity > 1 ? "s" : ""}, got ${parts.length}`,
        start,
      );
    }
    const [first, second] = parts.map(part);
    return within(() => (second ? graph.power(first!, second) : graph.call(name, first!)));
  }

  /** max(u, 0) is a function of one variable with a kink. */
  private extremum(operator: "max" | "min", left: Node, right: Node): Node {
    const zero = this.graph.constant(0);
    if (operator === "max" && right === zero) return this.graph.call("relu", left);
    if (operator === "max" && left === zero) return this.graph.call("relu", right);
    return this.graph.operation(operator, left, right);
  }

  private binder(syntax: Extract<Syntax, { kind: "call" }>, environment: Environment, source: Source): Node {
    const { graph } = this;
    const { name, parts, start, end } = syntax;
    const usage = `as in ${BINDERS.get(name)!}`;
    const count = { E: 2, sum: 3 }[name] ?? 4;
    if (parts.length !== count) throw refusal(source, `"${name}" takes ${count} parts, ${usage}`, start);
    const [variable, ...rest] = parts as [Syntax, ...Syntax[]];
    if (variable.kind !== "name") throw refusal(source, `"${name}" needs a name first, ${usage}`, variable.start);
    if (this.meanings.has(variable.name) || isReserved(variable.name)) {
      const reason = `"${variable.name}" has a meaning already and cannot be bound by ${name}`;
      throw refusal(source, reason, variable.start);
    }
    const body = rest.at(-1)!;
    const bind = (value: Node): Node => {
      return this.node(body, new Map([...environment, [variable.name, value]]), source);
    };
    if (name === "sum") return this.sum(rest[0]!, bind, environment, source);
    const kind = name === "E" ? "gaussian" : (name as "integral" | "root");
    const ends = name === "E" ? undefined : this.ends(rest, environment, source);
    const parent = this.parentOf(body, rest.slice(0, -1), variable.name, environment);
    graph.origin = { source, start, end };
    const place = `${source.name} ${start} ${this.key(body, environment)}`;
    const key = `${this.group} ${this.height(body)} ${kind === "root" ? place : ""}`;
    const scope = graph.scope(kind, parent, key, ends);
    requireDepth(scope, source, start);
    const value = bind(graph.variableOf(scope));
    graph.origin = { source, start, end };
    if (kind !== "root") return graph.reduce(scope, value);
    scope.equation = value;
    return graph.reduce(scope, graph.variableOf(scope));
  }

  private sum(list: Syntax, bind: (value: Node) => Node, environment: Environment, source: Source): Node {
    const meaning = list.kind === "name" ? this.meanings.get(list.name) : undefined;
    const items = meaning && "syntax" in meaning ? meaning.syntax : list;
    if (items.kind !== "list" || items.items.length === 0) {
      throw refusal(source, "sum needs a list, as in sum(s, [-1, 1], f)", list.start);
    }
    const values = items.items.map((item) => this.node(item, environment, source));
    return values.map(bind).reduce((left, right) => this.graph.add(left, right));
  }

  private ends(rest: readonly Syntax[], environment: Environment, source: Source): { low: Node; high: Node } {
    const [low, high] = rest.slice(0, 2).map((end) => {
      const negative = end.kind === "unary" && end.operator === "-";
      const inner = negative ? end.operand : end;
      if (inner.kind === "name" && INFINITE.includes(inner.name)) {
        return this.graph.constant(negative ? -Infinity : Infinity);
      }
      return this.node(end, environment, source);
    });
    return { low: low!, high: high! };
  }

  /** The innermost scope with which a construct varies: it is calculated there, however deep it stands. */
  private parentOf(body: Syntax, ends: readonly Syntax[], own: string, environment: Environment): Scope {
    // In the ends, a name that is bound here is that of the construct around.
    const inside = [...this.freeNames(body)].filter((name) => name !== own);
    const names = [...inside, ...ends.flatMap((end) => [...this.freeNames(end)])];
    const scopes = names.flatMap((name) => environment.get(name)?.scope ?? []);
    return scopes.reduce((a, b) => (a.depth >= b.depth ? a : b), this.graph.point);
  }

  /** Names in a formula, its definitions expanded, that are bound around it, if they are bound at all. */
  private freeNames(syntax: Syntax): ReadonlySet<string> {
    const known = this.free.get(syntax);
    if (known) return known;
    this.free.set(syntax, new Set());
    const names = new Set<string>();
    if (syntax.kind === "name") {
      const meaning = this.meanings.get(syntax.name);
      if (meaning === undefined) names.add(syntax.name);
      else if ("syntax" in meaning) for (const name of this.freeNames(meaning.syntax)) names.add(name);
    }
    const parts = [...partsOfSyntax(syntax)];
    const [variable] = parts;
    if (syntax.kind === "call" && BINDERS.has(syntax.name) && variable?.kind === "name") {
      // Only in the body, the last part, is it the name that is bound here.
      for (const name of this.freeNames(parts.pop()!)) if (name !== variable.name) names.add(name);
      parts.shift();
    }
    for (const part of parts) for (const name of this.freeNames(part)) names.add(name);
    this.free.set(syntax, names);
    return names;
  }

  /** Constructs within each other that bind a variable: those of one height do not need each other. */
  private height(syntax: Syntax): number {
    const known = this.heights.get(syntax);
    if (known !== undefined) return known;
    this.heights.set(syntax, 0);
    const meaning = syntax.kind === "name" ? this.meanings.get(syntax.name) : undefined;
    const parts = meaning && "syntax" in meaning ? [meaning.syntax] : partsOfSyntax(syntax);
    const inside = Math.max(0, ...parts.map((part) => this.height(part)));
    const height = inside + (syntax.kind === "call" && BINDERS.has(syntax.name) && syntax.name !== "sum" ? 1 : 0);
    this.heights.set(syntax, height);
    return height;
  }
}

/** Immediate parts of a formula. */
export function partsOfSyntax(syntax: Syntax): readonly Syntax[] {
  switch (syntax.kind) {
    case "call":
      return syntax.parts;
    case "unary":
      return [syntax.operand];
    case "binary":
      return [syntax.left, syntax.right];
    case "choice":
      return [syntax.condition, syntax.yes, syntax.no];
    case "list":
      return syntax.items;
    default:
      return [];
  }
}

/** Adds every name that a formula binds. */
export function addBoundNames(syntax: Syntax, names: Set<string>): void {
  if (syntax.kind === "call" && BINDERS.has(syntax.name) && syntax.parts[0]?.kind === "name") {
    names.add(syntax.parts[0].name);
  }
  for (const part of partsOfSyntax(syntax)) addBoundNames(part, names);
}

function requireDepth(scope: Scope, source: Source, start: number): void {
  let averages = 0;
  for (let at: Scope | undefined = scope; at; at = at.parent)
    if (at.kind === "gaussian" || at.kind === "integral") averages++;
  if (averages > MOST_AVERAGES) throw refusal(source, `averages more than ${MOST_AVERAGES} deep`, start);
  if (scope.depth > MOST_SCOPES) throw refusal(source, `roots and averages more than ${MOST_SCOPES} deep`, start);
}
