/**
 * Theory beside simulated finite networks, on Node.
 *
 * @module replica-theory/compare
 */
export { compare, type ComparedDescription, type CompareOptions } from "./compare.ts";
export { finiteModel, type FiniteModel } from "./finiteModel.ts";
export { densityPicture, type DensityLook, type DensityPicture, type ModelDensity } from "./densities.ts";
export { histogram, type HistogramBin, type TheoryDensity, type Trials } from "./histogram.ts";
export { observe, type ObserveOptions } from "./observe.ts";
export type { ComparedRow, ComparedValue, RowSimulation } from "./rows.ts";
