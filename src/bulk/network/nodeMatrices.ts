import { solveInPlace } from "../../numerics/linearAlgebra.ts";
import { packedIndex, pairCount } from "../packed.ts";

/** One gradient step as the rows' covariances see it (trainedNetwork; multiIndex §4). */
export interface PencilStep {
  /** 1/α_t */
  readonly inverseRatio: number;
  /** Of the nodes of the step's samples. */
  readonly weight: Float64Array;
  /** On the nodes, per group: η̃²u_k²(var − e1²)res²/α_t, the change of C_k that is quadratic in the sample. */
  readonly square: readonly Float64Array[];
  /** η̃u_k e1 res/τ_k, the linear one; left out where it vanishes for every group, and the step's blocks are smaller. */
  readonly linear?: readonly Float64Array[];
}

/** Z′ = (I + T′H/α_t)⁻¹ T′ on the nodes of one step, packed, from H on its active block; undefined if singular. */
export type NodeMatrices = (block: Float64Array) => Float64Array | undefined;

/** @param signs of the groups */
export function nodeMatrices(step: PencilStep, signs: readonly number[]): NodeMatrices {
  const signed = (values: readonly Float64Array[]) => values.map((f, k) => f.map((value) => -signs[k]! * value));
  const square = signed(step.square);
  const linear = step.linear && signed(step.linear);
  const K = square.length;
  const N = step.weight.length;
  if (K === 1) return (block) => scalarMatrices(square[0]!, linear?.[0], block, step.inverseRatio);
  const n = linear ? 2 * K : K;
  const packed = pairCount(n);
  const index = packedIndex(n);
  return (block) => {
    const Z = new Float64Array(N * packed);
    const left = new Float64Array(n * n);
    const right = new Float64Array(n * n);
    for (let i = 0; i < N; i++) {
      fill(i, block, left, right);
      if (!solveInPlace(left, right, n, n)) return undefined;
      for (let a = 0; a < n; a++) {
        for (let b = a; b < n; b++) Z[i * packed + index[a * n + b]!] = 0.5 * (right[a * n + b]! + right[b * n + a]!);
      }
    }
    return Z;
  };

  /** I + T′H/α_t and T′ at one node. */
  function fill(i: number, block: Float64Array, left: Float64Array, right: Float64Array): void {
    const inverse = step.inverseRatio;
    left.fill(0);
    right.fill(0);
    for (let k = 0; k < K; k++) {
      const ss = square[k]![i]!;
      right[k * n + k] = ss;
      for (let j = 0; j < n; j++) left[k * n + j] = inverse * ss * block[k * n + j]!;
      if (linear) {
        const q = K + k;
        const sq = linear[k]![i]!;
        right[k * n + q] = right[q * n + k] = sq;
        for (let j = 0; j < n; j++) {
          left[k * n + j]! += inverse * sq * block[q * n + j]!;
          left[q * n + j] = inverse * sq * block[k * n + j]!;
        }
      }
    }
    for (let j = 0; j < n; j++) left[j * n + j]! += 1;
  }
}

/** Z′ of a single group in closed form, from T′ = [[square, linear], [linear, 0]]; without a linear part the block is 1×1. */
function scalarMatrices(
  square: Float64Array,
  linear: Float64Array | undefined,
  block: Float64Array,
  inverse: number,
): Float64Array {
  const ss = inverse * block[0]!;
  if (!linear) return square.map((value) => value / (1 + value * ss));
  const [sq, qq] = [inverse * block[1]!, inverse * block[3]!];
  const Z = new Float64Array(3 * square.length);
  for (let i = 0; i < square.length; i++) {
    const [first, second] = [square[i]!, linear[i]!];
    const determinant = -second * second;
    const scale = 1 / (1 + first * ss + 2 * second * sq + determinant * (ss * qq - sq * sq));
    Z[3 * i] = (first + determinant * qq) * scale;
    Z[3 * i + 1] = (second - determinant * sq) * scale;
    Z[3 * i + 2] = determinant * ss * scale;
  }
  return Z;
}
