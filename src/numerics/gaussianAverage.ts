import { QuadratureError } from "../errors.ts";
import { adaptivePanels } from "./adaptivePanels.ts";

/** Writes the components of the integrand at z into `out`. */
export type Integrand = (z: number, out: Float64Array) => void;

export interface AverageOptions {
  /** Number of components of the integrand. */
  readonly dimension: number;
  /** Points where a component or its derivative jumps; panels are split there. */
  readonly breakpoints?: readonly number[];
  /** Largest error of a component relative to the average of its absolute value. */
  readonly tolerance: number;
  /** Named in errors. */
  readonly name: string;
}

/** A rule for the standard normal that can tell how well it resolves a function. */
export interface GridRule {
  /** Ascending. */
  readonly nodes: Float64Array;
  /** Positive; they sum to 1. */
  readonly weights: Float64Array;
  /** Estimated error of Σ w_i f_i, relative to Σ w_i |f_i|, from the values on the nodes alone. */
  errorOf(values: Float64Array): number;
}

/** A rule that resolves an integrand, with the integrand's values on it. */
export interface AdaptedRule extends GridRule {
  /** Node-major: component c at node i is values[i * dimension + c]. */
  readonly values: Float64Array;
  /** Estimated error, relative to the average of the absolute value, of the worst component. */
  readonly error: number;
}

/** |z| below which the weight is never cut: exp(−9.5²/2) = 2.5e-20. */
export const BODY = 9.5;
/** Beyond this the normal density underflows against any double-precision average. */
export const END = 37;
/** A tail is cut where a term no longer counts beside the sum of the absolute values. */
const NEGLIGIBLE = 1e-18;

const DENSITY = 1 / Math.sqrt(2 * Math.PI);
/** Density of the standard normal. */
export const gaussianDensity = (z: number): number => DENSITY * Math.exp(-0.5 * z * z);

/**
 * A rule for E f(z), z ~ N(0,1), fine enough for f: the trapezoid rule, which converges exponentially for analytic f,
 * with its step halved until two steps agree; where f has break points, or the trapezoid does not get there,
 * Gauss–Legendre panels split at the break points and bisected.
 *
 * @throws QuadratureError if f is not finite somewhere, does not decay against the density, or is not resolved
 */
export function adaptGaussianRule(integrand: Integrand, options: AverageOptions): AdaptedRule {
  if (!options.breakpoints?.length) {
    const rule = trapezoid(integrand, options);
    if (rule) return rule;
  }
  return adaptivePanels(integrand, options);
}

/**
 * E f(z) for z ~ N(0,1), component by component.
 *
 * @returns the averages and the estimated relative error of the worst
 * @throws QuadratureError as {@link adaptGaussianRule}
 */
export function gaussianAverage(integrand: Integrand, options: AverageOptions): { value: Float64Array; error: number } {
  const rule = adaptGaussianRule(integrand, options);
  return { value: averages(rule, options.dimension), error: rule.error };
}

/** Σ_i w_i f_c(z_i) for every component. */
function averages(rule: AdaptedRule, dimension: number): Float64Array {
  const value = new Float64Array(dimension);
  for (let i = 0; i < rule.nodes.length; i++) {
    for (let c = 0; c < dimension; c++) value[c]! += rule.weights[i]! * rule.values[i * dimension + c]!;
  }
  return value;
}

/** E f(z) of one function, with break points. */
export function averageOf(
  f: (z: number) => number,
  name: string,
  breakpoints: readonly number[] = [],
  tolerance = 1e-14,
): number {
  const sample: Integrand = (z, out) => {
    out[0] = f(z);
  };
  return gaussianAverage(sample, { dimension: 1, breakpoints, tolerance, name }).value[0]!;
}

const FIRST_STEP = 0.54;
const LEVELS = 4;

interface Samples {
  nodes: number[];
  values: number[];
}

function trapezoid(integrand: Integrand, options: AverageOptions): AdaptedRule | undefined {
  const { dimension, tolerance } = options;
  let step = FIRST_STEP;
  let samples = sampleLine(integrand, options, step, 0);
  const total = sums(samples, dimension);
  for (let level = 1; level <= LEVELS; level++) {
    const between = sampleLine(integrand, options, step, step / 2);
    const added = sums(between, dimension);
    let difference = 0;
    for (let c = 0; c < dimension; c++) {
      // Step h weighs its nodes by h, and so do the midpoints of the next step.
      const scale = Math.max(total.absolute[c]!, added.absolute[c]!);
      if (scale > 0) difference = Math.max(difference, Math.abs(total.value[c]! - added.value[c]!) / (2 * scale));
    }
    if (difference <= tolerance) return finish(samples, step, dimension, difference);
    samples = { nodes: samples.nodes.concat(between.nodes), values: samples.values.concat(between.values) };
    for (let c = 0; c < dimension; c++) {
      total.value[c]! += added.value[c]!;
      total.absolute[c]! += added.absolute[c]!;
    }
    step /= 2;
    // The error of the trapezoid rule is at least squared when the step is halved.
    if (difference * difference <= tolerance) return finish(samples, step, dimension, difference * difference);
  }
  return undefined;
}

/** Samples at offset + k·step over the body, and outward until the integrand's share is negligible. */
function sampleLine(integrand: Integrand, options: AverageOptions, step: number, offset: number): Samples {
  const { dimension } = options;
  const nodes: number[] = [];
  const values: number[] = [];
  const absolute = new Float64Array(dimension);
  const out = new Float64Array(dimension);
  for (const direction of [1, -1]) {
    for (let k = direction === 1 ? 0 : 1; ; k++) {
      const z = offset + direction * k * step;
      sampleAt(integrand, z, out, options.name);
      const density = gaussianDensity(z);
      let counts = false;
      for (let c = 0; c < dimension; c++) {
        const term = Math.abs(out[c]!) * density;
        absolute[c]! += term;
        if (term > NEGLIGIBLE * absolute[c]!) counts = true;
        values.push(out[c]!);
      }
      nodes.push(z);
      if (Math.abs(z) >= BODY && !counts) break;
      if (Math.abs(z) >= END) throw notDecaying(options.name, z);
    }
  }
  return { nodes, values };
}

/** The integrand at z, or an error that names the place. */
export function sampleAt(integrand: Integrand, z: number, out: Float64Array, name: string): void {
  integrand(z, out);
  for (const value of out) {
    if (!Number.isFinite(value)) throw new QuadratureError(name, `integrand is ${value} at z = ${z}`, z);
  }
}

export function notDecaying(name: string, z: number): QuadratureError {
  return new QuadratureError(
    name,
    `no finite moment: the integrand outgrows the Gaussian weight (still at z = ${z})`,
    z,
  );
}

function sums(samples: Samples, dimension: number): { value: Float64Array; absolute: Float64Array } {
  const value = new Float64Array(dimension);
  const absolute = new Float64Array(dimension);
  samples.nodes.forEach((z, i) => {
    const density = gaussianDensity(z);
    for (let c = 0; c < dimension; c++) {
      const term = samples.values[i * dimension + c]! * density;
      value[c]! += term;
      absolute[c]! += Math.abs(term);
    }
  });
  return { value, absolute };
}

/** Sorts the samples, so that a rule does not depend on the order of refinement, and normalises the weights. */
function finish(samples: Samples, step: number, dimension: number, error: number): AdaptedRule {
  const order = samples.nodes.map((_, i) => i).sort((a, b) => samples.nodes[a]! - samples.nodes[b]!);
  const nodes = Float64Array.from(order, (i) => samples.nodes[i]!);
  const weights = nodes.map((z) => step * gaussianDensity(z));
  const values = new Float64Array(samples.values.length);
  order.forEach((i, position) => {
    for (let c = 0; c < dimension; c++) values[position * dimension + c] = samples.values[i * dimension + c]!;
  });
  const normalised = normalise(weights);
  const errorOf = (f: Float64Array) => alternatingError(normalised, f);
  return { nodes, weights: normalised, values, error: Math.max(error, 2 ** -53), errorOf };
}

/** The even and the odd nodes are two rules of twice the step; the error of their mean is their difference squared. */
function alternatingError(weights: Float64Array, values: Float64Array): number {
  let [difference, scale] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    const term = weights[i]! * values[i]!;
    difference += i % 2 === 0 ? term : -term;
    scale += Math.abs(term);
  }
  return scale > 0 ? (difference / scale) ** 2 : 0;
}

export function normalise(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}
