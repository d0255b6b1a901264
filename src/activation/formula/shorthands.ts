/** Names of activations that are formulas of the others: their derivative, break points and bounds follow from these. */
import {
  add,
  call,
  conditional,
  constant,
  divide,
  maximum,
  minimum,
  multiply,
  power,
  type Tree,
} from "./syntaxTree.ts";

/** α and λ of the scaled exponential linear unit (Klambauer et al. 2017), which keep mean 0 and variance 1. */
const [SELU_ALPHA, SELU_SCALE] = [1.6732632423543772, 1.0507009873554805];

/** u for u > 0, αe^u − α below. */
function exponentialLinear(u: Tree, alpha: number): Tree {
  const positive = { kind: "comparison", relation: ">", left: u, right: constant(0) } as const;
  return conditional(positive, u, multiply(constant(alpha), call("expm1", u)));
}

const silu = (u: Tree): Tree => multiply(u, call("sigmoid", u));
const clipped = (u: Tree, low: number, high: number): Tree => maximum(constant(low), minimum(constant(high), u));

const shorthands: ReadonlyMap<string, (u: Tree) => Tree> = new Map([
  ["elu", (u) => exponentialLinear(u, 1)],
  ["celu", (u) => exponentialLinear(u, 1)],
  ["selu", (u) => multiply(constant(SELU_SCALE), exponentialLinear(u, SELU_ALPHA))],
  ["silu", silu],
  ["swish", silu],
  ["mish", (u) => multiply(u, call("tanh", call("softplus", u)))],
  ["hardtanh", (u) => clipped(u, -1, 1)],
  ["relu6", (u) => clipped(u, 0, 6)],
  ["softsign", (u) => divide(u, add(constant(1), call("abs", u)))],
  ["quad", (u) => power(u, constant(2))],
  ["cbrt", (u) => multiply(call("sign", u), power(call("abs", u), constant(1 / 3)))],
  ["ln", (u) => call("log", u)],
]);

/** The formula of that name, or undefined. */
export const shorthand = (name: string): ((u: Tree) => Tree) | undefined => shorthands.get(name);

/** Names for messages. */
export const shorthandNames: readonly string[] = [...shorthands.keys()];

/** Functions that jump without end. */
const STAIRS = ["floor", "ceil", "round", "trunc"];

/** Why a name is refused that others know as a function, or undefined. */
export function refusedFunction(name: string): string | undefined {
  if (!STAIRS.includes(name)) return undefined;
  return `"${name}" jumps without end: write the steps that count, such as heaviside(x - 1/2) - heaviside(-x - 1/2)`;
}
