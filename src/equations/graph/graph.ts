import { formulaFunction } from "./functions.ts";
import type { Algebra, FormulaFunction, Node, NodeOf, Operator, Origin, Scope } from "./node.ts";

/** More nodes than this are a mistake, or hostile. */
const MAXIMAL_SIZE = 30_000;

/** A node without what is the same for all kinds of it. */
type Content = Node extends infer N ? (N extends Node ? Omit<N, "id" | "scope" | "origin"> : never) : never;

/** The formulas were too large when they were put together. */
export class GraphTooLarge extends Error {}

/**
 * The graph of all formulas. Equal parts become one node; constants are folded, and the few forms that overflow or lose
 * their derivative as written are rewritten.
 */
export class Graph implements Algebra {
  readonly point: Scope = { id: 0, kind: "point", parent: undefined, depth: 0 };
  private readonly nodes = new Map<string, Node>();
  private readonly scopes = new Map<string, Scope>();
  private readonly variables = new Map<Scope, Node>();
  private count = 0;
  private scopeCount = 1;
  /** Of the nodes that are being made. */
  origin: Origin | undefined;

  constant(value: number): Node {
    return this.node(`c${Object.is(value, -0) ? 0 : value}`, { kind: "constant", value }, this.point);
  }

  input(index: number): Node {
    return this.node(`i${index}`, { kind: "input", index }, this.point);
  }

  /** The scope of that key within another: averages of the same kind and ends share one. */
  scope(kind: Scope["kind"], parent: Scope, key: string, ends?: { low: Node; high: Node }): Scope {
    const name = `${kind} ${parent.id} ${key} ${ends ? `${ends.low.id} ${ends.high.id}` : ""}`;
    let scope = this.scopes.get(name);
    if (!scope) {
      const origin = this.origin && { origin: this.origin };
      scope = { id: this.scopeCount++, kind, parent, depth: parent.depth + 1, ...ends, ...origin };
      this.scopes.set(name, scope);
    }
    return scope;
  }

  variableOf(scope: Scope): Node {
    const known = this.variables.get(scope);
    if (known) return known;
    const variable = this.node(`v${scope.id}`, { kind: "variable" }, scope);
    this.variables.set(scope, variable);
    return variable;
  }

  /** The average, integral or value at the root of the body, which may not vary with the scope at all. */
  reduce(over: Scope, body: Node): Node {
    if (equals(body, 0)) return body;
    if (over.kind !== "integral" && over.depth > body.scope.depth) return body;
    return this.node(`r${over.id} ${body.id}`, { kind: "reduce", over, body }, over.parent!);
  }

  add(left: Node, right: Node): Node {
    if (equals(left, 0)) return right;
    if (equals(right, 0)) return left;
    return this.operation("+", left, right);
  }

  subtract(left: Node, right: Node): Node {
    if (equals(right, 0)) return left;
    return equals(left, 0) ? this.negate(right) : this.operation("-", left, right);
  }

  negate(node: Node): Node {
    return this.multiply(this.constant(-1), node);
  }

  multiply(left: Node, right: Node): Node {
    if (equals(left, 0) || equals(right, 0)) return this.constant(0);
    if (equals(left, 1)) return right;
    if (right.kind === "constant" && left.kind !== "constant") return this.multiply(right, left);
    if (left.kind === "constant" && isOperation(right, "*") && right.left.kind === "constant") {
      return this.multiply(this.constant(left.value * right.left.value), right.right);
    }
    if (left === right) return this.power(left, this.constant(2));
    return this.operation("*", left, right);
  }

  /** A denominator 1 + e^u becomes a sigmoid, which does not overflow, and neither does its derivative. */
  divide(left: Node, right: Node): Node {
    if (equals(right, 1)) return left;
    if (equals(left, 0) && !equals(right, 0)) return left;
    const exponent = exponentOfOnePlusExp(right);
    if (exponent) {
      if (argumentOf(left, "exp") === exponent) return this.call("sigmoid", exponent);
      return this.multiply(left, this.call("sigmoid", this.negate(exponent)));
    }
    return this.operation("/", left, right);
  }

  /** A constant base e is an exponential, an exponent ½ a square root; √(u²) is |u|, which has a derivative at 0. */
  power(base: Node, exponent: Node): Node {
    if (equals(exponent, 1)) return base;
    if (equals(exponent, 0)) return this.constant(1);
    if (exponent.kind === "constant" && !Number.isInteger(exponent.value) && isEvenPower(base)) {
      return this.power(this.call("abs", base.left), this.operation("*", base.right, exponent));
    }
    if (equals(exponent, 0.5)) return this.call("sqrt", base);
    if (equals(base, Math.E)) return this.call("exp", exponent);
    return this.operation("^", base, exponent);
  }

  operation(operator: Operator, left: Node, right: Node): Node {
    if (left.kind === "constant" && right.kind === "constant") {
      const value = OPERATE[operator](left.value, right.value);
      if (Number.isFinite(value)) return this.constant(value);
    }
    return this.node(
      `${operator} ${left.id} ${right.id}`,
      { kind: "operation", operator, left, right },
      inner(left, right),
    );
  }

  choice(condition: Node, yes: Node, no: Node): Node {
    if (condition.kind === "constant") return condition.value !== 0 ? yes : no;
    if (yes === no) return yes;
    return this.node(
      `? ${condition.id} ${yes.id} ${no.id}`,
      { kind: "choice", condition, yes, no },
      inner(condition, yes, no),
    );
  }

  /** Logarithms of what vanishes or overflows become functions that do not. */
  call(name: string, argument: Node): Node {
    if (name === "log") {
      const exponent = exponentOfOnePlusExp(argument);
      if (exponent) return this.call("softplus", exponent);
      const [cdf, cosh] = [argumentOf(argument, "normalCdf"), argumentOf(argument, "cosh")];
      if (cdf) return this.call("logNormalCdf", cdf);
      if (cosh) return this.call("logcosh", cosh);
    }
    const exponent = argumentOf(argument, "exp");
    if (name === "log" && exponent) return exponent;
    if (name === "log1p" && exponent) return this.call("softplus", exponent);
    if (name === "sqrt" && isEvenPower(argument)) return this.power(argument, this.constant(0.5));
    return this.apply(formulaFunction(name)!, argument);
  }

  apply(of: FormulaFunction, argument: Node): Node {
    if (argument.kind === "constant") {
      const value = of.value(argument.value);
      if (Number.isFinite(value)) return this.constant(value);
    }
    return this.node(`f${of.name} ${argument.id}`, { kind: "call", of, argument }, argument.scope);
  }

  private node(key: string, content: Content, scope: Scope): Node {
    const known = this.nodes.get(key);
    if (known) return known;
    if (this.count >= MAXIMAL_SIZE) throw new GraphTooLarge();
    const node = { id: this.count++, scope, origin: this.origin, ...content } as Node;
    this.nodes.set(key, node);
    return node;
  }
}

/** Of two scopes of which one is around the other, the inner one. */
const inner = (...nodes: readonly Node[]): Scope =>
  nodes.map(({ scope }) => scope).reduce((a, b) => (a.depth >= b.depth ? a : b));

function equals(node: Node, value: number): boolean {
  return node.kind === "constant" && node.value === value;
}

function isOperation(node: Node, operator: Operator): node is NodeOf<"operation"> {
  return node.kind === "operation" && node.operator === operator;
}

function argumentOf(node: Node, name: string): Node | undefined {
  return node.kind === "call" && node.of.name === name ? node.argument : undefined;
}

function isEvenPower(node: Node): node is NodeOf<"operation"> {
  return isOperation(node, "^") && node.right.kind === "constant" && node.right.value % 2 === 0;
}

/** u if the node is 1 + e^u or e^u + 1. */
function exponentOfOnePlusExp(node: Node): Node | undefined {
  if (!isOperation(node, "+")) return undefined;
  const other = equals(node.left, 1) ? node.right : equals(node.right, 1) ? node.left : undefined;
  return other && argumentOf(other, "exp");
}

/** baseⁿ by repeated squaring where n is a small integer. */
export function raise(base: number, exponent: number): number {
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 64) return base ** exponent;
  if (exponent < 0) return 1 / raise(base, -exponent);
  let result = 1;
  for (let square = base, rest = exponent; rest > 0; square *= square, rest >>= 1) if (rest & 1) result *= square;
  return result;
}

export const OPERATE: Readonly<Record<Operator, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "^": raise,
  max: Math.max,
  min: Math.min,
  "<": (left, right) => Number(left < right),
  "<=": (left, right) => Number(left <= right),
  "==": (left, right) => Number(left === right),
  and: (left, right) => Number(left !== 0 && right !== 0),
  or: (left, right) => Number(left !== 0 || right !== 0),
};
