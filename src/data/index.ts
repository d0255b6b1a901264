/**
 * Learning curves from one's own data, on Node: system BLAS or WASM. The browser's part is `replica-theory/data/browser`.
 *
 * @module replica-theory/data
 */
import { requireFields } from "../errors.ts";
import { algebraOf, type BackendChoice, resolveBackend } from "../simulation/backends/select.ts";
import { checkLabelColumn, checkTable, type NumberTable } from "./dataSet.ts";
import { curveOfData, type DataCurve, type DataCurveOptions } from "./learningCurve.ts";
import { subsampledError as retrainedError, type SubsampledError, type SubsampleOptions } from "./subsample.ts";

/** Options of {@link learningCurveFromData} on Node. */
export interface NodeDataCurveOptions extends DataCurveOptions {
  /** Linear algebra; default "auto". */
  readonly backend?: BackendChoice;
}

/**
 * Learning curve of ridge regression predicted from one data set (covariates §5): from N samples, the test and training error at
 * every n and λ, without retraining, by one eigendecomposition of the N×N Gram matrix. Beyond the data, n > N, it goes as far as
 * they determine it.
 *
 * For N = 4,000 the arrays take 16 N² bytes and LAPACK as many again, about half a gibibyte in all; the conditional anchor
 * takes 40 N². The test error of the "loo" anchor is transported from exact leave-one-out errors; "gcv" from generalised cross
 * validation, exact for Gaussian features; "conditional" allows for features whose covariance depends on a latent variable of
 * the sample, as those of a trained network.
 *
 * @throws ParameterError for data, points or options that cannot be used, and a forced backend that is not installed
 * @example
 * import { learningCurveFromData } from "replica-theory/data";
 * const { rows } = learningCurveFromData({
 *   features: [[1, 0], [0, 1], [1, 1], [2, 1], [1, 3]], labels: [1, -1, 1, 1, -1], samples: [3], ridges: [0.5], anchor: "gcv",
 * });
 * rows[0].status; // "converged"
 */
export function learningCurveFromData(options: NodeDataCurveOptions): DataCurve {
  return curveOfData(options, ({ backend }) => algebraOf(resolveBackend(backend)));
}

/** What is measured by retraining, and on which data. */
export interface SubsampledErrorOptions extends Omit<SubsampleOptions, "intercept"> {
  readonly features: NumberTable;
  readonly labels: ArrayLike<number>;
  /** Whether a constant is fitted; default false. */
  readonly intercept?: boolean;
  /** Linear algebra; default "auto". */
  readonly backend?: BackendChoice;
}

/**
 * Test error of ridge regression retrained on random subsamples of n samples and tested on the others: the experiment that
 * {@link learningCurveFromData} does without.
 *
 * @throws ParameterError for data that cannot be used, n that leaves nothing to test on, a ridge that is not > 0, or fewer than two
 *   trials
 * @example
 * import { subsampledError } from "replica-theory/data";
 * const features = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
 * const labels = features.map(([a, b]) => a - b);
 * const { mean } = subsampledError({ features, labels, samples: 30, ridge: 1e-6, trials: 4, seed: 1, backend: "wasm" });
 * mean < 1e-9; // true
 */
export function subsampledError(options: SubsampledErrorOptions): SubsampledError {
  requireFields("options", options, [], "an object with features, labels, samples, …");
  const { features, labels, intercept = false, backend, ...rest } = options;
  const table = checkTable("features", features);
  const column = checkLabelColumn(labels, table.rows);
  return retrainedError(table, column, { ...rest, intercept }, algebraOf(resolveBackend(backend)));
}

export type { SubsampledError } from "./subsample.ts";
export {
  type Anchor,
  type BestRidge,
  type Columns,
  type DataCurve,
  type DataCurveOptions,
  type DataPoint,
  type DataResult,
  type DataRow,
  type DataSet,
  dataSetBytes,
  featuresOf,
  type FirstLayer,
  type GradientStepOptions,
  gradientStepOnData,
  type LabelledTable,
  type NumberTable,
  parseNpy,
  parseTable,
  randomFirstLayer,
  type RandomLayerOptions,
  type TableOptions,
  takeLabels,
  type UndeterminedRow,
} from "./browser.ts";
