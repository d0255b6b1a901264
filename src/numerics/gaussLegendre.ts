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

/** One Newton step on P_n and the closed-form weight take the package's 4e-15 to rounding. */
function polish(n: number, x: number): [node: number, weight: number] {
  const slope = (t: number, p: Float64Array) => (n * (p[n - 1]! - t * p[n]!)) / (1 - t * t);
  const before = legendrePolynomials(n, x);
  const node = x - before[n]! / slope(x, before);
  const derivative = slope(node, legendrePolynomials(n, node));
  return [node, 2 / ((1 - node * node) * derivative * derivative)];
}

/**
 * Gauss–Legendre rule on [−1, 1]: ∫ f ≈ Σ w_i f(x_i), exact for polynomials of degree 2n − 1.
 *
 * @param n number of nodes, an integer from 1 to 12
 * @throws RangeError for another n, or if the weights do not sum to 2
 */
export function legendreRule(n: number): LegendreRule {
  const known = rules.get(n);
  if (known) return known;
  if (!(Number.isInteger(n) && n >= 1 && n <= LARGEST_RULE))
    throw new RangeError(`legendreRule: n = ${n}, legal 1 to 12`);
  const pairs = gaussQuadrature(n)[0]
    .map((x) => polish(n, x))
    .sort((a, b) => a[0] - b[0]);
  const nodes = Float64Array.from(pairs, (pair) => pair[0]);
  const weights = Float64Array.from(pairs, (pair) => pair[1]);
  const total = weights.reduce((sum, w) => sum + w, 0);
  if (!(Math.abs(total - 2) < 1e-13)) throw new RangeError(`legendreRule: weights of n = ${n} sum to ${total}, not 2`);
  const polynomials = Array.from(nodes, (x) => legendrePolynomials(n - 1, x));
  const analysis = Array.from({ length: n }, (_, k) =>
    Float64Array.from(weights, (w, i) => (k + 0.5) * w * polynomials[i]![k]!),
  );
  const rule = { nodes, weights, analysis };
  rules.set(n, rule);
  return rule;
}
