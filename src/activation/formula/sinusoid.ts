import type { Sinusoid } from "../../numerics/smoothness.ts";
import { straight } from "./asymptotes.ts";
import type { Tree } from "./syntaxTree.ts";

/** The formula as offset + amplitude·sin(frequency·x + phase), if it has that form. */
export function sinusoidOf(tree: Tree): Sinusoid | undefined {
  if (tree.kind === "call") {
    const inner = tree.of.name === "sin" || tree.of.name === "cos" ? straight(tree.argument) : undefined;
    if (!inner || inner.slope === 0) return undefined;
    const phase = inner.offset + (tree.of.name === "cos" ? Math.PI / 2 : 0);
    return { offset: 0, amplitude: 1, frequency: inner.slope, phase };
  }
  if (tree.kind !== "operation") return undefined;
  const { operator, left, right } = tree;
  const [first, second] = [sinusoidOf(left), sinusoidOf(right)];
  if (second && left.kind === "constant") {
    if (operator === "*") return times(second, left.value);
    if (operator === "+") return { ...second, offset: second.offset + left.value };
    if (operator === "-") return { ...times(second, -1), offset: left.value - second.offset };
  }
  if (first && right.kind === "constant") {
    if (operator === "/") return times(first, 1 / right.value);
    if (operator === "+") return { ...first, offset: first.offset + right.value };
    if (operator === "-") return { ...first, offset: first.offset - right.value };
  }
  return undefined;
}

const times = (wave: Sinusoid, factor: number): Sinusoid => ({
  ...wave,
  offset: factor * wave.offset,
  amplitude: factor * wave.amplitude,
});
