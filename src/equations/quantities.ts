import type { GridMode } from "./engine/engine.ts";

/** Values and derivatives of numbers at one place. */
export interface Linear {
  readonly values: Float64Array;
  readonly derivatives: Float64Array;
}

/** Numbers as functions of the inputs (the unknowns, then the parameters), with their derivatives. */
export interface Quantities {
  readonly count: number;
  /** @throws QuadratureError, ExpressionError for averages and roots that do not exist */
  values(inputs: Float64Array, mode: GridMode): Float64Array;
  /** Row-major ∂/∂inputs of the numbers, one column for each of `columns`, with their values; undefined where only differences give it. */
  derivatives(inputs: Float64Array, columns: readonly number[]): Linear | undefined;
  /** Where a number is not finite: what stands there. */
  explain(): string;
}
