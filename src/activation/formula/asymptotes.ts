import type { Asymptote, Asymptotes } from "../asymptotes.ts";
import { compile } from "./compile.ts";
import type { Tree } from "./syntaxTree.ts";

type Side = 1 | -1;

/** The straight lines that a formula runs into, found from those of its parts. */
export function asymptotesOf(tree: Tree): Asymptotes {
  const left = lineTowards(tree, -1);
  const right = lineTowards(tree, 1);
  return { ...(left && { left }), ...(right && { right }) };
}

function lineTowards(tree: Tree, side: Side): Asymptote | undefined {
  switch (tree.kind) {
    case "constant":
      return { offset: tree.value, slope: 0, remainder: () => 0 };
    case "variable":
      return { offset: 0, slope: 1, remainder: () => 0 };
    case "call":
      return ofCall(tree, side) ?? vanishing(tree, side);
    case "operation":
      return ofOperation(tree, side) ?? vanishing(tree, side);
    case "conditional":
      return undefined;
  }
}

type Part<K extends Tree["kind"]> = Extract<Tree, { kind: K }>;

/** A function of a straight line has its own lines, on the side to which that one leads. */
function ofCall({ of, argument }: Part<"call">, side: Side): Asymptote | undefined {
  const inner = straight(argument);
  if (!inner || inner.slope === 0) return undefined;
  const outer = inner.slope * side > 0 ? of.asymptotes?.right : of.asymptotes?.left;
  return (
    outer && {
      offset: outer.offset + outer.slope * inner.offset,
      slope: outer.slope * inner.slope,
      remainder: (x) => outer.remainder(inner.offset + inner.slope * x),
    }
  );
}

function ofOperation({ operator, left, right }: Part<"operation">, side: Side): Asymptote | undefined {
  const [first, second] = [lineTowards(left, side), lineTowards(right, side)];
  if (!first || !second) return undefined;
  if (operator === "+") return sum(first, second, 1);
  if (operator === "-") return sum(first, second, -1);
  if (operator === "*" && left.kind === "constant") return times(second, left.value);
  if (operator === "/" && right.kind === "constant") return times(first, 1 / right.value);
  return undefined;
}

function sum(a: Asymptote, b: Asymptote, sign: 1 | -1): Asymptote {
  return {
    offset: a.offset + sign * b.offset,
    slope: a.slope + sign * b.slope,
    remainder: (x) => a.remainder(x) + sign * b.remainder(x),
  };
}

function times(a: Asymptote, factor: number): Asymptote {
  return { offset: factor * a.offset, slope: factor * a.slope, remainder: (x) => factor * a.remainder(x) };
}

/** The line that a formula is, if it is one. */
export function straight(tree: Tree): { readonly offset: number; readonly slope: number } | undefined {
  if (tree.kind === "constant") return { offset: tree.value, slope: 0 };
  if (tree.kind === "variable") return { offset: 0, slope: 1 };
  if (tree.kind !== "operation") return undefined;
  const [left, right] = [straight(tree.left), straight(tree.right)];
  if (!left || !right) return undefined;
  const combine = (a: number, b: number) => ({
    offset: a * left.offset + b * right.offset,
    slope: a * left.slope + b * right.slope,
  });
  if (tree.operator === "+") return combine(1, 1);
  if (tree.operator === "-") return combine(1, -1);
  if (tree.operator === "*" && left.slope === 0) return combine(0, left.offset);
  if (tree.operator === "/" && right.slope === 0) return combine(1 / right.offset, 0);
  return undefined;
}

/** Where a function is this small at this distance it decays like a Gaussian, and is its own remainder. */
const [DISTANCE, SMALL] = [30, 1e-100];

function vanishing(tree: Tree, side: Side): Asymptote | undefined {
  const value = compile(tree);
  const small = [1, 1.5, 2].every((factor) => Math.abs(value(side * factor * DISTANCE)) < SMALL);
  return small ? { offset: 0, slope: 0, remainder: value } : undefined;
}
