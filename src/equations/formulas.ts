import { ExpressionError } from "../errors.ts";
import type { CheckedDescription } from "./description.ts";
import type { Graph } from "./graph/graph.ts";
import { addBoundNames, type Formula, Lowering, type Meanings, refusal } from "./graph/lower.ts";
import type { Node, Source } from "./graph/node.ts";
import { parse } from "../activation/formula/language/parse.ts";
import { Refusal } from "../activation/formula/language/tokens.ts";

/** All formulas of a problem as nodes of one graph. */
export interface ProblemNodes {
  /** Right sides by unknown; none if the equations are a function. */
  readonly equations: readonly Node[];
  readonly observables: Readonly<Record<string, Node>>;
  readonly free: Node | undefined;
  readonly phases: Readonly<Record<string, Node>>;
}

/**
 * Reads every formula. Inputs are numbered: the unknowns, then the parameters.
 *
 * @throws ExpressionError with the name of the formula and the place in it
 */
export function readFormulas(graph: Graph, description: CheckedDescription): ProblemNodes {
  const { unknowns, parameters, where, equations, observables, free, phases } = description;
  const inputs = [...unknowns.map(({ name }) => name), ...Object.keys(parameters)];
  const definitions = Object.entries(where).map(([name, text]) => [name, read(`where.${name}`, text)] as const);
  const group = (name: string, texts: Readonly<Record<string, string>>) =>
    Object.entries(texts).map(([key, text]) => [key, read(`${name}.${key}`, text)] as const);
  const sides =
    typeof equations === "function" ? [] : unknowns.map(({ name }) => read(`equations.${name}`, equations[name]!));
  const observed = group("observables", observables);
  const energy = free && read(free.name, free.formula);
  const known = group("phases", phases);

  const bound = new Set<string>();
  const all = [...definitions, ...observed, ...known].map(([, formula]) => formula);
  for (const { syntax } of [...all, ...sides, ...(energy ? [energy] : [])]) addBoundNames(syntax, bound);
  const nodes = inputs.map((name, i) => [name, graph.input(i)] as const);
  const meanings: Meanings = new Map<string, Node | Formula>([...nodes, ...definitions]);
  const lowering = (name: string) => new Lowering(graph, meanings, bound, name);
  const main = lowering("");
  const result = {
    equations: sides.map((formula) => main.lower(formula)),
    observables: lowerAll(lowering("observables"), observed),
    free: energy && lowering("free").lower(energy),
    phases: lowerAll(lowering("phases"), known),
  };
  checkDefinitions(lowering("definitions"), definitions, bound);
  return result;
}

function read(name: string, text: string): Formula {
  const source: Source = { name, text };
  try {
    if (text.trim() === "") throw new Refusal("empty", 0);
    return { source, syntax: parse(text) };
  } catch (error) {
    throw error instanceof Refusal ? refusal(source, error.reason, error.offset) : error;
  }
}

function lowerAll(lowering: Lowering, formulas: readonly (readonly [string, Formula])[]): Record<string, Node> {
  return Object.fromEntries(formulas.map(([key, formula]) => [key, lowering.lower(formula)]));
}

/** Definitions that nothing uses are read, too; what they may use is bound where they would stand. */
function checkDefinitions(
  lowering: Lowering,
  definitions: readonly (readonly [string, Formula])[],
  bound: ReadonlySet<string>,
): void {
  for (const [, formula] of definitions) {
    try {
      lowering.lower(formula);
    } catch (error) {
      const isOpen = error instanceof ExpressionError && error.reason.includes("bound variable") && bound.size > 0;
      // A list is no number, but may stand in a sum.
      if (!isOpen && formula.syntax.kind !== "list") throw error;
    }
  }
}
