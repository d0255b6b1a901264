/**
 * The error function and the standard normal law, accurate relatively in both tails.
 *
 * Rational Chebyshev approximations of W. J. Cody, "Rational Chebyshev approximations for the error function",
 * Math. Comp. 23 (1969) 631–637, with the coefficients of his CALERF. The factor e^{−y²} is evaluated with the rounding
 * error of the square restored, without which the tails lose a factor y².
 */

const INVERSE_SQRT_PI = 0.5641895835477563;
const INVERSE_SQRT_2PI = 0.3989422804014327;

/** |x| below which erf itself is approximated, above which erfc is. */
const CENTRE = 0.46875;

/** e^{−factor·x²}, factor a power of two: the residue x² − fl(x²) is recovered by Veltkamp splitting. */
function exponentialOfSquare(x: number, factor: number): number {
  const square = x * x;
  if (!(factor * square < 750)) return Number.isNaN(x) ? NaN : 0;
  const scaled = 134217729 * x;
  const high = scaled - (scaled - x);
  const low = x - high;
  const residue = high * high - square + 2 * high * low + low * low;
  return Math.exp(-factor * square) * (1 - factor * residue);
}

/** erf for |x| ≤ 0.46875. */
function centralErf(x: number): number {
  const s = x * x;
  const numerator =
    (((0.18577770618460315 * s + 3.1611237438705655) * s + 113.86415415105016) * s + 377.485237685302) * s +
    3209.3775891384694;
  const denominator =
    (((s + 23.601290952344122) * s + 244.02463793444417) * s + 1282.6165260773723) * s + 2844.236833439171;
  return (x * numerator) / denominator;
}

/** e^{y²} erfc(y) for y ≥ 0.46875. */
function scaledErfc(y: number): number {
  return y <= 4 ? middleScaledErfc(y) : tailScaledErfc(y);
}

function middleScaledErfc(y: number): number {
  let numerator = 2.1531153547440383e-8;
  numerator = numerator * y + 0.5641884969886701;
  numerator = numerator * y + 8.883149794388377;
  numerator = numerator * y + 66.11919063714163;
  numerator = numerator * y + 298.6351381974001;
  numerator = numerator * y + 881.952221241769;
  numerator = numerator * y + 1712.0476126340707;
  numerator = numerator * y + 2051.0783778260716;
  numerator = numerator * y + 1230.3393547979972;
  let denominator = y + 15.744926110709835;
  denominator = denominator * y + 117.6939508913125;
  denominator = denominator * y + 537.1811018620099;
  denominator = denominator * y + 1621.3895745666903;
  denominator = denominator * y + 3290.7992357334597;
  denominator = denominator * y + 4362.619090143247;
  denominator = denominator * y + 3439.3676741437216;
  denominator = denominator * y + 1230.3393548037495;
  return numerator / denominator;
}

function tailScaledErfc(y: number): number {
  const s = 1 / (y * y);
  let numerator = 0.016315387137302097;
  numerator = numerator * s + 0.30532663496123236;
  numerator = numerator * s + 0.36034489994980445;
  numerator = numerator * s + 0.12578172611122926;
  numerator = numerator * s + 0.016083785148742275;
  numerator = numerator * s + 0.0006587491615298378;
  let denominator = s + 2.568520192289822;
  denominator = denominator * s + 1.8729528499234604;
  denominator = denominator * s + 0.5279051029514285;
  denominator = denominator * s + 0.06051834131244132;
  denominator = denominator * s + 0.0023352049762686918;
  return (INVERSE_SQRT_PI - (s * numerator) / denominator) / y;
}

/**
 * Error function erf(x) = 2/√π ∫₀ˣ e^{−t²} dt, any real x.
 *
 * @example
 * erf(0.5).toFixed(12); // "0.520499877813"
 */
export function erf(x: number): number {
  const y = Math.abs(x);
  if (y <= CENTRE) return centralErf(x);
  if (y > 6) return Math.sign(x);
  return Math.sign(x) * (1 - exponentialOfSquare(y, 1) * scaledErfc(y));
}

/**
 * Complementary error function erfc(x) = 1 − erf(x), any real x, without cancellation for large x.
 *
 * @example
 * erfc(5).toExponential(9); // "1.537459794e-12"
 */
export function erfc(x: number): number {
  const y = Math.abs(x);
  if (y <= CENTRE) return 1 - centralErf(x);
  if (y === Infinity) return x > 0 ? 0 : 2;
  const tail = exponentialOfSquare(y, 1) * scaledErfc(y);
  return x > 0 ? tail : 2 - tail;
}

/**
 * Density of the standard normal law, e^{−x²/2}/√(2π), any real x.
 *
 * @example
 * normalPdf(1).toFixed(12); // "0.241970724519"
 */
export function normalPdf(x: number): number {
  return INVERSE_SQRT_2PI * exponentialOfSquare(x, 0.5);
}

/**
 * Distribution function of the standard normal law, Φ(x) = erfc(−x/√2)/2, any real x.
 *
 * @example
 * normalCdf(1).toFixed(12); // "0.841344746069"
 */
export function normalCdf(x: number): number {
  const y = Math.abs(x) * Math.SQRT1_2;
  if (y <= CENTRE) return 0.5 + 0.5 * centralErf(x * Math.SQRT1_2);
  if (y === Infinity) return x > 0 ? 1 : 0;
  const tail = 0.5 * exponentialOfSquare(x, 0.5) * scaledErfc(y);
  return x > 0 ? 1 - tail : tail;
}

/** Density and tail of the standard normal law at one place. */
export interface NormalTail {
  /** e^{−x²/2}/√(2π) */
  density: number;
  /** Φ(−|x|) */
  tail: number;
}

/** Writes `normalPdf(x)` and `normalCdf(-|x|)`, which share the exponential, for finite x. */
export function normalTail(x: number, out: NormalTail): void {
  const e = exponentialOfSquare(x, 0.5);
  out.density = INVERSE_SQRT_2PI * e;
  const y = Math.abs(x) * Math.SQRT1_2;
  out.tail = e === 0 ? 0 : y <= CENTRE ? 0.5 - 0.5 * centralErf(y) : 0.5 * e * scaledErfc(y);
}

/** log P(z > y) of the standard normal law for y ≥ 1, without underflow. */
export function logNormalTail(y: number): number {
  return Math.log(0.5 * scaledErfc(y * Math.SQRT1_2)) - 0.5 * y * y;
}
