import { logNormalTail, normalCdf } from "./normal.ts";

/**
 * log Φ(x), any real x, without underflow in the left tail.
 *
 * @example
 * logNormalCdf(-40).toFixed(9); // "-804.608442014"
 */
export function logNormalCdf(x: number): number {
  if (x > -1) return Math.log1p(-normalCdf(-x));
  return logNormalTail(-x);
}

/**
 * log cosh x, any real x, without overflow.
 *
 * @example
 * logCosh(1000).toFixed(9); // "999.306852819"
 */
export function logCosh(x: number): number {
  const y = Math.abs(x);
  if (y < 0.3) return 0.5 * Math.log1p(Math.sinh(y) ** 2);
  return y + Math.log1p(Math.exp(-2 * y)) - Math.LN2;
}

/**
 * Principal branch of Lambert's function: the w ≥ −1 with w e^w = x, for x ≥ −1/e; NaN below.
 *
 * Halley's iteration from the series at the branch point or from logarithms (Corless et al. 1996).
 *
 * @example
 * lambertW(1).toFixed(12); // "0.567143290410"
 */
export function lambertW(x: number): number {
  const square = 2 * (Math.E * x + 1);
  if (Number.isNaN(x) || square < -1e-15) return NaN;
  if (x === 0 || x === Infinity) return x;
  const p = Math.sqrt(Math.max(0, square));
  if (p < 1e-7) return -1 + p;
  let w =
    x < 0.5
      ? -1 + p - (p * p) / 3 + (11 / 72) * p ** 3
      : x < Math.E
        ? 0.6 * Math.log1p(x)
        : Math.log(x) - Math.log(Math.log(x)) * (1 - 1 / (1 + Math.log(x)));
  if (x > -0.2 && x < 0.2) w = x * (1 - x * (1 - 1.5 * x));
  for (let step = 0; step < 30; step++) {
    const e = Math.exp(w);
    const f = w * e - x;
    const change = f / (e * (w + 1) - ((w + 2) * f) / (2 * w + 2));
    w -= change;
    if (!(Math.abs(change) > 4e-16 * Math.abs(w))) break;
  }
  return w;
}
