/** Where the functions of formulas take a box, each by what bounds it best. */
import { erf, erfc } from "../../numerics/normal.ts";
import {
  add,
  box,
  type Box,
  cosine,
  type Enclosure,
  exponential,
  farthest,
  logarithm,
  monotone,
  multiply,
  nearest,
  reciprocal,
  scale,
  sine,
  square,
  squareRoot,
} from "../../numerics/box.ts";

const ONE = box(1, 1, 0);
const TWO_OVER_SQRT_PI = 1.1283791670955126;

/** |cosh(x + it)|² and its like are least where |x| is least, and t is as near π/2 as the box allows. */
const heightTo = (im: number, pole: number): number => Math.min(im, pole);

/** sup |tanh′|, tanh′(x + it) having modulus 2/(cosh 2x + cos 2t). */
function tanhSlope(u: Box): number | undefined {
  const denominator = Math.cosh(2 * nearest(u)) + Math.cos(2 * heightTo(u.im, Math.PI / 2));
  return denominator > 0 ? 2 / denominator : undefined;
}

/** sup of the modulus of σ′, σ the sigmoid: 1/(2(cosh x + cos t)). */
function sigmoidSlope(u: Box): number | undefined {
  const denominator = Math.cosh(nearest(u)) + Math.cos(heightTo(u.im, Math.PI));
  return denominator > 0 ? 0.5 / denominator : undefined;
}

/** sup |σ| with |σ|⁻² = 1 + 2cw + w², w = e^{−x}, c the cosine of the height. */
function sigmoidModulus(u: Box): number | undefined {
  const c = Math.cos(heightTo(u.im, Math.PI));
  const [least, most] = [Math.exp(-u.hi), Math.exp(-u.lo)];
  const w = Math.min(most, Math.max(least, -c));
  const inverse = 1 + w * (2 * c + w);
  return inverse > 0 ? 1 / Math.sqrt(inverse) : undefined;
}

const gaussianSlope = (u: Box): number => TWO_OVER_SQRT_PI * Math.exp(u.im * u.im - nearest(u) ** 2);

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const along =
  (f: (x: number) => number, slope: (u: Box) => number | undefined): Enclosure =>
  (u) => {
    const largest = slope(u);
    return largest === undefined ? undefined : monotone(f, u, largest);
  };

const falling =
  (f: (x: number) => number, slope: (u: Box) => number): Enclosure =>
  (u) => {
    const { lo, hi, im } = monotone((x) => -f(x), u, slope(u));
    return box(-hi, -lo, im);
  };

/** Φ(u) = erfc(−u/√2)/2 */
function normal(u: Box): Box {
  return scale(complementary(scale(u, -Math.SQRT1_2))!, 0.5);
}
const complementary = falling(erfc, gaussianSlope);

/** atan′ = 1/(1 + z²), and |1 + (x + it)²| ≥ 1 + x² − t². */
function inverseTangentSlope(u: Box): number | undefined {
  const denominator = 1 + nearest(u) ** 2 - u.im * u.im;
  return denominator > 0 ? 1 / denominator : undefined;
}

function inverseHyperbolicSine(u: Box): Box | undefined {
  const reach = Math.hypot(1, nearest(u));
  // ∫ dt/√(1 + x² − t²)
  return u.im < reach ? monotone(Math.asinh, u, u.im > 0 ? Math.asin(u.im / reach) / u.im : 0) : undefined;
}

/** sinh(x + iy) = sinh x cos y + i cosh x sin y, and its like. */
function hyperbolicSine({ lo, hi, im }: Box): Box {
  const top = Math.cosh(Math.max(-lo, hi));
  const distance = top * Math.min(im, 2);
  return box(Math.sinh(lo) - distance, Math.sinh(hi) + distance, top * (im < Math.PI / 2 ? Math.sin(im) : 1));
}

function hyperbolicCosine(u: Box): Box {
  const top = Math.cosh(farthest(u));
  const c = u.im < Math.PI ? Math.cos(u.im) : -1;
  const im = Math.sinh(farthest(u)) * (u.im < Math.PI / 2 ? Math.sin(u.im) : 1);
  return box(c < 0 ? top * c : Math.cosh(nearest(u)) * c, top, im);
}

function tangent(u: Box): Box | undefined {
  const over = reciprocal(cosine(u));
  return over && multiply(sine(u), over);
}

const enclosures: Readonly<Record<string, Enclosure>> = {
  identity: (u) => u,
  tanh: along(Math.tanh, tanhSlope),
  erf: along(erf, gaussianSlope),
  erfc: complementary,
  gelu: (u) => multiply(u, normal(u)),
  sigmoid: along(sigmoid, sigmoidSlope),
  softplus: along(softplus, sigmoidModulus),
  sin: sine,
  cos: cosine,
  exp: exponential,
  expm1: (u) => add(exponential(u), box(-1, -1, 0)),
  log: logarithm,
  log1p: (u) => logarithm(add(u, ONE)),
  sqrt: squareRoot,
  tan: tangent,
  atan: along(Math.atan, inverseTangentSlope),
  sinh: hyperbolicSine,
  cosh: hyperbolicCosine,
  asinh: inverseHyperbolicSine,
};

/** The enclosure of a smooth function that formulas know by this name, or undefined. */
export function enclosureOf(name: string): Enclosure | undefined {
  const degree = /^He(\d+)$/.exec(name)?.[1];
  return degree === undefined ? enclosures[name] : hermiteEnclosure(Number(degree));
}

/** Σ |coefficients| r^k of He_n: |He_n(u)| for |u| = r. */
function hermiteMajorant(n: number, r: number): number {
  // i^{−n} He_n(ir): the signs of the coefficients alternate.
  let [previous, current] = [0, 1];
  for (let k = 0; k < n; k++) [previous, current] = [current, r * current + k * previous];
  return current;
}

/** Cramér's bound |He_n(x)| ≤ 1.0865 √(n!) e^{x²/4} on the real line; off it He_n(x + iy) = Σ C(n, k)(iy)^k He_{n−k}(x). */
export function hermiteEnclosure(n: number): Enclosure {
  return (u) => {
    const far = farthest(u);
    const majorant = hermiteMajorant(n, Math.hypot(far, u.im));
    let [sum, term] = [0, 1.0865 * Math.exp(far * far * 0.25 + 0.5 * logFactorial(n))];
    for (let k = 0; k <= n; k++) {
      sum += term;
      term *= (u.im * Math.sqrt(n - k)) / (k + 1);
    }
    const bound = Math.min(majorant, sum);
    if (n === 1) return u;
    if (n === 2) return add(square(u), box(-1, -1, 0));
    return n === 0 ? ONE : box(-bound, bound, bound);
  };
}

export const logFactorial = (n: number): number => {
  let sum = 0;
  for (let k = 2; k <= n; k++) sum += Math.log(k);
  return sum;
};
