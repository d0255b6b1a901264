import { smooth } from "../namedActivations.ts";
import {
  add,
  apply,
  call,
  conditional,
  constant,
  divide,
  multiply,
  operate,
  power,
  subtract,
  type Tree,
} from "./syntaxTree.ts";

/** Derivative in one variable almost everywhere; conditionals, max and min are differentiated branch by branch. */
export function differentiate(tree: Tree, index = 0): Tree {
  switch (tree.kind) {
    case "constant":
      return constant(0);
    case "variable":
      return constant(tree.index === index ? 1 : 0);
    case "call": {
      const { name, derivative } = tree.of;
      const inner = differentiate(tree.argument, index);
      const outer = apply(
        smooth(`${name}'`, derivative, () => NaN),
        tree.argument,
      );
      return multiply(outer, inner);
    }
    case "conditional":
      return conditional(tree.condition, differentiate(tree.yes, index), differentiate(tree.no, index));
    case "operation":
      return differentiateOperation(tree, index);
  }
}

function differentiateOperation(tree: Extract<Tree, { kind: "operation" }>, index: number): Tree {
  const { operator, left, right } = tree;
  const leftSlope = differentiate(left, index);
  const rightSlope = differentiate(right, index);
  switch (operator) {
    case "+":
      return add(leftSlope, rightSlope);
    case "-":
      return subtract(leftSlope, rightSlope);
    case "*":
      return add(multiply(leftSlope, right), multiply(left, rightSlope));
    case "/":
      // (u/v)' = (u' − (u/v) v')/v: no square of v that could overflow.
      return divide(subtract(leftSlope, multiply(tree, rightSlope)), right);
    case "^":
      return differentiatePower(tree, leftSlope, rightSlope);
    case "max":
    case "min":
      return conditional(
        { kind: "comparison", relation: operator === "max" ? ">" : "<", left, right },
        leftSlope,
        rightSlope,
      );
  }
}

/** The exponents that do not vary keep a finite derivative at a zero of the base. */
function differentiatePower(tree: Extract<Tree, { kind: "operation" }>, baseSlope: Tree, exponentSlope: Tree): Tree {
  const { left: base, right: exponent } = tree;
  if (exponent.kind === "constant") {
    return multiply(multiply(exponent, power(base, constant(operate["-"](exponent.value, 1)))), baseSlope);
  }
  const throughExponent = multiply(multiply(tree, call("log", base)), exponentSlope);
  const throughBase = multiply(multiply(exponent, power(base, subtract(exponent, constant(1)))), baseSlope);
  return base.kind === "constant" ? throughExponent : add(throughExponent, throughBase);
}
