import type { ModelDescription, RidgeSolution, Statistics } from "../../src/index.ts";

export interface StatisticsResult {
  readonly description: ModelDescription;
  readonly dimension: number;
  readonly simulated: Readonly<Record<string, readonly [mean: number, standardError: number]>>;
}

export interface StatisticsValue {
  readonly name: string;
  readonly theory: number;
  readonly simulated: number;
  readonly standardError: number;
}

export interface StatisticsRow {
  readonly description: ModelDescription;
  readonly dimension: number;
  readonly testError: number;
  readonly values: readonly StatisticsValue[];
}

export function statisticsRows(
  results: readonly StatisticsResult[],
  statistics: (description: ModelDescription) => RidgeSolution & Statistics,
): StatisticsRow[];
export function allowed(value: StatisticsValue, dimension: number): number;
