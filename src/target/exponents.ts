import { QuadratureError } from "../errors.ts";
import { hermitePolynomial } from "../activation/hermitePolynomial.ts";
import { gaussianDensity } from "../numerics/gaussianRule.ts";
import { adaptTensorRule, type TensorRule } from "../numerics/tensorRule.ts";
import { symmetricEigen } from "../numerics/symmetricEigen.ts";
import { type MultiIndexTarget, multiIndexTarget, type TargetInput } from "./multiIndexTarget.ts";

/** How hard a target's directions are to find (multiIndex §6). */
export interface Exponents {
  /** Lowest degree ≥ 1 of a non-zero Hermite tensor. */
  readonly informationExponent: number;
  /** The largest of the staircase's degrees. */
  readonly leap: number;
  /** Step by step, the degree at which directions are found, and how many are known then. */
  readonly staircase: readonly { readonly degree: number; readonly directions: number }[];
  /** For targets of one direction: smallest k with E_y[E[He_k(s)|y]²] ≠ 0. */
  readonly generativeExponent?: number;
}

/** Highest degree that is looked for. */
const MOST_DEGREE = 10;
/** A tensor of this size relative to √Var g is rounding. */
const VANISHING = 1e-9;
/** Beyond this, per axis, averages are not resolved. */
const TOLERANCE = 1e-11;

/**
 * Information exponent, leap and generative exponent of a target (multiIndex §6): the information exponent is the lowest degree
 * of a non-zero Hermite coefficient; the leap follows the staircase in which directions, once known, help to find others, and
 * does not depend on the axes.
 *
 * @throws ExpressionError, ParameterError for what is not a target
 * @throws QuadratureError if averages do not exist or every coefficient up to degree 10 vanishes
 * @example
 * const { informationExponent, leap } = exponents("x1 + x2 + x1*x2");
 * [informationExponent, leap]; // [1, 2]
 */
export function exponents(input: TargetInput): Exponents {
  const target = multiIndexTarget(input);
  const m = target.directions;
  const plan = Array.from({ length: m }, (_, a) => axisPlan(target, a));
  const { rule, sample } = adaptTensorRule(
    plan,
    (nodes) => {
      const g = valuesOn(target, nodes);
      const square = g.map((value) => value * value);
      const least = Math.sqrt(square.reduce((sum, value, i) => sum + nodes.weights[i]! * value, 0));
      return {
        g,
        integrands: [
          { values: square, least: least * least },
          { values: g, least },
        ],
      };
    },
    { tolerance: TOLERANCE, maxNodes: 400_000, name: "target" },
  );
  const { g } = sample;
  const mean = g.reduce((sum, value, i) => sum + rule.weights[i]! * value, 0);
  const centred = g.map((value) => value - mean);
  const size = Math.sqrt(centred.reduce((sum, value, i) => sum + rule.weights[i]! * value * value, 0));
  if (!(size > VANISHING)) throw new QuadratureError("target", `${target.name} is constant: it has no exponents`);
  const staircase = leapStaircase(rule, centred, size, m);
  const generative = m === 1 ? generativeExponent(target) : undefined;
  return {
    informationExponent: staircase[0]!.degree,
    leap: Math.max(...staircase.map(({ degree }) => degree)),
    staircase,
    ...(generative !== undefined && { generativeExponent: generative }),
  };
}

function axisPlan(target: MultiIndexTarget, a: number) {
  const cuts = target.planes.flatMap(({ normal, offset }) =>
    Math.abs(normal[a]!) > 1 - 1e-12 ? [offset / normal[a]!] : [],
  );
  return cuts.length > 0 ? { cuts, step: 2 } : { step: 0.4 };
}

function valuesOn(target: MultiIndexTarget, { coordinates, weights }: TensorRule): Float64Array {
  const s = coordinates.map(() => 0);
  return weights.map((_, i) => {
    coordinates.forEach((axis, a) => (s[a] = axis[i]!));
    return target.value(s);
  });
}

/**
 * U = ∅; again and again: the smallest ℓ with a non-zero tensor E[He_ℓ(ζ) g · test(κ_U)], and U grows by the span of its
 * unfolding, until the target has no part outside U.
 */
function leapStaircase(rule: TensorRule, g: Float64Array, size: number, m: number) {
  const known: number[][] = [];
  const staircase: { degree: number; directions: number }[] = [];
  while (known.length < m) {
    const rest = complement(known, m);
    const found = firstTensor(rule, g, size, known, rest);
    if (!found) break;
    for (const direction of found.directions) known.push(direction);
    staircase.push({ degree: found.degree, directions: known.length });
  }
  if (staircase.length === 0) {
    throw new QuadratureError("target", `every Hermite coefficient up to degree ${MOST_DEGREE} vanishes`);
  }
  return staircase;
}

/** The lowest degree at which the target depends on the rest given the known directions, and the directions it shows. */
function firstTensor(rule: TensorRule, g: Float64Array, size: number, known: number[][], rest: number[][]) {
  const project = (v: readonly number[]) =>
    rule.weights.map((_, i) => v.reduce((sum, c, a) => sum + c * rule.coordinates[a]![i]!, 0));
  const tests = testFunctions(known.map(project), rule.weights.length);
  const axes = rest.map(project);
  const polynomials = axes.map((axis) =>
    Array.from({ length: MOST_DEGREE + 1 }, (_, n) => axis.map((z) => hermitePolynomial(n, z))),
  );
  const entry = (test: Float64Array, index: readonly number[]) => {
    let sum = 0;
    for (let i = 0; i < g.length; i++) {
      let term = rule.weights[i]! * g[i]! * test[i]!;
      for (let b = 0; b < index.length; b++) term *= polynomials[b]![index[b]!]![i]!;
      sum += term;
    }
    return sum / Math.sqrt(index.reduce((product, n) => product * factorial(n), 1));
  };
  for (let degree = 1; degree <= MOST_DEGREE; degree++) {
    // The tensor unfolded: a row for the first of its axes, a column for the test function and the others.
    const columns = tests.flatMap((test) =>
      multiIndices(rest.length, degree - 1).map((others) =>
        rest.map((_, b) =>
          entry(
            test,
            others.map((n, c) => (c === b ? n + 1 : n)),
          ),
        ),
      ),
    );
    const gram = rest.map((_, b) =>
      rest.map((_r, c) => columns.reduce((sum, column) => sum + column[b]! * column[c]!, 0)),
    );
    const { values, vectors } = symmetricEigen(gram);
    const shown = vectors.filter(
      (_, i) => values[i]! > (VANISHING * size) ** 2 && values[i]! > VANISHING * values.at(-1)!,
    );
    if (shown.length > 0) {
      return {
        degree,
        directions: shown.map((v) => rest[0]!.map((_, a) => v.reduce((sum, c, b) => sum + c * rest[b]![a]!, 0))),
      };
    }
  }
  return undefined;
}

function complement(known: number[][], m: number): number[][] {
  const basis = known.map((v) => [...v]);
  const out: number[][] = [];
  for (let a = 0; a < m; a++) {
    let v = Array.from({ length: m }, (_, i): number => (i === a ? 1 : 0));
    for (let pass = 0; pass < 2; pass++) {
      for (const other of [...basis, ...out]) {
        const overlap = v.reduce((sum, x, i) => sum + x * other[i]!, 0);
        v = v.map((x, i) => x - overlap * other[i]!);
      }
    }
    const length = Math.hypot(...v);
    if (length > 1e-6) out.push(v.map((x) => x / length));
  }
  return out.slice(0, m - known.length);
}

/** Products of normalised Hermite polynomials of the known coordinates up to this degree in all. */
const TEST_DEGREE = 6;

function testFunctions(known: readonly Float64Array[], count: number): Float64Array[] {
  return Array.from({ length: TEST_DEGREE + 1 }, (_, degree) => multiIndices(known.length, degree))
    .flat()
    .map((index) => {
      const out = new Float64Array(count).fill(1);
      known.forEach((kappa, a) => {
        const norm = Math.sqrt(factorial(index[a]!));
        for (let i = 0; i < count; i++) out[i]! *= hermitePolynomial(index[a]!, kappa[i]!) / norm;
      });
      return out;
    });
}

/** n! */
function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function multiIndices(axes: number, degree: number): number[][] {
  if (axes === 0) return degree === 0 ? [[]] : [];
  if (axes === 1) return [[degree]];
  return Array.from({ length: degree + 1 }, (_, first) =>
    multiIndices(axes - 1, degree - first).map((others) => [first, ...others]),
  ).flat();
}

/** The label is blurred by this part of its variance. */
const BLUR = 1e-3;
/** E_y[E[He_k(s)|y]²]/k! below this is zero. */
const NO_CORRELATION = 1e-8;
/** Nodes of s are this part of the blur apart, in the label. */
const SPACING = 0.4;
const REACH = 8;

/** Smallest k ≥ 1 with E_y[E[He_k(s)|y]²] ≠ 0, of the label y = g(s) and a little noise; undefined beyond degree 10. */
function generativeExponent({ value }: MultiIndexTarget): number | undefined {
  const coarse = samples(value, 0.01);
  const mean = coarse.reduce((sum, { y, w }) => sum + w * y, 0);
  const blur = Math.sqrt(BLUR * coarse.reduce((sum, { y, w }) => sum + w * (y - mean) ** 2, 0));
  const steepest = coarse.reduce((most, { y, w }, i) => {
    const before = coarse[i - 1];
    return before && w > 1e-12 ? Math.max(most, Math.abs(y - before.y) / 0.01) : most;
  }, 0);
  const nodes = samples(value, Math.max(2e-4, Math.min(0.01, (SPACING * blur) / steepest))).filter(
    ({ w }) => w > 1e-18,
  );
  const [low, high] = nodes.reduce(([a, b], { y }) => [Math.min(a, y), Math.max(b, y)], [Infinity, -Infinity]);
  const step = 0.5 * blur;
  const count = Math.min(200_000, Math.ceil((high - low) / step) + 20);
  const start = low - 10 * step;
  const density = new Float64Array(count);
  const moments = Array.from({ length: MOST_DEGREE }, () => new Float64Array(count));
  for (const { s, y, w } of nodes) {
    const centre = (y - start) / step;
    for (let j = Math.max(0, Math.ceil(centre - 16)); j <= Math.min(count - 1, centre + 16); j++) {
      const kernel = w * Math.exp(-0.5 * (((j - centre) * step) / blur) ** 2);
      density[j]! += kernel;
      for (let k = 1; k <= MOST_DEGREE; k++) moments[k - 1]![j]! += kernel * hermitePolynomial(k, s);
    }
  }
  const total = density.reduce((sum, p) => sum + p, 0);
  for (let k = 1; k <= MOST_DEGREE; k++) {
    let correlation = 0;
    for (let j = 0; j < count; j++) {
      if (density[j]! > 1e-14 * total) correlation += moments[k - 1]![j]! ** 2 / density[j]!;
    }
    if (correlation / total / factorial(k) > NO_CORRELATION) return k;
  }
  return undefined;
}

function samples(value: MultiIndexTarget["value"], step: number) {
  const half = Math.ceil(REACH / step);
  return Array.from({ length: 2 * half + 1 }, (_, i) => {
    const s = (i - half) * step;
    return { s, y: value([s]), w: step * gaussianDensity(s) };
  });
}
