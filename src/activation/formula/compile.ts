import type { Activation } from "../activationType.ts";
import { type FunctionOf, interpret, type ScalarFunction } from "./interpret.ts";
import { integerPower, operate, type Condition, type Tree } from "./syntaxTree.ts";

/**
 * The tree as one flat JavaScript function.
 *
 * Nested closures cost a call and a boxed number per node (2.5 to 3.5 times the hand-written function in a loop shared by several
 * activations); this costs the same as the hand-written function. The source is made of the tree alone, whose
 * constants, operators and functions are whitelisted, never of the user's text. Where a content security policy
 * forbids it, closures are the fallback.
 */
export function compile(tree: Tree): ScalarFunction {
  if (tree.kind === "call" && tree.argument.kind === "variable") return tree.of.value;
  return built(
    tree,
    () => "x",
    () => (x: number) => x,
  );
}

/** The tree of a formula in several variables as one flat function of their array. */
export function compileOfSeveral(tree: Tree): FunctionOf<ArrayLike<number>> {
  return built<ArrayLike<number>>(
    tree,
    (index) => `x[${index}]`,
    (index) => (x) => x[index]!,
  );
}

/** @param write the source of a variable */
function built<T>(tree: Tree, write: (index: number) => string, read: (index: number) => FunctionOf<T>): FunctionOf<T> {
  const writer = new SourceWriter(write);
  try {
    const body = writer.write(tree);
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- source written by SourceWriter from whitelisted nodes only
    const build = new Function(...writer.names, `"use strict"; return (x) => ${body};`) as (
      ...functions: readonly unknown[]
    ) => FunctionOf<T>;
    return build(...writer.functions);
  } catch {
    return interpret(tree, read);
  }
}

/** Writes JavaScript; functions are passed by reference as f0, f1, …, so no name of the formula reaches the source. */
class SourceWriter {
  readonly names: string[] = [];
  readonly functions: unknown[] = [];
  private readonly known = new Map<unknown, string>();

  constructor(private readonly variable: (index: number) => string) {}

  write(tree: Tree): string {
    switch (tree.kind) {
      case "constant":
        return `(${JSON.stringify(tree.value)})`;
      case "variable":
        return this.variable(tree.index);
      case "call":
        return this.call(tree.of, tree.argument);
      case "operation":
        return this.operation(tree);
      case "conditional":
        return `(${this.condition(tree.condition)} ? ${this.write(tree.yes)} : ${this.write(tree.no)})`;
    }
  }

  private call(of: Activation, argument: Tree): string {
    return `${this.reference(of.value)}(${this.write(argument)})`;
  }

  private operation(tree: Extract<Tree, { kind: "operation" }>): string {
    const { operator, left, right } = tree;
    if (operator === "^") return this.power(left, right);
    const operands = [this.write(left), this.write(right)] as const;
    if (operator === "max" || operator === "min") return `Math.${operator}(${operands.join(", ")})`;
    return `(${operands.join(` ${operator} `)})`;
  }

  /** Powers 2 and 3 of x are products in place: the call would be most of their cost. */
  private power(base: Tree, exponent: Tree): string {
    if (exponent.kind !== "constant")
      return `${this.reference(operate["^"])}(${this.write(base)}, ${this.write(exponent)})`;
    const n = exponent.value;
    if (base.kind === "variable" && (n === 2 || n === 3)) {
      return `(${Array<string>(n).fill(this.variable(base.index)).join(" * ")})`;
    }
    if (n === 2) return `${this.reference(square)}(${this.write(base)})`;
    const raise = Number.isInteger(n) && Math.abs(n) <= 64 ? integerPower : Math.pow;
    return `${this.reference(raise)}(${this.write(base)}, ${this.write(exponent)})`;
  }

  private condition(condition: Condition): string {
    if (condition.kind === "not") return `!(${this.condition(condition.operand)})`;
    if (condition.kind === "comparison") {
      return `(${this.write(condition.left)} ${condition.relation} ${this.write(condition.right)})`;
    }
    return `(${this.condition(condition.left)} ${condition.kind === "both" ? "&&" : "||"} ${this.condition(condition.right)})`;
  }

  private reference(implementation: unknown): string {
    const known = this.known.get(implementation);
    if (known !== undefined) return known;
    const name = `f${this.names.length}`;
    this.known.set(implementation, name);
    this.names.push(name);
    this.functions.push(implementation);
    return name;
  }
}

const square = (u: number): number => u * u;
