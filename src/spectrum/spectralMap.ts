import { type Complex, complexAt, complexDivide, complexMultiply, complexSolveInPlace } from "../numerics/complex.ts";
import { packedPair } from "../bulk/packed.ts";
import type { KappaAverages } from "./kappaAverages.ts";
import type { SpectralBulk } from "./spectralBulk.ts";

/** α, β and π_k. */
export interface SpectralPoint {
  readonly sampleRatio: number;
  readonly widthRatio: number;
  readonly fractions: readonly number[];
}

/**
 * The fixed point of theory §4 at λ = −z in u = (R, g, h) of `SpectralBulk`,
 *
 *   V(κ) = Σ_a u_a φ_a(κ),  y_a = (α/β) E[φ_a/(1 + V)],  R = R(V̂, g),  π_k = g_k(λ + V̂2_k) + ω_k/β,
 *
 * and h's own equations, with its Newton step and its derivative by z. Arrays are those of the last call.
 */
export interface SpectralMap {
  readonly averages: KappaAverages;
  readonly bulk: SpectralBulk;
  /** @returns a reason if the map has no value at u */
  evaluate(z: Complex, u: Float64Array): string | undefined;
  /** Newton step: of R and h, but of log g. */
  readonly newton: Float64Array;
  /** du/dz at a solution. */
  readonly tangent: Float64Array;
  /** What the plain iteration makes of u. */
  readonly plain: Float64Array;
  /** y */
  readonly conjugates: Float64Array;
  /** Largest relative difference of `plain` and u. */
  residual(u: Float64Array): number;
  /** Largest relative size of the Newton step. */
  length(u: Float64Array): number;
  /** y at u, alone. Overwritten by the next call of any kind. */
  average(u: Float64Array): Float64Array | undefined;
  /** R and h, small, at given g: a start far from the spectrum. */
  start(u: Float64Array): void;
}

export function spectralMap(averages: KappaAverages, bulk: SpectralBulk, point: SpectralPoint): SpectralMap {
  const { rank: r, groups: K } = bulk;
  const { sampleRatio, widthRatio: beta, fractions: pi } = point;
  const pairs = (r * (r + 1)) / 2;
  const m = pairs + K;
  const size = m + bulk.internal;
  const columns = 1 + m;
  const scale = (sampleRatio === Infinity ? 1 : sampleRatio) / beta;
  const y = new Float64Array(2 * m);
  const hessian = new Float64Array(2 * m * m);
  /** dy by (R, log g) */
  const slope = new Float64Array(2 * m * m);
  const matrix = new Float64Array(2 * m * m);
  const right = new Float64Array(4 * m);
  const newton = new Float64Array(2 * size);
  const tangent = new Float64Array(2 * size);
  const plain = new Float64Array(2 * size);
  /** g_k(λ + V̂2_k) + ω_k/β */
  const totals: Complex[] = [];
  const { values, changes } = bulk;

  function average(u: Float64Array): string | undefined {
    const unresolved = averages.at(u, y, hessian);
    if (unresolved !== undefined) return unresolved;
    for (let i = 0; i < 2 * m; i++) y[i]! *= scale;
    for (let a = 0; a < m; a++) {
      for (let b = 0; b < m; b++) {
        const [re, im] = complexAt(hessian, a * m + b);
        const value: Complex = b < pairs ? [re, im] : complexMultiply([re, im], complexAt(u, b));
        slope[2 * (a * m + b)] = -scale * value[0];
        slope[2 * (a * m + b) + 1] = -scale * value[1];
      }
    }
    return undefined;
  }

  /** Change of a row of the bulk by (R, log g), through y and directly. */
  function bulkSlope(row: number, b: number): Complex {
    let [re, im] = b < pairs ? [0, 0] : complexAt(changes, row * columns + 1 + b);
    for (let a = 0; a < pairs; a++) {
      const [cr, ci] = complexAt(changes, row * columns + 1 + a);
      const [sr, si] = complexAt(slope, a * m + b);
      re += cr * sr - ci * si;
      im += cr * si + ci * sr;
    }
    return [re, im];
  }

  function fillSystem(z: Complex, u: Float64Array): void {
    for (let a = 0; a < pairs; a++) {
      for (let b = 0; b < m; b++) {
        const [re, im] = bulkSlope(a, b);
        matrix[2 * (a * m + b)] = (a === b ? 1 : 0) - re;
        matrix[2 * (a * m + b) + 1] = -im;
      }
      const [correction, value, known] = [complexAt(changes, a * columns), complexAt(values, a), complexAt(u, a)];
      right[4 * a] = value[0] + correction[0] - known[0];
      right[4 * a + 1] = value[1] + correction[1] - known[1];
      right[4 * a + 2] = right[4 * a + 3] = 0;
    }
    for (let k = 0; k < K; k++) fillGroup(z, u, k);
  }

  function fillGroup(z: Complex, u: Float64Array, k: number): void {
    const row = pairs + k;
    const g = complexAt(u, row);
    const own = complexMultiply(g, [y[2 * row]! - z[0], y[2 * row + 1]! - z[1]]);
    const total: Complex = [own[0] + values[2 * row]! / beta, own[1] + values[2 * row + 1]! / beta];
    totals[k] = total;
    for (let b = 0; b < m; b++) {
      const share = bulkSlope(row, b);
      const through = complexMultiply(g, complexAt(slope, row * m + b));
      matrix[2 * (row * m + b)] = (b === row ? own[0] : 0) + through[0] + share[0] / beta;
      matrix[2 * (row * m + b) + 1] = (b === row ? own[1] : 0) + through[1] + share[1] / beta;
    }
    // Newton on the logarithm of the equation, nearly linear in log g.
    const ratio = complexDivide([pi[k]!, 0], total);
    const logarithm: Complex = [Math.log(Math.hypot(...ratio)), Math.atan2(ratio[1], ratio[0])];
    const wanted = complexMultiply(total, logarithm);
    right[4 * row] = wanted[0] - changes[2 * row * columns]! / beta;
    right[4 * row + 1] = wanted[1] - changes[2 * row * columns + 1]! / beta;
    right[4 * row + 2] = g[0];
    right[4 * row + 3] = g[1];
  }

  /** Changes of h that go with those of (R, log g). */
  function takeAlong(step: Float64Array, correction: boolean): void {
    for (let row = m; row < size; row++) {
      let [re, im] = correction ? complexAt(changes, row * columns) : [0, 0];
      for (let b = 0; b < m; b++) {
        const [cr, ci] = bulkSlope(row, b);
        re += cr * step[2 * b]! - ci * step[2 * b + 1]!;
        im += cr * step[2 * b + 1]! + ci * step[2 * b]!;
      }
      step[2 * row] = re;
      step[2 * row + 1] = im;
    }
  }

  function fillPlain(u: Float64Array): void {
    plain.set(values);
    for (let k = 0; k < K; k++) {
      const g = complexAt(u, pairs + k);
      plain.set(complexMultiply(g, complexDivide([pi[k]!, 0], totals[k]!)), 2 * (pairs + k));
    }
  }

  return {
    averages,
    bulk,
    newton,
    tangent,
    plain,
    conjugates: y,
    evaluate(z, u) {
      const reason = average(u) ?? bulk.evaluate(y, u);
      if (reason !== undefined) return reason;
      fillSystem(z, u);
      if (!complexSolveInPlace(matrix, right, m, 2)) return "the fixed point has a singular linear response";
      for (let a = 0; a < m; a++) {
        newton.set(right.subarray(4 * a, 4 * a + 2), 2 * a);
        tangent.set(right.subarray(4 * a + 2, 4 * a + 4), 2 * a);
      }
      takeAlong(newton, true);
      takeAlong(tangent, false);
      for (let k = pairs; k < m; k++) tangent.set(complexMultiply(complexAt(tangent, k), complexAt(u, k)), 2 * k);
      fillPlain(u);
      return undefined;
    },
    residual(u) {
      let largest = 0;
      for (let a = 0; a < size; a++) {
        const difference = Math.hypot(plain[2 * a]! - u[2 * a]!, plain[2 * a + 1]! - u[2 * a + 1]!);
        largest = Math.max(largest, difference / unknownScale(u, bulk, a));
      }
      return largest;
    },
    length(u) {
      let largest = 0;
      for (let a = 0; a < size; a++) {
        const step = Math.hypot(newton[2 * a]!, newton[2 * a + 1]!);
        largest = Math.max(largest, a >= pairs && a < m ? step : step / unknownScale(u, bulk, a));
      }
      return largest;
    },
    average: (u) => (average(u) === undefined ? y : undefined),
    start(u) {
      average(u);
      bulk.start(y, u);
    },
  };
}

/** Size by which an unknown is judged: its own, for entries of the matrices R and h that of their diagonal. */
export function unknownScale(u: Float64Array, { rank: r, groups: K, internal }: SpectralBulk, a: number): number {
  const pairs = (r * (r + 1)) / 2;
  if (a < pairs) return matrixScale(u, 0, r, a);
  if (a < pairs + K) return modulus(u, a);
  return matrixScale(u, pairs + K, (Math.sqrt(1 + 8 * internal) - 1) / 2, a - pairs - K);
}

const modulus = (u: Float64Array, a: number) => Math.hypot(u[2 * a]!, u[2 * a + 1]!);

function matrixScale(u: Float64Array, offset: number, n: number, at: number): number {
  if (n === 1) return modulus(u, offset);
  for (let a = 0, first = 0; a < n; first += n - a, a++) {
    if (at >= first + n - a) continue;
    const b = a + at - first;
    return Math.sqrt(modulus(u, offset + first) * modulus(u, offset + packedPair(n, b, b)));
  }
  return modulus(u, offset + at);
}

/** Adds `factor` times a Newton step to u: to log g, and to the others as they are. */
export function advance(
  u: Float64Array,
  step: Float64Array,
  factor: number,
  { rank: r, groups: K }: SpectralBulk,
): void {
  const pairs = (r * (r + 1)) / 2;
  for (let a = 0; a < u.length / 2; a++) {
    const [re, im] = [factor * step[2 * a]!, factor * step[2 * a + 1]!];
    if (a >= pairs && a < pairs + K) {
      const growth = Math.exp(re);
      // A real argument keeps real traces real, to the last bit.
      const turn: Complex = im === 0 ? [growth, 0] : [growth * Math.cos(im), growth * Math.sin(im)];
      u.set(complexMultiply(complexAt(u, a), turn), 2 * a);
    } else {
      u[2 * a]! += re;
      u[2 * a + 1]! += im;
    }
  }
}
