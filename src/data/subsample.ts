import { ParameterError } from "../errors.ts";
import type { LinearAlgebra } from "../simulation/linearAlgebra.ts";
import { matrix } from "../simulation/matrix.ts";
import { streamStateLength, trialStreams } from "../simulation/randomStreams.ts";
import { allocatedBytes, type Kernels, Workspace } from "../simulation/workspace.ts";
import { checkLabelColumn, type CheckedTable } from "./dataSet.ts";

/** What is measured by retraining on subsamples. */
export interface SubsampleOptions {
  /** n, with samples left over to test on. */
  readonly samples: number;
  /** λ > 0, not divided by n. */
  readonly ridge: number;
  readonly intercept: boolean;
  /** Subsamples drawn, each with the others as its test set. */
  readonly trials: number;
  /** Integer in [0, 2⁵³). */
  readonly seed: number;
}

/** Mean test error over subsamples, with the scatter of its mean; the subsamples share their samples, so it is a lower bound. */
export interface SubsampledError {
  readonly mean: number;
  readonly standardError: number;
}

/**
 * Test error of ridge regression retrained on random subsamples of n and tested on the rest: the experiment that the prediction
 * of a learning curve replaces.
 *
 * @throws ParameterError for n that leaves nothing to test on, a ridge that is not > 0, or fewer than two trials
 */
export function subsampledError(
  features: CheckedTable,
  labels: Float64Array,
  options: SubsampleOptions,
  algebraOf: (kernels: Kernels) => LinearAlgebra,
): SubsampledError {
  const { samples: n, ridge, trials, seed } = options;
  const { rows: N, columns: p } = features;
  checkLabelColumn(labels, N);
  if (!(Number.isInteger(n) && n >= 2 && n < N))
    throw new ParameterError("check", n, `a whole number from 2 to ${N - 1}`);
  if (!(ridge > 0)) throw new ParameterError("ridge", ridge, "a number > 0 to retrain with");
  if (!(trials >= 2)) throw new ParameterError("trials", trials, "at least 2");
  const lengths = [n * p, (N - n) * p, n * n, (N - n) * n, n, N, N - n, streamStateLength];
  const workspace = Workspace.createSync(lengths.reduce((sum, length) => sum + allocatedBytes(length), 0));
  const [train, test, gram, cross, dual, keys, outputs, states] = lengths.map((length) =>
    workspace.allocate(length),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const algebra = algebraOf(workspace.kernels);
  const errors: number[] = [];
  for (let trial = 0; trial < trials; trial++) {
    trialStreams(workspace, states, seed, trial).weights.fillNormals(keys);
    const order = Array.from({ length: N }, (_, i) => i).sort((a, b) => keys[a]! - keys[b]!);
    const offset = centre(features, labels, order.slice(0, n), options.intercept);
    order.forEach((sample, at) => {
      const into = at < n ? train.subarray(at * p, (at + 1) * p) : test.subarray((at - n) * p, (at - n + 1) * p);
      for (let j = 0; j < p; j++) into[j] = features.data[sample * p + j]! - offset.features[j]!;
      if (at < n) dual[at] = labels[sample]! - offset.label;
    });
    const K = matrix(gram, n, n);
    algebra.rowGram(K, 1, matrix(train, n, p));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) gram[i * n + j] = gram[j * n + i]!;
      gram[i * n + i]! += ridge;
    }
    if (!algebra.cholesky(K)) throw new ParameterError("ridge", ridge, "large enough for a regular Gram matrix");
    algebra.solveCholesky(K, dual);
    const C = matrix(cross, N - n, n);
    algebra.multiplyTransposed(C, 1, matrix(test, N - n, p), matrix(train, n, p), 0);
    algebra.multiplyTransposed(matrix(outputs, N - n, 1), 1, C, matrix(dual, 1, n), 0);
    let sum = 0;
    for (let i = n; i < N; i++) sum += (labels[order[i]!]! - offset.label - outputs[i - n]!) ** 2;
    errors.push(sum / (N - n));
  }
  const mean = errors.reduce((sum, value) => sum + value, 0) / trials;
  const square = errors.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(square / (trials - 1) / trials) };
}

/** Means of the training samples, which an intercept takes off. */
function centre(
  { data, columns: p }: CheckedTable,
  labels: Float64Array,
  chosen: readonly number[],
  intercept: boolean,
) {
  const features = new Float64Array(p);
  let label = 0;
  if (intercept) {
    for (const sample of chosen) {
      for (let j = 0; j < p; j++) features[j]! += data[sample * p + j]! / chosen.length;
      label += labels[sample]! / chosen.length;
    }
  }
  return { features, label };
}
