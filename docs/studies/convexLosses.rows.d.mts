import type { LossSolution } from "../../src/convex/solution.ts";
import type { LossDescription } from "../../src/model/description.ts";

export type Quantity = "main" | "testLoss" | "trainLoss" | "objective" | "Q2";
type Measured = readonly [mean: number, standardError: number];

export interface StudyResult {
  readonly description: LossDescription;
  readonly dimension: number;
  readonly trials: number;
  readonly points: readonly { readonly ridge: number }[];
}

export interface StudyRow {
  readonly description: LossDescription;
  readonly dimension: number;
  readonly ridge: number;
  /** Theory and simulation, by group where there are several. */
  readonly values: Readonly<Record<Quantity, readonly (readonly [theory: number, simulated: Measured])[]>>;
}

export function studyRows(
  results: readonly StudyResult[],
  solve: (description: LossDescription) => LossSolution,
): StudyRow[];
export function cells(row: StudyRow, names: readonly Quantity[]): string[];
