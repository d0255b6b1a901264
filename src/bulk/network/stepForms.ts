import { dot } from "../../numerics/linearAlgebra.ts";
import { pairCount, pairOf } from "../packed.ts";
import type { Pencil, PencilPoint } from "./pencil.ts";

/** The samples of one step, by their residual labels (theory §9). */
export interface StepLaw {
  /** Nodes of the residual label y, with weights for E[·], E[s·] and E[s²·]. */
  readonly rule: {
    readonly y: Float64Array;
    readonly weight: Float64Array;
    readonly first: Float64Array;
    readonly second: Float64Array;
  };
  /** 1/α₀ */
  readonly inverseRatio: number;
}

/**
 * A vector Σ_a e_a ⊗ (1/n₀)Σ_i f_a(y_i) x_i over the blocks (b, s, q) of the pencil, as its component along θ and the rest:
 * `mean` holds E[s f_a], `noise` holds f_a/√α₀ on the nodes of y, both for the listed slots.
 */
export interface StepVector {
  readonly slots: readonly number[];
  readonly mean: readonly number[];
  /** Absent where f vanishes: a vector along θ alone. */
  readonly noise: readonly (Float64Array | undefined)[];
}

/**
 * Bilinear forms of the resolvent between step vectors (theory §9, trainedNetwork):
 *
 *   B(τ, τ′) = E[f̃ᵀ(H − HZ′H/α₀)f̃′] + xᵀH_θ x′,   x = mean − E[sZ′Hf̃]/√α₀,   f̃ = noise,  H_θ = (M₀ + E[s²Z′])⁻¹.
 */
export interface StepForms {
  /** B of all pairs, row-major. */
  gram(vectors: readonly StepVector[]): Float64Array;
  /** dB(τ, τ) for the given changes of M⁻¹, one per pair of 𝒱 (those of `Pencil.linearise` without column 0). */
  derivative(vector: StepVector, changes: readonly Float64Array[]): Float64Array;
}

/** Forms of a single step at a fixed point of the pencil. */
export function stepForms({ rule, inverseRatio }: StepLaw, pencil: Pencil, point: PencilPoint): StepForms | undefined {
  const { groups: K, size } = pencil;
  const { active: n, index } = pencil.blocks[0]!;
  const { resolvent } = point;
  const Z = point.Z[0]!;
  const { weight, first, second, y } = rule;
  const packed = pairCount(n);
  const root = Math.sqrt(inverseRatio);
  const thetaResolvent = pencil.weightedResolvent(point, [second]);
  if (!thetaResolvent) return undefined;
  const H = thetaResolvent;

  /** out = Z′ at node i times a vector on the active block. */
  function applyZ(i: number, vector: Float64Array, out: Float64Array): void {
    const at = i * packed;
    for (let a = 0; a < n; a++) {
      let sum = 0;
      for (let b = 0; b < n; b++) sum += Z[at + index[a * n + b]!]! * vector[b]!;
      out[a] = sum;
    }
  }

  /** out = rows of `matrix` on the active block, times f̃ of a vector at node i. */
  function applyActive(matrix: Float64Array, { slots, noise }: StepVector, i: number, out: Float64Array): void {
    for (let a = 0; a < n; a++) out[a] = 0;
    for (let j = 0; j < slots.length; j++) {
      const values = noise[j];
      if (values === undefined) continue;
      const f = values[i]!;
      for (let a = 0; a < n; a++) out[a]! += f * matrix[(K + a) * size + slots[j]!]!;
    }
  }

  function gram(vectors: readonly StepVector[]): Float64Array {
    const count = vectors.length;
    const B = new Float64Array(count * count);
    const u = vectors.map(() => new Float64Array(n));
    const z = vectors.map(() => new Float64Array(n));
    const x = vectors.map((vector) => meanVector(vector, size));
    for (let i = 0; i < y.length; i++) {
      for (let j = 0; j < count; j++) {
        applyActive(resolvent, vectors[j]!, i, u[j]!);
        applyZ(i, u[j]!, z[j]!);
        for (let a = 0; a < n; a++) x[j]![K + a]! -= root * first[i]! * z[j]![a]!;
      }
      for (let j = 0; j < count; j++) {
        for (let l = j; l < count; l++) {
          const value = noiseForm(resolvent, vectors[j]!, vectors[l]!, i, size);
          B[j * count + l]! += weight[i]! * (value - inverseRatio * dot(u[j]!, z[l]!));
        }
      }
    }
    for (let l = 0; l < count; l++) {
      const image = times(H, x[l]!, size);
      for (let j = 0; j <= l; j++) B[l * count + j] = B[j * count + l]! += dot(x[j]!, image);
    }
    return B;
  }

  function derivative(vector: StepVector, changes: readonly Float64Array[]): Float64Array {
    const u = new Float64Array(n);
    const z = new Float64Array(n);
    const x = meanVector(vector, size);
    for (let i = 0; i < y.length; i++) {
      applyActive(resolvent, vector, i, u);
      applyZ(i, u, z);
      for (let a = 0; a < n; a++) x[K + a]! -= root * first[i]! * z[a]!;
    }
    const h = times(H, x, size);
    const adjoint = accumulateAdjoints(vector, h);
    return Float64Array.from(changes, (change, b) => {
      let sum = 0;
      for (let i = 0; i < size * size; i++) sum += adjoint.resolvent[i]! * change[i]!;
      for (let a = 0; a < n; a++) {
        for (let c = 0; c < n; c++) sum += adjoint.block[a * n + c]! * change[(K + a) * size + K + c]!;
      }
      const [k, l] = pairOf(K, b);
      return sum - (k === l ? 1 : 2) * h[k]! * h[l]!;
    });
  }

  /** dB = Σ resolvent·dM⁻¹ + Σ block·dH − hᵀd𝒱h, with h = H_θx and dZ′ = −Z′dHZ′/α₀. */
  function accumulateAdjoints(vector: StepVector, h: Float64Array) {
    const { slots, noise } = vector;
    const u = new Float64Array(n);
    const z = new Float64Array(n);
    const Zh = new Float64Array(n);
    const active = h.subarray(K, K + n);
    const adjoint = { resolvent: new Float64Array(size * size), block: new Float64Array(n * n) };
    const inverse = inverseRatio;
    for (let i = 0; i < y.length; i++) {
      const [w, w1, w2] = [weight[i]!, first[i]!, second[i]!];
      applyActive(resolvent, vector, i, u);
      applyZ(i, u, z);
      applyZ(i, active, Zh);
      for (let j = 0; j < slots.length; j++) {
        const f = noise[j]?.[i] ?? 0;
        const slot = slots[j]!;
        for (let l = 0; l < slots.length; l++) {
          adjoint.resolvent[slot * size + slots[l]!]! += w * f * (noise[l]?.[i] ?? 0);
        }
        for (let a = 0; a < n; a++) {
          adjoint.resolvent[(K + a) * size + slot]! -= 2 * f * (inverse * w * z[a]! + root * w1 * Zh[a]!);
        }
      }
      for (let a = 0; a < n; a++) {
        for (let c = 0; c < n; c++) {
          const both = inverse * root * w1 * (z[a]! * Zh[c]! + Zh[a]! * z[c]!);
          adjoint.block[a * n + c]! += inverse * inverse * w * z[a]! * z[c]! + both + inverse * w2 * Zh[a]! * Zh[c]!;
        }
      }
    }
    return adjoint;
  }

  return { gram, derivative };
}

/** Weighted sum of step vectors as one, over all slots that occur. */
export function combine(vectors: readonly StepVector[], factors: Float64Array): StepVector {
  const slots = [...new Set(vectors.flatMap((vector) => vector.slots))];
  const mean = slots.map(() => 0);
  const noise: (Float64Array | undefined)[] = slots.map(() => undefined);
  vectors.forEach((vector, i) => {
    vector.slots.forEach((slot, j) => {
      const at = slots.indexOf(slot);
      mean[at]! += factors[i]! * vector.mean[j]!;
      const values = vector.noise[j];
      if (!values) return;
      const sum = (noise[at] ??= new Float64Array(values.length));
      for (let node = 0; node < values.length; node++) sum[node]! += factors[i]! * values[node]!;
    });
  });
  return { slots, mean, noise };
}

function meanVector(vector: StepVector, size: number): Float64Array {
  const out = new Float64Array(size);
  vector.slots.forEach((slot, j) => (out[slot]! += vector.mean[j]!));
  return out;
}

/** f̃ᵀ H f̃′ at one node. */
function noiseForm(matrix: Float64Array, left: StepVector, right: StepVector, i: number, size: number): number {
  let sum = 0;
  for (let j = 0; j < left.slots.length; j++) {
    const f = left.noise[j]?.[i] ?? 0;
    if (f === 0) continue;
    for (let l = 0; l < right.slots.length; l++) {
      sum += f * (right.noise[l]?.[i] ?? 0) * matrix[left.slots[j]! * size + right.slots[l]!]!;
    }
  }
  return sum;
}

function times(matrix: Float64Array, vector: Float64Array, size: number): Float64Array {
  return vector.map((_, r) => dot(matrix.subarray(r * size, (r + 1) * size), vector));
}
