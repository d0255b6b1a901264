import { dot, multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import { packedIndex } from "./packed.ts";
import type { LinearBasis } from "./weightResolvent.ts";

/** Every group a function of its own. */
export function identityBasis(groups: number): LinearBasis {
  const identity = Float64Array.from({ length: groups ** 2 }, (_, i) => (i % (groups + 1) === 0 ? 1 : 0));
  return { rank: groups, expansion: identity, combination: identity };
}

/** What is left of a function beyond the others counts as rounding below this part of the largest of all. */
const NEGLIGIBLE = 1e-13;

/**
 * A basis of the functions μ1_k of several groups: Gram–Schmidt in the order of the largest remainders.
 *
 * @param weights of the nodes, for the functions to be orthonormal
 */
export function linearBasis(functions: readonly Float64Array[], weights: Float64Array): LinearBasis {
  const K = functions.length;
  const remainders = functions.map((mu1) => mu1.map((value, i) => Math.sqrt(weights[i]!) * value));
  const scale = Math.max(...remainders.map(norm));
  // Without any linear part the basis is one function that vanishes.
  if (!(scale > 0)) return { rank: 1, expansion: new Float64Array(K).fill(1), combination: new Float64Array(K) };
  const basis: Float64Array[] = [];
  const pivots: number[] = [];
  const rows = functions.map(() => [] as number[]);
  while (basis.length < K) {
    const sizes = remainders.map((column, k) => (pivots.includes(k) ? -1 : norm(column)));
    const pivot = sizes.indexOf(Math.max(...sizes));
    if (basis.length > 0 && !(sizes[pivot]! > NEGLIGIBLE * scale)) break;
    const size = sizes[pivot]!;
    const direction = remainders[pivot]!.map((value) => value / size);
    // Twice is enough for orthogonality to rounding.
    for (const other of basis) subtractProjection(direction, other);
    basis.push(direction);
    pivots.push(pivot);
    remainders.forEach((column, k) => rows[k]!.push(subtractProjection(column, direction)));
  }
  const r = basis.length;
  const expansion = Float64Array.from(rows.flat());
  return { rank: r, expansion, combination: combinationOf(expansion, pivots, r) };
}

/** T from the rows of U that belong to the pivots, which form a triangular matrix. */
function combinationOf(U: Float64Array, pivots: readonly number[], r: number): Float64Array {
  const K = U.length / r;
  const triangle = Float64Array.from(pivots.flatMap((k) => Array.from(U.subarray(k * r, (k + 1) * r))));
  const combination = new Float64Array(r * K);
  pivots.forEach((k, a) => (combination[a * K + k] = 1));
  solveInPlace(triangle, combination, r, K);
  return combination;
}

const norm = (column: Float64Array): number => Math.sqrt(dot(column, column));

/** Takes the part along a unit vector away and returns its coefficient. */
function subtractProjection(column: Float64Array, unit: Float64Array): number {
  const overlap = dot(column, unit);
  for (let i = 0; i < column.length; i++) column[i]! -= overlap * unit[i]!;
  return overlap;
}

/** b_a on a grid from the values of all μ1_k. */
export function basisFunctions({ rank, combination }: LinearBasis, mu1: readonly Float64Array[]): Float64Array[] {
  const K = mu1.length;
  return Array.from({ length: rank }, (_, a) =>
    mu1[0]!.map((_, i) => mu1.reduce((sum, f, k) => sum + combination[a * K + k]! * f[i]!, 0)),
  );
}

/** The traces (W, g), packed, of another basis of the same rank: with b' = Cb, bᵀWb = b'ᵀW'b' for W' = C⁻ᵀWC⁻¹. */
export function tracesInBasis(traces: Float64Array, from: LinearBasis, to: LinearBasis): Float64Array | undefined {
  const r = to.rank;
  const C = multiply(to.combination, from.expansion, r, from.combination.length / r, r);
  const transposed = (matrix: Float64Array) => matrix.map((_, i) => matrix[(i % r) * r + Math.floor(i / r)]!);
  const index = packedIndex(r);
  const half = Float64Array.from(index, (at) => traces[at]!);
  if (!solveInPlace(transposed(C), half, r, r)) return undefined;
  const whole = transposed(half);
  if (!solveInPlace(transposed(C), whole, r, r)) return undefined;
  const moved = traces.slice();
  index.forEach((at, i) => (moved[at] = whole[i]!));
  return moved;
}
