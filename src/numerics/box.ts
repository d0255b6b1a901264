/**
 * Sets of complex numbers that hold what an analytic function takes on a rectangle. Rectangles are symmetric about the real line,
 * and functions real there, so that a set is symmetric, too: {x + iy : lo ≤ x ≤ hi, |y| ≤ im}. Rounding is not
 * directed: the sets serve as bounds of errors, which need no last digits.
 */
export interface Box {
  readonly lo: number;
  readonly hi: number;
  readonly im: number;
}

/** A function from boxes to boxes; undefined where the function may not be analytic. */
export type Enclosure = (u: Box) => Box | undefined;

export const box = (lo: number, hi: number, im: number): Box => ({ lo, hi, im });

/** Largest modulus. */
export function modulus({ lo, hi, im }: Box): number {
  const re = Math.max(-lo, hi);
  return im === 0 ? re : Math.hypot(re, im);
}

/** Largest modulus of the real part, and the smallest. */
export const farthest = ({ lo, hi }: Box): number => Math.max(-lo, hi);
export const nearest = ({ lo, hi }: Box): number => (lo > 0 ? lo : hi < 0 ? -hi : 0);

/** A product in which nothing times infinity is nothing. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);

export const add = (u: Box, v: Box): Box => box(u.lo + v.lo, u.hi + v.hi, u.im + v.im);
export const subtract = (u: Box, v: Box): Box => box(u.lo - v.hi, u.hi - v.lo, u.im + v.im);

export function scale(u: Box, factor: number): Box {
  const [a, b] = [times(factor, u.lo), times(factor, u.hi)];
  return factor < 0 ? box(b, a, times(-factor, u.im)) : box(a, b, times(factor, u.im));
}

export function multiply(u: Box, v: Box): Box {
  const [a, b, c, d] = [times(u.lo, v.lo), times(u.lo, v.hi), times(u.hi, v.lo), times(u.hi, v.hi)];
  const cross = times(u.im, v.im);
  return box(
    Math.min(a, b, c, d) - cross,
    Math.max(a, b, c, d) + cross,
    times(farthest(u), v.im) + times(farthest(v), u.im),
  );
}

export function square(u: Box): Box {
  const [near, far] = [nearest(u), farthest(u)];
  return box(near * near - u.im * u.im, far * far, 2 * times(far, u.im));
}

/** 1/u of a box to one side of the imaginary axis. */
export function reciprocal(u: Box): Box | undefined {
  if (u.hi < 0) return scale(reciprocal(scale(u, -1))!, -1);
  if (!(u.lo > 0)) return undefined;
  const { lo, hi, im } = u;
  // Re 1/u = x/(x² + y²) is largest at y = 0; in x it is first up, then down.
  const low = (x: number) => (x === Infinity ? 0 : x / (x * x + im * im));
  const y = Math.min(im, lo);
  return box(Math.min(low(lo), low(hi)), 1 / lo, y === 0 ? 0 : y / (lo * lo + y * y));
}

/** uⁿ for a whole n ≥ 0. */
export function integerPower(u: Box, n: number): Box {
  if (n === 0) return box(1, 1, 0);
  if (n === 1) return u;
  const half = square(integerPower(u, n >> 1));
  return n & 1 ? multiply(half, u) : half;
}

/** f(u) of an f that is monotone on the real line and whose slope is at most `slope` in modulus on the box. */
export function monotone(f: (x: number) => number, u: Box, slope: number): Box {
  // f(x + iy) = f(x) + i∫₀^y f′(x + it) dt
  const distance = times(u.im, slope);
  return box(f(u.lo) - distance, f(u.hi) + distance, distance);
}

export function exponential({ lo, hi, im }: Box): Box {
  const [low, high] = [Math.exp(lo), Math.exp(hi)];
  if (im === 0) return box(low, high, 0);
  if (!(im < Math.PI)) return box(-high, high, high);
  const c = Math.cos(im);
  return box(c < 0 ? high * c : low * c, high, high * (im < Math.PI / 2 ? Math.sin(im) : 1));
}

/** log u of a box in the right half-plane. */
export function logarithm({ lo, hi, im }: Box): Box | undefined {
  if (!(lo > 0)) return undefined;
  return box(Math.log(lo), Math.log(im === 0 ? hi : Math.hypot(hi, im)), Math.atan(im / lo));
}

export function squareRoot({ lo, hi, im }: Box): Box | undefined {
  if (!(lo > 0)) return undefined;
  const low = Math.sqrt(lo);
  const high = im === 0 ? Math.sqrt(hi) : Math.sqrt((Math.hypot(hi, im) + hi) / 2);
  return box(low, high, im / (2 * low));
}

/** Range of the sine on a real interval. */
function sineRange(lo: number, hi: number): readonly [number, number] {
  if (!(hi - lo < 2 * Math.PI)) return [-1, 1];
  const holds = (phase: number) => Math.ceil((lo - phase) / (2 * Math.PI)) * 2 * Math.PI + phase <= hi;
  const [a, b] = [Math.sin(lo), Math.sin(hi)];
  return [holds(-Math.PI / 2) ? -1 : Math.min(a, b), holds(Math.PI / 2) ? 1 : Math.max(a, b)];
}

/** sin(x + iy) = sin x cosh y + i cos x sinh y */
export function sine(u: Box): Box {
  const [a, b] = sineRange(u.lo, u.hi);
  if (u.im === 0) return box(a, b, 0);
  const [c, s] = [Math.cosh(u.im), Math.sinh(u.im)];
  const [p, q] = sineRange(u.lo + Math.PI / 2, u.hi + Math.PI / 2);
  return box(a < 0 ? a * c : a, b > 0 ? b * c : b, times(Math.max(-p, q), s));
}

export const cosine = ({ lo, hi, im }: Box): Box => sine(box(lo + Math.PI / 2, hi + Math.PI / 2, im));
