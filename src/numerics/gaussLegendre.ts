import gaussQuadrature from "gauss-quadrature";

/** Nodes on [−1, 1] ascending, weights summing to 2. */
export interface LegendreRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  /** Row k of `analysis` maps values at the nodes to the coefficient of the Legendre polynomial P_k. */
  readonly analysis: readonly Float64Array[];
}

/** The package finds nodes by Durand–Kerner: rounding-exact up to here, wrong from n = 20 on (theory §11). */
const LARGEST_RULE = 12;
const rules = new Map<number, LegendreRule>();

/** P_0(x) … P_n(x) by the three-term recurrence. */
function legendrePolynomials(n: number, x: number): Float64Array {
  const p = new Float64Array(n + 1);
  p[0] = 1;
  if (n > 0) p[1] = x;
  for (let k = 1; k < n; k++) p[k + 1] = ((2 * k + 1) * x * p[k]! - k * p[k - 1]!) / (k + 1);
  return p;
}

/** Fixed-point numbers of this many binary digits: rounded to a double, a node no longer tells where its search began. */
const DIGITS = 160n;
const ONE = 1n << DIGITS;
const MOST_STEPS = 12;

/** Node and weight 2/((1 − x²) P_n′(x)²), both rounded correctly, of the root of P_n that Newton's method finds from `start`. */
function polish(n: number, start: number): [node: number, weight: number] | undefined {
  if (!(Math.abs(start) < 1)) return undefined;
  let x = BigInt(Math.round(start * 2 ** 53)) << (DIGITS - 53n);
  const degree = BigInt(n);
  for (let step = 0; step < MOST_STEPS; step++) {
    let [before, here] = [ONE, x];
    for (let k = 1n; k < degree; k++) {
      [before, here] = [here, ((2n * k + 1n) * ((x * here) >> DIGITS) - k * before) / (k + 1n)];
    }
    const rest = ONE - ((x * x) >> DIGITS);
    if (rest <= 0n) return undefined;
    const slope = (degree * (before - ((x * here) >> DIGITS)) * ONE) / rest;
    if (slope === 0n) return undefined;
    const change = (here * ONE) / slope;
    x -= change;
    const size = change < 0n ? -change : change;
    if (size >> (DIGITS / 2n - 8n) === 0n) {
      return [toNumber(x), toNumber((2n * ONE * ONE) / ((rest * ((slope * slope) >> DIGITS)) >> DIGITS))];
    }
  }
  return undefined;
}

/** Digits at the end that are left to the rounding of the search, and to what Newton's method has not yet moved. */
const GUARD = 48n;

/** Rounded to the digits that are certain, so that a node at 0 is 0, and then to a double. */
function toNumber(fixed: bigint): number {
  return Number((fixed + (1n << (GUARD - 1n))) >> GUARD) / Number(ONE >> GUARD);
}

/** The rule from starting points near its nodes, or undefined if they do not lead to all of them. */
function ruleFrom(n: number, starts: readonly number[]): [node: number, weight: number][] | undefined {
  const pairs: [number, number][] = [];
  for (const start of starts) {
    const pair = polish(n, start);
    if (!pair) return undefined;
    pairs.push(pair);
  }
  pairs.sort((a, b) => a[0] - b[0]);
  const complete = pairs.length === n && pairs.every(([x], i) => i === 0 || x > pairs[i - 1]![0]);
  return complete ? pairs : undefined;
}

/** The package's nodes; it starts from random numbers, and may throw or return what is no number. */
function packageNodes(n: number): readonly number[] {
  try {
    return gaussQuadrature(n)[0];
  } catch {
    return [];
  }
}

/** cos π(i + ¾)/(n + ½), within O(n⁻²) of the nodes (Tricomi 1950). */
function classicalNodes(n: number): readonly number[] {
  return Array.from({ length: n }, (_, i) => Math.cos((Math.PI * (i + 0.75)) / (n + 0.5)));
}

/**
 * Gauss–Legendre rule on [−1, 1]: ∫ f ≈ Σ w_i f(x_i), exact for polynomials of degree 2n − 1. Nodes and weights are the nearest
 * doubles, and so the same in every process.
 *
 * @param n number of nodes, an integer from 1 to 12
 * @throws RangeError for another n
 * @example
 * legendreRule(2).nodes[1]!.toFixed(12); // "0.577350269190"
 */
export function legendreRule(n: number): LegendreRule {
  const known = rules.get(n);
  if (known) return known;
  if (!(Number.isInteger(n) && n >= 1 && n <= LARGEST_RULE))
    throw new RangeError(`legendreRule: n = ${n}, legal 1 to 12`);
  // From whichever start, the nodes are the same to the last bit; the package's take most of the time of a first solution.
  const rule = makeRule(n, ruleFrom(n, classicalNodes(n)) ?? ruleFrom(n, packageNodes(n))!);
  rules.set(n, rule);
  return rule;
}

function makeRule(n: number, pairs: readonly (readonly [number, number])[]): LegendreRule {
  const nodes = Float64Array.from(pairs, (pair) => pair[0]);
  const weights = Float64Array.from(pairs, (pair) => pair[1]);
  const polynomials = Array.from(nodes, (x) => legendrePolynomials(n - 1, x));
  const analysis = Array.from({ length: n }, (_, k) =>
    Float64Array.from(weights, (w, i) => (k + 0.5) * w * polynomials[i]![k]!),
  );
  return { nodes, weights, analysis };
}
