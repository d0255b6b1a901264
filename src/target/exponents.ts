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
/** Steps of the first rule along an axis; longer ones for more than three directions, which would have millions of nodes. */
const STEP = 0.4;
const COARSE_STEP = 0.72;
/** Beyond this, per axis, averages are not resolved. */
const TOLERANCE = 1e-11;
/** Most products of nodes, test functions and polynomials that are summed for one set of directions. */
const MOST_WORK = 3e9;

/**
 * Information exponent, leap and generative exponent of a target (multiIndex §6): the information exponent is the lowest degree
 * of a non-zero Hermite coefficient; the leap follows the staircase in which directions, once known, help to find others, and
 * does not depend on the axes.
 *
 * @throws ExpressionError, ParameterError for what is not a target
 * @throws QuadratureError if averages do not exist, the target depends on more than four directions, or every coefficient up to degree 10 vanishes
 * @example
 * const { informationExponent, leap } = exponents("x1 + x2 + x1*x2");
 * [informationExponent, leap]; // [1, 2]
 */
export function exponents(input: TargetInput): Exponents {
  const target = withoutIdleAxes(multiIndexTarget(input));
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
  const staircase = leapStaircase(rule, centred, size, target);
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
  return cuts.length > 0 ? { cuts, step: 2 } : { step: target.directions > 3 ? COARSE_STEP : STEP };
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
function leapStaircase(rule: TensorRule, g: Float64Array, size: number, target: MultiIndexTarget) {
  const m = target.directions;
  const known: number[][] = [];
  const staircase: { degree: number; directions: number }[] = [];
  while (known.length < m && dependsBeyond(target, known, size)) {
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

/** The target of those of its variables that it depends on, by their places in order; of one variable at least. */
function withoutIdleAxes(target: MultiIndexTarget): MultiIndexTarget {
  const { directions: m, value, planes, name } = target;
  const unit = Array.from({ length: m }, (_, a) => a);
  const used = unit.filter((a) => {
    const others = unit.filter((b) => b !== a).map((b) => unit.map((c) => (c === b ? 1 : 0)));
    return dependsBeyond(target, others, 0);
  });
  if (used.length === m || used.length === 0) return target;
  const all = new Float64Array(m);
  return {
    name,
    directions: used.length,
    value: (s) => {
      used.forEach((a, i) => (all[a] = s[i]!));
      return value(all);
    },
    planes: planes.map(({ normal, offset }) => ({ normal: used.map((a) => normal[a]!), offset })),
  };
}

/** Places at which a target is compared with itself on the span of known directions, and the change that is none. */
const PROBES = 64;
const PROBE_REACH = 3;
const PRIMES = [2, 3, 5, 7, 11, 13];
const SAME = 1e-7;

/** Whether the target changes when its arguments are projected on the span of the known directions. */
function dependsBeyond({ value, directions: m }: MultiIndexTarget, known: readonly number[][], size: number): boolean {
  return Array.from({ length: PROBES }, (_, i) => i + 1).some((i) => {
    // Fractional parts of multiples of irrational numbers: on no plane where a target may jump.
    const s = Array.from({ length: m }, (_a, a) => PROBE_REACH * (2 * ((i * Math.sqrt(PRIMES[a]!)) % 1) - 1));
    const projected = s.map(() => 0);
    for (const v of known) {
      const along = v.reduce((sum, c, a) => sum + c * s[a]!, 0);
      v.forEach((c, a) => (projected[a]! += along * c));
    }
    const here = value(s);
    return Math.abs(here - value(projected)) > SAME * Math.max(size, Math.abs(here));
  });
}

/** The lowest degree at which the target depends on the rest given the known directions, and the directions it shows. */
function firstTensor(rule: TensorRule, g: Float64Array, size: number, known: number[][], rest: number[][]) {
  const project = (v: readonly number[]) =>
    rule.weights.map((_, i) => v.reduce((sum, c, a) => sum + c * rule.coordinates[a]![i]!, 0));
  const seen = known.map(project);
  const weighted = testFunctions(seen, rule.weights.length).map((test) =>
    test.map((value, i) => value * rule.weights[i]! * g[i]!),
  );
  const axes = rest.map(project);
  const polynomials: Float64Array[][] = rest.map(() => [new Float64Array(0)]);
  const ofTests = largest(
    seen.map((axis) =>
      lostOf(
        rule,
        axis.map((z) => hermitePolynomial(TEST_DEGREE, z)),
        TEST_DEGREE,
      ),
    ),
  );
  let work = 0;
  for (let degree = 1; degree <= MOST_DEGREE; degree++) {
    const indices = multiIndices(rest.length, degree);
    work += indices.length * weighted.length * g.length;
    if (work > MOST_WORK) {
      throw new QuadratureError("target", `directions that no tensor of degree ${degree - 1} or less shows cost too much in ${known.length + rest.length} dimensions`); // prettier-ignore
    }
    axes.forEach((axis, b) => polynomials[b]!.push(axis.map((z) => hermitePolynomial(degree, z))));
    const tensors = weighted.map(
      (values) => new Map(indices.map((index) => [index.join(), tensorEntry(values, polynomials, index)])),
    );
    // The tensor unfolded: a row for the first of its axes, a column for the test function and the others.
    const columns = tensors.flatMap((tensor) =>
      multiIndices(rest.length, degree - 1).map((others) =>
        rest.map((_, b) => tensor.get(others.map((n, c) => (c === b ? n + 1 : n)).join())!),
      ),
    );
    const gram = rest.map((_, b) =>
      rest.map((_r, c) => columns.reduce((sum, column) => sum + column[b]! * column[c]!, 0)),
    );
    const { values, vectors } = symmetricEigen(gram);
    const lost = ofTests + largest(polynomials.map((ofAxis) => lostOf(rule, ofAxis[degree]!, degree)));
    // Beyond the rule's reach lies TOLERANCE of g² at most: a tensor's part there is bounded by Cauchy and Schwarz.
    const floor = size * Math.max(VANISHING, Math.sqrt(10 * TOLERANCE * lost * columns.length));
    const shown = vectors.filter((_, i) => values[i]! > floor ** 2 && values[i]! > VANISHING * values.at(-1)!);
    if (shown.length > 0) {
      return {
        degree,
        directions: shown.map((v) => rest[0]!.map((_, a) => v.reduce((sum, c, b) => sum + c * rest[b]![a]!, 0))),
      };
    }
  }
  return undefined;
}

const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0);

/** |1 − E He_n²/n!| as the rule has it: what lies beyond its reach. */
function lostOf({ weights }: TensorRule, polynomial: Float64Array, n: number): number {
  return Math.abs(1 - polynomial.reduce((sum, value, i) => sum + weights[i]! * value * value, 0) / factorial(n));
}

/** Σ values Π He_{n_b}(ζ_b)/√n_b! */
function tensorEntry(
  values: Float64Array,
  polynomials: readonly (readonly Float64Array[])[],
  index: readonly number[],
): number {
  const factors = index.flatMap((n, b) => (n > 0 ? [polynomials[b]![n]!] : []));
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    let term = values[i]!;
    for (const factor of factors) term *= factor[i]!;
    sum += term;
  }
  return sum / Math.sqrt(index.reduce((product, n) => product * factorial(n), 1));
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
