import { ExpressionError, ParameterError } from "../errors.ts";
import { activation, type Activation, type ActivationInput } from "../activation/activation.ts";
import { compileOfSeveral } from "../activation/formula/compile.ts";
import { parseFormula } from "../activation/formula/parse.ts";
import { namedActivation } from "../activation/namedActivations.ts";
import { breakPlanes, type BreakPlane, highestVariable } from "./breakPlanes.ts";

/** A target g(s_1, …, s_m) of the projections s_i = θ_iᵀx on m orthonormal directions (multiIndex §1). */
export interface MultiIndexTarget {
  /** The formula, as given; functions without a name are called "user function". */
  readonly name: string;
  /** m */
  readonly directions: number;
  readonly value: (s: ArrayLike<number>) => number;
  /** Planes n·s = c on which g or its gradient jumps; n has unit length. */
  readonly planes: readonly BreakPlane[];
}

/** Of a function of an array: how many directions it has, and where it has kinks or jumps. */
export interface TargetOfSeveral {
  readonly value: (x: readonly number[]) => number;
  /** m, the length of the array. */
  readonly directions: number;
  /** Planes normal·x = offset on which the function or its gradient jumps; default none. */
  readonly planes?: readonly { readonly normal: readonly number[]; readonly offset?: number }[];
  readonly name?: string;
}

/** A single-index target, or a formula in x1, x2, …, or a function of an array with its number of directions. */
export type TargetInput = ActivationInput | TargetOfSeveral;

/** Most directions of a target: beyond, averages over them need rules of too many nodes. */
const MOST_DIRECTIONS = 6;
const NAMED = /^x([1-9])$/;

/** The variables of a target: x1, x2, …; x is x1. */
export const targetVariables = {
  indexOf: (name: string): number | undefined => {
    if (name === "x") return 0;
    const digit = NAMED.exec(name)?.[1];
    return digit !== undefined && Number(digit) <= MOST_DIRECTIONS ? Number(digit) - 1 : undefined;
  },
  legal: `x1, …, x${MOST_DIRECTIONS} (x is x1)`,
} as const;

export function isTargetOfSeveral(input: TargetInput): input is TargetOfSeveral {
  return typeof input === "object" && (input as unknown) !== null && "directions" in input;
}

/**
 * Resolves a formula in x1, x2, …, a function of an array with its number of directions, or any single-index target.
 *
 * @throws ExpressionError for a formula that cannot be read
 * @throws ParameterError for anything else that is not a target
 * @example
 * const { directions, value } = multiIndexTarget("x1 + x1*x2");
 * [directions, value([2, 3])]; // [2, 8]
 */
export function multiIndexTarget(input: TargetInput, parameter = "target"): MultiIndexTarget {
  if (isTargetOfSeveral(input)) return ofFunction(input, parameter);
  if (typeof input !== "string" || namedActivation(input.trim())) return ofActivation(activation(input, parameter));
  const text = input.trim();
  if (text === "") throw new ExpressionError(text, "empty", parameter);
  try {
    const tree = parseFormula(text, targetVariables);
    const directions = Math.max(1, highestVariable(tree) + 1);
    return { name: text, directions, value: compileOfSeveral(tree), planes: breakPlanes(tree, directions) };
  } catch (error) {
    throw error instanceof ExpressionError ? new ExpressionError(error.expression, error.reason, parameter) : error;
  }
}

function ofActivation({ name, value, kinks, jumps }: Activation): MultiIndexTarget {
  const planes = [...kinks, ...jumps].map((offset) => ({ normal: [1], offset }));
  return { name, directions: 1, value: (s) => value(s[0]!), planes };
}

function ofFunction({ value, directions, planes = [], name }: TargetOfSeveral, parameter: string): MultiIndexTarget {
  if (typeof (value as unknown) !== "function") throw new ParameterError(parameter, value, "a function of an array");
  if (!(Number.isInteger(directions) && directions >= 1 && directions <= MOST_DIRECTIONS)) {
    throw new ParameterError(`${parameter}.directions`, directions, `an integer from 1 to ${MOST_DIRECTIONS}`);
  }
  const probe = Array.from({ length: directions }, (_, i) => 0.5 - 0.3 * i);
  if (typeof (value(probe) as unknown) !== "number") {
    throw new ParameterError(parameter, value, "a function that returns a number");
  }
  const unit = planes.map(({ normal, offset = 0 }) => {
    const length = (normal as unknown) && normal.length === directions ? Math.hypot(...normal) : NaN;
    if (!(length > 0 && length < Infinity && Number.isFinite(offset))) {
      throw new ParameterError(`${parameter}.planes`, normal, `normals of ${directions} numbers, not all zero`);
    }
    return { normal: normal.map((n) => n / length), offset: offset / length };
  });
  const array = new Array<number>(directions).fill(0);
  return {
    name: name ?? (value.name && value.name !== "value" ? value.name : "user function"),
    directions,
    value: (s) => {
      for (let i = 0; i < directions; i++) array[i] = s[i]!;
      return value(array);
    },
    planes: unit,
  };
}
