import { ParameterError } from "../errors.ts";
import type { Activation } from "./activationType.ts";

/** Weights of f(x ± kh) in the central differences of orders 6 and 8. */
const SIXTH = [3 / 4, -3 / 20, 1 / 60];
const EIGHTH = [4 / 5, -1 / 5, 4 / 105, -1 / 280];
/** Distances tried, from the longest to the shortest; near a break point shorter ones. */
const STEPS = [0.08, 0.04, 0.02, 0.01, 0.004, 0.001];
/** Relative rounding of the function. */
const ROUNDING = 2 ** -52;
/** Where a derivative is looked at: no multiples of anything, so that no kink of round numbers is hit. */
const PLACES = Array.from({ length: 403 }, (_, i) => 0.0298 * (i - 201) + 0.00371);
/** Largest error of a numerical derivative, relative to the size of the derivative on the places above. */
const TOLERANCE = 1e-9;
/** From this difference on, relative to the function's size about the place, a derivative is another function's. */
const WRONG = 1e-4;

/** A derivative with a bound of its error by the difference of two orders and by rounding. */
export interface Slope {
  readonly value: number;
  readonly error: number;
}

/**
 * σ′(x) by central differences of order 8, at the distance at which truncation (the difference to order 6) and rounding are least
 * together; no difference reaches across a kink or jump that is known.
 */
export function slopeAt({ value, kinks, jumps }: Activation, x: number): Slope {
  const room = [...kinks, ...jumps].reduce((least, point) => Math.min(least, Math.abs(x - point)), Infinity) / 5;
  const steps = STEPS[0]! <= room ? STEPS : [...STEPS.filter((h) => h < room), room];
  let best: Slope = { value: 0, error: Infinity };
  // At a kink itself the derivative is the mean of its sides.
  if (room === 0) return { value: (value(x + 1e-6) - value(x - 1e-6)) / 2e-6, error: 0 };
  for (const h of steps) {
    const differences = EIGHTH.map((_, k) => value(x + (k + 1) * h) - value(x - (k + 1) * h));
    const sum = (weights: readonly number[]) => weights.reduce((total, w, k) => total + w * differences[k]!, 0) / h;
    const slope = sum(EIGHTH);
    const size = Math.max(Math.abs(value(x + 4 * h)), Math.abs(value(x - 4 * h)), Math.abs(x * slope));
    const [truncation, rounding] = [Math.abs(slope - sum(SIXTH)), (ROUNDING * size) / h];
    if (truncation + rounding < best.error) best = { value: slope, error: truncation + rounding };
    // What is left is rounding, which shorter distances make larger.
    if (truncation <= rounding) break;
  }
  return best;
}

type Differentiable = Activation & { readonly derivative: (x: number) => number };

const hasDerivative = (f: Activation): f is Differentiable => f.derivative !== undefined;

/**
 * A function with its derivative by differences, and the error of that relative to its size.
 *
 * @throws ParameterError where σ is not smooth enough for nine digits
 */
export function withDerivative(f: Activation, parameter: string): Differentiable {
  if (hasDerivative(f)) return f;
  const slopes = PLACES.map((x) => slopeAt(f, x));
  const size = Math.max(...slopes.map((slope) => Math.abs(slope.value)), Number.MIN_VALUE);
  const worst = slopes.findIndex((slope) => !(slope.error <= TOLERANCE * size));
  if (worst >= 0) {
    const legal = `smooth, or {value, derivative, kinks} for a gradient step: differences do not give its derivative at x = ${PLACES[worst]!.toPrecision(3)}`;
    throw new ParameterError(parameter, f.name, legal);
  }
  const derivativeError = slopes.reduce((most, { error }) => Math.max(most, error / size), 0);
  return { ...f, derivative: (x) => slopeAt(f, x).value, derivativeError };
}

/**
 * Refuses a derivative that is not that of the function.
 *
 * @throws ParameterError naming the place
 */
export function checkDerivative(f: Activation & { derivative: (x: number) => number }, parameter: string): void {
  for (let i = 0; i < PLACES.length; i += 10) {
    const x = PLACES[i]!;
    const [found, given] = [slopeAt(f, x), f.derivative(x)];
    const scale = Math.abs(given) + Math.abs(found.value) + Math.abs(f.value(x));
    // Where the function has no value, it is its average that is refused.
    if (!(found.error <= WRONG * scale)) continue;
    if (!(Math.abs(found.value - given) <= WRONG * scale + 3 * found.error)) {
      const legal = `given with its own derivative: at x = ${x.toPrecision(3)} it is ${found.value.toPrecision(6)}, not ${given.toPrecision(6)}`;
      throw new ParameterError(parameter, f.name, legal);
    }
  }
}
