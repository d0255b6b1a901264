import { activationNames, namedActivation } from "../../activation/namedActivations.ts";
import { lambertW, logCosh, logNormalCdf } from "../../numerics/specialFunctions.ts";
import { erfc, normalCdf, normalPdf } from "../../numerics/normal.ts";
import type { Algebra, FormulaFunction, Node } from "./node.ts";

type Derivative = FormulaFunction["derivative"];

const table: FormulaFunction[] = [];

function define(
  name: string,
  value: (x: number) => number,
  derivative: Derivative,
  feature?: "step" | "peak",
): FormulaFunction {
  const entry = { name, value, derivative, kinks: [], jumps: [], ...(feature && { feature }) };
  table.push(entry);
  return entry;
}

/** The reciprocal of a function of u. */
const over = (graph: Algebra, node: Node): Node => graph.divide(graph.constant(1), node);
const squared = (graph: Algebra, node: Node): Node => graph.power(node, graph.constant(2));
const plus = (graph: Algebra, number: number, node: Node): Node => graph.add(graph.constant(number), node);
const minus = (graph: Algebra, number: number, node: Node): Node => graph.subtract(graph.constant(number), node);
const times = (graph: Algebra, number: number, node: Node): Node => graph.multiply(graph.constant(number), node);

define("exp", Math.exp, (_graph, _u, self) => self, "peak");
define("expm1", Math.expm1, (graph, _u, self) => plus(graph, 1, self));
define("log", Math.log, (graph, u) => over(graph, u));
define("log1p", Math.log1p, (graph, u) => over(graph, plus(graph, 1, u)));
define("sqrt", Math.sqrt, (graph, _u, self) => graph.divide(graph.constant(0.5), self));
define("tan", Math.tan, (graph, _u, self) => plus(graph, 1, squared(graph, self)));
define("asin", Math.asin, (graph, u) => over(graph, graph.call("sqrt", minus(graph, 1, squared(graph, u)))));
define("acos", Math.acos, (graph, u) =>
  times(graph, -1, over(graph, graph.call("sqrt", minus(graph, 1, squared(graph, u))))),
);
define("atan", Math.atan, (graph, u) => over(graph, plus(graph, 1, squared(graph, u))), "step");
define("sinh", Math.sinh, (graph, u) => graph.call("cosh", u));
define("cosh", Math.cosh, (graph, u) => graph.call("sinh", u));
define("asinh", Math.asinh, (graph, u) => over(graph, graph.call("sqrt", plus(graph, 1, squared(graph, u)))), "step");
define("atanh", Math.atanh, (graph, u) => over(graph, minus(graph, 1, squared(graph, u))));
define("tanh", Math.tanh, (graph, _u, self) => minus(graph, 1, squared(graph, self)), "step");
define("sigmoid", namedActivation("sigmoid")!.value, (graph, u, self) => graph.multiply(self, graph.call("sigmoid", graph.negate(u))), "step"); // prettier-ignore
define("softplus", namedActivation("softplus")!.value, (graph, u) => graph.call("sigmoid", u), "step");
define("sin", Math.sin, (graph, u) => graph.call("cos", u));
define("cos", Math.cos, (graph, u) => graph.negate(graph.call("sin", u)));
define("erf", namedActivation("erf")!.value, (graph, u) => gaussian(graph, u, 2 / Math.sqrt(Math.PI)), "step");
define("erfc", erfc, (graph, u) => gaussian(graph, u, -2 / Math.sqrt(Math.PI)), "step");
define("normalPdf", normalPdf, (graph, u, self) => graph.negate(graph.multiply(u, self)), "peak");
define("normalCdf", normalCdf, (graph, u) => graph.call("normalPdf", u), "step");
define("logNormalCdf", logNormalCdf, (graph, u, self) => inverseMills(graph, u, self), "step");
define("logcosh", logCosh, (graph, u) => graph.call("tanh", u), "step");
define("lambertW", lambertW, (graph, _u, self) =>
  graph.divide(graph.call("exp", graph.negate(self)), plus(graph, 1, self)),
);
define("gelu", namedActivation("gelu")!.value, (graph, u) =>
  graph.add(graph.call("normalCdf", u), graph.multiply(u, graph.call("normalPdf", u))),
);

/** factor·e^{−u²} */
function gaussian(graph: Algebra, u: Node, factor: number): Node {
  return times(graph, factor, graph.call("exp", graph.negate(squared(graph, u))));
}

/** φ/Φ, which stays finite where both vanish. */
function inverseMills(graph: Algebra, u: Node, self: Node): Node {
  const exponent = graph.subtract(times(graph, -0.5, squared(graph, u)), self);
  return graph.call("exp", plus(graph, -0.5 * Math.log(2 * Math.PI), exponent));
}

const byName: ReadonlyMap<string, FormulaFunction> = new Map(table.map((entry) => [entry.name, entry]));
const activations = new Map<string, FormulaFunction>();

/** The function of one variable of that name, if formulas may call it: one of the table, or a named activation. */
export function formulaFunction(name: string): FormulaFunction | undefined {
  const known = byName.get(name) ?? activations.get(name);
  if (known) return known;
  const activation = namedActivation(name);
  if (!activation) return undefined;
  const { value, kinks, jumps } = activation;
  const slope: FormulaFunction = {
    name: `${name}'`,
    value: activation.derivative,
    kinks: [],
    jumps: kinks,
    derivative: () => undefined,
  };
  const entry: FormulaFunction = {
    name,
    value,
    kinks,
    jumps,
    derivative: (graph, u) => (jumps.length > 0 ? undefined : graph.apply(slope, u)),
  };
  activations.set(name, entry);
  return entry;
}

/** For messages. */
export const functionNames: readonly string[] = [
  ...new Set([...byName.keys(), "pow", "min", "max", ...activationNames]),
];
