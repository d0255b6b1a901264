import type { Graph } from "./graph.ts";
import { type Node, type NodeOf, surrounds } from "./node.ts";

/** A place of a jump moves with what is differentiated: an average's derivative is not the average of the derivative. */
class NotDifferentiable extends Error {}

/**
 * The partial derivative in an input, or in the variable of a scope, that is held apart from the others.
 *
 * @returns undefined where jumps or choices move, or a limit of an integral does whose integrand has averages inside
 */
export function derivative(graph: Graph, node: Node, by: Node): Node | undefined {
  graph.origin = undefined;
  try {
    return new Differentiation(graph, by).of(node);
  } catch (error) {
    if (error instanceof NotDifferentiable) return undefined;
    throw error;
  }
}

class Differentiation {
  private readonly known = new Map<Node, Node>();
  private readonly zero: Node;

  constructor(
    private readonly graph: Graph,
    private readonly by: Node,
  ) {
    this.zero = graph.constant(0);
  }

  of(node: Node): Node {
    const known = this.known.get(node);
    if (known) return known;
    const result = this.calculate(node);
    this.known.set(node, result);
    return result;
  }

  private calculate(node: Node): Node {
    const { graph } = this;
    switch (node.kind) {
      case "constant":
        return this.zero;
      case "input":
      case "variable":
        return node === this.by ? graph.constant(1) : this.zero;
      case "call": {
        const inner = this.of(node.argument);
        if (inner === this.zero) return inner;
        const outer = node.of.derivative(graph, node.argument, node);
        if (!outer) throw new NotDifferentiable();
        return graph.multiply(outer, inner);
      }
      case "operation":
        return this.ofOperation(node);
      case "choice":
        this.requireConstant(node.condition);
        return graph.choice(node.condition, this.of(node.yes), this.of(node.no));
      case "reduce":
        return this.ofReduction(node);
    }
  }

  /** Whatever jumps when this number changes must not change. */
  private requireConstant(node: Node): void {
    if (node.kind === "operation" && ["<", "<=", "=="].includes(node.operator)) {
      if (this.of(node.left) !== this.zero || this.of(node.right) !== this.zero) throw new NotDifferentiable();
    } else if (this.of(node) !== this.zero) throw new NotDifferentiable();
  }

  private ofOperation(node: NodeOf<"operation">): Node {
    const { graph, zero } = this;
    const { operator, left, right } = node;
    const [first, second] = [this.of(left), this.of(right)];
    if (first === zero && second === zero) return zero;
    switch (operator) {
      case "+":
        return graph.add(first, second);
      case "-":
        return graph.subtract(first, second);
      case "*":
        return graph.add(graph.multiply(first, right), graph.multiply(left, second));
      case "/":
        return graph.divide(graph.subtract(first, graph.multiply(node, second)), right);
      case "^":
        return this.ofPower(node, first, second);
      case "max":
        return graph.choice(graph.operation("<", left, right), second, first);
      case "min":
        return graph.choice(graph.operation("<", left, right), first, second);
      default:
        throw new NotDifferentiable();
    }
  }

  private ofPower({ left, right }: NodeOf<"operation">, first: Node, second: Node): Node {
    const { graph } = this;
    const lower = graph.power(left, graph.subtract(right, graph.constant(1)));
    const through = graph.multiply(graph.multiply(right, lower), first);
    if (second === this.zero) return through;
    const self = graph.power(left, right);
    return graph.add(through, graph.multiply(graph.multiply(self, graph.call("log", left)), second));
  }

  private ofReduction({ over, body }: NodeOf<"reduce">): Node {
    const { graph } = this;
    const inside = this.of(body);
    if (over.kind === "root") return graph.reduce(over, graph.add(inside, this.throughRoot(body, over)));
    const integral = graph.reduce(over, inside);
    if (over.kind === "gaussian") return integral;
    const ends = [
      [over.low!, -1],
      [over.high!, 1],
    ] as const;
    return ends.reduce((sum, [end, sign]) => {
      const motion = this.of(end);
      if (motion === this.zero) return sum;
      const value = graph.multiply(substitute(graph, body, graph.variableOf(over), end), motion);
      return graph.add(sum, graph.multiply(graph.constant(sign), value));
    }, integral);
  }

  /** ∂g/∂u · du/dθ with du/dθ = −(∂f/∂θ)/(∂f/∂u) at the root u of f. */
  private throughRoot(body: Node, over: NodeOf<"reduce">["over"]): Node {
    const { graph, zero } = this;
    const equation = over.equation!;
    const motion = this.of(equation);
    if (motion === zero) return zero;
    const variable = graph.variableOf(over);
    const [slope, sensitivity] = [derivative(graph, equation, variable), derivative(graph, body, variable)];
    if (!slope || !sensitivity) throw new NotDifferentiable();
    return graph.multiply(sensitivity, graph.negate(graph.divide(motion, slope)));
  }
}

/** The body of an integral at an end of it. */
function substitute(graph: Graph, body: Node, variable: Node, end: Node): Node {
  const known = new Map<Node, Node>([[variable, end]]);
  const replace = (node: Node): Node => {
    if (!surrounds(variable.scope, node.scope)) return node;
    let result = known.get(node);
    if (!result) known.set(node, (result = rebuild(node)));
    return result;
  };
  const rebuild = (node: Node): Node => {
    switch (node.kind) {
      case "call":
        return graph.apply(node.of, replace(node.argument));
      case "operation":
        return graph.operation(node.operator, replace(node.left), replace(node.right));
      case "choice":
        return graph.choice(replace(node.condition), replace(node.yes), replace(node.no));
      default:
        throw new NotDifferentiable();
    }
  };
  return replace(body);
}
