import { multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import { packedIndex } from "./bulk.ts";
import { addSandwich, averageConjugation, conjugation } from "./symmetricMaps.ts";

/** The data of one gradient step as the resolvent of the bulk sees them (theory §9). */
export interface StepData {
  /** Nodes of the residual label y, with weights for E[·], E[s·] and E[s²·]. */
  readonly rule: {
    readonly y: Float64Array;
    readonly weight: Float64Array;
    readonly first: Float64Array;
    readonly second: Float64Array;
  };
  /** 1/α₀ */
  readonly inverseRatio: number;
  /** Per group: κ_B u_k² and a u_k. With sign −1 the group stands for −C_k (for resolvents beyond λ > 0); default 1. */
  readonly groups: readonly { readonly square: number; readonly linear: number; readonly sign?: 1 | -1 }[];
}

/** A symmetric change of 𝒱: `factor` on the entries (k, l) and (l, k). */
export type CouplingDirection = readonly { readonly k: number; readonly l: number; readonly factor: number }[];

/** The changes of single entries of 𝒱, pairs k ≤ l. */
export function pairDirections(groups: number): CouplingDirection[] {
  const directions: CouplingDirection[] = [];
  for (let k = 0; k < groups; k++) for (let l = k; l < groups; l++) directions.push([{ k, l, factor: 1 }]);
  return directions;
}

/**
 * Resolvent of the rows' covariances C_k = (I + u_k aA)² + u_k² κ_B B through the pencil of theory §9 in blocks
 * (b, s, q) of size K. With D = diag(1, −1, 1) over the blocks everything is symmetric:
 *   H = 𝒢D = M⁻¹,  M = D(L0 + E Z) = [[𝒱, I, 0], [I, 0, −I], [0, −I, I]] + E Z′,
 *   Z′ = DZ = (T′⁻¹ + H/α₀)⁻¹,  T′_k = [[−κ_B u_k² y², −a u_k y], [−a u_k y, 0]].
 * Only the block of H where T′ does not vanish is unknown: (s, q), or s alone for ς = 0. It has size `active`.
 */
export interface Pencil {
  readonly groups: number;
  readonly active: number;
  /** Z′ at the nodes of y, packed by upper rows: n(n + 1)/2 numbers per node. */
  readonly Z: Float64Array;
  /** M⁻¹ of the last `evaluate`, 3K×3K; equal to H in the active block at a fixed point. */
  readonly resolvent: Float64Array;
  /** E Z′, packed. */
  readonly meanZ: Float64Array;
  /** Computes Z′, E Z′ and M⁻¹ from the active block and 𝒱. */
  evaluate(block: Float64Array, coupling: Float64Array): boolean;
  /**
   * Linearises H = M(H, 𝒱)⁻¹ at the last `evaluate`.
   *
   * @param block the argument of the last `evaluate`
   * @param directions of 𝒱
   * @returns changes of M⁻¹, 3K×3K each: first that of a Newton step on H, then one for every direction
   */
  linearise(block: Float64Array, directions: readonly CouplingDirection[]): Float64Array[] | undefined;
  /** (M₀(𝒱) + E[w Z′])⁻¹ for another weight w, at the last `evaluate`. */
  weightedResolvent(weights: Float64Array, coupling: Float64Array): Float64Array | undefined;
}

export function pencil(data: StepData): Pencil {
  const K = data.groups.length;
  const { y, weight } = data.rule;
  const N = y.length;
  const inverse = data.inverseRatio;
  const signs = data.groups.map(({ sign }) => sign ?? 1);
  const n = data.groups.some(({ linear }) => linear !== 0) ? 2 * K : K;
  const size = 3 * K;
  const packed = (n * (n + 1)) / 2;
  const index = packedIndex(n);
  const Z = new Float64Array(N * packed);
  const meanZ = new Float64Array(packed);
  const resolvent = new Float64Array(size * size);
  /** E[Z′_p Z′_q] */
  const moments = new Float64Array(packed * packed);
  const left = new Float64Array(n * n);
  const right = new Float64Array(n * n);
  const column = new Float64Array(packed);

  /** Z′ = (I + T′H/α₀)⁻¹ T′ at one node. */
  function nodeMatrix(label: number, block: Float64Array, at: number): boolean {
    if (K === 1) {
      const [square, linear] = [-signs[0]! * data.groups[0]!.square, -signs[0]! * data.groups[0]!.linear];
      scalarGroup(square * label * label, linear * label, block, inverse, Z, at);
      return true;
    }
    left.fill(0);
    right.fill(0);
    for (let k = 0; k < K; k++) {
      const square = -signs[k]! * data.groups[k]!.square * label * label;
      const linear = -signs[k]! * data.groups[k]!.linear * label;
      right[k * n + k] = square;
      for (let j = 0; j < n; j++) left[k * n + j] = inverse * square * block[k * n + j]!;
      if (n > K) {
        const q = K + k;
        right[k * n + q] = right[q * n + k] = linear;
        for (let j = 0; j < n; j++) {
          left[k * n + j]! += inverse * linear * block[q * n + j]!;
          left[q * n + j] = inverse * linear * block[k * n + j]!;
        }
      }
    }
    for (let j = 0; j < n; j++) left[j * n + j]! += 1;
    if (!solveInPlace(left, right, n, n)) return false;
    for (let a = 0; a < n; a++) {
      for (let b = a; b < n; b++) Z[at + index[a * n + b]!] = 0.5 * (right[a * n + b]! + right[b * n + a]!);
    }
    return true;
  }

  function averages(): void {
    meanZ.fill(0);
    moments.fill(0);
    for (let i = 0; i < N; i++) {
      const w = weight[i]!;
      for (let p = 0; p < packed; p++) {
        const factor = w * Z[i * packed + p]!;
        meanZ[p]! += factor;
        for (let q = p; q < packed; q++) moments[p * packed + q]! += factor * Z[i * packed + q]!;
      }
    }
    for (let p = 0; p < packed; p++) for (let q = 0; q < p; q++) moments[p * packed + q] = moments[q * packed + p]!;
  }

  function invert(coupling: Float64Array, Zmean: Float64Array, out: Float64Array): boolean {
    const matrix = new Float64Array(size * size);
    out.fill(0);
    for (let k = 0; k < K; k++) {
      const [s, q] = [K + k, 2 * K + k];
      for (let l = 0; l < K; l++) matrix[k * size + l] = coupling[k * K + l]!;
      matrix[k * size + s] = matrix[s * size + k] = signs[k]!;
      matrix[s * size + q] = matrix[q * size + s] = -signs[k]!;
      matrix[q * size + q] = signs[k]!;
    }
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) matrix[(K + a) * size + K + b]! += Zmean[index[a * n + b]!]!;
    }
    for (let a = 0; a < size; a++) out[a * size + a] = 1;
    if (!solveInPlace(matrix, out, size, size)) return false;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < a; b++) {
        out[a * size + b] = out[b * size + a] = 0.5 * (out[a * size + b]! + out[b * size + a]!);
      }
    }
    return true;
  }

  /** −M⁻¹ d𝒱 M⁻¹ */
  function couplingChange(direction: CouplingDirection): Float64Array {
    const out = new Float64Array(size * size);
    for (const { k, l, factor } of direction) {
      for (let r = 0; r < size; r++) {
        for (let c = 0; c < size; c++) {
          let product = resolvent[r * size + k]! * resolvent[c * size + l]!;
          if (k !== l) product += resolvent[r * size + l]! * resolvent[c * size + k]!;
          out[r * size + c]! -= factor * product;
        }
      }
    }
    return out;
  }

  return {
    groups: K,
    active: n,
    Z,
    resolvent,
    meanZ,
    evaluate(block, coupling) {
      for (let i = 0; i < N; i++) if (!nodeMatrix(y[i]!, block, i * packed)) return false;
      averages();
      return invert(coupling, meanZ, resolvent);
    },
    linearise(block, directions) {
      const changes = [new Float64Array(size * size), ...directions.map(couplingChange)];
      const columns = changes.length;
      const X = new Float64Array(packed * columns);
      for (let a = 0; a < n; a++) {
        for (let b = a; b < n; b++) {
          const at = (K + a) * size + K + b;
          X[index[a * n + b]! * columns] = resolvent[at]! - block[a * n + b]!;
          for (let c = 1; c < columns; c++) X[index[a * n + b]! * columns + c] = changes[c]![at]!;
        }
      }
      const Q = averageConjugation(moments, n, inverse);
      const newton = multiply(conjugation(resolvent, size, K, n), Q, packed, packed, packed);
      for (let i = 0; i < packed * packed; i++) newton[i] = (i % (packed + 1) === 0 ? 1 : 0) - newton[i]!;
      if (!solveInPlace(newton, X, packed, columns)) return undefined;
      const Y = multiply(Q, X, packed, packed, columns);
      changes.forEach((change, c) => {
        for (let p = 0; p < packed; p++) column[p] = Y[p * columns + c]!;
        addSandwich(resolvent, size, K, n, column, change);
      });
      return changes;
    },
    weightedResolvent(weights, coupling) {
      const average = new Float64Array(packed);
      for (let i = 0; i < N; i++) {
        for (let p = 0; p < packed; p++) average[p]! += weights[i]! * Z[i * packed + p]!;
      }
      const out = new Float64Array(size * size);
      return invert(coupling, average, out) ? out : undefined;
    },
  };
}

/** Z′ of a single group in closed form, from T′ = [[square, linear], [linear, 0]]; for linear = 0 the block may be 1×1. */
function scalarGroup(
  square: number,
  linear: number,
  block: Float64Array,
  inverse: number,
  out: Float64Array,
  at: number,
): void {
  const ss = inverse * block[0]!;
  if (block.length === 1) {
    out[at] = square / (1 + square * ss);
    return;
  }
  const [sq, qq] = [inverse * block[1]!, inverse * block[3]!];
  const determinant = -linear * linear;
  const scale = 1 / (1 + square * ss + 2 * linear * sq + determinant * (ss * qq - sq * sq));
  out[at] = (square + determinant * qq) * scale;
  out[at + 1] = (linear - determinant * sq) * scale;
  out[at + 2] = determinant * ss * scale;
}
