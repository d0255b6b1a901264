import { multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import { averageConjugation } from "../bulk/network/symmetricMaps.ts";
import { packedIndex } from "../bulk/packed.ts";
import type { SourceForms } from "./bulkResolvent.ts";
import type { Rows } from "./geometry.ts";
import { packedMoments } from "./packedMoments.ts";
import type { StepPencil } from "./stepPencil.ts";
import type { StepSamples } from "./stepSamples.ts";

/** A vector b = (1/n)Σ f(sample) x of a step's data, or its noise part alone, appended to the special directions. */
export interface DataVector {
  /** f on the step's nodes. */
  readonly f: Float64Array;
  /** Whether its mean along the sample's coordinates counts; without it the noise part alone remains. */
  readonly withMean: boolean;
}

/** One step of the chain of forms: the samples, and what the step appends. */
export interface FormStep {
  readonly samples: StepSamples;
  /** P: the sample's coordinates as vectors in the special coordinates before the step. */
  readonly P: Rows;
  readonly vectors: readonly DataVector[];
  /** Weights of the averages of Z′ that the forms take, node by node. */
  readonly weights: FormWeights;
}

/** The weights of several averages over a step's samples, those of one sample together. */
interface FormWeights {
  /** How many of them are of pairs of the sample's coordinates, of vectors with one, and of pairs of vectors. */
  readonly counts: readonly [number, number, number];
  readonly values: Float64Array;
  readonly totals: Float64Array;
}

/** A step of the chain with the weights of its averages: S_aS_b − δ_ab, f S_a, and f g. */
export function formStep(samples: StepSamples, P: Rows, vectors: readonly DataVector[]): FormStep {
  const { first, second, weight } = samples;
  const times = (f: Float64Array, w: Float64Array) => w.map((value, i) => value * f[i]!);
  const seen = second.flatMap((row, a) => row.map((w, b) => (a === b ? w.map((value, i) => value - weight[i]!) : w)));
  const alongAxes = vectors.flatMap(({ f }) => first.map((w) => times(f, w)));
  const crossed = vectors.flatMap((a, i) => vectors.slice(0, i + 1).map((b) => times(a.f, times(b.f, weight))));
  const columns = [...seen, ...alongAxes, ...crossed];
  const values = new Float64Array(columns.length * weight.length);
  columns.forEach((column, c) => {
    for (let i = 0; i < column.length; i++) values[i * columns.length + c] = column[i]!;
  });
  const totals = Float64Array.from(columns, (column) => column.reduce((sum, value) => sum + value, 0));
  const counts = [seen.length, alongAxes.length, crossed.length] as const;
  return { samples, P, vectors, weights: { counts, values, totals } };
}

/** A special vector in a block of the pencil: Σ coefficient · direction, in slot (block row of group k). */
export interface SlottedVector {
  readonly group: number;
  readonly parts: readonly { readonly direction: number; readonly slot: number; readonly coefficient: number }[];
  /** Part of its variance that is outside the resolvent. */
  readonly excess: number;
}

/** Averages of Z′ with a weight: E w, E[w Z′] as n×n, and its change with every pair of 𝒱. */
interface WeightedZ {
  readonly total: number;
  readonly Z: Float64Array;
  readonly changes: readonly Float64Array[];
}

/**
 * Bilinear forms of the resolvent on the special directions (multiIndex §4): F = δ_il H on the target's directions at first, then
 * for every step, in symmetric form F′ = FD,
 *
 *   F ← (F⁻¹ + Pᵀ E[(SSᵀ − I)⊗Z′_t] P)⁻¹,
 *   X̄_f,a = E[fS_a]I − H E[fS_aZ′_t]/α_t,   ⟨·,b_f⟩ = F X̄_fᵀ,
 *   ⟨b_f,b_g⟩ = (E[fg]H − H E[fgZ′_t]H/α_t)/α_t + X̄_f F X̄_gᵀ,
 *
 * and the same with its derivatives along the pairs of 𝒱.
 *
 * @param m directions of the target
 */
export function sourceForms(
  pencil: StepPencil,
  steps: readonly FormStep[],
  m: number,
  sources: readonly SlottedVector[],
): SourceForms | undefined {
  const B = pencil.size;
  const [H, dH] = [pencil.H(), pencil.slopes()];
  let state: FormState = { D: m, F: onDiagonal(H, B, m), changes: dH.map((change) => onDiagonal(change, B, m)) };
  for (const [t, step] of steps.entries()) {
    const context: StepContext = { pencil, H, dH, t, step };
    const [pairs, alongAxes, crossed] = stepAverages(context);
    const seen = batchSees(context, state, pairs);
    if (!seen) return undefined;
    state = appended(context, seen, alongAxes, crossed);
  }
  const size = state.D * B;
  const contract = (matrix: Float64Array, excess: boolean) => {
    const n = sources.length;
    const out = new Float64Array(n * n);
    sources.forEach((first, i) => {
      sources.forEach((second, j) => {
        let sum = excess && i === j ? first.excess : 0;
        for (const a of first.parts) {
          for (const b of second.parts) {
            sum +=
              a.coefficient * b.coefficient * matrix[(a.direction * B + a.slot) * size + b.direction * B + b.slot]!;
          }
        }
        out[i * n + j] = sum;
      });
    });
    return out;
  };
  return { forms: contract(state.F, true), slopes: state.changes.map((change) => contract(change, false)) };
}

/** F over (direction, block), and its changes with the pairs of 𝒱. */
interface FormState {
  readonly D: number;
  readonly F: Float64Array;
  readonly changes: readonly Float64Array[];
}

interface StepContext {
  readonly pencil: StepPencil;
  readonly H: Float64Array;
  readonly dH: readonly Float64Array[];
  readonly t: number;
  readonly step: FormStep;
}

function onDiagonal(matrix: Float64Array, B: number, D: number): Float64Array {
  const out = new Float64Array((D * B) ** 2);
  for (let i = 0; i < D; i++) {
    for (let a = 0; a < B; a++) for (let b = 0; b < B; b++) out[(i * B + a) * D * B + i * B + b] = matrix[a * B + b]!;
  }
  return out;
}

/** The averages of a step in the order of its weights' counts. */
function stepAverages(context: StepContext): readonly [WeightedZ[], WeightedZ[], WeightedZ[]] {
  const all = weightedZ(context);
  const [seen, along] = context.step.weights.counts;
  return [all.slice(0, seen), all.slice(seen, seen + along), all.slice(seen + along)];
}

/** E[w Z′] and its change −E[w Z′ dG Z′]/α_t, for all weights of a step: the change is a linear map of dG, made of E[w Z′_pZ′_q]. */
function weightedZ({ pencil, dH, t, step }: StepContext): WeightedZ[] {
  const { groups: K, size: B, offsets } = pencil;
  const n = 2 * K;
  const packed = (n * (n + 1)) / 2;
  const index = packedIndex(n);
  const { values: weights, totals } = step.weights;
  const { sums, moments } = packedMoments(pencil.Z[t]!, packed, weights, totals.length);
  const at = offsets[t]!;
  const dG = dH.map((change) => {
    const out = new Float64Array(packed);
    for (let a = 0; a < n; a++) for (let b = a; b < n; b++) out[index[a * n + b]!] = change[(at + a) * B + at + b]!;
    return out;
  });
  const unpack = (values: Float64Array) => Float64Array.from({ length: n * n }, (_, e) => values[index[e]!]!);
  return Array.from(totals, (total, c) => {
    const map = averageConjugation(moments[c]!, n, -step.samples.inverseRatio);
    return {
      total,
      Z: unpack(sums[c]!),
      changes: dG.map((change) => unpack(multiply(map, change, packed, packed, 1))),
    };
  });
}

/** F ← (F⁻¹ + W)⁻¹ with W = Pᵀ E[(SSᵀ − I)⊗Z′] P on the active block. */
function batchSees(
  { pencil, t, step }: StepContext,
  { D, F, changes }: FormState,
  averages: readonly WeightedZ[],
): FormState | undefined {
  const { samples, P } = step;
  const B = pencil.size;
  const n = 2 * pencil.groups;
  const pairs = samples.second.flatMap((row, a) => row.map((_, b) => [a, b] as const));
  const act = D * n;
  const carried = (of: (item: WeightedZ) => Float64Array): Float64Array => {
    const W = new Float64Array(act * act);
    pairs.forEach(([a, b], p) => {
      const Z = of(averages[p]!);
      for (let i = 0; i < D; i++) {
        for (let j = 0; j < D; j++) {
          const factor = P[a]![i]! * P[b]![j]! + (a === b ? 0 : P[b]![i]! * P[a]![j]!);
          if (factor === 0) continue;
          for (let r = 0; r < n; r++) {
            for (let c = 0; c < n; c++) W[(i * n + r) * act + j * n + c]! += factor * Z[r * n + c]!;
          }
        }
      }
    });
    return W;
  };
  const size = D * B;
  const active = Array.from({ length: act }, (_, e) => Math.floor(e / n) * B + pencil.offsets[t]! + (e % n));
  const columns = (matrix: Float64Array) =>
    Float64Array.from({ length: size * act }, (_, e) => matrix[Math.floor(e / act) * size + active[e % act]!]!);
  const W = carried(({ Z }) => Z);
  // F′ = F − F_a (I + W F_aa)⁻¹ W F_aᵀ on the active columns a.
  const Fa = columns(F);
  const Faa = Float64Array.from(
    { length: act * act },
    (_, e) => F[active[Math.floor(e / act)]! * size + active[e % act]!]!,
  );
  const left = multiply(W, Faa, act, act, act);
  for (let e = 0; e < act; e++) left[e * act + e]! += 1;
  const right = multiply(W, transpose(Fa, size, act), act, act, size);
  if (!solveInPlace(left, right, act, size)) return undefined;
  const after = minus(F, multiply(Fa, right, size, act, size));
  symmetrise(after, size);
  // dF′ = A dF Aᵀ − F′ dW F′, A = I − F′W.
  const after_a = columns(after);
  const FW = multiply(after_a, W, size, act, act);
  const changed = changes.map((dF, d) => {
    const dFa = rowsOf(dF, size, active);
    const once = minus(dF, multiply(FW, dFa, size, act, size));
    const twice = minus(once, multiply(columnsOf(once, size, active), transpose(FW, size, act), size, act, size));
    const dW = carried(({ changes: list }) => list[d]!);
    const inner = multiply(multiply(after_a, dW, size, act, act), transpose(after_a, size, act), size, act, size);
    return minus(twice, inner);
  });
  return { D, F: after, changes: changed };
}

/** F with the step's data vectors appended. */
function appended(
  { pencil, H, dH, t, step }: StepContext,
  { D, F, changes }: FormState,
  alongAxes: readonly WeightedZ[],
  crossed: readonly WeightedZ[],
): FormState {
  const { vectors, samples, P } = step;
  if (vectors.length === 0) return { D, F, changes };
  const B = pencil.size;
  const n = 2 * pencil.groups;
  const at = pencil.offsets[t]!;
  const { inverseRatio: inverse, first } = samples;
  const axes = first.length;
  const Ha = columnsOf(
    H,
    B,
    Array.from({ length: n }, (_, e) => at + e),
  );
  const dHa = dH.map((change) =>
    columnsOf(
      change,
      B,
      Array.from({ length: n }, (_, e) => at + e),
    ),
  );
  const size = D * B;
  /** X̄ in special coordinates, B×(D·B), and its changes. */
  const image = (v: number) => {
    const X = new Float64Array(B * size);
    const dX = dH.map(() => new Float64Array(B * size));
    for (let a = 0; a < axes; a++) {
      const average = alongAxes[v * axes + a]!;
      const block = multiply(Ha, average.Z, B, n, n);
      const moved = dH.map((_, d) => {
        const one = multiply(dHa[d]!, average.Z, B, n, n);
        const two = multiply(Ha, average.changes[d]!, B, n, n);
        return one.map((value, e) => value + two[e]!);
      });
      for (let i = 0; i < D; i++) {
        const p = P[a]![i]!;
        if (p === 0) continue;
        for (let r = 0; r < B; r++) {
          if (vectors[v]!.withMean) X[r * size + i * B + r]! += p * average.total;
          for (let c = 0; c < n; c++) {
            X[r * size + i * B + at + c]! -= p * inverse * block[r * n + c]!;
            moved.forEach((change, d) => (dX[d]![r * size + i * B + at + c]! -= p * inverse * change[r * n + c]!));
          }
        }
      }
    }
    return { X, dX };
  };
  const images = vectors.map((_, v) => image(v));
  const FX = images.map(({ X }) => multiply(F, transpose(X, B, size), size, size, B));
  const dFX = images.map(({ X, dX }) =>
    dH.map((_, d) => {
      const one = multiply(changes[d]!, transpose(X, B, size), size, size, B);
      const two = multiply(F, transpose(dX[d]!, B, size), size, size, B);
      return one.map((value, e) => value + two[e]!);
    }),
  );
  const E = D + vectors.length;
  const [wide, out] = [E * B, enlarged(F, size, E * B)];
  const dOut = changes.map((change) => enlarged(change, size, wide));
  const put = (matrix: Float64Array, block: Float64Array, row: number, column: number, rows: number) => {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < B; c++) {
        matrix[(row + r) * wide + column + c] = matrix[(column + c) * wide + row + r] = block[r * B + c]!;
      }
    }
  };
  vectors.forEach((_, v) => {
    put(out, FX[v]!, 0, size + v * B, size);
    dOut.forEach((matrix, d) => {
      put(matrix, dFX[v]![d]!, 0, size + v * B, size);
    });
    for (let w = 0; w <= v; w++) {
      const { total, Z, changes: dZ } = crossed[(v * (v + 1)) / 2 + w]!;
      const sandwich = (a: Float64Array, M: Float64Array, b: Float64Array) =>
        multiply(multiply(a, M, B, n, n), transpose(b, B, n), B, n, B);
      const own = sandwich(Ha, Z, Ha);
      const through = multiply(images[v]!.X, FX[w]!, B, size, B);
      const self = H.map((h, e) => inverse * (total * h - inverse * own[e]!) + through[e]!);
      put(out, self, size + v * B, size + w * B, B);
      dOut.forEach((matrix, d) => {
        const one = sandwich(dHa[d]!, Z, Ha);
        const two = sandwich(Ha, dZ[d]!, Ha);
        const three = sandwich(Ha, Z, dHa[d]!);
        const left = multiply(images[v]!.dX[d]!, FX[w]!, B, size, B);
        const right = multiply(images[v]!.X, dFX[w]![d]!, B, size, B);
        const change = dH[d]!.map(
          (h, e) => inverse * (total * h - inverse * (one[e]! + two[e]! + three[e]!)) + left[e]! + right[e]!,
        );
        put(matrix, change, size + v * B, size + w * B, B);
      });
    }
  });
  return { D: E, F: out, changes: dOut };
}

function enlarged(matrix: Float64Array, size: number, wide: number): Float64Array {
  const out = new Float64Array(wide * wide);
  for (let r = 0; r < size; r++) out.set(matrix.subarray(r * size, (r + 1) * size), r * wide);
  return out;
}

function columnsOf(matrix: Float64Array, size: number, columns: readonly number[]): Float64Array {
  const n = columns.length;
  const rows = matrix.length / size;
  return Float64Array.from({ length: rows * n }, (_, e) => matrix[Math.floor(e / n) * size + columns[e % n]!]!);
}

function rowsOf(matrix: Float64Array, size: number, rows: readonly number[]): Float64Array {
  const out = new Float64Array(rows.length * size);
  rows.forEach((row, r) => {
    out.set(matrix.subarray(row * size, (row + 1) * size), r * size);
  });
  return out;
}

function transpose(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = matrix[r * columns + c]!;
  return out;
}

function minus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!);
}

function symmetrise(matrix: Float64Array, size: number): void {
  for (let r = 0; r < size; r++) {
    for (let c = 0; c < r; c++) {
      const mean = 0.5 * (matrix[r * size + c]! + matrix[c * size + r]!);
      matrix[r * size + c] = matrix[c * size + r] = mean;
    }
  }
}
