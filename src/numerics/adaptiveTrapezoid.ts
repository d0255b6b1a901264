import { aliasingError } from "./aliasing.ts";
import {
  counts,
  differenceOf,
  merged,
  NEGLIGIBLE,
  sampleLine,
  type Samples,
  type Sums,
  sumsOf,
} from "./equidistantSamples.ts";
import {
  type AdaptedRule,
  type AverageOptions,
  gaussianDensity,
  type GridRule,
  type Integrand,
  normalise,
  sampleAt,
} from "./gaussianRule.ts";

/** Steps of the families of rules, each halved; the second is for a rule between two of the first. */
const FIRST_STEP = 0.54;
const SECOND_STEP = 0.4;
const HALVINGS = 4;
/** All of them, each finer than the one before. */
const STEPS = Array.from({ length: HALVINGS }, (_, k) => FIRST_STEP / 2 ** (k + 1)).flatMap((step) => [
  step,
  between(step),
]);
/** How many of them are tried for an integrand that is like another. */
const MOST_LIKELY = 2;

/** The rule of one step. */
interface Line {
  step: number;
  samples: Samples;
}

/** Rules whose steps are halves of one another: the last, and its sums. */
interface Family extends Line {
  readonly total: Sums;
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
    const step = between(family.step);
    if (difference ** ((2 * family.step) / step) > options.tolerance) continue;
    const second = firstRule(integrand, options, 2 * step);
    const finer = accepted(second, halve(second, integrand, options), integrand, options);
    if (finer) return finer;
  }
  return undefined;
}

/** The step of a rule between one of the first family and the next. */
function between(step: number): number {
  return (SECOND_STEP / FIRST_STEP) * step;
}

/** A rule of a step, or of the next finer one, for an integrand that is like another; undefined if they do not reach the tolerance. */
export function trapezoidFrom(integrand: Integrand, options: AverageOptions, step: number): AdaptedRule | undefined {
  const longest = Math.min(step, options.resolution?.step ?? Infinity);
  const first = STEPS.findIndex((one) => one <= longest);
  for (let i = first; i >= 0 && i < Math.min(first + MOST_LIKELY, STEPS.length); i++) {
    const samples = sampleLine(integrand, options, STEPS[i]!, 0);
    const difference = differenceOf(sumsOf(samples, 0, 2), sumsOf(samples, 1, 2));
    const rule = accepted({ step: STEPS[i]!, samples }, difference, integrand, options);
    if (rule) return rule;
  }
  return undefined;
}

/** The error that makes sure of a longer step. */
const SURE = 1e-3;

/** @param difference between the rule and that of twice its step */
function accepted(
  line: Line,
  difference: number,
  integrand: Integrand,
  options: AverageOptions,
): AdaptedRule | undefined {
  const finest = options.resolution?.step ?? Infinity;
  if (line.step > finest) return undefined;
  if (difference ** 2 > options.tolerance || !resolves(line, integrand, options)) return undefined;
  const longer = STEPS.findLast((step) => step > line.step && step <= finest) ?? line.step;
  const isSure = difference ** ((2 * line.step) / longer) <= SURE * options.tolerance;
  const rule = finish(line, isSure ? longer : line.step);
  return rule.error <= options.tolerance ? rule : undefined;
}

function firstRule(integrand: Integrand, options: AverageOptions, step: number): Family {
  const samples = sampleLine(integrand, options, step, 0);
  return { step, samples, total: sumsOf(samples, 0, 1) };
}

/** Adds the midpoints; returns the largest relative difference of a component between the two rules. */
function halve(family: Family, integrand: Integrand, options: AverageOptions): number {
  const { total, step } = family;
  const between = sampleLine(integrand, options, step, step / 2);
  const added = sumsOf(between, 0, 1);
  const difference = differenceOf(total, added);
  for (let c = 0; c < options.dimension; c++) {
    total.value[c]! += added.value[c]!;
    total.absolute[c]! += added.absolute[c]!;
  }
  family.samples = merged(family.samples, between);
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
/** Nodes by which a place between the middle two is interpolated, before it. */
const BEFORE = BARYCENTRIC.length / 2 - 1;
/** By place, with what weights. */
const INTERPOLATING = PLACES.map(([, share]) =>
  normalise(Float64Array.from(BARYCENTRIC, (w, i) => w / (BEFORE + share - i))),
);
/** What a rule integrates is interpolated far better than to this fraction. */
const GROSS = 0.05;

/**
 * Whether the nodes see the integrand: a frequency beyond theirs, as of sin(ωz)², may look like a constant on a rule and on
 * its halves alike, but not between the nodes.
 */
function resolves({ step, samples }: Line, integrand: Integrand, { dimension, name }: AverageOptions): boolean {
  const between = new Float64Array(dimension);
  return PLACES.every(([place, share], p) => {
    const before = Math.floor(place / step);
    const first = samples.nodes.findIndex((z) => z > (before - 0.5) * step) - BEFORE;
    sampleAt(integrand, (before + share) * step, between, name);
    return isInterpolated(between, samples.values.subarray(first * dimension), INTERPOLATING[p]!);
  });
}

/** Whether the values between the nodes are about those of the polynomial through the samples. */
function isInterpolated(between: Float64Array, samples: Float64Array, weights: Float64Array): boolean {
  for (let c = 0; c < between.length; c++) {
    let [interpolated, size] = [0, Math.abs(between[c]!)];
    for (let i = 0; i < weights.length; i++) {
      const sample = samples[i * between.length + c]!;
      interpolated += weights[i]! * sample;
      size = Math.max(size, Math.abs(sample));
    }
    if (!(Math.abs(interpolated - between[c]!) <= GROSS * size)) return false;
  }
  return true;
}

/**
 * Cuts the ends that no component needs, and normalises the weights.
 *
 * @param likely the step of a rule for similar integrands
 */
function finish({ step, samples }: Line, likely: number): AdaptedRule {
  const dimension = samples.values.length / samples.nodes.length;
  const [from, to] = neededOf(samples, step);
  const { nodes, weights, errorOf } = trapezoidRule(samples.nodes.slice(from, to), step);
  const values = samples.values.slice(from * dimension, to * dimension);
  const column = new Float64Array(to - from);
  let error = 2 ** -53;
  for (let c = 0; c < dimension; c++) {
    for (let i = 0; i < column.length; i++) column[i] = values[i * dimension + c]!;
    error = Math.max(error, errorOf(column));
  }
  return { nodes, weights, errorOf, values, error, step: likely };
}

/** From which to which node some component needs them. */
function neededOf(samples: Samples, step: number): readonly [from: number, to: number] {
  const { absolute } = sumsOf(samples, 0, 1);
  // The constant counts, too: without it the weights would not sum to 1.
  const isNeeded = (i: number) =>
    gaussianDensity(samples.nodes[i]!) * step > NEGLIGIBLE || counts(samples, i, absolute);
  let [from, to] = [0, samples.nodes.length];
  while (!isNeeded(from)) from++;
  while (!isNeeded(to - 1)) to--;
  return [from, to];
}

function trapezoidRule(nodes: Float64Array, step: number) {
  const weights = nodes.map((z) => step * gaussianDensity(z));
  const total = weights.reduce((sum, w) => sum + w, 0);
  for (let i = 0; i < weights.length; i++) weights[i]! /= total;
  return { nodes, weights, errorOf: (values: Float64Array) => relativeError(weights, values) };
}

/** The error that aliasing leaves, relative to Σ w|f|. */
function relativeError(weights: Float64Array, values: Float64Array): number {
  let scale = 0;
  for (let i = 0; i < weights.length; i++) scale += weights[i]! * Math.abs(values[i]!);
  return scale > 0 ? aliasingError(weights, values) / scale : 0;
}

/** By step, then by reach. */
const fixedRules = new Map<number, Map<number, GridRule>>();

/** The rule of a given step and reach: nodes that many averages can share. */
export function fixedTrapezoid(step: number, reach: number): GridRule {
  let ofStep = fixedRules.get(step);
  if (!ofStep) fixedRules.set(step, (ofStep = new Map<number, GridRule>()));
  let rule = ofStep.get(reach);
  if (!rule) ofStep.set(reach, (rule = equidistantRule(step, Math.ceil(reach / step))));
  return rule;
}

/** The trapezoid rule on the nodes k·step, |k| ≤ half. */
export function equidistantRule(step: number, half: number): GridRule {
  const nodes = new Float64Array(2 * half + 1);
  for (let i = 0; i < nodes.length; i++) nodes[i] = (i - half) * step;
  return trapezoidRule(nodes, step);
}
