import { derivative } from "./derivative.ts";
import type { Graph } from "./graph.ts";
import { type Node, partsOf, type Scope, surrounds } from "./node.ts";

/**
 * A function whose zeros in the variable of a scope are kinks or jumps of what is averaged there, or the middle of a step or
 * peak, which may be steep.
 */
export interface BreakCondition {
  readonly kind: "kink" | "jump" | "step" | "peak";
  readonly node: Node;
}

/** Conditions of the bodies in their own scope, and through roots in it; averages smooth what is inside them. */
export function breaksOf(graph: Graph, bodies: readonly Node[], over: Scope): readonly BreakCondition[] {
  const found = new Map<Node, BreakCondition>();
  const visited = new Set<Node>();
  graph.origin = undefined;
  const add = (kind: BreakCondition["kind"], node: Node, wrap: Wrap): void => {
    const whole = wrap(node);
    if (!surrounds(over, whole.scope)) return;
    const known = found.get(whole);
    if (!known || STRENGTH[kind] > STRENGTH[known.kind]) found.set(whole, { kind, node: whole });
  };
  const visit = (node: Node, wrap: Wrap): void => {
    if (visited.has(node) || !surrounds(over, node.scope)) return;
    visited.add(node);
    for (const part of partsOf(node)) visit(part, wrap);
    if (node.kind === "call") {
      const { argument, of } = node;
      for (const point of of.kinks) add("kink", graph.subtract(argument, graph.constant(point)), wrap);
      for (const point of of.jumps) add("jump", graph.subtract(argument, graph.constant(point)), wrap);
      if (of.feature === "step") add("step", argument, wrap);
      if (of.feature === "peak") {
        const slope = argument.scope === over ? derivative(graph, argument, graph.variableOf(over)) : undefined;
        if (slope) add("peak", slope, wrap);
      }
    } else if (node.kind === "operation") {
      const { operator, left, right } = node;
      if (operator === "max" || operator === "min") add("kink", graph.subtract(left, right), wrap);
      if (["<", "<=", "=="].includes(operator)) add("jump", graph.subtract(left, right), wrap);
    } else if (node.kind === "reduce" && node.over.kind === "root") {
      const { over: root, body } = node;
      const outward: Wrap = (inner) => wrap(graph.reduce(root, inner));
      for (const part of [body, root.equation!]) visit(part, outward);
    }
  };
  for (const body of bodies) visit(body, (node) => node);
  return [...found.values()];
}

type Wrap = (node: Node) => Node;
const STRENGTH = { peak: 0, step: 1, kink: 2, jump: 3 } as const;
