import { ExpressionError } from "../../errors.ts";
import { activationNames } from "../namedActivations.ts";
import { elementaryNames, formulaFunction } from "./functions.ts";
import { parse } from "./language/parse.ts";
import { refusedFunction, shorthand, shorthandNames } from "./shorthands.ts";
import type { BinaryOperator, Syntax } from "./language/syntax.ts";
import { Refusal } from "./language/tokens.ts";
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

/**
 * The variables of a formula: the index of a name that is one of them, and which names are legal, in words.
 */
export interface Variables {
  readonly indexOf: (name: string) => number | undefined;
  readonly legal: string;
}

const X: Variables = { indexOf: (name) => (name === "x" ? 0 : undefined), legal: "x" };

/**
 * Reads a formula, in x unless other variables are given, and keeps only whitelisted functions and symbols. It means what
 * mathjs takes it to mean.
 *
 * @throws ExpressionError naming the symbol, function or construct that is not allowed.
 */
export function parseFormula(formula: string, variables: Variables = X): Tree {
  if (formula.length > MAXIMAL_LENGTH) {
    throw new ExpressionError(formula, `longer than ${MAXIMAL_LENGTH} characters`);
  }
  try {
    const alone = variables.indexOf(formula.trim()) === undefined ? shorthand(formula.trim()) : undefined;
    const tree = alone ? alone(variable(0)) : new Reader(variables).toTree(parse(formula));
    if (treeSize(tree) > MAXIMAL_SIZE)
      throw new ExpressionError(formula, "too many comparisons in chains within chains");
    return tree;
  } catch (error) {
    if (error instanceof Refusal) throw new ExpressionError(formula, error.reason);
    throw error;
  }
}

const constants: ReadonlyMap<string, number> = new Map([
  ["pi", Math.PI],
  ["π", Math.PI],
  ["e", Math.E],
]);

const ARITHMETIC: Readonly<Partial<Record<BinaryOperator, (left: Tree, right: Tree) => Tree>>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "/": divide,
  "^": power,
};

const RELATIONS: Readonly<Partial<Record<BinaryOperator, Relation>>> = {
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  "==": "===",
  "!=": "!==",
};

/** The syntax of one formula as a tree. */
class Reader {
  /** The middle of a chain a < b < c stands in the syntax twice. */
  private readonly known = new Map<Syntax, Tree>();

  constructor(private readonly variables: Variables) {}

  toTree(syntax: Syntax): Tree {
    const tree = this.known.get(syntax) ?? this.read(syntax);
    this.known.set(syntax, tree);
    return tree;
  }

  private read(syntax: Syntax): Tree {
    switch (syntax.kind) {
      case "number":
        return constant(syntax.value);
      case "name":
        return this.toSymbol(syntax.name, syntax.start);
      case "call":
        return this.toCall(syntax.name, syntax.parts, syntax.start);
      case "unary":
        return syntax.operator === "-" ? negate(this.toTree(syntax.operand)) : this.indicator(syntax);
      case "binary": {
        const operation = ARITHMETIC[syntax.operator];
        return operation ? operation(this.toTree(syntax.left), this.toTree(syntax.right)) : this.indicator(syntax);
      }
      case "choice":
        return conditional(this.toCondition(syntax.condition), this.toTree(syntax.yes), this.toTree(syntax.no));
      case "list":
        throw new Refusal("a list is not allowed", syntax.start);
    }
  }

  private toSymbol(name: string, start: number): Tree {
    const { indexOf, legal } = this.variables;
    const index = indexOf(name);
    if (index !== undefined) return variable(index);
    const value = constants.get(name);
    if (value !== undefined) return constant(value);
    if (formulaFunction(name) ?? shorthand(name)) {
      throw new Refusal(`function "${name}" needs an argument, as in ${name}(${legal.split(",")[0]!})`, start);
    }
    const names = `${legal}, pi, e, and alone ${[...activationNames, ...shorthandNames].join(", ")}`;
    throw new Refusal(`unknown symbol "${name}"; legal are ${names}`, start);
  }

  private toCall(name: string, parts: readonly Syntax[], start: number): Tree {
    if (name === "max" || name === "min") {
      if (parts.length < 2) throw new Refusal(`function "${name}" takes at least 2 arguments`, start);
      return parts.map((item) => this.toTree(item)).reduce(name === "max" ? maximum : minimum);
    }
    const arity = name === "pow" ? 2 : 1;
    if (this.variables.indexOf(name) !== undefined || constants.has(name)) {
      throw new Refusal(`"${name}" is not a function: write ${name} * (…)`, start);
    }
    const short = shorthand(name);
    if (name !== "pow" && !short && !formulaFunction(name)) {
      const legal = [...elementaryNames, "min", "max", "pow", ...activationNames, ...shorthandNames];
      const reason = refusedFunction(name);
      if (reason !== undefined) throw new Refusal(reason, start);
      throw new Refusal(`unknown function "${name}"; legal are ${legal.join(", ")}`, start);
    }
    if (parts.length !== arity) {
      throw new Refusal(
        `function "${name}" takes ${arity} argument${arity > 1 ? "s" : ""}, got ${parts.length}`,
        start,
      );
    }
    const [first, second] = parts.map((item) => this.toTree(item));
    if (short) return short(first!);
    return second ? power(first!, second) : call(name, first!);
  }

  /** A condition used as a number is 1 where it holds and 0 elsewhere. */
  private indicator(syntax: Syntax): Tree {
    return conditional(this.toCondition(syntax), constant(1), constant(0));
  }

  private toCondition(syntax: Syntax): Condition {
    if (syntax.kind === "unary" && syntax.operator === "not") {
      return { kind: "not", operand: this.toCondition(syntax.operand) };
    }
    const operator = syntax.kind === "binary" ? syntax.operator : undefined;
    if (syntax.kind === "binary" && (operator === "and" || operator === "or")) {
      const [left, right] = [this.toCondition(syntax.left), this.toCondition(syntax.right)];
      return { kind: operator === "and" ? "both" : "either", left, right };
    }
    const relation = operator && RELATIONS[operator];
    if (syntax.kind !== "binary" || relation === undefined) {
      throw new Refusal("a condition is a comparison; parentheses may be missing", syntax.start);
    }
    return { kind: "comparison", relation, left: this.toTree(syntax.left), right: this.toTree(syntax.right) };
  }
}
