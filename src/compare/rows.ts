import type { EveryCurveDescription, EveryRow } from "../curve/sweep.ts";
import { isCovariateName } from "../parameters/models.ts";
import type { CurveWords } from "../plot/plottedRow.ts";
import type { SimulatedQuantity } from "../simulation/quantities.ts";
import type { NamedStatistics } from "../simulation/trialStatistics.ts";

/** Mean and standard error over the trials, and the distance from theory in standard errors. */
export interface ComparedValue {
  readonly mean: number;
  readonly standardError: number;
  readonly z: number;
}

/** The simulation at the parameters of a row: every quantity that it has, and of how many networks of which size. */
export type RowSimulation = {
  readonly dimension: number;
  readonly trials: number;
  readonly seed: number;
  /** The linear algebra: the same seed gives the same digits with the same one. */
  readonly backend: string;
} & {
  readonly [Q in SimulatedQuantity]?: ComparedValue;
} & NamedStatistics<ComparedValue>;

/** A row of a curve, with the simulation at its parameters where there is one. */
export type ComparedRow = EveryRow &
  CurveWords & {
    /** Of two theories of a trained network, that of the row. */
    readonly theory?: string;
    /** The size d whose theory it is, by the strength F = d of the mean channels (theory §6). */
    readonly finiteDimension?: number;
    readonly simulation?: RowSimulation;
  };

/** One of several theories of a sweep. */
export interface CurveTheory {
  readonly name?: "network" | "srf";
  /** Its student and target, where there are several. */
  readonly words: CurveWords;
  readonly description: EveryCurveDescription;
}

/** A row with what tells its theory from the others. */
export function rowOf({ name, words, description }: CurveTheory, row: EveryRow): ComparedRow {
  return { ...(name && { theory: name }), ...words, ...row, ...sizeOf(description) };
}

/** The size whose theory a description asks for, where that is not the limit. */
export function sizeOf(description: EveryCurveDescription): { finiteDimension?: number } {
  const { finiteDimension } = description as { readonly finiteDimension?: number };
  return finiteDimension === undefined || finiteDimension === Infinity ? {} : { finiteDimension };
}

/** The theory of the size of networks that are simulated, unless the description has a size; covariates have none. */
export function ofOwnSize(description: EveryCurveDescription, dimension: number): EveryCurveDescription {
  if (isCovariateName(description.model)) return description;
  return { finiteDimension: dimension, ...description } as EveryCurveDescription;
}
