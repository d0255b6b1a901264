import { multiply, solveInPlace } from "../../numerics/linearAlgebra.ts";
import { packedIndex, pairCount } from "../packed.ts";
import { nodeMatrices, type PencilStep } from "./nodeMatrices.ts";
import { addSandwich, averageConjugation, conjugation } from "./symmetricMaps.ts";

/** What the covariances C_k of the rows are made of. */
export interface PencilData {
  readonly groups: number;
  /** In the order of time. */
  readonly steps: readonly PencilStep[];
  /** With sign −1 the group stands for −C_k (for resolvents beyond λ > 0); default 1. */
  readonly signs?: readonly (1 | -1)[];
}

/** A symmetric change of 𝒱: `factor` on the entries (k, l) and (l, k). */
export type CouplingDirection = readonly { readonly k: number; readonly l: number; readonly factor: number }[];

/** The changes of single entries of 𝒱, pairs k ≤ l. */
export function pairDirections(groups: number): CouplingDirection[] {
  const directions: CouplingDirection[] = [];
  for (let k = 0; k < groups; k++) for (let l = k; l < groups; l++) directions.push([{ k, l, factor: 1 }]);
  return directions;
}

/** Where the blocks of a step stand: of (s_t, q_t), or of s_t alone, the first `active` rows and columns from `offset` on. */
export interface StepBlock {
  readonly offset: number;
  readonly active: number;
  /** Packed positions of a symmetric active×active matrix. */
  readonly index: Int32Array;
}

/** The pencil at one argument. */
export interface PencilPoint {
  /** The argument: H on the active block of every step. */
  readonly blocks: readonly Float64Array[];
  /** 𝒱 */
  readonly coupling: Float64Array;
  /** Per step: Z′ at the nodes, packed by upper rows. */
  readonly Z: readonly Float64Array[];
  /** M⁻¹, equal to H in the active blocks at a fixed point. */
  readonly resolvent: Float64Array;
  /** Per step: E[Z′_p Z′_q]. */
  readonly moments: readonly Float64Array[];
}

/**
 * Resolvent of the rows' covariances through a pencil in blocks (b, s_T, q_T, …, s_1, q_1) of size K. With the sign −1 on the
 * rows of every s everything is symmetric (for T = 1, trainedNetwork's 𝒢 = (L0 + E Z)⁻¹ with D = diag(1, −1, 1)):
 *   H = 𝒢D = M⁻¹,  M = D(L0 + E Z) = [[𝒱, I, 0], [I, 0, −I], [0, −I, I]] + E Z′,
 *   Z′ = DZ = (T′⁻¹ + H/α_t)⁻¹,  T′_k = −[[square, linear], [linear, 0]] on (s_t, q_t),
 * and an earlier step continues the chain from q_t as the last one does from b. Unknown are the active blocks of H alone.
 */
export class Pencil {
  readonly groups: number;
  /** (1 + 2T)K */
  readonly size: number;
  readonly blocks: readonly StepBlock[];
  /** Packed entries of the active block of every step, those of the steps before it, and of all. */
  private readonly counts: readonly number[];
  private readonly starts: readonly number[];
  private readonly unknowns: number;
  private readonly signs: readonly number[];
  private readonly nodes: readonly ReturnType<typeof nodeMatrices>[];

  constructor(private readonly data: PencilData) {
    const { groups: K, steps } = data;
    this.groups = K;
    this.size = (1 + 2 * steps.length) * K;
    this.signs = data.signs ?? Array<number>(K).fill(1);
    this.blocks = steps.map(({ linear }, t): StepBlock => {
      const active = linear ? 2 * K : K;
      return { offset: (1 + 2 * (steps.length - 1 - t)) * K, active, index: packedIndex(active) };
    });
    this.counts = this.blocks.map(({ active }) => pairCount(active));
    this.starts = this.counts.map((_, t) => this.counts.slice(0, t).reduce((sum, count) => sum + count, 0));
    this.unknowns = this.counts.reduce((sum, count) => sum + count, 0);
    this.nodes = steps.map((step) => nodeMatrices(step, this.signs));
  }

  /** H on the active blocks for 𝒱 = 0 and no step: the identity on q. */
  start(): Float64Array[] {
    return this.blocks.map(({ active: n }) => {
      return Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 && i >= this.groups * n ? 1 : 0));
    });
  }

  /** @returns undefined if a matrix is singular */
  evaluate(blocks: readonly Float64Array[], coupling: Float64Array): PencilPoint | undefined {
    const Z: Float64Array[] = [];
    const means: Float64Array[] = [];
    const moments: Float64Array[] = [];
    for (const [t, at] of this.nodes.entries()) {
      const values = at(blocks[t]!);
      if (!values) return undefined;
      Z.push(values);
      const [mean, product] = averages(values, this.data.steps[t]!.weight, pairCount(this.blocks[t]!.active));
      means.push(mean);
      moments.push(product);
    }
    const resolvent = this.inverse(coupling, means);
    return resolvent && { blocks, coupling, Z, resolvent, moments };
  }

  /** (M₀(𝒱) + E[w Z′])⁻¹ for other weights of the samples of every step. */
  weightedResolvent({ Z, coupling }: PencilPoint, weights: readonly Float64Array[]): Float64Array | undefined {
    return this.inverse(
      coupling,
      Z.map((values, t) => average(values, weights[t]!, pairCount(this.blocks[t]!.active))),
    );
  }

  private inverse(coupling: Float64Array, means: readonly Float64Array[]): Float64Array | undefined {
    const { groups: K, size, signs } = this;
    const matrix = new Float64Array(size * size);
    for (let k = 0; k < K; k++) for (let l = 0; l < K; l++) matrix[k * size + l] = coupling[k * K + l]!;
    for (let k = 0; k < K; k++) {
      for (let before = k; before + K < size; before += 2 * K) {
        const [s, q] = [before + K, before + 2 * K];
        matrix[before * size + s] = matrix[s * size + before] = signs[k]!;
        matrix[s * size + q] = matrix[q * size + s] = -signs[k]!;
      }
      const last = size - K + k;
      matrix[last * size + last] = signs[k]!;
    }
    this.blocks.forEach(({ offset, active: n, index }, t) => {
      for (let a = 0; a < n; a++) {
        for (let b = 0; b < n; b++) matrix[(offset + a) * size + offset + b]! += means[t]![index[a * n + b]!]!;
      }
    });
    const out = new Float64Array(size * size);
    for (let a = 0; a < size; a++) out[a * size + a] = 1;
    if (!solveInPlace(matrix, out, size, size)) return undefined;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < a; b++) {
        out[a * size + b] = out[b * size + a] = 0.5 * (out[a * size + b]! + out[b * size + a]!);
      }
    }
    return out;
  }

  /**
   * Linearises H = M(H, 𝒱)⁻¹.
   *
   * @returns changes of M⁻¹, size×size each: first that of a Newton step on H, then one for every direction of 𝒱; undefined if
   *   the linear equations are singular
   */
  linearise(point: PencilPoint, directions: readonly CouplingDirection[]): Float64Array[] | undefined {
    const { size, blocks } = this;
    const { resolvent } = point;
    const changes = [
      new Float64Array(size * size),
      ...directions.map((direction) => this.couplingChange(resolvent, direction)),
    ];
    const columns = changes.length;
    const { counts, starts, unknowns: total } = this;
    const X = new Float64Array(total * columns);
    blocks.forEach(({ offset, active: n, index }, t) => {
      for (let a = 0; a < n; a++) {
        for (let b = a; b < n; b++) {
          const at = (offset + a) * size + offset + b;
          const row = (starts[t]! + index[a * n + b]!) * columns;
          X[row] = resolvent[at]! - point.blocks[t]![a * n + b]!;
          for (let c = 1; c < columns; c++) X[row + c] = changes[c]![at]!;
        }
      }
    });
    // dE Z′_t = −E[Z′ dH_t Z′]/α_t, so that dH = direct + Σ_t H Q_t(dH_t) H on every active block.
    const Q = blocks.map(({ active }, t) =>
      averageConjugation(point.moments[t]!, active, this.data.steps[t]!.inverseRatio),
    );
    const newton = new Float64Array(total * total);
    blocks.forEach((to, t) => {
      blocks.forEach((from, u) => {
        const seen = conjugation(resolvent, size, to.offset, to.active, from.offset, from.active);
        const product = multiply(seen, Q[u]!, counts[t]!, counts[u]!, counts[u]!);
        for (let p = 0; p < counts[t]!; p++) {
          for (let q = 0; q < counts[u]!; q++) {
            const diagonal = t === u && p === q ? 1 : 0;
            newton[(starts[t]! + p) * total + starts[u]! + q] = diagonal - product[p * counts[u]! + q]!;
          }
        }
      });
    });
    if (!solveInPlace(newton, X, total, columns)) return undefined;
    blocks.forEach(({ offset, active }, t) => {
      const part = X.subarray(starts[t]! * columns, (starts[t]! + counts[t]!) * columns);
      const Y = multiply(Q[t]!, part, counts[t]!, counts[t]!, columns);
      changes.forEach((change, c) => {
        const column = Float64Array.from({ length: counts[t]! }, (_, p) => Y[p * columns + c]!);
        addSandwich(resolvent, size, offset, active, column, change);
      });
    });
    return changes;
  }

  /** −M⁻¹ d𝒱 M⁻¹ */
  private couplingChange(resolvent: Float64Array, direction: CouplingDirection): Float64Array {
    const { size } = this;
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
}

/** Σ w Z and Σ w Z_p Z_q over the nodes. */
function averages(Z: Float64Array, weight: Float64Array, packed: number): [Float64Array, Float64Array] {
  const mean = new Float64Array(packed);
  const moments = new Float64Array(packed * packed);
  for (let i = 0; i < weight.length; i++) {
    for (let p = 0; p < packed; p++) {
      const factor = weight[i]! * Z[i * packed + p]!;
      mean[p]! += factor;
      for (let q = p; q < packed; q++) moments[p * packed + q]! += factor * Z[i * packed + q]!;
    }
  }
  for (let p = 0; p < packed; p++) for (let q = 0; q < p; q++) moments[p * packed + q] = moments[q * packed + p]!;
  return [mean, moments];
}

function average(Z: Float64Array, weight: Float64Array, packed: number): Float64Array {
  const mean = new Float64Array(packed);
  for (let i = 0; i < weight.length; i++) {
    for (let p = 0; p < packed; p++) mean[p]! += weight[i]! * Z[i * packed + p]!;
  }
  return mean;
}
