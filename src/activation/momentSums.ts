/** Moments of σ(shift + scale·z), z ~ N(0,1). */
export interface ConditionalMoments {
  /** E σ */
  readonly mean: number;
  /** E[zσ] */
  readonly first: number;
  /** E[(z² − 1)σ] */
  readonly second: number;
  /** E σ² */
  readonly square: number;
  /** E(σ − E σ − zE[zσ])², summed as squares so that it keeps its digits where σ is nearly affine. */
  readonly residual: number;
  /** Relative error estimate of the worst. */
  readonly error: number;
}

/** Of the sum of some hundred terms, relative to the sum of their moduli. */
const ROUNDING = 1e-14;
/** What is this close to an affine function, in root mean square, is taken for one: rounding reaches farther up here. */
const AFFINE = 1e-11;

/** The moments by a rule, from σ on its nodes. */
export function sumMoments(
  nodes: Float64Array,
  weights: Float64Array,
  samples: Float64Array,
): Omit<ConditionalMoments, "error"> {
  let [mean, first, second, square, residual] = [0, 0, 0, 0, 0];
  let [size, linearSize, quadraticSize] = [0, 0, 0];
  for (let i = 0; i < nodes.length; i++) {
    const z = nodes[i]!;
    const term = weights[i]! * samples[i]!;
    const quadratic = term * (z * z - 1);
    mean += term;
    first += term * z;
    second += quadratic;
    square += term * samples[i]!;
    size += Math.abs(term);
    linearSize += Math.abs(term * z);
    quadraticSize += Math.abs(quadratic);
  }
  for (let i = 0; i < nodes.length; i++) residual += weights[i]! * (samples[i]! - mean - first * nodes[i]!) ** 2;
  return {
    // What rounding alone can leave is zero: a function of κ made of it could not be integrated.
    mean: Math.abs(mean) > ROUNDING * size ? mean : 0,
    first: Math.abs(first) > ROUNDING * linearSize ? first : 0,
    second: Math.abs(second) > ROUNDING * quadraticSize ? second : 0,
    square,
    residual: residual > AFFINE ** 2 * square ? residual : 0,
  };
}
