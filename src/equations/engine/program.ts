import { type BreakCondition, breaksOf } from "../graph/breaks.ts";
import { type Graph, OPERATE } from "../graph/graph.ts";
import { type Node, type NodeOf, partsOf, type Scope, surrounds } from "../graph/node.ts";
import { binaryLoop, functionLoop, type Operand, powerLoop } from "./kernels.ts";
import type { Store } from "./store.ts";

/** Calculates what varies with one scope, for all its elements. */
export interface Block {
  readonly scope: Scope;
  readonly steps: readonly Step[];
  /** What it takes from scopes around. */
  readonly needs: ReadonlySet<Node>;
}

export type Step = { readonly kind: "values"; readonly node: Node; run(length: number): void } | Reduction;

/** Calculates averages (or integrals, or values at a root) over one scope. */
export interface Reduction {
  readonly kind: "reduction";
  readonly over: Scope;
  readonly inner: Block;
  readonly nodes: readonly NodeOf<"reduce">[];
  /** Those that the grid is made for, and the block that calculates them alone. */
  readonly probed: readonly NodeOf<"reduce">[];
  readonly probe: Block;
  readonly conditions: readonly BreakCondition[];
  /** Calculates the conditions; of the scope of a root, its equation. */
  readonly guide: Block;
  /** Whether conditions or ends vary with the inputs or with scopes around. */
  readonly moving: boolean;
  /** Whether what is averaged over the normal law has no kinks or jumps. */
  readonly analytic: boolean;
  /** Whether nothing is averaged inside. */
  readonly isLeaf: boolean;
}

/** What programs are made with. */
export interface Workshop {
  readonly graph: Graph;
  readonly store: Store;
  /** Nodes that grids are made for; derivatives follow. */
  readonly primary: ReadonlySet<Node>;
}

/**
 * The steps that calculate nodes of a scope and of those around it, in order. What lies in a scope around is taken as
 * calculated by the block of that one.
 */
export function compileBlock(workshop: Workshop, scope: Scope, outputs: readonly Node[]): Block {
  return new Compiler(workshop, scope).compile(outputs);
}

class Compiler {
  private readonly steps: Step[] = [];
  private readonly done = new Set<Node>();
  private readonly lifted = new Set<Node>();
  private readonly needs = new Set<Node>();
  private reductions = new Map<Scope, NodeOf<"reduce">[]>();

  private readonly store: Store;

  constructor(
    private readonly workshop: Workshop,
    private readonly scope: Scope,
  ) {
    this.store = workshop.store;
  }

  compile(outputs: readonly Node[]): Block {
    this.reductions = reductionsOf(outputs, this.scope);
    for (const node of outputs) this.visit(node);
    return { scope: this.scope, steps: this.steps, needs: this.needs };
  }

  private visit(node: Node): void {
    if (node.scope !== this.scope) this.needs.add(node);
    if (node.scope !== this.scope || this.done.has(node)) return;
    if (node.kind === "reduce") {
      this.reduction(node);
      return;
    }
    this.done.add(node);
    for (const part of partsOf(node)) this.visit(part);
    const run = this.kernel(node);
    this.steps.push({ kind: "values", node, run });
  }

  private reduction(node: NodeOf<"reduce">): void {
    const { over } = node;
    const together = this.reductions.get(over) ?? [];
    const nodes = together.includes(node) ? together : [node];
    for (const each of nodes) this.done.add(each);
    for (const end of [over.low, over.high]) if (end) this.visit(end);
    this.steps.push(this.reductionStep(over, nodes));
  }

  private reductionStep(over: Scope, nodes: readonly NodeOf<"reduce">[]): Reduction {
    const { workshop } = this;
    const bodies = nodes.map(({ body }) => body);
    const chosen = nodes.filter((node) => workshop.primary.has(node));
    const probed = chosen.length > 0 ? chosen : nodes;
    const probedBodies = probed.map(({ body }) => body);
    const isRoot = over.kind === "root";
    const conditions = isRoot ? [] : breaksOf(workshop.graph, probedBodies, over);
    const guides = isRoot ? [over.equation!] : conditions.map(({ node }) => node);
    const inner = compileBlock(workshop, over, bodies);
    const probe = probed.length === nodes.length ? inner : compileBlock(workshop, over, probedBodies);
    const guide = compileBlock(workshop, over, guides);
    for (const block of [inner, probe, guide]) for (const needed of block.needs) this.visit(needed);
    const ends = [over.low, over.high].filter((end) => end !== undefined);
    const moving = [...reachable([...guides, ...ends])].some(
      (node) => node.kind === "input" || (node.kind === "variable" && !surrounds(over, node.scope)),
    );
    return {
      kind: "reduction",
      ...{ over, nodes, inner, probed, probe, conditions, moving, guide },
      analytic: over.kind === "gaussian" && conditions.every(({ kind }) => kind === "step" || kind === "peak"),
      isLeaf: !inner.steps.some((step) => step.kind === "reduction" && averages(step)),
    };
  }

  /** Values of a part for the elements of this scope. */
  private operand(part: Node): Operand {
    const { store, scope } = this;
    if (part.scope === scope) return { single: false, values: () => store.values[part.id]! };
    if (part.scope.kind === "point") return { single: true, values: () => store.values[part.id]! };
    const key = `${part.id} ${scope.id}`;
    if (!this.lifted.has(part)) {
      this.lifted.add(part);
      this.steps.push({ kind: "values", node: part, run: (length) => lift(store, part, scope, key, length) });
    }
    return { single: false, values: () => store.roomLifted(key, 0) };
  }

  private kernel(node: Node): (length: number) => void {
    const { store } = this;
    switch (node.kind) {
      case "constant":
        return () => (store.room(node, 1)[0] = node.value);
      case "input":
        return () => (store.room(node, 1)[0] = store.inputs[node.index]!);
      case "variable":
        return () => (store.values[node.id] = store.stateOf(this.scope).variable);
      case "call": {
        const loop = functionLoop(node.of.value);
        const argument = this.operand(node.argument);
        return (n) => loop(argument.values(), store.room(node, n), n);
      }
      case "operation":
        return this.operation(node);
      case "choice": {
        const [condition, yes, no] = [this.operand(node.condition), this.operand(node.yes), this.operand(node.no)];
        const [c, y, o] = [condition, yes, no].map(({ single }) => (single ? 0 : 1)) as [number, number, number];
        return (n) => {
          const [test, first, second] = [condition.values(), yes.values(), no.values()];
          const out = store.room(node, n);
          for (let i = 0; i < n; i++) out[i] = test[c * i]! !== 0 ? first[y * i]! : second[o * i]!;
        };
      }
      case "reduce":
        throw new Error("averages are steps of their own");
    }
  }

  private operation(node: NodeOf<"operation">): (length: number) => void {
    const { store } = this;
    const { operator, left, right } = node;
    const first = this.operand(left);
    if (operator === "^" && right.kind === "constant") {
      const loop = powerLoop(right.value);
      return (n) => loop(first.values(), store.room(node, n), n);
    }
    const second = this.operand(right);
    const loop = binaryLoop(first, second, operator, OPERATE[operator]);
    return (n) => loop(first.values(), second.values(), store.room(node, n), n);
  }
}

/** Whether a reduction takes an average, be it inside the function whose root it seeks. */
function averages({ over, inner, guide }: Reduction): boolean {
  if (over.kind !== "root") return true;
  return [inner, guide].some(({ steps }) => steps.some((step) => step.kind === "reduction" && averages(step)));
}

function lift(store: Store, part: Node, scope: Scope, key: string, length: number): void {
  const out = store.roomLifted(key, length);
  const values = store.values[part.id]!;
  const chain: Int32Array[] = [];
  for (let at = scope; at !== part.scope; at = at.parent!) chain.push(store.stateOf(at).parent);
  for (let i = 0; i < length; i++) {
    let index = i;
    for (const parents of chain) index = parents[index]!;
    out[i] = values[index]!;
  }
}

/** The averages that are needed in a scope, by what they run over. */
function reductionsOf(outputs: readonly Node[], scope: Scope): Map<Scope, NodeOf<"reduce">[]> {
  const found = new Map<Scope, NodeOf<"reduce">[]>();
  for (const node of reachable(outputs)) {
    if (node.kind !== "reduce" || node.scope !== scope) continue;
    const same = found.get(node.over);
    if (same) same.push(node);
    else found.set(node.over, [node]);
  }
  return found;
}

/** Every node that some of these depend on, through averages, too. */
export function reachable(outputs: readonly Node[]): Set<Node> {
  const seen = new Set<Node>();
  const waiting = [...outputs];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    waiting.push(...partsOf(node));
    if (node.kind !== "reduce") continue;
    const { low, high, equation } = node.over;
    waiting.push(node.body, ...[low, high, equation].filter((part) => part !== undefined));
  }
  return seen;
}
