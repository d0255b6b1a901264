import type { KappaTable } from "./kappaTables.ts";

/** Averages over κ that the complex fixed point needs, with V(κ) = Σ_a u_a φ_a(κ) in the packed order of `Bulk`. */
export interface KappaAverages {
  /**
   * Writes E[φ_a/(1 + V)] to `first` and E[φ_a φ_b/(1 + V)²] to `second`, interleaved.
   *
   * @returns a reason if they do not exist: a real 1 + V with a zero
   */
  at(u: Float64Array, first: Float64Array, second: Float64Array): string | undefined;
  /** E arg(1 + V) */
  argument(u: Float64Array): number;
  /** Whether Re(1 + V) at the last u changes its sign between nodes: a real u is then no solution for a continuum of κ. */
  readonly crossing: boolean;
  /** Whether the nodes are adapted to every u. */
  readonly adaptive: boolean;
}

/** Sums over nodes, of h = 1/(1 + V) with `first` and of h² with `second`, added to the packed arrays. */
export interface DampedSums {
  /** @param products w φ_a, then w φ_a φ_b for a ≤ b, each over the nodes */
  add(hRe: Float64Array, hIm: Float64Array, products: readonly Float64Array[], count: number): void;
}

/** Accumulates into `first` and the upper triangle of `second`, of m and m×m entries. */
export function dampedSums(m: number, first: Float64Array, second: Float64Array): DampedSums {
  let square = new Float64Array(16);
  let squareIm = new Float64Array(16);
  return {
    add(hRe, hIm, products, count) {
      if (square.length < count) {
        square = new Float64Array(count);
        squareIm = new Float64Array(count);
      }
      for (let i = 0; i < count; i++) {
        const re = hRe[i]!;
        const im = hIm[i]!;
        square[i] = re * re - im * im;
        squareIm[i] = 2 * re * im;
      }
      for (let a = 0; a < m; a++) addSum(first, 2 * a, products[a]!, hRe, hIm, count);
      let index = m;
      for (let a = 0; a < m; a++) {
        for (let b = a; b < m; b++) addSum(second, 2 * (a * m + b), products[index++]!, square, squareIm, count);
      }
    },
  };
}

/** Adds Σ w φ_a h and, to the upper triangle, Σ w φ_a φ_b h² over few nodes. */
export function addDamped(
  basis: readonly Float64Array[],
  weights: Float64Array,
  hRe: Float64Array,
  hIm: Float64Array,
  first: Float64Array,
  second: Float64Array,
): void {
  const m = basis.length;
  for (let i = 0; i < weights.length; i++) {
    const [re, im] = [hRe[i]!, hIm[i]!];
    for (let a = 0; a < m; a++) {
      const factor = weights[i]! * basis[a]![i]!;
      const [wr, wi] = [factor * re, factor * im];
      first[2 * a]! += wr;
      first[2 * a + 1]! += wi;
      const [sr, si] = [wr * re - wi * im, wr * im + wi * re];
      for (let b = a; b < m; b++) {
        const at = 2 * (a * m + b);
        second[at]! += sr * basis[b]![i]!;
        second[at + 1]! += si * basis[b]![i]!;
      }
    }
  }
}

function addSum(
  target: Float64Array,
  at: number,
  factor: Float64Array,
  real: Float64Array,
  imaginary: Float64Array,
  count: number,
): void {
  let re = 0;
  let im = 0;
  for (let i = 0; i < count; i++) {
    re += factor[i]! * real[i]!;
    im += factor[i]! * imaginary[i]!;
  }
  target[at]! += re;
  target[at + 1]! += im;
}

/** Fills the lower triangle of an interleaved symmetric m×m matrix. */
export function mirror(matrix: Float64Array, m: number): void {
  for (let a = 0; a < m; a++) {
    for (let b = a + 1; b < m; b++) {
      matrix[2 * (b * m + a)] = matrix[2 * (a * m + b)]!;
      matrix[2 * (b * m + a) + 1] = matrix[2 * (a * m + b) + 1]!;
    }
  }
}

/** h = 1/(1 + V) on nodes; tells whether Re(1 + V) changes its sign. */
export function dampOn(
  basis: readonly Float64Array[],
  u: Float64Array,
  count: number,
  hRe: Float64Array,
  hIm: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    hRe[i] = 1;
    hIm[i] = 0;
  }
  for (let a = 0; a < basis.length; a++) {
    const phi = basis[a]!;
    const re = u[2 * a]!;
    const im = u[2 * a + 1]!;
    for (let i = 0; i < count; i++) {
      hRe[i]! += re * phi[i]!;
      hIm[i]! += im * phi[i]!;
    }
  }
  for (let i = 0; i < count; i++) {
    const re = hRe[i]!;
    const im = hIm[i]!;
    const square = re * re + im * im;
    hRe[i] = re / square;
    hIm[i] = -im / square;
  }
}

/** Products w φ_a and w φ_a φ_b (a ≤ b) of basis functions on nodes. */
export function weightedProducts(basis: readonly Float64Array[], weights: Float64Array): Float64Array[] {
  const products = basis.map((phi) => weights.map((w, i) => w * phi[i]!));
  const m = basis.length;
  for (let a = 0; a < m; a++) {
    for (let b = a; b < m; b++) products.push(basis[b]!.map((value, i) => value * products[a]![i]!));
  }
  return products;
}

/** Averages on a fixed table. */
export function tableAverages({ basis, weights }: KappaTable): KappaAverages {
  const m = basis.length;
  const N = weights.length;
  const hRe = new Float64Array(N);
  const hIm = new Float64Array(N);
  const products = weightedProducts(basis, weights);
  return {
    adaptive: false,
    get crossing() {
      return hRe.some((value) => value > 0 !== hRe[0]! > 0);
    },
    argument(u) {
      dampOn(basis, u, N, hRe, hIm);
      return dampedArgument(hRe, hIm, weights, N);
    },
    at(u, first, second) {
      dampOn(basis, u, N, hRe, hIm);
      first.fill(0);
      second.fill(0);
      dampedSums(m, first, second).add(hRe, hIm, products, N);
      mirror(second, m);
      return undefined;
    },
  };
}

/** Σ w arg(1/h), of h with a negative imaginary part. */
export function dampedArgument(hRe: Float64Array, hIm: Float64Array, weights: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += weights[i]! * Math.atan2(Math.max(0, -hIm[i]!), hRe[i]!);
  return sum;
}

/** For infinitely many samples: V is damped to nothing beside 1. */
export function undamped(averages: KappaAverages): KappaAverages {
  let zero = new Float64Array(0);
  return {
    adaptive: false,
    crossing: false,
    argument: () => 0,
    at(u, first, second) {
      if (zero.length !== u.length) zero = new Float64Array(u.length);
      const reason = averages.at(zero, first, second);
      second.fill(0);
      return reason;
    },
  };
}
