/** A function and its first two derivatives at a point of a line, from seven equidistant values. */
export interface Stencil {
  readonly value: number;
  readonly first: number;
  readonly second: number;
  /** Errors of the derivatives: truncation, told by the next lower order, and rounding of the values. */
  readonly firstError: number;
  readonly secondError: number;
  /** The part of `firstError` that is rounding. */
  readonly firstNoise: number;
}

/** A value and its absolute error. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/**
 * Central differences of sixth order with step h:
 * f′ = Σ_j c_j (f(u+jh) − f(u−jh)), c = (45, −9, 1)/(60h); f″ = Σ_j d_j (f(u+jh) + f(u−jh) − 2f(u)), d = (270, −27, 2)/(180h²).
 *
 * @returns undefined where a value is missing
 */
export function centralStencil(f: (u: number) => Estimate | undefined, u: number, h: number): Stencil | undefined {
  const at = [-3, -2, -1, 0, 1, 2, 3].map((j) => f(u + j * h));
  if (at.some((item) => !item)) return undefined;
  const [a3, a2, a1, o, b1, b2, b3] = at.map((item) => item!.value) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const noise = Math.max(...at.map((item) => item!.error));
  const [d1, d2, d3] = [b1 - a1, b2 - a2, b3 - a3];
  const [s1, s2, s3] = [b1 + a1 - 2 * o, b2 + a2 - 2 * o, b3 + a3 - 2 * o];
  const first = (45 * d1 - 9 * d2 + d3) / (60 * h);
  const second = (270 * s1 - 27 * s2 + 2 * s3) / (180 * h * h);
  return {
    value: o,
    first,
    second,
    firstError: Math.abs(first - (8 * d1 - d2) / (12 * h)) + (2 * noise) / h,
    firstNoise: (2 * noise) / h,
    secondError: Math.abs(second - (16 * s1 - s2) / (12 * h * h)) + (7 * noise) / (h * h),
  };
}

/** One-sided differences of fourth order at the lower end of a range: f′ and f″ from values at u, u + h, …, u + 5h. */
export function forwardStencil(f: (u: number) => Estimate | undefined, u: number, h: number): Stencil | undefined {
  const at = [0, 1, 2, 3, 4, 5].map((j) => f(u + j * h));
  if (at.some((item) => !item)) return undefined;
  const y = at.map((item) => item!.value);
  const noise = Math.max(...at.map((item) => item!.error));
  const sum = (weights: readonly number[]): number => weights.reduce((total, w, j) => total + w * y[j]!, 0);
  const first = sum([-137 / 60, 5, -5, 10 / 3, -5 / 4, 1 / 5]) / h;
  const second = sum([15 / 4, -77 / 6, 107 / 6, -13, 61 / 12, -5 / 6]) / (h * h);
  return {
    value: y[0]!,
    first,
    second,
    firstError: Math.abs(first - sum([-25 / 12, 4, -3, 4 / 3, -1 / 4]) / h) + (18 * noise) / h,
    firstNoise: (18 * noise) / h,
    secondError:
      Math.abs(second - sum([35 / 12, -26 / 3, 19 / 2, -14 / 3, 11 / 12]) / (h * h)) + (55 * noise) / (h * h),
  };
}

/**
 * The estimate of least error among several of one number, each with at least the error that the others leave it: two orders may
 * agree by chance where neither is right.
 */
export function leastError(estimates: readonly Estimate[]): Estimate {
  const covering = estimates.map(({ value, error }) => ({
    value,
    error: estimates.reduce((most, other) => Math.max(most, Math.abs(value - other.value) - other.error), error),
  }));
  return covering.reduce((least, next) => (next.error < least.error ? next : least));
}
