import {
  add,
  box,
  type Box,
  exponential,
  integerPower,
  logarithm,
  multiply,
  reciprocal,
  scale,
  squareRoot,
  subtract,
} from "../../numerics/box.ts";
import { enclosureOf } from "../enclosure/functions.ts";
import type { Smoothness } from "../../numerics/smoothness.ts";
import { sinusoidOf } from "./sinusoid.ts";
import { type Condition, subtract as difference, type Tree } from "./syntaxTree.ts";

const EVERYTHING = box(-Infinity, Infinity, 0);
const constant = (value: number): Box => box(value, value, 0);

/** Where a formula is evaluated: on a rectangle continued from a real interval, or, without one, on a real interval as it is. */
interface Place {
  readonly x: Box;
  /** The interval that decides between branches; absent where they are united. */
  readonly cell?: readonly [from: number, to: number];
}

/** Bounds of a formula by interval arithmetic on its tree. */
export function enclose(tree: Tree, breaks: readonly number[]): Smoothness {
  const signs = signFinder();
  const evaluate = (part: Tree, place: Place): Box | undefined => evaluateTree(part, place, signs);
  const sinusoid = sinusoidOf(tree);
  return {
    ...(sinusoid && { sinusoid }),
    breaks,
    image(region, from, to) {
      const image = evaluate(tree, { x: region, cell: [from, to] });
      return image && !Number.isNaN(image.lo + image.im) && !Number.isNaN(image.hi) ? image : undefined;
    },
    range: (left, right) => realRange(tree, left, right),
  };
}

function realRange(tree: Tree, left: number, right: number): Box {
  const image = evaluateTree(tree, { x: box(left, right, 0) }, undefined);
  return image && !Number.isNaN(image.lo) && !Number.isNaN(image.hi) ? image : EVERYTHING;
}

function evaluateTree(tree: Tree, place: Place, signs: SignFinder | undefined): Box | undefined {
  switch (tree.kind) {
    case "constant":
      return constant(tree.value);
    case "variable":
      return place.x;
    case "call":
      return evaluateCall(tree, place, signs);
    case "operation":
      return evaluateOperation(tree, place, signs);
    case "conditional": {
      const holds = decide(tree.condition, place, signs);
      if (holds !== undefined) return evaluateTree(holds ? tree.yes : tree.no, place, signs);
      return place.cell ? undefined : union(evaluateTree(tree.yes, place, signs), evaluateTree(tree.no, place, signs));
    }
  }
}

const union = (u: Box | undefined, v: Box | undefined): Box | undefined =>
  u && v && box(Math.min(u.lo, v.lo), Math.max(u.hi, v.hi), Math.max(u.im, v.im));

type Part<K extends Tree["kind"]> = Extract<Tree, { kind: K }>;

/** Functions of straight pieces: the factor of the argument, or the constant, on either side of 0; and their real values. */
const broken: Readonly<Record<string, (u: Box, sign: number) => Box>> = {
  relu: (u, sign) => (sign > 0 ? u : constant(0)),
  leakyRelu: (u, sign) => (sign > 0 ? u : scale(u, 0.01)),
  abs: (u, sign) => scale(u, sign),
  sign: (_, sign) => constant(sign),
  heaviside: (_, sign) => constant(0.5 + 0.5 * sign),
};

function evaluateCall({ of, argument }: Part<"call">, place: Place, signs: SignFinder | undefined): Box | undefined {
  const u = evaluateTree(argument, place, signs);
  if (!u) return undefined;
  const pieces = broken[of.name];
  if (!pieces) return enclosureOf(of.name)?.(u) ?? (place.cell ? undefined : realCall(of.name, u));
  if (place.cell) {
    const sign = signs!(argument, place.cell);
    return sign === undefined ? undefined : pieces(u, sign);
  }
  if (u.lo > 0) return pieces(u, 1);
  if (u.hi < 0) return pieces(u, -1);
  return union(constant(of.value(0)), union(pieces(box(0, u.hi, 0), 1), pieces(box(u.lo, 0, 0), -1)));
}

/** Real ranges at the ends of a domain. */
function realCall(name: string, u: Box): Box | undefined {
  if (name === "sqrt" && u.lo >= 0) return box(0, Math.sqrt(u.hi), 0);
  return undefined;
}

function evaluateOperation(tree: Part<"operation">, place: Place, signs: SignFinder | undefined): Box | undefined {
  const { operator, left, right } = tree;
  const u = evaluateTree(left, place, signs);
  const v = evaluateTree(right, place, signs);
  if (!u || !v) return undefined;
  switch (operator) {
    case "+":
      return add(u, v);
    case "-":
      return subtract(u, v);
    case "*":
      return left === right ? integerPower(u, 2) : multiply(u, v);
    case "/": {
      const inverse = reciprocal(v);
      return inverse && multiply(u, inverse);
    }
    case "^":
      return raise(u, v, right, place);
    case "max":
    case "min": {
      const larger = operator === "max";
      if (!place.cell) {
        const pick = larger ? Math.max : Math.min;
        return box(pick(u.lo, v.lo), pick(u.hi, v.hi), 0);
      }
      const sign = signs!(differenceOf(tree), place.cell);
      return sign === undefined ? undefined : sign > 0 === larger ? u : v;
    }
  }
}

function raise(u: Box, v: Box, exponent: Tree, place: Place): Box | undefined {
  if (exponent.kind !== "constant") return exponentialOf(u, v);
  const n = exponent.value;
  if (Number.isInteger(n) && Math.abs(n) <= 1000) {
    return n < 0 ? reciprocal(integerPower(u, -n)) : integerPower(u, n);
  }
  if (n === 0.5) return squareRoot(u);
  if (u.lo > 0) return exponentialOf(u, v);
  return !place.cell && u.lo >= 0 && n > 0 ? box(0, u.hi ** n, 0) : undefined;
}

/** u^v = exp(v log u) */
function exponentialOf(u: Box, v: Box): Box | undefined {
  const log = logarithm(u);
  return log && exponential(multiply(v, log));
}

const differences = new WeakMap<object, Tree>();

/** Whether two trees are written alike. */
function isSame(left: Tree, right: Tree): boolean {
  return left === right || (left.kind === right.kind && JSON.stringify(left) === JSON.stringify(right));
}

function differenceOf(pair: { readonly left: Tree; readonly right: Tree }): Tree {
  let tree = differences.get(pair);
  if (!tree) {
    tree = isSame(pair.left, pair.right) ? { kind: "constant", value: 0 } : difference(pair.left, pair.right);
    differences.set(pair, tree);
  }
  return tree;
}

/** Whether a condition holds everywhere on the cell, or nowhere; undefined if neither is certain. */
function decide(condition: Condition, place: Place, signs: SignFinder | undefined): boolean | undefined {
  if (condition.kind === "not") {
    const holds = decide(condition.operand, place, signs);
    return holds === undefined ? undefined : !holds;
  }
  if (condition.kind !== "comparison") {
    const [a, b] = [decide(condition.left, place, signs), decide(condition.right, place, signs)];
    const decisive = condition.kind === "either";
    if (a === decisive || b === decisive) return decisive;
    return a === undefined || b === undefined ? undefined : !decisive;
  }
  const tree = differenceOf(condition);
  const sign = place.cell ? signs!(tree, place.cell) : signOfRange(realRange(tree, place.x.lo, place.x.hi));
  if (sign === undefined) return undefined;
  switch (condition.relation) {
    case "<":
      return sign < 0;
    case "<=":
      return sign <= 0;
    case ">":
      return sign > 0;
    case ">=":
      return sign >= 0;
    case "===":
      return sign === 0;
    case "!==":
      return sign !== 0;
  }
}

function signOfRange({ lo, hi }: Box): number | undefined {
  if (lo > 0) return 1;
  if (hi < 0) return -1;
  return lo === 0 && hi === 0 ? 0 : undefined;
}

/** The sign that a formula has throughout an interval, or undefined. */
type SignFinder = (tree: Tree, cell: readonly [number, number]) => number | undefined;

/** At the ends of a cell a zero is known to this distance, relative to max(1, |x|). */
const SLIVER = 1e-13;
/** Pieces into which a cell is cut in search of its sign. */
const MOST_PIECES = 300;

/** Intervals that are remembered of a formula: bisection comes back to the last ones. */
const MOST_INTERVALS = 50;

/** Finds signs, and remembers the intervals where they are certain, and the last one where they are not. */
function signFinder(): SignFinder {
  const known = new WeakMap<Tree, { from: number; to: number; sign: number | undefined }[]>();
  return (tree, [from, to]) => {
    let intervals = known.get(tree);
    if (!intervals) known.set(tree, (intervals = []));
    for (let i = intervals.length - 1; i >= 0; i--) {
      const { from: a, to: b, sign } = intervals[i]!;
      if (sign === undefined ? a === from && b === to : a <= from && to <= b) return sign;
    }
    const sign = signOn(tree, from, to);
    if (intervals.at(-1) && intervals.at(-1)!.sign === undefined) intervals.pop();
    if (intervals.length >= MOST_INTERVALS) intervals.shift();
    intervals.push({ from, to, sign });
    return sign;
  };
}

function signOn(tree: Tree, from: number, to: number): number | undefined {
  const whole = signOfRange(realRange(tree, from, to));
  if (whole !== undefined || !Number.isFinite(to - from)) return whole;
  const sliver = SLIVER * Math.max(1, Math.abs(from), Math.abs(to));
  const [start, end] = [from + sliver, to - sliver];
  if (!(start < end)) return undefined;
  const samples = [start, 0.5 * (start + end), end].map((x) => signOfRange(realRange(tree, x, x)));
  if (samples.some((sign) => sign === undefined || sign !== samples[0])) return undefined;
  const pending: [number, number][] = [[start, end]];
  for (let pieces = 0; pending.length > 0; pieces++) {
    const [a, b] = pending.pop()!;
    const sign = signOfRange(realRange(tree, a, b));
    if (sign === samples[0]) continue;
    if (sign !== undefined || pieces > MOST_PIECES || b - a < sliver) return undefined;
    const middle = 0.5 * (a + b);
    pending.push([a, middle], [middle, b]);
  }
  return samples[0];
}
