import type { Estimate } from "./stencil.ts";

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
  const fourth = [
    0,
    (8 * odd[0] - odd[1]) / 6,
    (16 * even[0] - even[1]) / 12,
    (odd[1] - 2 * odd[0]) / 6,
    (even[1] - 4 * even[0]) / 12,
  ];
  const best = polynomialMinimum(sixth);
  const rough = polynomialMinimum(fourth);
  if (best === undefined || rough === undefined) return undefined;
  const noise = Math.max(...at.map((item) => item!.error));
  return { at: u + best.t * h, error: h * (Math.abs(best.t - rough.t) + (4 * noise) / best.curvature) };
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
