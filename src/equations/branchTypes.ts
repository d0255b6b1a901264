import type { SaddlePointRow } from "./curve.ts";
import type { ParameterValues } from "./problem.ts";
import type { FailedSolution, SaddlePointSolution } from "./solution.ts";

/** The parameter that a branch runs over, and its window. */
export interface BranchOptions {
  readonly over: string;
  /** Where the first solution is sought; the branch sets out towards `to`, and ends where it leaves the window. */
  readonly from: number;
  readonly to: number;
  readonly parameters?: ParameterValues;
  /** Whether branches that cross this one are followed, too; default false. */
  readonly follow?: boolean;
  /** Told of every point when it is found, on the branch or on one that crosses it. */
  readonly onRow?: (row: SaddlePointRow) => void;
}

/** A special point: a fold (spinodal), a crossing of free energies (first order), or of branches (continuous transition). */
export interface BranchEvent {
  readonly kind: "fold" | "crossing" | "bifurcation";
  readonly parameters: Readonly<Record<string, number>>;
  readonly values: Readonly<Record<string, number>>;
  /** Of a crossing: the values of the other solution, or the name of the phase of the description. */
  readonly other?: Readonly<Record<string, number>> | string;
}

/** A branch: rows in its order, and its special points. */
export type Branch =
  | {
      readonly status: "converged";
      readonly rows: readonly SaddlePointRow[];
      readonly events: readonly BranchEvent[];
      /** Rows of the branches that cross it, if they were to be followed. */
      readonly followed: readonly (readonly SaddlePointRow[])[];
      /**
       * How it ended: it left the window, an unknown arrived at an end of its range, it has as many points as are allowed, its
       * last points lie where the equations are singular (those are left out), or no step succeeded any more.
       */
      readonly ended: "window" | "range" | "length" | "singular" | "stuck";
    }
  | FailedSolution;

/** Rows and places of a family in the names of the description. */
export interface Describer {
  row(p: number, solution: SaddlePointSolution): SaddlePointRow;
  parameter(p: number): Readonly<Record<string, number>>;
}
