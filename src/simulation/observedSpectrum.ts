import { ParameterError } from "../errors.ts";
import { computeFeatures, type TrialContext } from "./arena.ts";
import { dot, matrix, rowRange, type Matrix } from "./matrix.ts";
import { drawInputs } from "./samples.ts";
import { sampleCount } from "./specification.ts";
import type { StartedTrial } from "./startedTrial.ts";
import { blockSize } from "./trialPlan.ts";

/** What is observed of the n×p feature matrix Φ. */
export interface SpectrumObservation {
  /** Left singular vectors compared with powers of κ, from the largest singular value on; 0 for none. */
  readonly vectors: number;
  /** Powers k of κ = vᵀx. */
  readonly powers: readonly number[];
}

/** Eigenvalues of (1/p)ΦᵀΦ, and squared overlaps of its left singular vectors with powers of κ. */
export interface ObservedSpectrum {
  /** The min(n, p) largest eigenvalues, descending. */
  readonly eigenvalues: readonly number[];
  /** For each vector, for each power: ⟨û, κ^k⟩²/|κ^k|². */
  readonly alignments: readonly (readonly number[])[];
}

/**
 * Spectrum of the features of a started trial on fresh samples. The specification has one sample ratio, and the ridge 0, which makes
 * room for the eigenvectors.
 *
 * @throws ParameterError if vectors are asked for and n > p: only the smaller side is diagonalised
 */
export function observeSpectrum(
  context: TrialContext,
  { streams, directions }: StartedTrial,
  { vectors, powers }: SpectrumObservation,
): ObservedSpectrum {
  const { arena, plan, algebra, specification } = context;
  const n = sampleCount(specification, specification.sampleRatios[0]!);
  const p = specification.width;
  const dual = plan.dualSamples === n;
  if (vectors > 0 && !dual) throw new ParameterError("vectors", vectors, "0 where there are more samples than neurons");
  const gram = dual ? arena.dualGram : matrix(arena.square.subarray(0, p * p), p, p);
  const kappa = new Float64Array(n);
  for (let first = 0; first < n; first += blockSize) {
    const count = Math.min(blockSize, n - first);
    drawInputs(context, streams.trainInputs, count);
    project(arena.inputs, directions.spike, kappa.subarray(first, first + count));
    const features = computeFeatures(
      context,
      dual ? rowRange(arena.dualFeatures, first, count) : arena.features[0],
      count,
    );
    if (!dual) algebra.columnGram(gram, 1 / p, features, first === 0 ? 0 : 1);
  }
  if (dual) algebra.rowGram(gram, 1 / p, arena.dualFeatures);
  return diagonalise(context, gram, kappa, vectors, powers);
}

function diagonalise(
  { arena, algebra }: TrialContext,
  gram: Matrix,
  kappa: Float64Array,
  vectors: number,
  powers: readonly number[],
): ObservedSpectrum {
  const side = gram.rows;
  const values = arena.eigenvalues.subarray(0, side);
  algebra.symmetricEigen(gram, values, arena.eigenvalues.subarray(side, 2 * side), vectors > 0);
  const order = Array.from(values, (_, i) => i).sort((i, j) => values[j]! - values[i]!);
  const directions = powers.map((k) => kappa.map((value) => value ** k));
  const alignments = order.slice(0, vectors).map((i) => {
    const vector = gram.data.subarray(i * gram.stride, i * gram.stride + side);
    return directions.map((direction) => dot(vector, direction) ** 2 / dot(direction, direction));
  });
  return { eigenvalues: order.map((i) => values[i]!), alignments };
}

function project(inputs: Matrix, direction: Float64Array, to: Float64Array): void {
  for (let i = 0; i < to.length; i++) {
    to[i] = dot(inputs.data.subarray(i * inputs.stride, i * inputs.stride + direction.length), direction);
  }
}
