/** The formula that something was read from: its name in the description, as "equations.m", and its text. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** Where in which formula a node was written first. */
export interface Origin {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/**
 * What varies together: the one point at which the equations are evaluated, the nodes of an average or an integral (for every
 * element of the scope around it), or the root of a function (one for every element).
 */
export interface Scope {
  readonly id: number;
  readonly kind: "point" | "gaussian" | "integral" | "root";
  readonly parent: Scope | undefined;
  readonly depth: number;
  /** Ends of an integral, or of the interval with the root. */
  readonly low?: Node;
  readonly high?: Node;
  readonly origin?: Origin;
  /** The function whose root it is; known after its variable, which it varies with. */
  equation?: Node;
}

export type Operator = "+" | "-" | "*" | "/" | "^" | "max" | "min" | "<" | "<=" | "==" | "and" | "or";

/** A node of the graph of all formulas, in which equal parts are one node. */
export type Node = {
  readonly id: number;
  /** The innermost scope that it varies with. */
  readonly scope: Scope;
  readonly origin: Origin | undefined;
} & (
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "variable" }
  | { readonly kind: "call"; readonly of: FormulaFunction; readonly argument: Node }
  | { readonly kind: "operation"; readonly operator: Operator; readonly left: Node; readonly right: Node }
  | { readonly kind: "choice"; readonly condition: Node; readonly yes: Node; readonly no: Node }
  | { readonly kind: "reduce"; readonly over: Scope; readonly body: Node }
);

export type NodeOf<K extends Node["kind"]> = Extract<Node, { kind: K }>;

/** What makes nodes, equal ones once. */
export interface Algebra {
  constant(value: number): Node;
  add(left: Node, right: Node): Node;
  subtract(left: Node, right: Node): Node;
  negate(node: Node): Node;
  multiply(left: Node, right: Node): Node;
  divide(left: Node, right: Node): Node;
  power(base: Node, exponent: Node): Node;
  call(name: string, argument: Node): Node;
  apply(of: FormulaFunction, argument: Node): Node;
}

/** A function of one variable that formulas may call. */
export interface FormulaFunction {
  readonly name: string;
  readonly value: (x: number) => number;
  readonly kinks: readonly number[];
  readonly jumps: readonly number[];
  /** How it varies near 0 on a scale of 1: a step or bend there, or a peak where its argument is largest. */
  readonly feature?: "step" | "peak";
  /** The derivative at u, of which `self` is the value; undefined where only differences give it. */
  readonly derivative: (graph: Algebra, u: Node, self: Node) => Node | undefined;
}

/** Parts of a node within its own scope and those around it; the body of an average is within another. */
export function partsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "call":
      return [node.argument];
    case "operation":
      return [node.left, node.right];
    case "choice":
      return [node.condition, node.yes, node.no];
    default:
      return [];
  }
}

/** Whether the scope is the other or one around it. */
export function surrounds(scope: Scope, inner: Scope): boolean {
  for (let at: Scope | undefined = inner; at; at = at.parent) if (at === scope) return true;
  return false;
}
