/**
 * Theory beside simulated finite networks, on Node.
 *
 * @module replica-theory/compare
 */
export { compare, type ComparedDescription, type CompareOptions } from "./compare.ts";
export { finiteModel, type FiniteModel } from "./finiteModel.ts";
export type { ComparedRow, ComparedValue, RowSimulation } from "./rows.ts";
