import { QuadratureError } from "../errors.ts";

/** Writes the components of the integrand at z into `out`. */
export type Integrand = (z: number, out: Float64Array) => void;

/** How finely a line must be sampled, whatever the samples say. */
export interface Resolution {
  /** Longest step of equidistant nodes. */
  readonly step: number;
  /** Whether a panel sees all that varies on it. */
  resolves(left: number, right: number): boolean;
}

/** What of an average must be known before it is taken. */
export interface AverageOptions {
  /** Number of components of the integrand. */
  readonly dimension: number;
  /** Points where a component or its derivative jumps; panels are split there. */
  readonly breakpoints?: readonly number[];
  /** Largest error of a component relative to the average of its absolute value. */
  readonly tolerance: number;
  /** Part of that average which may be rounding wherever it arises: a panel is not bisected for it. Default 0. */
  readonly rounding?: number;
  /** Named in errors. */
  readonly name: string;
  /** Worth more evaluations now for fewer nodes later; default false. */
  readonly thrifty?: boolean;
  /** What is known of the integrand without sampling it; otherwise its values alone tell. */
  readonly resolution?: Resolution | undefined;
  /** Told of a line of places before the integrand is taken at each, so that it may take all at once. */
  readonly prepare?: (places: readonly number[]) => void;
}

/** A rule for the standard normal that can tell how well it resolves a function. */
export interface GridRule {
  /** Ascending. */
  readonly nodes: Float64Array;
  /** Positive; they sum to 1. */
  readonly weights: Float64Array;
  /** Estimated error of Σ w_i f_i, relative to Σ w_i |f_i|, from the values on the nodes alone. */
  errorOf(values: Float64Array): number;
  /** Of equidistant nodes: the step with which to begin for a similar function. */
  readonly step?: number;
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

const DENSITY = 1 / Math.sqrt(2 * Math.PI);
/** Weight of the rules: normalPdf in normal.ts keeps the last digits of the far tail, too, at several times the cost. */
export const gaussianDensity = (z: number): number => DENSITY * Math.exp(-0.5 * z * z);

/**
 * The integrand at z, or an error that names the place.
 *
 * @param body an infinite value beyond it means an integrand that outgrows the normal density
 */
export function sampleAt(integrand: Integrand, z: number, out: Float64Array, name: string, body = BODY): void {
  integrand(z, out);
  for (let c = 0; c < out.length; c++) {
    const value = out[c]!;
    if (Number.isFinite(value)) continue;
    if (Math.abs(z) > body && !Number.isNaN(value)) throw notDecaying(name, z);
    throw new QuadratureError(name, `integrand is ${value} at z = ${z}`, z);
  }
}

export function notDecaying(name: string, z: number): QuadratureError {
  return new QuadratureError(
    name,
    `no finite moment: the integrand outgrows the Gaussian weight (still at z = ${z}), or its values the largest double-precision number`,
    z,
  );
}

export function normalise(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}
