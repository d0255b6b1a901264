import { bracketedRoot } from "./bracketedRoot.ts";

/** A number that was found, or why it was not. */
export type ScalarOutcome =
  | {
      readonly status: "converged";
      readonly x: number;
      /** f(x). */
      readonly value: number;
      /** Estimated error of x. */
      readonly error: number;
    }
  | { readonly status: "no-bracket" | "non-finite"; readonly detail: string };

const ROUNDING = 2 ** -52;

/**
 * A zero of a continuous f in [a, b].
 *
 * @param f of opposite sign at a and b
 * @example
 * const root = findRoot((x) => x * x - 2, 1, 2);
 * root.status === "converged" && root.x.toFixed(12); // "1.414213562373"
 */
export function findRoot(f: (x: number) => number, a: number, b: number): ScalarOutcome {
  const [left, right] = [f(a), f(b)];
  if (Number.isNaN(left) || Number.isNaN(right)) {
    return { status: "non-finite", detail: `f is ${left} at ${a} and ${right} at ${b}` };
  }
  if (left * right > 0) return { status: "no-bracket", detail: `f is ${left} at ${a} and ${right} at ${b}` };
  const x = bracketedRoot(f, a, b);
  const value = f(x);
  if (!Number.isFinite(value)) return { status: "non-finite", detail: `f is ${value} at ${x}` };
  // What f still is there, over its slope between the nearest distinguishable places.
  const step = Math.sqrt(ROUNDING) * Math.max(Math.abs(x), ROUNDING * Math.abs(b - a));
  const slope = Math.abs(f(x + step) - f(x - step)) / (2 * step);
  return {
    status: "converged",
    x,
    value,
    error: 2 * ROUNDING * Math.abs(x) + (value === 0 ? 0 : Math.abs(value) / slope),
  };
}

const GOLDEN = 0.5 * (3 - Math.sqrt(5));
const MOST_STEPS = 200;

/**
 * A local minimum of f in [a, b] by golden sections; a smooth f tells its place to half the digits only.
 *
 * @example
 * const minimum = findMinimum((x) => (x - 1) ** 2 + 3, 0, 4);
 * minimum.status === "converged" && minimum.value.toFixed(12); // "3.000000000000"
 */
export function findMinimum(f: (x: number) => number, a: number, b: number): ScalarOutcome {
  let [left, right] = [Math.min(a, b), Math.max(a, b)];
  let [x, y] = [left + GOLDEN * (right - left), right - GOLDEN * (right - left)];
  let [fx, fy] = [f(x), f(y)];
  for (let step = 0; step < MOST_STEPS; step++) {
    if (Number.isNaN(fx) || Number.isNaN(fy))
      return { status: "non-finite", detail: `f is ${fx} at ${x} and ${fy} at ${y}` };
    if (right - left <= Math.sqrt(ROUNDING) * Math.max(Math.abs(x), Math.abs(y), ROUNDING)) break;
    if (fx < fy) {
      [right, y, fy] = [y, x, fx];
      x = left + GOLDEN * (right - left);
      fx = f(x);
    } else {
      [left, x, fx] = [x, y, fy];
      y = right - GOLDEN * (right - left);
      fy = f(y);
    }
  }
  const [best, value] = fx < fy ? [x, fx] : [y, fy];
  return { status: "converged", x: best, value, error: right - left };
}
