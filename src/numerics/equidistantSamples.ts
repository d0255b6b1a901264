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
  const places = lineWithin(BODY + step, step, offset);
  options.prepare?.(places);
  const body = sampled(integrand, places, options.dimension, options.name);
  const { absolute } = sumsOf(body, 0, 1);
  const left = tailBeyond(integrand, options, { offset, step: -step }, endOf(body, 0), absolute);
  const right = tailBeyond(integrand, options, { offset, step }, endOf(body, places.length - 1), absolute);
  return left.length + right.length === 0 ? body : joined(left.reverse(), body, right);
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

/** The end of a line. */
interface End {
  readonly z: number;
  readonly values: Float64Array;
}

const endOf = ({ nodes, values }: Samples, i: number): End => {
  const dimension = values.length / nodes.length;
  return { z: nodes[i]!, values: values.subarray(i * dimension, (i + 1) * dimension) };
};

/** A line with what it has beyond its ends, all ascending. */
function joined(left: readonly End[], body: Samples, right: readonly End[]): Samples {
  const count = left.length + body.nodes.length + right.length;
  const [nodes, values] = [new Float64Array(count), new Float64Array((count * body.values.length) / body.nodes.length)];
  const dimension = values.length / count;
  nodes.set(body.nodes, left.length);
  values.set(body.values, left.length * dimension);
  const place = (end: End, i: number) => {
    nodes[i] = end.z;
    values.set(end.values, i * dimension);
  };
  left.forEach(place);
  right.forEach((end, k) => place(end, count - right.length + k));
  return { nodes, values };
}

/** What a line has beyond an end, outward, for as long as the end counts. */
function tailBeyond(
  integrand: Integrand,
  { dimension, name }: AverageOptions,
  { offset, step }: { readonly offset: number; readonly step: number },
  first: End,
  absolute: Float64Array,
): End[] {
  const tail: End[] = [];
  let k = Math.round((first.z - offset) / step);
  for (let end = first; counts(end, absolute); tail.push(end)) {
    if (Math.abs(end.z) >= END) throw notDecaying(name, end.z);
    end = { z: offset + ++k * step, values: new Float64Array(dimension) };
    sampleAt(integrand, end.z, end.values, name);
    for (let c = 0; c < dimension; c++) absolute[c]! += Math.abs(end.values[c]!) * gaussianDensity(end.z);
  }
  return tail;
}

function counts({ z, values }: End, absolute: Float64Array): boolean {
  const density = gaussianDensity(z);
  for (let c = 0; c < values.length; c++) {
    if (Math.abs(values[c]!) * density > NEGLIGIBLE * absolute[c]!) return true;
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
