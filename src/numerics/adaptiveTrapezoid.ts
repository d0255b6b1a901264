import { aliasingError } from "./aliasing.ts";
import {
  type AdaptedRule,
  type AverageOptions,
  BODY,
  END,
  gaussianDensity,
  type GridRule,
  type Integrand,
  normalise,
  notDecaying,
  sampleAt,
} from "./gaussianRule.ts";

/** Steps of the families of rules, each halved; the second is for a rule between two of the first. */
const FIRST_STEP = 0.54;
const SECOND_STEP = 0.4;
const HALVINGS = 4;
/** A tail is cut where a term no longer counts beside the sum of the absolute values. */
const NEGLIGIBLE = 1e-18;

interface Family {
  step: number;
  nodes: number[];
  values: number[];
  readonly total: Sums;
}

/** Σ f·density and Σ |f|·density per component, without the factor of the step. */
interface Sums {
  readonly value: Float64Array;
  readonly absolute: Float64Array;
}

/**
 * Trapezoid rule for E f(z), z ~ N(0,1), with its step halved until two steps agree: exponentially convergent for
 * analytic f.
 *
 * @returns undefined if the smallest step does not reach the tolerance
 */
export function adaptiveTrapezoid(integrand: Integrand, options: AverageOptions): AdaptedRule | undefined {
  const family = firstRule(integrand, options, FIRST_STEP);
  for (let halving = 0; halving < HALVINGS; halving++) {
    const difference = halve(family, integrand, options);
    const rule = accepted(family, difference, integrand, options);
    if (rule) return rule;
    if (!options.thrifty) continue;
    // ln of the error goes as the inverse of the step: of a rule between this one and the next.
    const between = (SECOND_STEP / FIRST_STEP) * family.step;
    if (difference ** ((2 * family.step) / between) > options.tolerance) continue;
    const second = firstRule(integrand, options, 2 * between);
    const finer = accepted(second, halve(second, integrand, options), integrand, options);
    if (finer) return finer;
  }
  return undefined;
}

/** A rule of one step, for an integrand that is like another which needed that; undefined if it does not reach the tolerance. */
export function trapezoidOfStep(integrand: Integrand, options: AverageOptions, step: number): AdaptedRule | undefined {
  const family = firstRule(integrand, options, 2 * step);
  return accepted(family, halve(family, integrand, options), integrand, options);
}

/** The largest ratio of two steps that are tried one after the other, and the error that makes sure of the longer one. */
const LONGER = (2 * SECOND_STEP) / FIRST_STEP;
const SURE = 1e-3;

/** @param difference between the rule and that of twice its step */
function accepted(
  family: Family,
  difference: number,
  integrand: Integrand,
  options: AverageOptions,
): AdaptedRule | undefined {
  if (family.step > (options.resolution?.step ?? Infinity)) return undefined;
  if (difference ** 2 > options.tolerance || !resolves(family, integrand, options)) return undefined;
  const rule = finish(family, options.dimension);
  if (!(rule.error <= options.tolerance)) return undefined;
  const longer = family.step < FIRST_STEP / 2 && LONGER * family.step <= (options.resolution?.step ?? Infinity);
  const tooFine = longer && difference ** (2 / LONGER) <= SURE * options.tolerance;
  return tooFine ? rule : { ...rule, step: family.step };
}

function firstRule(integrand: Integrand, options: AverageOptions, step: number): Family {
  const { nodes, values, sums } = sampleLine(integrand, options, step, 0);
  return { step, nodes, values, total: sums };
}

/** Adds the midpoints; returns the largest relative difference of a component between the two rules. */
function halve(family: Family, integrand: Integrand, options: AverageOptions): number {
  const { total, step } = family;
  const added = sampleLine(integrand, options, step, step / 2);
  let difference = 0;
  for (let c = 0; c < options.dimension; c++) {
    const scale = Math.max(total.absolute[c]!, added.sums.absolute[c]!);
    if (scale > 0) difference = Math.max(difference, Math.abs(total.value[c]! - added.sums.value[c]!) / (2 * scale));
    total.value[c]! += added.sums.value[c]!;
    total.absolute[c]! += added.sums.absolute[c]!;
  }
  family.nodes = family.nodes.concat(added.nodes);
  family.values = family.values.concat(added.values);
  family.step = step / 2;
  return difference;
}

/** Where a rule is tried between its nodes: places in the body, and in the cells there. No frequency hides from all. */
const PLACES = [
  [-2.2, 0.5],
  [-0.7, 0.382],
  [0.6, 0.276],
  [1.9, 0.441],
] as const;
/** Barycentric weights of equidistant nodes: binomial coefficients, alternating. */
const BARYCENTRIC = [1, -11, 55, -165, 330, -462, 462, -330, 165, -55, 11, -1];
/** What a rule integrates is interpolated far better than to this fraction. */
const GROSS = 0.05;

/**
 * Whether the nodes see the integrand: a frequency beyond theirs, as of sin(ωz)², may look like a constant on a rule and on
 * its halves alike, but not between the nodes.
 */
function resolves({ step, nodes, values }: Family, integrand: Integrand, { dimension, name }: AverageOptions): boolean {
  const at = new Map(nodes.map((z, i) => [Math.round(z / step), i]));
  const between = new Float64Array(dimension);
  return PLACES.every(([place, share]) => {
    const first = Math.floor(place / step) - BARYCENTRIC.length / 2 + 1;
    const position = BARYCENTRIC.length / 2 - 1 + share;
    const weights = BARYCENTRIC.map((weight, i) => weight / (position - i));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    sampleAt(integrand, (first + position) * step, between, name);
    return between.every((value, c) => {
      let [interpolated, size] = [0, Math.abs(value)];
      weights.forEach((weight, i) => {
        const sample = values[at.get(first + i)! * dimension + c]!;
        interpolated += (weight / total) * sample;
        size = Math.max(size, Math.abs(sample));
      });
      return Math.abs(interpolated - value) <= GROSS * size;
    });
  });
}

/** Samples at offset + k·step over the body, and outward until the integrand's share is negligible. */
function sampleLine(
  integrand: Integrand,
  options: AverageOptions,
  step: number,
  offset: number,
): { nodes: number[]; values: number[]; sums: Sums } {
  const { dimension } = options;
  const nodes: number[] = [];
  const values: number[] = [];
  const sums = { value: new Float64Array(dimension), absolute: new Float64Array(dimension) };
  const out = new Float64Array(dimension);
  options.prepare?.(lineWithin(BODY + step, step, offset));
  for (const direction of [1, -1]) {
    for (let k = direction === 1 ? 0 : 1; ; k++) {
      const z = offset + direction * k * step;
      sampleAt(integrand, z, out, options.name);
      const density = gaussianDensity(z);
      let counts = false;
      for (let c = 0; c < dimension; c++) {
        const term = out[c]! * density;
        sums.value[c]! += term;
        sums.absolute[c]! += Math.abs(term);
        if (Math.abs(term) > NEGLIGIBLE * sums.absolute[c]!) counts = true;
        values.push(out[c]!);
      }
      nodes.push(z);
      if (Math.abs(z) >= BODY && !counts) break;
      if (Math.abs(z) >= END) throw notDecaying(options.name, z);
    }
  }
  return { nodes, values, sums };
}

/** The places offset + k·step, k = 0, 1, … and k = −1, −2, …, up to the first beyond the reach. */
function lineWithin(reach: number, step: number, offset: number): number[] {
  const places: number[] = [];
  for (let k = Math.floor((offset - reach) / step); offset + k * step < reach; k++) places.push(offset + k * step);
  return places;
}

/** Sorts the samples, cuts the ends that no component needs, and normalises the weights. */
function finish({ step, nodes, values }: Omit<Family, "total">, dimension: number): AdaptedRule {
  const order = nodes.map((_, i) => i).sort((a, b) => nodes[a]! - nodes[b]!);
  const densities = nodes.map(gaussianDensity);
  const absolute = new Float64Array(dimension);
  for (let i = 0; i < nodes.length; i++) {
    for (let c = 0; c < dimension; c++) absolute[c]! += densities[i]! * Math.abs(values[i * dimension + c]!);
  }
  // The constant counts, too: without it the weights would not sum to 1.
  const counts = (i: number) => {
    if (densities[i]! * step > NEGLIGIBLE) return true;
    for (let c = 0; c < dimension; c++) {
      if (densities[i]! * Math.abs(values[i * dimension + c]!) > NEGLIGIBLE * absolute[c]!) return true;
    }
    return false;
  };
  const kept = order.slice(order.findIndex(counts), order.findLastIndex(counts) + 1);
  const rule = trapezoidRule(
    Float64Array.from(kept, (i) => nodes[i]!),
    step,
  );
  const sorted = new Float64Array(kept.length * dimension);
  kept.forEach((i, position) => {
    for (let c = 0; c < dimension; c++) sorted[position * dimension + c] = values[i * dimension + c]!;
  });
  const column = new Float64Array(kept.length);
  let error = 2 ** -53;
  for (let c = 0; c < dimension; c++) {
    for (let i = 0; i < column.length; i++) column[i] = sorted[i * dimension + c]!;
    error = Math.max(error, rule.errorOf(column));
  }
  return { ...rule, values: sorted, error };
}

function trapezoidRule(nodes: Float64Array, step: number): GridRule {
  const weights = normalise(nodes.map((z) => step * gaussianDensity(z)));
  return { nodes, weights, errorOf: (values) => relativeError(weights, values) };
}

/** The error that aliasing leaves, relative to Σ w|f|. */
function relativeError(weights: Float64Array, values: Float64Array): number {
  let scale = 0;
  for (let i = 0; i < weights.length; i++) scale += weights[i]! * Math.abs(values[i]!);
  return scale > 0 ? aliasingError(weights, values) / scale : 0;
}

const fixedRules = new Map<string, GridRule>();

/** The rule of a given step and reach: nodes that many averages can share. */
export function fixedTrapezoid(step: number, reach: number): GridRule {
  const name = `${step}, ${reach}`;
  let rule = fixedRules.get(name);
  if (!rule) {
    rule = equidistantRule(step, Math.ceil(reach / step));
    fixedRules.set(name, rule);
  }
  return rule;
}

/** The trapezoid rule on the nodes k·step, |k| ≤ half. */
export function equidistantRule(step: number, half: number): GridRule {
  const nodes = new Float64Array(2 * half + 1);
  for (let i = 0; i < nodes.length; i++) nodes[i] = (i - half) * step;
  return trapezoidRule(nodes, step);
}
