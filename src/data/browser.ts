/**
 * Learning curves from data, without Node: WASM linear algebra.
 *
 * @module replica-theory/data/browser
 */
import { wasmAlgebra } from "../simulation/backends/wasm.ts";
import { curveOfData, type DataCurve, type DataCurveOptions } from "./learningCurve.ts";

/**
 * Learning curve of ridge regression predicted from one data set (covariates §5), like that of `replica-theory/data`. Use it in a
 * Web Worker.
 *
 * @throws ParameterError for data, points or options that cannot be used
 * @example
 * const { rows } = learningCurveFromData({
 *   features: [[1, 0], [0, 1], [1, 1], [2, 1], [1, 3]], labels: [1, -1, 1, 1, -1], samples: [3], ridges: [0.5], anchor: "gcv",
 * });
 * rows[0].status; // "converged"
 */
export function learningCurveFromData(options: DataCurveOptions): DataCurve {
  return curveOfData(options, () => wasmAlgebra);
}

export type { BestRidge, DataCurve, DataCurveOptions } from "./learningCurve.ts";
export type { Anchor, DataPoint, DataResult, DataRow, UndeterminedRow } from "./dataCurve.ts";
export type { DataSet, NumberTable } from "./dataSet.ts";
export { dataSetBytes } from "./eigensystem.ts";
export {
  featuresOf,
  type FirstLayer,
  type GradientStepOptions,
  gradientStepOnData,
  randomFirstLayer,
  type RandomLayerOptions,
} from "./firstLayer.ts";
export { parseNpy } from "./npy.ts";
export { type Columns, type LabelledTable, parseTable, type TableOptions, takeLabels } from "./table.ts";
