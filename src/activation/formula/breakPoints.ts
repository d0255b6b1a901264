import { crossings } from "./roots.ts";
import { constant, type Condition, type Tree } from "./syntaxTree.ts";

/** Points closer than this, relative to max(1, |x|), are the same break point. */
const MERGE = 1e-13;

/** Sides of a break point are compared at these distances, relative to max(1, |x|). */
const FAR = 1e-8;
const NEAR = 1e-9;

export interface BreakPoints {
  readonly kinks: readonly number[];
  readonly jumps: readonly number[];
}

/**
 * Kinks and jumps of the tree: the candidates come from its structure, and the two sides of the whole function tell
 * which of them it jumps at.
 */
export function breakPoints(tree: Tree, value: (x: number) => number): BreakPoints {
  const kinks: number[] = [];
  const jumps: number[] = [];
  for (const point of merge(candidates(tree))) {
    (jumpsAt(value, point) ? jumps : kinks).push(point);
  }
  return { kinks, jumps };
}

/** Ascending, without repetitions. */
export function merge(points: readonly number[]): readonly number[] {
  const merged: number[] = [];
  for (const point of [...points].sort((a, b) => a - b)) {
    const last = merged.at(-1);
    if (last === undefined || point - last > MERGE * Math.max(1, Math.abs(point))) merged.push(point);
  }
  return merged;
}

function candidates(tree: Tree): readonly number[] {
  switch (tree.kind) {
    case "constant":
    case "variable":
      return [];
    case "call": {
      const inner = candidates(tree.argument);
      const own = [...tree.of.kinks, ...tree.of.jumps];
      return [...inner, ...own.flatMap((point) => crossings(tree.argument, constant(point), inner))];
    }
    case "operation": {
      const compared = tree.operator === "max" || tree.operator === "min";
      return compared ? comparisonCandidates(tree) : [...candidates(tree.left), ...candidates(tree.right)];
    }
    case "conditional":
      return [...conditionCandidates(tree.condition), ...candidates(tree.yes), ...candidates(tree.no)];
  }
}

function conditionCandidates(condition: Condition): readonly number[] {
  if (condition.kind === "not") return conditionCandidates(condition.operand);
  if (condition.kind === "comparison") return comparisonCandidates(condition);
  return [...conditionCandidates(condition.left), ...conditionCandidates(condition.right)];
}

function comparisonCandidates({ left, right }: { readonly left: Tree; readonly right: Tree }): readonly number[] {
  const inner = [...candidates(left), ...candidates(right)];
  return [...inner, ...crossings(left, right, inner)];
}

/** A jump does not shrink when the two sides approach; what is not finite on one side is no mere kink either. */
function jumpsAt(value: (x: number) => number, point: number): boolean {
  const scale = Math.max(1, Math.abs(point));
  const gap = (distance: number): number => Math.abs(value(point + distance) - value(point - distance));
  const near = gap(NEAR * scale);
  if (!Number.isFinite(near)) return true;
  return near > 0.9 * gap(FAR * scale) && near > 1e-9 * (1 + Math.abs(value(point - NEAR * scale)));
}
