import type { EveryRow } from "../curve/sweep.ts";
import type { SweptName } from "../parameters/table.ts";
import type { Quantity } from "./quantities.ts";

/** A mean over simulated networks with its standard error, beside the theory of its row. */
export interface SimulatedValue {
  readonly mean: number;
  readonly standardError: number;
}

/** A student or target, where curves differ in that. */
export interface CurveWords {
  readonly student?: string;
  readonly target?: string;
}

/** A row of a curve, with simulation where there is one, and the theory it follows where there are two. */
export type PlottedRow = EveryRow &
  CurveWords & {
    readonly theory?: string;
    /** The size d whose theory it is, by the strength F = d of the mean channels (theory §6). */
    readonly finiteDimension?: number;
    /** Bounds on the test error of any readout (`bounds`), where a figure shows them. */
    readonly lowerBound?: number;
    readonly upperBound?: number;
    readonly simulation?: { readonly [Q in Quantity]?: SimulatedValue } & {
      readonly dimension?: number;
      readonly trials?: number;
    };
  };

/** The value of a swept parameter in a row, of a step's number under its own name. */
export function sweptValue(row: object, name: SweptName): number | undefined {
  return (row as Readonly<Record<string, number | undefined>>)[name];
}
