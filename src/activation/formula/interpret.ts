import { integerPower, operate, type Condition, type Operator, type Relation, type Tree } from "./syntaxTree.ts";

/** A function of x, or of what holds the variables. */
export type FunctionOf<T> = (x: T) => number;
export type ScalarFunction = FunctionOf<number>;

/**
 * The tree as nested closures, one kind of closure for each operator, so that a node costs one call.
 *
 * @param read the variable of an index
 */
export function interpret<T>(tree: Tree, read: (index: number) => FunctionOf<T>): FunctionOf<T> {
  switch (tree.kind) {
    case "constant":
      return () => tree.value;
    case "variable":
      return read(tree.index);
    case "call": {
      const argument = interpret(tree.argument, read);
      const { value } = tree.of;
      return (x) => value(argument(x));
    }
    case "operation":
      return interpretOperation(tree, read);
    case "conditional": {
      const condition = interpretCondition(tree.condition, read);
      const yes = interpret(tree.yes, read);
      const no = interpret(tree.no, read);
      return (x) => (condition(x) ? yes(x) : no(x));
    }
  }
}

function interpretOperation<T>(
  { operator, left, right }: Extract<Tree, { kind: "operation" }>,
  read: (index: number) => FunctionOf<T>,
): FunctionOf<T> {
  if (left.kind === "constant" && operator === "*") return scaled(left.value, interpret(right, read));
  if (right.kind === "constant") return withConstant(operator, interpret(left, read), right.value);
  return combine(operator, interpret(left, read), interpret(right, read));
}

const scaled =
  <T>(factor: number, u: FunctionOf<T>): FunctionOf<T> =>
  (x) =>
    factor * u(x);

function withConstant<T>(operator: Operator, u: FunctionOf<T>, constant: number): FunctionOf<T> {
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
      return combine(operator, u, () => constant);
  }
}

function raised<T>(u: FunctionOf<T>, exponent: number): FunctionOf<T> {
  if (exponent === 2) {
    return (x) => {
      const value = u(x);
      return value * value;
    };
  }
  const raise = Number.isInteger(exponent) && Math.abs(exponent) <= 64 ? integerPower : Math.pow;
  return (x) => raise(u(x), exponent);
}

function combine<T>(operator: Operator, u: FunctionOf<T>, v: FunctionOf<T>): FunctionOf<T> {
  switch (operator) {
    case "+":
      return (x) => u(x) + v(x);
    case "-":
      return (x) => u(x) - v(x);
    case "*":
      return (x) => u(x) * v(x);
    case "/":
      return (x) => u(x) / v(x);
    default: {
      const combined = operate[operator];
      return (x) => combined(u(x), v(x));
    }
  }
}

function interpretCondition<T>(condition: Condition, read: (index: number) => FunctionOf<T>): (x: T) => boolean {
  if (condition.kind === "not") {
    const operand = interpretCondition(condition.operand, read);
    return (x) => !operand(x);
  }
  if (condition.kind === "comparison") {
    const compare = compared[condition.relation];
    const [left, right] = [interpret(condition.left, read), interpret(condition.right, read)];
    return (x) => compare(left(x), right(x));
  }
  const left = interpretCondition(condition.left, read);
  const right = interpretCondition(condition.right, read);
  return condition.kind === "both" ? (x) => left(x) && right(x) : (x) => left(x) || right(x);
}

const compared: Readonly<Record<Relation, (u: number, v: number) => boolean>> = {
  "<": (u, v) => u < v,
  "<=": (u, v) => u <= v,
  ">": (u, v) => u > v,
  ">=": (u, v) => u >= v,
  "===": (u, v) => u === v,
  "!==": (u, v) => u !== v,
};
