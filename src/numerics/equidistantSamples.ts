import {
  type AverageOptions,
  BODY,
  END,
  gaussianDensity,
  type Integrand,
  notDecaying,
  sampleAt,
} from "./gaussianRule.ts";

/** A tail is cut where a term no longer counts beside the sum of the absolute values. */
export const NEGLIGIBLE = 1e-18;

/** Values of an integrand on equidistant nodes. */
export interface Samples {
  /** Ascending. */
  readonly nodes: Float64Array;
  /** Node-major. */
  readonly values: Float64Array;
}

/** Σ f·density and Σ |f|·density per component. */
export interface Sums {
  readonly value: Float64Array;
  readonly absolute: Float64Array;
}

/** Samples at offset + k·step over the body, and outward until the integrand's share is negligible. */
export function sampleLine(integrand: Integrand, options: AverageOptions, step: number, offset: number): Samples {
  const { dimension, name } = options;
  const places = lineWithin(BODY + step, step, offset);
  options.prepare?.(places);
  let samples = sampled(integrand, places, dimension, name);
  const { absolute } = sumsOf(samples, 0, 1);
  for (const direction of [-1, 1]) {
    for (;;) {
      const end = direction < 0 ? 0 : samples.nodes.length - 1;
      if (!counts(samples, end, absolute)) break;
      const z = samples.nodes[end]!;
      if (Math.abs(z) >= END) throw notDecaying(name, z);
      const k = Math.round((z - offset) / step) + direction;
      const next = sampled(integrand, [offset + k * step], dimension, name);
      const added = sumsOf(next, 0, 1).absolute;
      for (let c = 0; c < dimension; c++) absolute[c]! += added[c]!;
      samples = merged(samples, next);
    }
  }
  return samples;
}

function sampled(integrand: Integrand, places: readonly number[], dimension: number, name: string): Samples {
  const values = new Float64Array(places.length * dimension);
  const out = new Float64Array(dimension);
  for (let i = 0; i < places.length; i++) {
    sampleAt(integrand, places[i]!, out, name);
    for (let c = 0; c < dimension; c++) values[i * dimension + c] = out[c]!;
  }
  return { nodes: Float64Array.from(places), values };
}

/** The places offset + k·step within a reach, ascending. */
function lineWithin(reach: number, step: number, offset: number): number[] {
  const places: number[] = [];
  for (let k = Math.floor((-reach - offset) / step) + 1; offset + k * step < reach; k++) places.push(offset + k * step);
  return places;
}

/** Whether a node counts beside sums of absolute values, for any component. */
export function counts({ nodes, values }: Samples, i: number, absolute: Float64Array): boolean {
  const density = gaussianDensity(nodes[i]!);
  for (let c = 0; c < absolute.length; c++) {
    if (Math.abs(values[i * absolute.length + c]!) * density > NEGLIGIBLE * absolute[c]!) return true;
  }
  return false;
}

/** The sums over every so many nodes from a first one on. */
export function sumsOf({ nodes, values }: Samples, first: number, stride: number): Sums {
  const dimension = values.length / nodes.length;
  const [value, absolute] = [new Float64Array(dimension), new Float64Array(dimension)];
  for (let i = first; i < nodes.length; i += stride) {
    const density = gaussianDensity(nodes[i]!);
    for (let c = 0; c < dimension; c++) {
      const term = values[i * dimension + c]! * density;
      value[c]! += term;
      absolute[c]! += Math.abs(term);
    }
  }
  return { value, absolute };
}

/** The largest relative difference of a component between two rules of one step, where the nodes of one lie between those of the other. */
export function differenceOf(first: Sums, second: Sums): number {
  let difference = 0;
  for (let c = 0; c < first.value.length; c++) {
    const scale = Math.max(first.absolute[c]!, second.absolute[c]!);
    if (scale > 0) difference = Math.max(difference, Math.abs(first.value[c]! - second.value[c]!) / (2 * scale));
  }
  return difference;
}

/** The samples of two lines, in the order of their nodes. */
export function merged(first: Samples, second: Samples): Samples {
  const [m, n] = [first.nodes.length, second.nodes.length];
  const nodes = new Float64Array(m + n);
  const values = new Float64Array(first.values.length + second.values.length);
  const dimension = values.length / nodes.length;
  for (let i = 0, j = 0; i + j < m + n;) {
    const [from, at] = j === n || (i < m && first.nodes[i]! < second.nodes[j]!) ? [first, i] : [second, j];
    nodes[i + j] = from.nodes[at]!;
    for (let c = 0; c < dimension; c++) values[(i + j) * dimension + c] = from.values[at * dimension + c]!;
    if (from === first) i++;
    else j++;
  }
  return { nodes, values };
}
