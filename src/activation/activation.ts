import { ExpressionError, ParameterError } from "../errors.ts";
import type { Smoothness } from "../numerics/smoothness.ts";
import { type Asymptotes, straightEnds } from "./asymptotes.ts";
import type { Activation } from "./activationType.ts";
import { expression } from "./expression.ts";
import { checkDerivative } from "./numericDerivative.ts";
import { merge } from "./formula/breakPoints.ts";
import { enclose } from "./formula/enclose.ts";
import { apply, variable } from "./formula/syntaxTree.ts";
import { type DifferentiableActivation, namedActivation } from "./namedActivations.ts";

export type { Activation } from "./activationType.ts";

/** A named activation, a formula in `x`, a plain function, or a function with its derivative and break points. */
export type ActivationInput =
  | string
  | ((x: number) => number)
  | {
      readonly value: (x: number) => number;
      readonly derivative?: (x: number) => number;
      readonly kinks?: readonly number[];
      readonly jumps?: readonly number[];
      readonly asymptotes?: Asymptotes;
      readonly smoothness?: Smoothness;
      readonly scale?: number;
      readonly name?: string;
    };

/**
 * Resolves a name, a formula, a function or an object into an {@link Activation}.
 *
 * Names and formulas come with exact derivative, kinks and jumps. A bare function is taken as smooth, and where a gradient step
 * needs its derivative that is found by differences, to nine digits or not at all: give `{ value, derivative, kinks, jumps }` for more.
 * A derivative that is not that of `value` is refused. How fast names and formulas vary is known from their
 * definition; a function of the caller's is scanned for variation on scales down to `scale`, 0.01 if none is given: what
 * is narrower is not seen.
 *
 * @param input see {@link ActivationInput}.
 * @param parameter the name errors carry, e.g. "student".
 * @throws ExpressionError for a formula that cannot be read or is not allowed.
 * @throws ParameterError for anything else that is not an activation.
 *
 * @example
 * ```ts
 * import { activation } from "replica-theory";
 * const { value, derivative, kinks } = activation("relu(x - 1) + x^2 / 2");
 * console.log(value(3), derivative?.(3), kinks); // 6.5 4 [ 1 ]
 * ```
 */
export function activation(input: ActivationInput, parameter = "activation"): Activation {
  if (typeof input === "string") return fromText(input.trim(), parameter);
  if (typeof input === "function") return fromFunction({ value: input }, input, parameter);
  if (typeof input !== "object" || (input as unknown) === null) {
    throw new ParameterError(parameter, input, "a name, a formula in x, a function or an object with a function value");
  }
  const unknown = Object.keys(input).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) {
    throw new ParameterError(parameter, input, `unknown field ${unknown}; legal are ${FIELDS.join(", ")}`);
  }
  return fromFunction(input, input, parameter);
}

const FIELDS = ["value", "derivative", "kinks", "jumps", "asymptotes", "smoothness", "scale", "name"];

function fromText(text: string, parameter: string): Activation {
  if (text === "") throw new ExpressionError(text, "empty", parameter);
  try {
    return named(text) ?? formula(text);
  } catch (error) {
    throw error instanceof ExpressionError ? new ExpressionError(error.expression, error.reason, parameter) : error;
  }
}

const known = new Map<string, DifferentiableActivation>();

/** The named activation with its bounds, made once: rules that they lead to are kept with them. */
function named(text: string): DifferentiableActivation | undefined {
  const made = known.get(text);
  if (made) return made;
  const plain = namedActivation(text);
  if (!plain) return undefined;
  const full = { ...plain, smoothness: enclose(apply(plain, variable(0)), merge([...plain.kinks, ...plain.jumps])) };
  known.set(text, full);
  return full;
}

/** Formulas that are kept: rules and scans that they lead to are kept with them. */
const MOST_FORMULAS = 64;
const formulas = new Map<string, DifferentiableActivation>();

function formula(text: string): DifferentiableActivation {
  const made = formulas.get(text);
  if (made) return made;
  const full = expression(text);
  if (formulas.size >= MOST_FORMULAS) formulas.clear();
  formulas.set(text, full);
  return full;
}

/** Derivatives that were compared with their functions. */
const checked = new WeakSet<(x: number) => number>();

type ActivationObject = Extract<ActivationInput, { readonly value: unknown }>;

function fromFunction(input: ActivationObject, given: unknown, parameter: string): Activation {
  const { value, derivative, name } = input;
  requireScalarFunction(value, given, parameter, "value");
  if (derivative !== undefined) requireScalarFunction(derivative, given, parameter, "derivative");
  if (name !== undefined && typeof (name as unknown) !== "string") {
    throw new ParameterError(parameter, given, "name must be a string");
  }
  const jumps = merge(points(input.jumps, given, parameter, "jumps"));
  const jumpSet = new Set(jumps);
  const kinks = merge(points(input.kinks, given, parameter, "kinks")).filter((point) => !jumpSet.has(point));
  if (derivative && !checked.has(derivative)) {
    checkDerivative({ name: name ?? "user function", value, derivative, kinks, jumps }, parameter);
    checked.add(derivative);
  }
  const asymptotes = input.asymptotes ?? straightEnds(value, [...kinks, ...jumps]);
  return {
    name: name ?? (value.name && value.name !== "value" ? value.name : "user function"),
    value,
    ...(derivative && { derivative }),
    kinks,
    jumps,
    ...(input.scale !== undefined && { scale: positiveScale(input.scale, given, parameter) }),
    ...(input.smoothness && { smoothness: input.smoothness }),
    ...checkedAsymptotes(asymptotes, given, parameter),
  };
}

/** The field of the asymptotes, if there are any. */
function checkedAsymptotes(
  asymptotes: Asymptotes,
  given: unknown,
  parameter: string,
): { readonly asymptotes?: Asymptotes } {
  for (const side of ["left", "right"] as const) {
    const line = asymptotes[side];
    if (line === undefined) continue;
    if (!(Number.isFinite(line.offset) && Number.isFinite(line.slope))) {
      throw new ParameterError(parameter, given, `asymptotes.${side} must have an offset and a slope`);
    }
    requireScalarFunction(line.remainder, given, parameter, `asymptotes.${side}.remainder`);
  }
  return asymptotes.left || asymptotes.right ? { asymptotes } : {};
}

function requireScalarFunction(candidate: unknown, given: unknown, parameter: string, field: string): void {
  if (typeof candidate !== "function") throw new ParameterError(parameter, given, `${field} must be a function of x`);
  const scalar = candidate as (x: number) => unknown;
  const wrong = [-0.75, 0.5].find((x) => typeof scalar(x) !== "number");
  if (wrong !== undefined) {
    throw new ParameterError(parameter, given, `${field} must return a number; at x = ${wrong} it does not`);
  }
}

function positiveScale(scale: unknown, given: unknown, parameter: string): number {
  if (typeof scale === "number" && scale >= 1e-6 && scale <= 1) return scale;
  throw new ParameterError(parameter, given, "scale must be a number from 1e-6 to 1");
}

function points(list: unknown, given: unknown, parameter: string, field: string): readonly number[] {
  if (list === undefined) return [];
  if (Array.isArray(list) && list.every((point) => Number.isFinite(point))) return list as number[];
  throw new ParameterError(parameter, given, `${field} must be an array of finite numbers`);
}
