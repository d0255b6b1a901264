import { compile } from "./compile.ts";
import { differentiate } from "./differentiate.ts";
import { subtract, type Tree } from "./syntaxTree.ts";

/** Break points are sought in [−60, 60], beyond which the standard normal weight is below the smallest number. */
const BOUND = 60;
const STEP = 1 / 64;

/** Distance from a break point, relative to max(1, |x|), at which its sides are sampled: more than the error of its place. */
const SIDE = 1e-12;

type ScalarFunction = (x: number) => number;

/**
 * Points of [−60, 60] where left − right changes sign: exact if it is affine in x, else bracketed on a grid of step 1/64,
 * also around extrema between grid points, and bisected to full precision.
 *
 * @param breaks break points of left and right, on both sides of which they are sampled too.
 */
export function crossings(left: Tree, right: Tree, breaks: readonly number[]): readonly number[] {
  const difference = subtract(left, right);
  const line = affine(difference);
  if (!line) {
    return scan(compile(left), compile(right), () => compile(differentiate(difference)), samplePoints(breaks));
  }
  const root = -line.intercept / line.slope;
  return Math.abs(root) <= BOUND ? [root + 0] : [];
}

/** The grid, and both sides of every break point, ascending. */
function samplePoints(breaks: readonly number[]): Float64Array {
  const sides = breaks.flatMap((point) => {
    const distance = SIDE * Math.max(1, Math.abs(point));
    return [point - distance, point + distance];
  });
  const count = (2 * BOUND) / STEP + 1;
  const grid = Float64Array.from({ length: count }, (_, i) => i * STEP - BOUND);
  return sides.length ? Float64Array.of(...grid, ...sides).sort() : grid;
}

interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** The tree as slope·x + intercept, if it has that form. */
function affine(tree: Tree): Line | undefined {
  if (tree.kind === "constant") return { slope: 0, intercept: tree.value };
  if (tree.kind === "variable") return { slope: 1, intercept: 0 };
  if (tree.kind !== "operation") return undefined;
  const left = affine(tree.left);
  const right = affine(tree.right);
  if (!left || !right) return undefined;
  return combine(tree.operator, left, right);
}

function combine(operator: string, left: Line, right: Line): Line | undefined {
  switch (operator) {
    case "+":
      return { slope: left.slope + right.slope, intercept: left.intercept + right.intercept };
    case "-":
      return { slope: left.slope - right.slope, intercept: left.intercept - right.intercept };
    case "*":
      return left.slope === 0
        ? { slope: left.intercept * right.slope, intercept: left.intercept * right.intercept }
        : undefined;
    case "/":
      return right.slope === 0
        ? { slope: left.slope / right.intercept, intercept: left.intercept / right.intercept }
        : undefined;
    default:
      return undefined;
  }
}

interface Sample {
  readonly x: number;
  readonly sign: number;
  readonly distance: number;
}

function scan(
  left: ScalarFunction,
  right: ScalarFunction,
  makeSlope: () => ScalarFunction,
  at: Float64Array,
): readonly number[] {
  const difference: ScalarFunction = (x) => left(x) - right(x);
  let slope: ScalarFunction | undefined;
  const found: number[] = [];
  const samples = Array.from(at, (x): Sample => {
    const l = left(x);
    const r = right(x);
    return { x, sign: signOfDifference(l, r), distance: Math.abs(l - r) };
  });
  for (let i = 1; i < samples.length; i++) {
    const before = samples[i - 1]!;
    const here = samples[i]!;
    const after = samples[i + 1];
    if (before.sign * here.sign < 0) found.push(bisect(difference, before.x, here.x));
    if (!after) continue;
    // A single zero is a crossing; a run of them is a plateau, whose ends are break points of the operands themselves.
    if (here.sign === 0 && before.sign * after.sign < 0) found.push(here.x);
    if (nearsZero(before, here, after)) {
      slope ??= makeSlope();
      found.push(...twoCrossings(difference, slope, before, after));
    }
  }
  return found;
}

/** Same sign at three neighbours, closest to zero in the middle: two crossings may hide between them. */
function nearsZero(before: Sample, here: Sample, after: Sample): boolean {
  const sameSign = before.sign * here.sign > 0 && here.sign * after.sign > 0;
  return sameSign && here.distance <= before.distance && here.distance < after.distance;
}

function twoCrossings(
  difference: ScalarFunction,
  slope: ScalarFunction,
  before: Sample,
  after: Sample,
): readonly number[] {
  const extremum = bisect(slope, before.x, after.x);
  if (!(difference(extremum) * after.sign < 0)) return [];
  return [bisect(difference, before.x, extremum), bisect(difference, extremum, after.x)];
}

/** Differences of the size of rounding count as zero, so that two equal functions do not cross in their noise. */
function signOfDifference(left: number, right: number): number {
  const noise = 4 * Number.EPSILON * Math.max(Math.abs(left), Math.abs(right));
  return Math.abs(left - right) <= noise ? 0 : Math.sign(left - right);
}

/** The sign change of f between low and high, to the nearest representable number. */
function bisect(f: ScalarFunction, low: number, high: number): number {
  const sign = Math.sign(f(low));
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return Math.abs(f(low)) < Math.abs(f(high)) ? low : high;
    const value = f(middle);
    if (value === 0) return middle;
    if (Math.sign(value) === sign) low = middle;
    else high = middle;
  }
}
