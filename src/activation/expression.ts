import { ExpressionError } from "../errors.ts";
import { straightEnds } from "./asymptotes.ts";
import { asymptotesOf } from "./formula/asymptotes.ts";
import { breakPoints, merge } from "./formula/breakPoints.ts";
import { compile } from "./formula/compile.ts";
import { enclose } from "./formula/enclose.ts";
import { differentiate } from "./formula/differentiate.ts";
import { parseFormula } from "./formula/parse.ts";
import type { DifferentiableActivation } from "./namedActivations.ts";

/** More break points than this on [−60, 60] would not be resolved by the grid that looks for them. */
const MAXIMAL_BREAK_POINTS = 3000;

/**
 * A formula in `x` with its exact derivative, kinks and jumps.
 *
 * Allowed are numbers, `pi`, `e`, `+ − * / ^`, comparisons, `and`, `or`, `not`, `c ? a : b`, the named activations as functions,
 * and `exp`, `expm1`, `log` (natural), `log1p`, `sqrt`, `tan`, `atan`, `sinh`, `cosh`, `asinh`, `erfc`, `min`, `max`, `pow`. A comparison
 * used as a number is 1 or 0. Outside the domain of a function the value is NaN or ±Infinity.
 *
 * @throws ExpressionError for anything else, naming it.
 */
export function expression(formula: string): DifferentiableActivation {
  const tree = parseFormula(formula);
  const value = compile(tree);
  const derivative = compile(differentiate(tree));
  const { kinks, jumps } = breakPoints(tree, value);
  if (kinks.length + jumps.length > MAXIMAL_BREAK_POINTS) {
    throw new ExpressionError(formula, `more than ${MAXIMAL_BREAK_POINTS} kinks and jumps in [−60, 60]`);
  }
  const asymptotes = { ...straightEnds(value, [...kinks, ...jumps]), ...asymptotesOf(tree) };
  const some = asymptotes.left ?? asymptotes.right;
  const smoothness = enclose(tree, merge([...kinks, ...jumps]));
  return { name: formula, value, derivative, kinks, jumps, smoothness, ...(some && { asymptotes }) };
}
