import { QuadratureError } from "../errors.ts";
import type { CheckedDescription } from "./description.ts";
import { Engine } from "./engine/engine.ts";
import { type Block, compileBlock, type Workshop } from "./engine/program.ts";
import { Store } from "./engine/store.ts";
import { readFormulas } from "./formulas.ts";
import { functionSides } from "./functionSides.ts";
import type { Quantities } from "./quantities.ts";
import { derivative } from "./graph/derivative.ts";
import { Graph } from "./graph/graph.ts";
import { isReserved } from "./graph/lower.ts";
import { type Node, partsOf } from "./graph/node.ts";
import { checkDescription } from "./description.ts";

/** The equations and observables of a description, ready to be evaluated. */
export interface System {
  readonly description: CheckedDescription;
  readonly sides: Quantities;
  readonly observables: Quantities;
  readonly observableNames: readonly string[];
  readonly free: Quantities | undefined;
  readonly phases: Quantities;
}

/** @throws ParameterError, ExpressionError for whatever is wrong with a description */
export function systemOf(given: unknown): System {
  const description = checkDescription(given, isReserved);
  const graph = new Graph();
  const nodes = readFormulas(graph, description);
  const store = new Store(new Float64Array(description.unknowns.length + Object.keys(description.parameters).length));
  const quantities = (outputs: readonly Node[]) => formulaQuantities(graph, store, outputs);
  const { equations } = description;
  return {
    description,
    sides: typeof equations === "function" ? functionSides(description, equations) : quantities(nodes.equations),
    observables: quantities(Object.values(nodes.observables)),
    observableNames: Object.keys(nodes.observables),
    free: nodes.free && quantities([nodes.free]),
    phases: quantities(Object.values(nodes.phases)),
  };
}

function formulaQuantities(graph: Graph, store: Store, outputs: readonly Node[]): Quantities {
  const engine = new Engine(store);
  const workshop: Workshop = { graph, store, primary: new Set(reductionsWithin(outputs)) };
  const program = compileBlock(workshop, graph.point, outputs);
  const programs = new Map<string, { block: Block; flat: readonly Node[] } | undefined>();
  const programFor = (columns: readonly number[]) => {
    const key = columns.join();
    if (!programs.has(key)) {
      const nodes = outputs.map((output) => columns.map((column) => derivative(graph, output, graph.input(column))));
      const complete = nodes.every((row) => row.every((node) => node !== undefined)) ? nodes : undefined;
      const block = complete && compileBlock(workshop, graph.point, [...outputs, ...complete.flat()]);
      programs.set(key, block && { block, flat: complete.flat() });
    }
    return programs.get(key);
  };
  const read = (nodes: readonly Node[]): Float64Array => {
    const values = new Float64Array(nodes.length);
    for (let i = 0; i < nodes.length; i++) values[i] = store.values[nodes[i]!.id]![0]!;
    return values;
  };
  // Grids that were made for the same numbers need not be made again.
  let adaptedTo: Float64Array | undefined;
  return {
    count: outputs.length,
    values(inputs, mode) {
      store.inputs.set(inputs);
      if (mode === "adapt") {
        const isAdapted = adaptedTo?.every((value, i) => value === inputs[i]) ?? false;
        adaptedTo = undefined;
        engine.run(program, isAdapted ? "keep" : "adapt");
        adaptedTo = Float64Array.from(inputs);
      } else engine.run(program, mode);
      return read(outputs);
    },
    derivatives(inputs, columns) {
      const compiled = programFor(columns);
      if (!compiled) return undefined;
      store.inputs.set(inputs);
      if (engine.run(compiled.block, "keep") === "jumped") return undefined;
      return { values: read(outputs), derivatives: read(compiled.flat) };
    },
    explain: () => explanation(store, program),
  };
}

/** The averages that the outputs are made of. */
function reductionsWithin(outputs: readonly Node[]): Node[] {
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const part of partsOf(node)) visit(part);
    if (node.kind !== "reduce") return;
    const { low, high, equation } = node.over;
    for (const part of [node.body, low, high, equation]) if (part) visit(part);
  };
  for (const output of outputs) visit(output);
  return [...seen].filter(({ kind }) => kind === "reduce");
}

/** The first part of a program at one point that is not finite though its own parts are. */
function explanation(store: Store, program: Block): string {
  for (const step of program.steps) {
    const nodes = step.kind === "values" ? [step.node] : step.nodes;
    for (const node of nodes) {
      const value = store.values[node.id]![0]!;
      if (node.kind === "constant" || Number.isFinite(value)) continue;
      const { origin } = node;
      const text = origin ? `${origin.source.text.slice(origin.start, origin.end)} in ${origin.source.name}` : "a part";
      return `${text} is ${value}`;
    }
  }
  return "a value is not finite";
}

/** Why an average could not be calculated; other errors are passed on. */
export function quadratureReason(error: unknown): string {
  if (error instanceof QuadratureError || (error as Error).name === "ExpressionError") return (error as Error).message;
  throw error;
}
