import { integerPower, operate, type Condition, type Operator, type Relation, type Tree } from "./syntaxTree.ts";

export type ScalarFunction = (x: number) => number;

/** The tree as nested closures, one kind of closure for each operator, so that a node costs one call. */
export function interpret(tree: Tree): ScalarFunction {
  switch (tree.kind) {
    case "constant":
      return () => tree.value;
    case "variable":
      return (x) => x;
    case "call": {
      const argument = interpret(tree.argument);
      const { value } = tree.of;
      return tree.argument.kind === "variable" ? value : (x) => value(argument(x));
    }
    case "operation":
      return interpretOperation(tree);
    case "conditional": {
      const condition = interpretCondition(tree.condition);
      const yes = interpret(tree.yes);
      const no = interpret(tree.no);
      return (x) => (condition(x) ? yes(x) : no(x));
    }
  }
}

function interpretOperation({ operator, left, right }: Extract<Tree, { kind: "operation" }>): ScalarFunction {
  if (left.kind === "constant" && operator === "*") return scaled(left.value, interpret(right));
  if (right.kind === "constant") return withConstant(operator, interpret(left), right.value);
  return combined[operator](interpret(left), interpret(right));
}

const scaled =
  (factor: number, u: ScalarFunction): ScalarFunction =>
  (x) =>
    factor * u(x);

function withConstant(operator: Operator, u: ScalarFunction, constant: number): ScalarFunction {
  switch (operator) {
    case "+":
      return (x) => u(x) + constant;
    case "-":
      return (x) => u(x) - constant;
    case "/":
      return (x) => u(x) / constant;
    case "^":
      return raised(u, constant);
    default:
      return combined[operator](u, () => constant);
  }
}

function raised(u: ScalarFunction, exponent: number): ScalarFunction {
  if (exponent === 2) {
    return (x) => {
      const value = u(x);
      return value * value;
    };
  }
  const raise = Number.isInteger(exponent) && Math.abs(exponent) <= 64 ? integerPower : Math.pow;
  return (x) => raise(u(x), exponent);
}

const combined: Readonly<Record<Operator, (u: ScalarFunction, v: ScalarFunction) => ScalarFunction>> = {
  "+": (u, v) => (x) => u(x) + v(x),
  "-": (u, v) => (x) => u(x) - v(x),
  "*": (u, v) => (x) => u(x) * v(x),
  "/": (u, v) => (x) => u(x) / v(x),
  "^": (u, v) => (x) => operate["^"](u(x), v(x)),
  max: (u, v) => (x) => Math.max(u(x), v(x)),
  min: (u, v) => (x) => Math.min(u(x), v(x)),
};

function interpretCondition(condition: Condition): (x: number) => boolean {
  if (condition.kind === "not") {
    const operand = interpretCondition(condition.operand);
    return (x) => !operand(x);
  }
  if (condition.kind === "comparison") {
    return compared[condition.relation](interpret(condition.left), interpret(condition.right));
  }
  const left = interpretCondition(condition.left);
  const right = interpretCondition(condition.right);
  return condition.kind === "both" ? (x) => left(x) && right(x) : (x) => left(x) || right(x);
}

const compared: Readonly<Record<Relation, (u: ScalarFunction, v: ScalarFunction) => (x: number) => boolean>> = {
  "<": (u, v) => (x) => u(x) < v(x),
  "<=": (u, v) => (x) => u(x) <= v(x),
  ">": (u, v) => (x) => u(x) > v(x),
  ">=": (u, v) => (x) => u(x) >= v(x),
  "===": (u, v) => (x) => u(x) === v(x),
  "!==": (u, v) => (x) => u(x) !== v(x),
};
