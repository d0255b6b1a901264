import { type Condition, operate, type Tree } from "../activation/formula/syntaxTree.ts";

/** A plane n·s = c with a unit normal. */
export interface BreakPlane {
  readonly normal: readonly number[];
  readonly offset: number;
}

/** Largest index of a variable in the tree; −1 for a constant. */
export function highestVariable(tree: Tree): number {
  if (tree.kind === "variable") return tree.index;
  return Math.max(-1, ...children(tree).map(highestVariable));
}

function children(tree: Tree): readonly Tree[] {
  switch (tree.kind) {
    case "constant":
    case "variable":
      return [];
    case "call":
      return [tree.argument];
    case "operation":
      return [tree.left, tree.right];
    case "conditional":
      return [...compared(tree.condition).flatMap(({ left, right }) => [left, right]), tree.yes, tree.no];
  }
}

type Comparison = Pick<Extract<Condition, { kind: "comparison" }>, "left" | "right">;

function compared(condition: Condition): readonly Comparison[] {
  if (condition.kind === "comparison") return [condition];
  if (condition.kind === "not") return compared(condition.operand);
  return [...compared(condition.left), ...compared(condition.right)];
}

/**
 * Planes on which the formula or its gradient may jump: where the argument of a function with kinks, or what is compared, is
 * affine in the variables, or a product that vanishes on planes. Curved surfaces are not found: averages across them converge
 * slowly, and their error estimates say so.
 */
export function breakPlanes(tree: Tree, directions: number): BreakPlane[] {
  const planes: BreakPlane[] = [];
  const visit = (item: Tree): void => {
    if (item.kind === "call") {
      for (const level of [...item.of.kinks, ...item.of.jumps])
        planes.push(...levelPlanes(item.argument, level, directions));
    } else if (item.kind === "operation" && (item.operator === "max" || item.operator === "min")) {
      planes.push(...equalityPlanes(item, directions));
    } else if (item.kind === "conditional") {
      for (const comparison of compared(item.condition)) planes.push(...equalityPlanes(comparison, directions));
    }
    children(item).forEach(visit);
  };
  visit(tree);
  return distinct(planes);
}

function equalityPlanes({ left, right }: Comparison, directions: number): BreakPlane[] {
  return levelPlanes({ kind: "operation", operator: "-", left, right }, 0, directions);
}

/** Planes on which the tree takes a value. */
function levelPlanes(tree: Tree, level: number, directions: number): BreakPlane[] {
  const affine = affineForm(tree, directions);
  if (affine) {
    const length = Math.hypot(...affine.slopes);
    if (!(length > 0)) return [];
    return [{ normal: affine.slopes.map((s) => s / length), offset: (level - affine.constant) / length }];
  }
  if (level !== 0 || tree.kind !== "operation") return [];
  if (tree.operator === "*") {
    return [...levelPlanes(tree.left, 0, directions), ...levelPlanes(tree.right, 0, directions)];
  }
  if (tree.operator === "/" || tree.operator === "^") return levelPlanes(tree.left, 0, directions);
  if (tree.operator === "-" && tree.right.kind === "constant" && tree.right.value === 0) {
    return levelPlanes(tree.left, 0, directions);
  }
  return [];
}

interface Affine {
  readonly slopes: readonly number[];
  readonly constant: number;
}

function affineForm(tree: Tree, directions: number): Affine | undefined {
  const none = new Array<number>(directions).fill(0);
  if (tree.kind === "constant") return { slopes: none, constant: tree.value };
  if (tree.kind === "variable") return { slopes: none.map((_, i) => (i === tree.index ? 1 : 0)), constant: 0 };
  if (tree.kind !== "operation") return undefined;
  const [left, right] = [affineForm(tree.left, directions), affineForm(tree.right, directions)];
  if (!left || !right) return undefined;
  const scaled = ({ slopes, constant }: Affine, factor: number): Affine => ({
    slopes: slopes.map((s) => factor * s),
    constant: factor * constant,
  });
  const isConstant = ({ slopes }: Affine) => slopes.every((s) => s === 0);
  switch (tree.operator) {
    case "+":
    case "-": {
      const other = scaled(right, tree.operator === "+" ? 1 : -1);
      return { slopes: left.slopes.map((s, i) => s + other.slopes[i]!), constant: left.constant + other.constant };
    }
    case "*":
      if (isConstant(left)) return scaled(right, left.constant);
      return isConstant(right) ? scaled(left, right.constant) : undefined;
    case "/":
      return isConstant(right) ? scaled(left, 1 / right.constant) : undefined;
    default:
      return isConstant(left) && isConstant(right)
        ? { slopes: none, constant: operate[tree.operator](left.constant, right.constant) }
        : undefined;
  }
}

/** Normals that differ by less than this are the same. */
const SAME = 1e-12;

function distinct(planes: readonly BreakPlane[]): BreakPlane[] {
  const kept: BreakPlane[] = [];
  for (const plane of planes) {
    const same = kept.some(({ normal, offset }) => {
      const cosine = normal.reduce((sum, n, i) => sum + n * plane.normal[i]!, 0);
      return Math.abs(Math.abs(cosine) - 1) < SAME && Math.abs(offset - Math.sign(cosine) * plane.offset) < SAME;
    });
    if (!same) kept.push(plane);
  }
  return kept;
}
