import { create, parseDependencies, type MathNode } from "mathjs/number";
import { ExpressionError, show } from "../../errors.ts";
import { activationNames } from "../namedActivations.ts";
import { elementaryNames, formulaFunction } from "./functions.ts";
import {
  add,
  call,
  conditional,
  constant,
  divide,
  maximum,
  minimum,
  multiply,
  negate,
  power,
  subtract,
  treeSize,
  variable,
  type Condition,
  type Relation,
  type Tree,
} from "./syntaxTree.ts";

/** Longer formulas are mistakes, and nesting is bounded by length. */
const MAXIMAL_LENGTH = 1000;

/** A chain a < b < c has b twice: nested chains would make exponentially large trees of short formulas. */
const MAXIMAL_SIZE = 4000;

// The parser alone, without mathjs' evaluator functions: a quarter of the size of the whole.
const { parse } = create({ parseDependencies: parseDependencies! });

/**
 * The variables of a formula: the index of a name that is one of them, and which names are legal, in words.
 */
export interface Variables {
  readonly indexOf: (name: string) => number | undefined;
  readonly legal: string;
}

const X: Variables = { indexOf: (name) => (name === "x" ? 0 : undefined), legal: "x" };

/**
 * Reads a formula, in x unless other variables are given, with mathjs' parser and keeps only whitelisted nodes.
 *
 * @throws ExpressionError naming the symbol, function or construct that is not allowed.
 */
export function parseFormula(formula: string, variables: Variables = X): Tree {
  if (formula.length > MAXIMAL_LENGTH) {
    throw new ExpressionError(formula, `longer than ${MAXIMAL_LENGTH} characters`);
  }
  const nodes = read(formula);
  try {
    const tree = toTree(nodes, variables);
    if (treeSize(tree) > MAXIMAL_SIZE) throw new Refusal("too many comparisons in chains within chains");
    return tree;
  } catch (error) {
    if (error instanceof Refusal) throw new ExpressionError(formula, error.message);
    throw error;
  }
}

/** mathjs throws errors of many kinds, all of them for what it cannot read. */
function read(formula: string): SyntaxNode {
  try {
    return parse(formula) as SyntaxNode;
  } catch (error) {
    throw new ExpressionError(formula, error instanceof RangeError ? "nested too deeply" : (error as Error).message);
  }
}

/** Why a node is not allowed; the formula is added where it is known. */
class Refusal extends Error {}

/** The fields of mathjs nodes that are read; `type` tells which of them exist. */
type SyntaxNode = MathNode & {
  readonly value: unknown;
  readonly name: string;
  readonly fn: string | SyntaxNode;
  readonly op: string;
  readonly args: readonly SyntaxNode[];
  readonly content: SyntaxNode;
  readonly condition: SyntaxNode;
  readonly trueExpr: SyntaxNode;
  readonly falseExpr: SyntaxNode;
  readonly conditionals: readonly string[];
  readonly params: readonly SyntaxNode[];
};

const constants: ReadonlyMap<string, number> = new Map([
  ["pi", Math.PI],
  ["e", Math.E],
]);

const arithmetic: ReadonlyMap<string, (left: Tree, right: Tree) => Tree> = new Map([
  ["add", add],
  ["subtract", subtract],
  ["multiply", multiply],
  ["divide", divide],
  ["pow", power],
]);

const relations: ReadonlyMap<string, Relation> = new Map([
  ["smaller", "<"],
  ["smallerEq", "<="],
  ["larger", ">"],
  ["largerEq", ">="],
  ["equal", "==="],
  ["unequal", "!=="],
]);

function toTree(node: SyntaxNode, variables: Variables): Tree {
  switch (node.type) {
    case "ConstantNode":
      return toConstant(node.value);
    case "SymbolNode":
      return toSymbol(node.name, variables);
    case "ParenthesisNode":
      return toTree(node.content, variables);
    case "FunctionNode":
      return toCall(node, variables);
    case "OperatorNode":
      return toOperation(node, variables);
    case "ConditionalNode":
      return conditional(
        toCondition(node.condition, variables),
        toTree(node.trueExpr, variables),
        toTree(node.falseExpr, variables),
      );
    case "RelationalNode":
      return indicator(node, variables);
    default:
      throw new Refusal(`${describe(node)} is not allowed`);
  }
}

function toConstant(value: unknown): Tree {
  if (typeof value === "number" && Number.isFinite(value)) return constant(value);
  if (value === undefined) throw new Refusal("no value");
  throw new Refusal(`constant ${show(value)} is not a finite number`);
}

function toSymbol(name: string, { indexOf, legal }: Variables): Tree {
  const index = indexOf(name);
  if (index !== undefined) return variable(index);
  const value = constants.get(name);
  if (value !== undefined) return constant(value);
  if (formulaFunction(name))
    throw new Refusal(`function "${name}" needs an argument, as in ${name}(${legal.split(",")[0]})`);
  throw new Refusal(`unknown symbol "${name}"; legal are ${legal}, pi, e, and alone ${activationNames.join(", ")}`);
}

function toCall(node: SyntaxNode, variables: Variables): Tree {
  const callee = node.fn as SyntaxNode;
  if (callee.type !== "SymbolNode") throw new Refusal(`${describe(callee)} is not allowed`);
  const { name } = callee;
  if (name === "max" || name === "min") {
    if (node.args.length < 2) throw new Refusal(`function "${name}" takes at least 2 arguments`);
    return node.args.map((item) => toTree(item, variables)).reduce(name === "max" ? maximum : minimum);
  }
  const arity = name === "pow" ? 2 : 1;
  if (variables.indexOf(name) !== undefined || constants.has(name))
    throw new Refusal(`"${name}" is not a function: write ${name} * (…)`);
  if (name !== "pow" && !formulaFunction(name)) {
    const legal = [...elementaryNames, "min", "max", "pow", ...activationNames];
    throw new Refusal(`unknown function "${name}"; legal are ${legal.join(", ")}`);
  }
  if (node.args.length !== arity) {
    throw new Refusal(`function "${name}" takes ${arity} argument${arity > 1 ? "s" : ""}, got ${node.args.length}`);
  }
  const [first, second] = node.args.map((item) => toTree(item, variables));
  return second ? power(first!, second) : call(name, first!);
}

function toOperation(node: SyntaxNode, variables: Variables): Tree {
  const name = node.fn as string;
  if (name === "unaryMinus") return negate(toTree(node.args[0]!, variables));
  if (name === "unaryPlus") return toTree(node.args[0]!, variables);
  const operation = arithmetic.get(name);
  if (operation) return operation(toTree(node.args[0]!, variables), toTree(node.args[1]!, variables));
  return indicator(node, variables);
}

/** A condition used as a number is 1 where it holds and 0 elsewhere. */
function indicator(node: SyntaxNode, variables: Variables): Tree {
  return conditional(toCondition(node, variables), constant(1), constant(0));
}

function toCondition(node: SyntaxNode, variables: Variables): Condition {
  if (node.type === "ParenthesisNode") return toCondition(node.content, variables);
  if (node.type === "RelationalNode") return toChain(node, variables);
  if (node.type !== "OperatorNode")
    throw new Refusal(`${describe(node)} is not a comparison; parentheses may be missing`);
  const name = node.fn as string;
  const [left, right] = node.args;
  if (name === "not") return { kind: "not", operand: toCondition(left!, variables) };
  if (name === "and")
    return { kind: "both", left: toCondition(left!, variables), right: toCondition(right!, variables) };
  if (name === "or")
    return { kind: "either", left: toCondition(left!, variables), right: toCondition(right!, variables) };
  const relation = relations.get(name);
  if (!relation) throw new Refusal(`operator "${node.op}" is not allowed`);
  return { kind: "comparison", relation, left: toTree(left!, variables), right: toTree(right!, variables) };
}

/** a < b < c. */
function toChain(node: SyntaxNode, variables: Variables): Condition {
  const operands = node.params.map((item) => toTree(item, variables));
  return node.conditionals
    .map((name, i): Condition => {
      const relation = relations.get(name);
      if (!relation) throw new Refusal(`operator "${name}" is not allowed`);
      return { kind: "comparison", relation, left: operands[i]!, right: operands[i + 1]! };
    })
    .reduce((left, right) => ({ kind: "both", left, right }));
}

/** The construct in words: "AccessorNode" is "accessor". */
function describe(node: SyntaxNode): string {
  return node.type
    .replace(/Node$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
}
