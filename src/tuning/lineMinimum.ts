import type { Estimate } from "../numerics/stencil.ts";

/** Where on a line a function is least, and by how much that may be off. */
export interface LineMinimum {
  readonly at: number;
  readonly error: number;
}

/**
 * Minimum of the polynomial of sixth degree through seven equidistant values, with its distance from that of the
 * polynomial of fourth degree through the inner five and with the rounding of the values for its error.
 *
 * @param f values at u − 3h … u + 3h
 * @returns undefined if the polynomial has no minimum between the outermost values
 */
export function lineMinimum(f: (u: number) => Estimate | undefined, u: number, h: number): LineMinimum | undefined {
  const at = [-3, -2, -1, 0, 1, 2, 3].map((j) => f(u + j * h));
  if (at.some((item) => !item)) return undefined;
  const y = at.map((item) => item!.value);
  const odd = [1, 2, 3].map((j) => (y[3 + j]! - y[3 - j]!) / 2) as [number, number, number];
  const even = [1, 2, 3].map((j) => (y[3 + j]! + y[3 - j]!) / 2 - y[3]!) as [number, number, number];
  const sixth = [
    0,
    (45 * odd[0] - 9 * odd[1] + odd[2]) / 30,
    (270 * even[0] - 27 * even[1] + 2 * even[2]) / 180,
    (-13 * odd[0] + 8 * odd[1] - odd[2]) / 24,
    (-39 * even[0] + 12 * even[1] - even[2]) / 72,
    (5 * odd[0] - 4 * odd[1] + odd[2]) / 120,
    (15 * even[0] - 6 * even[1] + even[2]) / 360,
  ];
  const fourth = quartic(odd, even);
  const best = polynomialMinimum(sixth);
  const rough = polynomialMinimum(fourth);
  if (best === undefined || rough === undefined) return undefined;
  const noise = Math.max(...at.map((item) => item!.error));
  return { at: u + best.t * h, error: h * (Math.abs(best.t - rough.t) + (4 * noise) / best.curvature) };
}

/** Coefficients of the polynomial of fourth degree through five equidistant values: halves of f(t) ∓ f(−t) at t = 1, 2, without f(0). */
function quartic(odd: readonly number[], even: readonly number[]): number[] {
  const [o1, o2, e1, e2] = [odd[0]!, odd[1]!, even[0]!, even[1]!];
  return [0, (8 * o1 - o2) / 6, (16 * e1 - e2) / 12, (o2 - 2 * o1) / 6, (e2 - 4 * e1) / 12];
}

/** Step of the values around a place that is nearly a minimum: truncation of order h⁴ is small beside a place to 1e-6. */
const CLOSE_STEP = 0.03;
/** Units off the middle to which the polynomial is trusted, and how often its middle is moved. */
const [MIDDLE, MOST_MOVES] = [1.5, 3];
/** Largest derivative of fifth order beside those before it. */
const WILDEST = 4;

/**
 * The minimum that five equidistant values show around a place that is nearly one: that of the polynomial of fourth degree. Its
 * error is that of the next order, on the scale on which the function varies over lengths of order 1, and rounding.
 *
 * @returns undefined where there is no value, or no minimum close by
 */
export function lowestNear(
  f: (u: number) => Estimate | undefined,
  u: number,
): (LineMinimum & { readonly value: Estimate }) | undefined {
  const h = CLOSE_STEP;
  const known = new Map<number, Estimate | undefined>();
  const valueAt = (j: number): Estimate | undefined => {
    if (!known.has(j)) known.set(j, f(u + j * h));
    return known.get(j);
  };
  let middle = 0;
  for (let move = 0; move <= MOST_MOVES; move++) {
    const at = [-2, -1, 0, 1, 2].map((j) => valueAt(middle + j));
    if (at.some((item) => !item)) return undefined;
    const y = at.map((item) => item!.value);
    const odd = [1, 2].map((j) => (y[2 + j]! - y[2 - j]!) / 2);
    const even = [1, 2].map((j) => (y[2 + j]! + y[2 - j]!) / 2 - y[2]!);
    const a = quartic(odd, even);
    const best = polynomialMinimum(a);
    if (!best) return undefined;
    if (Math.abs(best.t) > MIDDLE) {
      middle += Math.round(best.t);
      continue;
    }
    const noise = Math.max(...at.map((item) => item!.error));
    // Derivatives of orders 2 to 4 by u, in units of the second: that of fifth order moves the minimum by h⁴/20 of itself.
    const largest = Math.max(1, Math.abs((3 * a[3]!) / a[2]! / h), Math.abs((12 * a[4]!) / a[2]! / h ** 2));
    const value = y[2]! + a.reduceRight((sum, coefficient) => sum * best.t + coefficient, 0);
    return {
      at: u + (middle + best.t) * h,
      error: WILDEST * (h ** 4 / 20) * largest + (4 * noise * h) / best.curvature,
      value: { value, error: noise },
    };
  }
  return undefined;
}

/** A minimum of Σ a_j t^j within three units of 0, by Newton's method from 0. */
function polynomialMinimum(a: readonly number[]): { t: number; curvature: number } | undefined {
  let t = 0;
  for (let step = 0; step < 30; step++) {
    let [slope, curvature] = [0, 0];
    for (let j = a.length - 1; j >= 1; j--) {
      slope = slope * t + j * a[j]!;
      if (j >= 2) curvature = curvature * t + j * (j - 1) * a[j]!;
    }
    if (!(curvature > 0)) return undefined;
    const change = slope / curvature;
    t -= Math.max(-1, Math.min(1, change));
    if (!(Math.abs(t) < 3)) return undefined;
    if (Math.abs(change) < 1e-13) return { t, curvature };
  }
  return undefined;
}
