/**
 * The syntax tree of a formula in one variable or several, after the whitelist: what is not expressible here cannot be computed.
 * The constructors fold constants and rewrite the few forms that overflow or lose derivatives as written.
 */
import type { DifferentiableActivation } from "../namedActivations.ts";
import { formulaFunction } from "./functions.ts";

export type Tree =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "variable"; readonly index: number }
  | { readonly kind: "operation"; readonly operator: Operator; readonly left: Tree; readonly right: Tree }
  | { readonly kind: "call"; readonly of: DifferentiableActivation; readonly argument: Tree }
  | { readonly kind: "conditional"; readonly condition: Condition; readonly yes: Tree; readonly no: Tree };

export type Operator = "+" | "-" | "*" | "/" | "^" | "max" | "min";

export type Condition =
  | { readonly kind: "comparison"; readonly relation: Relation; readonly left: Tree; readonly right: Tree }
  | { readonly kind: "both" | "either"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly operand: Condition };

export type Relation = "<" | "<=" | ">" | ">=" | "===" | "!==";

/** The variable of that index; a formula in x alone has index 0. */
export function variable(index: number): Tree {
  return { kind: "variable", index };
}

export function constant(value: number): Tree {
  return { kind: "constant", value };
}

type Constant = Extract<Tree, { kind: "constant" }>;
type Operation = Extract<Tree, { kind: "operation" }>;

function isConstant(tree: Tree): tree is Constant {
  return tree.kind === "constant";
}

function equals(tree: Tree, value: number): boolean {
  return tree.kind === "constant" && tree.value === value;
}

/** The operators on numbers, shared by constant folding and by the interpreter. */
export const operate: Readonly<Record<Operator, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "^": (left, right) => (Number.isInteger(right) && Math.abs(right) <= 64 ? integerPower(left, right) : left ** right),
  max: Math.max,
  min: Math.min,
};

/** baseⁿ by repeated squaring, several times faster than Math.pow for the powers of a formula. */
export function integerPower(base: number, n: number): number {
  if (n < 0) return 1 / integerPower(base, -n);
  let result = 1;
  for (let square = base, rest = n; rest > 0; square *= square, rest >>= 1) {
    if (rest & 1) result *= square;
  }
  return result;
}

/** An operation, folded if its operands are constant and its result finite. */
function operation(operator: Operator, left: Tree, right: Tree): Tree {
  if (left.kind === "constant" && right.kind === "constant") {
    const value = operate[operator](left.value, right.value);
    if (Number.isFinite(value)) return constant(value);
  }
  return { kind: "operation", operator, left, right };
}

export function add(left: Tree, right: Tree): Tree {
  if (equals(left, 0)) return right;
  if (equals(right, 0)) return left;
  return operation("+", left, right);
}

export function subtract(left: Tree, right: Tree): Tree {
  if (equals(right, 0)) return left;
  return equals(left, 0) ? negate(right) : operation("-", left, right);
}

export function negate(tree: Tree): Tree {
  return multiply(constant(-1), tree);
}

export function multiply(left: Tree, right: Tree): Tree {
  if (equals(left, 0) || equals(right, 0)) return constant(0);
  if (equals(left, 1)) return right;
  if (isConstant(right)) return isConstant(left) ? operation("*", left, right) : multiply(right, left);
  if (equals(left, -1) && right.kind === "operation" && right.operator === "*" && isConstant(right.left)) {
    return multiply(constant(-right.left.value), right.right);
  }
  if (left.kind === "variable" && right.kind === "variable" && left.index === right.index) {
    return power(left, constant(2));
  }
  return operation("*", left, right);
}

/** left/right; a denominator 1 + e^u becomes a sigmoid, which does not overflow, and neither does its derivative. */
export function divide(left: Tree, right: Tree): Tree {
  if (equals(right, 1)) return left;
  if (equals(left, 0) && !equals(right, 0)) return left;
  const exponent = exponentOfOnePlusExp(right);
  if (exponent) {
    const numerator = isCall(left, "exp") && same(left.argument, exponent);
    return numerator ? call("sigmoid", exponent) : multiply(left, call("sigmoid", negate(exponent)));
  }
  return operation("/", left, right);
}

/**
 * base^exponent; a constant base e is an exponential, an exponent ½ a square root. An even power under a fractional one
 * is a power of |u|: it has the kink of |u| and no division by zero in its derivative.
 */
export function power(base: Tree, exponent: Tree): Tree {
  if (equals(exponent, 1)) return base;
  if (equals(exponent, 0)) return constant(1);
  if (isConstant(exponent) && !Number.isInteger(exponent.value) && isEvenPower(base)) {
    return power(call("abs", base.left), operation("*", base.right, exponent));
  }
  if (equals(exponent, 0.5)) return call("sqrt", base);
  if (equals(base, Math.E)) return call("exp", exponent);
  return operation("^", base, exponent);
}

export function maximum(left: Tree, right: Tree): Tree {
  if (equals(right, 0)) return call("relu", left);
  return equals(left, 0) ? call("relu", right) : operation("max", left, right);
}

export function minimum(left: Tree, right: Tree): Tree {
  return operation("min", left, right);
}

/** of(argument) for a whitelisted name; log(1 + e^u) becomes softplus(u), and √(u²) becomes |u|, which has a derivative at 0. */
export function call(name: string, argument: Tree): Tree {
  if (name === "log") {
    const exponent = exponentOfOnePlusExp(argument);
    if (exponent) return call("softplus", exponent);
  }
  if (name === "log1p" && isCall(argument, "exp")) return call("softplus", argument.argument);
  if (name === "sqrt" && isEvenPower(argument)) return power(argument, constant(0.5));
  return apply(formulaFunction(name)!, argument);
}

export function apply(of: DifferentiableActivation, argument: Tree): Tree {
  if (argument.kind === "constant") {
    const value = of.value(argument.value);
    if (Number.isFinite(value)) return constant(value);
  }
  return { kind: "call", of, argument };
}

export function conditional(condition: Condition, yes: Tree, no: Tree): Tree {
  return isConstant(yes) && equals(no, yes.value) ? yes : { kind: "conditional", condition, yes, no };
}

/** Nodes of the tree, those that are shared counted wherever they occur. */
export function treeSize(tree: Tree): number {
  const known = new Map<Tree, number>();
  const sizeOf = (item: Tree): number => {
    const size = known.get(item) ?? 1 + parts(item).reduce((sum, part) => sum + sizeOf(part), 0);
    known.set(item, size);
    return size;
  };
  return sizeOf(tree);
}

function parts(tree: Tree): readonly Tree[] {
  if (tree.kind === "operation") return [tree.left, tree.right];
  if (tree.kind === "call") return [tree.argument];
  return tree.kind === "conditional" ? [...compared(tree.condition), tree.yes, tree.no] : [];
}

function compared(condition: Condition): readonly Tree[] {
  if (condition.kind === "not") return compared(condition.operand);
  if (condition.kind === "comparison") return [condition.left, condition.right];
  return [...compared(condition.left), ...compared(condition.right)];
}

function same(left: Tree, right: Tree): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function isEvenPower(tree: Tree): tree is Operation {
  return tree.kind === "operation" && tree.operator === "^" && isConstant(tree.right) && tree.right.value % 2 === 0;
}

function isCall(tree: Tree, name: string): tree is Extract<Tree, { kind: "call" }> {
  return tree.kind === "call" && tree.of.name === name;
}

/** u if the tree is 1 + e^u or e^u + 1. */
function exponentOfOnePlusExp(tree: Tree): Tree | undefined {
  if (tree.kind !== "operation" || tree.operator !== "+") return undefined;
  const other = equals(tree.left, 1) ? tree.right : equals(tree.right, 1) ? tree.left : undefined;
  return other && isCall(other, "exp") ? other.argument : undefined;
}
